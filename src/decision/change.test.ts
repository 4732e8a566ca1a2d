import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadPortals } from '../portals/index.ts'
import { policyOf } from '../sign-in/policy.ts'
import { settings } from './case-words.ts'
import { beforeChange, confirmedUntil, mayFinish } from './change.ts'
import { requirementFor } from './requirement.ts'
import type { Account, Bound, Fact, Instant, Method, Policy, Proved, Purpose } from './types.ts'

/* The laws of a change, told once more in other words, over facts in any order and number. */
const now = Date.parse('2026-11-25T12:00Z')
const minute = 60_000
const { portals } = loadPortals([join(import.meta.dirname, '..', '..', 'portals')], {
  address: 'http://localhost',
  applications: 'http://localhost',
})
const policies: Policy[] = [...Array.from(portals.values(), policyOf), ...Object.values(settings)]

interface World {
  readonly policy: Policy
  readonly account: Account
  readonly facts: readonly Fact[]
}

const anyMethod = fc.constantFrom<Method>('password', 'totp', 'email', 'sms', 'ticket', 'recovery-code', 'remembered-browser')
const anyPurpose = fc.constantFrom<Purpose>('sign-in', 'gate', 'new-phone', 'new-email', 'enrol', 'change', 'recovery')
const moment = fc.constantFrom(now, now - 1, now - 2 * minute, now - 5 * minute, now - 5 * minute - 1, now - 60 * minute, now + 1)
const anyProof = fc.record({ fact: fc.constant('proved' as const), method: anyMethod, purpose: anyPurpose, at: moment })
const anyBound = fc.constantFrom<readonly Bound[]>(
  [],
  [{ method: 'totp' }],
  [{ method: 'sms' }],
  [{ method: 'totp', disabled: true }],
  [{ method: 'totp', disabled: true }, { method: 'sms' }],
)
const anyAccount: fc.Arbitrary<Account> = fc.record({
  bound: anyBound,
  hasEmail: fc.boolean(),
  phone: fc.constantFrom('none', 'known', 'proven'),
  authenticatorsChangedAt: fc.constantFrom<Instant>(1, now - 3 * minute, now),
  mailboxResetAt: fc.constantFrom<Instant>(1, now - 60 * minute, now - 1441 * minute),
})
const anyWorld: fc.Arbitrary<World> = fc.record({
  policy: fc.constantFrom(...policies),
  account: anyAccount,
  facts: fc.array(anyProof, { maxLength: 8 }),
})
const runs = { numRuns: 30_000 }

const dueIn = ({ policy, account, facts }: World, at = now) =>
  beforeChange(requirementFor(policy, { at: now - minute }, account, at), account, facts, at)

/** Of what was linked in this very sign-in, by its purpose. */
const isFirstCode = ({ method, purpose }: Proved): boolean =>
  (method === 'totp' && purpose === 'enrol') || (method === 'sms' && purpose === 'new-phone')

function mayChange({ policy, account, facts }: World): boolean {
  const fresh = facts.filter((it) => it.fact === 'proved').filter((it) => it.at <= now && now - it.at <= 5 * minute)
  const shown = fresh.filter((it) => it.at > (account.authenticatorsChangedAt ?? 0))
  const rests = now - (account.mailboxResetAt ?? 0) < 1440 * minute
  const works = (it: Proved): boolean =>
    (policy.methods as readonly Method[]).includes(it.method) &&
    (it.method === 'email' ? account.hasEmail && !rests : account.bound.some((one) => one.method === it.method && !one.disabled))
  if (shown.some((it) => works(it) && ['sign-in', 'change'].includes(it.purpose))) return true
  if (fresh.some((it) => isFirstCode(it) && works(it) && it.at >= (account.authenticatorsChangedAt ?? 0))) return true
  const has = account.bound.some((it) => policy.methods.includes(it.method)) || (policy.methods.includes('email') && account.hasEmail)
  const channel = policy.gate === 'sms-or-email' && account.phone !== 'none' ? 'sms' : account.hasEmail ? 'email' : undefined
  const gated =
    policy.gate === 'none' || shown.some((it) => it.method === channel && it.purpose === 'change' && !(rests && channel === 'email'))
  return !has && gated && fresh.some((it) => it.method === 'password' && ['sign-in', 'change'].includes(it.purpose))
}

test('an account is changed only after a fresh second step of this session, or password and gate where there is none', () => {
  fc.assert(
    fc.property(anyWorld, (world) => (dueIn(world) === undefined) === mayChange(world)),
    runs,
  )
})

test('a gate, a remembered browser and a recovery confirm nothing: without them as much is asked', () => {
  const counts = (it: Fact): boolean =>
    it.fact !== 'proved' || isFirstCode(it) || (it.method !== 'remembered-browser' && (it.purpose === 'sign-in' || it.purpose === 'change'))
  const holds = (world: World): void => {
    expect(dueIn(world)).toEqual(dueIn({ ...world, facts: world.facts.filter(counts) }))
  }
  fc.assert(fc.property(anyWorld, holds), runs)
})

test('any change of what the account has voids what was shown before it', () => {
  const holds = (world: World): boolean => {
    const second = world.facts.filter((it) => it.fact !== 'proved' || (it.method !== 'password' && !(isFirstCode(it) && it.at === now)))
    return dueIn({ ...world, facts: second, account: { ...world.account, authenticatorsChangedAt: now } }) !== undefined
  }
  fc.assert(fc.property(anyWorld, holds), runs)
})

test('time alone never confirms, and what is confirmed ends when it was said to end', () => {
  const holds = (world: World): void => {
    const sound = { ...world, facts: world.facts.filter((it) => it.at <= now) }
    const need = requirementFor(world.policy, { at: now - minute }, world.account, now)
    const until = confirmedUntil(need, world.account, sound.facts, now)
    if (until === undefined) expect(dueIn(sound, now + minute)).toBeDefined()
    else {
      expect(until).toBeLessThanOrEqual(now + 5 * minute)
      expect(dueIn(sound, until)).toBeUndefined()
      expect(dueIn(sound, until + 1)).toBeDefined()
    }
  }
  fc.assert(fc.property(anyWorld, holds), runs)
})

test('a change that waits for its code is finished within an hour, by codes sent since the last change, and not in a pause', () => {
  const due = { step: 'prove', method: 'totp', purpose: 'change', options: [], because: 'change' } as const
  const bare: Account = { bound: [{ method: 'totp' }], hasEmail: true, phone: 'none', authenticatorsChangedAt: now - 50 * minute }
  const finishes = (...sentAt: readonly Instant[]) => mayFinish(due, bare, sentAt, now)
  expect(finishes(now - 9 * minute)).toBe(true)
  expect(finishes()).toBe(false)
  expect(finishes(now + 1)).toBe(false)
  expect(finishes(now - 50 * minute)).toBe(false)
  // A new code does not begin the hour anew.
  expect(mayFinish(due, { ...bare, authenticatorsChangedAt: 1 }, [now - 60 * minute, now - minute], now)).toBe(false)
  expect(mayFinish(due, { ...bare, authenticatorsChangedAt: 1 }, [now - 59 * minute, now - minute], now)).toBe(true)
  expect(mayFinish({ step: 'wait', until: now + minute }, bare, [now - minute], now)).toBe(false)
  expect(mayFinish({ step: 'refuse', why: 'method-disabled' }, bare, [now - minute], now)).toBe(false)
  expect(mayFinish(undefined, bare, [], now)).toBe(true)
})
