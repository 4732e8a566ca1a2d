import { expect, test } from 'vitest'
import { isMost, type Policy, stillEnough } from './index.ts'

const date = Date.UTC(2026, 11, 1)
const policy: Policy = {
  pages: 'one-page',
  methods: ['totp', 'email'],
  choice: 'every-time',
  gate: 'email',
  phoneBeforeApp: false,
  keepsLastMethod: false,
  rememberedSeconds: 2_592_000,
  enforcement: { mode: 'from', at: date, groups: {}, announceSeconds: 0 },
  applications: { desk: 'remembered', vault: 'every-time' },
}
const account = { bound: [], hasEmail: true, phone: 'none' } as const
const [one, remembered, mail, app] = ['urn:sluis:acr:1', 'urn:sluis:acr:2-remembered', 'urn:sluis:acr:2-mail', 'urn:sluis:acr:2'] as const
const enough = (application: string, acr: string, now: number, who: Parameters<typeof stillEnough>[2] = account): boolean =>
  stillEnough(policy, application, who, acr, now)

test('a password alone is enough until the date, and not from then on; for whoever has a method it is none before', () => {
  expect([enough('desk', one, date - 1), enough('desk', one, date)]).toEqual([true, false])
  expect(enough('desk', one, date - 1, { ...account, secondStepSince: 0 })).toBe(false)
})

test('a remembered browser is enough where the rule says so alone', () => {
  expect([enough('desk', remembered, date), enough('vault', remembered, date)]).toEqual([true, false])
})

test('a code is enough everywhere; a strength that nobody knows nowhere', () => {
  for (const application of ['desk', 'vault', 'gone'])
    expect([mail, app, 'urn:x', ''].map((it) => enough(application, it, date))).toEqual([true, true, false, false])
})

test('nothing asks more than the most', () => expect([one, remembered, mail, app].map(isMost)).toEqual([false, false, false, true]))
