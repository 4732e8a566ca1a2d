import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadPortals, type Portal } from '../portals/index.ts'
import { policyOf } from '../sign-in/policy.ts'
import { accountOf, becauseOf, factsOf, inWords, requestOf, type Setting, settings } from './case-words.ts'
import { type Case, cases } from './cases.ts'
import { beforeChange } from './change.ts'
import { nextStep } from './next-step.ts'
import { requirementFor } from './requirement.ts'
import type { Policy } from './types.ts'

const shipped = join(import.meta.dirname, '..', '..', 'portals')
const own = mkdtempSync(join(tmpdir(), 'sluis-cases-'))
afterAll(() => rmSync(own, { recursive: true, force: true }))

/** The file of a portal with these settings. */
const files: Readonly<Record<Setting, string>> = {
  'asked each time: app or mail': join(shipped, 'c-point.yaml'),
  'app only': join(shipped, 'profiportaal.yaml'),
  'name first, phone before app': join(shipped, 'koop-cam.yaml'),
  'by own wish: app or SMS': join(shipped, 'uitpas.yaml'),
  'name first: SMS or mail': fifth('dijkpoort', 'last-used'),
  'name first, asked each time: SMS or mail': fifth('dijkpoort-keuze', 'every-time'),
}

for (const setting of Object.keys(cases) as Setting[]) {
  const told = settings[setting]
  const filed = policyOf(portalIn(files[setting]))

  describe(setting, () => {
    test('the portal file says what the table says', () => {
      const { applications, ...rest } = filed
      expect(rest).toEqual(withoutApplications(told))
      expect(Object.values(applications).toSorted()).toEqual(Object.values(told.applications).toSorted())
    })
    for (const row of cases[setting])
      test(`${row.who} | ${row.did.join(', ') || 'nothing yet'} | ${row.asks} -> ${row.next}: ${row.why}`, () => {
        expect(played(row, told)).toEqual(expected(row))
        expect(played(row, filed)).toEqual(expected(row))
      })
  })
}

function played({ who, did, asks, on, line }: Case, policy: Policy): { next: string; line?: string } {
  const now = Date.parse(`${on ?? '2027-03-01'}T12:00Z`)
  const named = (rule: string): string => Object.entries(policy.applications).find(([, it]) => it === rule)?.[0] ?? 'unknown'
  const account = accountOf(who, now)
  const need = requirementFor(policy, requestOf(asks, now, named), account, now)
  if (asks === 'a change' && account) {
    const due = beforeChange(need, account, factsOf(did, now), now)
    return { next: due ? inWords(due) : 'may change', ...(line === undefined || !due ? {} : { line: becauseOf(due) }) }
  }
  const step = nextStep(need, account, factsOf(did, now), now)
  return { next: inWords(step), ...(line === undefined ? {} : { line: becauseOf(step) }) }
}

const expected = ({ next, line }: Case): { next: string; line?: string } => ({ next, ...(line === undefined ? {} : { line }) })

function withoutApplications({ applications: _, ...rest }: Policy): Omit<Policy, 'applications'> {
  return rest
}

function portalIn(file: string): Portal {
  const { portals, problems } = loadPortals([file], { address: 'http://localhost:8080', applications: 'http://localhost:8090' })
  expect(problems).toEqual([])
  return [...portals.values()][0] as Portal
}

function fifth(id: string, choice: string): string {
  const text = `
name: Dijkpoort
country: NL
register: u
pages: identifier-first
languages: [nl]
secondStep:
  methods: [sms, email]
  choice: ${choice}
  gate: email
  rememberedBrowser: { days: 3 }
enforcement: { mode: at-once }
support: { name: { nl: de helpdesk }, lines: [{ email: help@dijkpoort.example }] }
theme: { colour: "#004488" }
mail: { from: noreply@dijkpoort.example }
sms: { name: Dijkpoort, sender: { production: DIJKPOORT } }
applications:
  a: { title: A, secondStep: remembered }
  b: { title: B, secondStep: session }
  c: { title: C, secondStep: every-time }
`
  const file = join(own, `${id}.yaml`)
  writeFileSync(file, text)
  return file
}
