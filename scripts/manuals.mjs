/*
 * docs/manuals.md, the rows of the four manuals with the test that shows each.
 * A test shows the rows that its name begins with: 'rows 6-8, 19-20: a linked app signs in'.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './bring.mjs'

/** What each run of rows is about; `why`: a fact about the world, or what is not built yet. */
const parts = [
  { portal: 'C-point', from: 1, to: 22, what: 'start page, name and password, choice, first app, later sign-ins' },
  { portal: 'C-point', from: 23, to: 25, what: 'change of phone or app', why: 'not built yet: the profile only tells' },
  { portal: 'C-point', from: 26, to: 29, what: 'forgotten password', why: 'not built yet' },
  { portal: 'C-point', from: 30, to: 35, what: 'help, dates, reasons', why: 'data of the portal file, shown on every page' },
  { portal: 'C-point', from: 36, to: 44, what: 'remembered browser, shared mailboxes, mail that does not arrive, help' },
  { portal: 'ProfiPortaal', from: 45, to: 50, what: 'mandatory at once, guides, help', why: 'data of the portal file' },
  { portal: 'ProfiPortaal', from: 51, to: 57, what: 'QR at the first sign-in, machtigingscode, every next sign-in' },
  { portal: 'ProfiPortaal', from: 58, to: 62, what: 'another app, lost phone', why: 'not built yet: the profile only tells' },
  { portal: 'KOOP CAM', from: 63, to: 88, what: 'name first, SMS or mail, phone, app, ever after' },
  { portal: 'KOOP CAM', from: 89, to: 89, what: 'what the manual leaves out', why: 'not built yet' },
  { portal: 'UiTPAS balie', from: 90, to: 93, what: 'its names, its reason, help', why: 'data of the portal file' },
  { portal: 'UiTPAS balie', from: 94, to: 117, what: 'opt-in, mailed proof, app or SMS, extension, seven days' },
]

/** Rows that no test of ours can show. */
const alone = new Map([
  [31, 'a fact about the manual, which is of 2024 and for one kind of phone; guides made by Sluis are not built yet'],
  [34, 'a fact about the world: what lies behind the sign-in is shown by the application'],
])

/** @returns {Map<number, string[]>} */
function shown() {
  const rows = new Map()
  for (const folder of ['test/browser', 'test/journeys', 'src/sign-in']) {
    for (const file of readdirSync(join(root, folder)).filter((it) => it.endsWith('.test.ts'))) {
      const text = readFileSync(join(root, folder, file), 'utf8')
      for (const [, list, name] of text.matchAll(/['"`]rows? ([\d, -]+): ([^'"`$]+)/g)) {
        for (const [, from, to = from] of (list ?? '').matchAll(/(\d+)(?:-(\d+))?/g)) {
          for (let row = Number(from); row <= Number(to); row++)
            rows.set(row, [...(rows.get(row) ?? []), `${folder}/${file}: ${(name ?? '').trim().replace(/,$/, '')}`])
        }
      }
    }
  }
  return rows
}

export function manualsPage() {
  const rows = shown()
  const lines = parts.flatMap(({ portal, from, to, what, why }) => {
    const head = [`## ${portal}, rows ${from} to ${to}`, '', `${what}.`, '', '| row | shown by |', '|---|---|']
    const body = Array.from({ length: to - from + 1 }, (_, at) => {
      const tests = rows.get(from + at) ?? []
      return `| ${from + at} | ${tests.length > 0 ? [...new Set(tests)].join('<br>') : (alone.get(from + at) ?? why ?? 'no test of its own yet')} |`
    })
    return [...head, ...body, '']
  })
  return [
    '# The four manuals, row by row',
    '',
    'Made from the names of the tests by `npm run docs`; a test fails when it is stale.',
    '',
    ...lines,
  ].join('\n')
}
