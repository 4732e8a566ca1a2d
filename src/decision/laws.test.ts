import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  holdsInOneWorld,
  isSecret,
  mayEnter,
  mayShowSecret,
  nearness,
  proofsOf,
  stepIn,
  type World,
} from '../../test/support/other-words.ts'
import { loadPortals } from '../portals/index.ts'
import { policyOf } from '../sign-in/policy.ts'
import { settings } from './case-words.ts'
import type { Account, Bound, Fact, Instant, Method, Policy, Proved, Purpose, Request } from './types.ts'

/*
 * The laws of the decision, over every account x facts of three ages x requests x the four portal files and three more. What must hold
 * is said here once more, in other words than next-step.ts: two tellings that agree on millions of worlds are hardly both wrong.
 */
const now = Date.parse('2026-11-25T12:00Z')
const [minute, day] = [60_000, 86_400_000]
const askedAt = now - minute
const ages = { fresh: now - 1_000, 'before the request': now - 40 * minute, old: now - 40 * day } as const

// ---- every world ----

const { portals } = loadPortals([join(import.meta.dirname, '..', '..', 'portals')], {
  address: 'http://localhost',
  applications: 'http://localhost',
})
const policies: Policy[] = [
  ...Array.from(portals.values(), policyOf),
  settings['name first: SMS or mail'],
  settings['name first, asked each time: SMS or mail'],
  { ...settings['by own wish: app or SMS'], applications: { session: 'session' } },
]

const proof = (method: Method, purpose: Purpose, at: Instant): Proved => ({ fact: 'proved', method, purpose, at })
const kindsOfProof: readonly (readonly [Method, Purpose])[] = [
  ['totp', 'sign-in'],
  ['sms', 'sign-in'],
  ['email', 'sign-in'],
  ['remembered-browser', 'sign-in'],
  ['email', 'gate'],
  ['sms', 'gate'],
  ['totp', 'enrol'],
  ['sms', 'new-phone'],
  ['ticket', 'recovery'],
  ['totp', 'change'],
]
const instants = Object.values(ages)
const everyProof = kindsOfProof.flatMap(([method, purpose]) => instants.map((at) => proof(method, purpose, at)))
const passwords: Fact[][] = [[], ...instants.map((at) => [proof('password', 'sign-in', at)])]
const named: Fact = { fact: 'named', at: ages.old }
const wanted: Fact = { fact: 'wanted', at: ages.fresh }

const few: Fact[][] = [[], ...everyProof.map((it) => [it])]
const pairs: Fact[][] = everyProof.flatMap((one, place) => everyProof.slice(place + 1).map((other) => [one, other]))
const factLists = (proofs: readonly Fact[][]): Fact[][] => passwords.flatMap((password) => proofs.map((it) => [named, ...password, ...it]))

/** After a reset by mail: a moment ago, in between, over; and in a browser that was known before it. */
const resets: Partial<Account>[] = [
  { mailboxResetAt: now - 30 * minute },
  { mailboxResetAt: now - 30 * minute, browserSeenAt: now - 9 * day },
  { mailboxResetAt: now - 25 * 60 * minute },
]

const boundSets: Bound[][] = [[], [{ method: 'totp' }], [{ method: 'sms' }], [{ method: 'totp' }, { method: 'sms' }]].flatMap((it) =>
  it.length === 0 ? [it as Bound[]] : [it as Bound[], it.map((one, place) => ({ ...one, disabled: place === 0 }) as Bound)],
)
const accounts: Account[] = boundSets.flatMap((bound) =>
  ([true, false] as const).flatMap((hasEmail) =>
    (['none', 'known', 'proven'] as const).flatMap((phone) => [
      { bound, hasEmail, phone },
      ...(phone === 'none' && hasEmail ? resets.map((it) => ({ bound, hasEmail, phone, ...it })) : []),
      ...(phone === 'proven' ? [{ bound, hasEmail, phone, authenticatorsChangedAt: now - 3 * minute, secondStepSince: 1 }] : []),
    ]),
  ),
)

function requestsOf(policy: Policy): Request[] {
  const applications = [undefined, ...Object.keys(policy.applications)]
  return applications.flatMap((application) => {
    const plain = { at: askedAt, ...(application ? { application } : {}) }
    return [plain, { ...plain, again: true }, { ...plain, maxAgeSeconds: 3_600 }]
  })
}

function* worlds(lists: readonly Fact[][], requests = requestsOf): Generator<World> {
  for (const policy of policies)
    for (const request of requests(policy))
      for (const account of accounts) for (const facts of lists) yield { policy, request, account, facts, now }
}
const plainly = (policy: Policy): Request[] => requestsOf(policy).filter((it) => !it.again && it.maxAgeSeconds === undefined)

/** The first world that breaks a law, told whole; undefined when none does. */
function broken(where: Iterable<World>, holds: (world: World) => boolean): unknown {
  for (const world of where) if (!holds(world)) return { ...world, step: stepIn(world) }
  return undefined
}

// ---- the laws ----

describe('the laws hold in every world', () => {
  test('nobody is in without the required kinds, nothing secret stands before the gate, nothing is said that did not happen', () => {
    expect(broken(worlds(factLists(few)), holdsInOneWorld)).toBeUndefined()
    expect(broken(worlds(factLists(few).map((it) => [...it, wanted])), holdsInOneWorld)).toBeUndefined()
  })

  test('the same with two proofs of any age', () => {
    const lists = pairs.map((it) => [named, proof('password', 'sign-in', ages.fresh), ...it])
    expect(broken(worlds(lists, plainly), holdsInOneWorld)).toBeUndefined()
  })

  test('one more proof never moves away from the end', () => {
    const bases = factLists([[], ...kindsOfProof.map(([method, purpose]) => [proof(method, purpose, ages.fresh)])])
    const holds = (world: World): boolean => {
      const before = nearness(stepIn(world))
      return everyProof.every((it) => nearness(stepIn({ ...world, facts: [...world.facts, it] })) >= before)
    }
    expect(broken(worlds(bases, plainly), holds)).toBeUndefined()
  })

  test('a stricter policy or request never moves towards the end', () => {
    const holds = (world: World): boolean => {
      const before = nearness(stepIn(world))
      return stricter(world).every((it) => nearness(stepIn(it)) <= before)
    }
    expect(broken(worlds(factLists(few), plainly), holds)).toBeUndefined()
  })

  test('a wish of the application never moves towards the end, nor does it show a secret before the gate', () => {
    const values = ['urn:sluis:acr:1', 'urn:sluis:acr:2-remembered', 'urn:sluis:acr:2-mail', 'urn:sluis:acr:2', 'urn:sluis:acr:phr']
    const holds = (world: World): boolean => {
      const before = nearness(stepIn(world))
      return values
        .flatMap((it) => [{ mustBe: [it] }, { wished: [it] }])
        .every((wish) => {
          const asking = { ...world, request: { ...world.request, ...wish } }
          const step = stepIn(asking)
          return nearness(step) <= before && (before < 2 || nearness(step) >= 2) && (!isSecret(step) || mayShowSecret(world))
        })
    }
    expect(broken(worlds(factLists(few), plainly), holds)).toBeUndefined()
  })

  test('what must be said is said, or nothing that the account could still show would say it', () => {
    const values = ['urn:sluis:acr:2-mail', 'urn:sluis:acr:2']
    const holds = (world: World): boolean =>
      values.every((value) => {
        const step = stepIn({ ...world, request: { ...world.request, mustBe: [value] } })
        const isOffered = world.policy.methods.some((it) => (it === 'email') === (value === 'urn:sluis:acr:2-mail'))
        return step.step !== 'done' || !isOffered || step.acr === value
      })
    expect(broken(worlds(factLists(few), plainly), holds)).toBeUndefined()
    const lists = pairs.map((it) => [named, proof('password', 'sign-in', ages.fresh), ...it])
    expect(broken(worlds(lists, plainly), holds)).toBeUndefined()
  })

  test('time alone never moves towards the end, but for the end of a pause', () => {
    const later = [1_000, 61 * minute, 8 * day, 20 * day, 41 * day, 400 * day]
    const holds = (world: World): boolean => {
      const paused = { ...world, account: { ...world.account, pausedUntil: now + 5 * minute } }
      return [world, paused].every((it) => {
        const before = stepIn(it)
        return later.every((by) => nearness(stepIn({ ...it, now: now + by })) <= nearness(before))
      })
    }
    expect(broken(worlds(factLists(few).slice(0, 60), plainly), holds)).toBeUndefined()
    const lists = factLists(few)
      .slice(60)
      .filter((_, place) => place % 2 === 0)
    expect(broken(worlds(lists, plainly), holds)).toBeUndefined()
  })

  test('a gate and a change sign nobody in: without them the end is as near', () => {
    const isAside = (it: Fact): boolean => it.fact === 'proved' && (it.purpose === 'gate' || it.purpose === 'change')
    const holds = (world: World): boolean =>
      nearness(stepIn(world)) === nearness(stepIn({ ...world, facts: world.facts.filter((it) => !isAside(it)) }))
    expect(broken(worlds(factLists(few)), holds)).toBeUndefined()
  })

  test('after a reset by mail the mailbox alone never lets anybody in who must show a second step, nor anything be added', () => {
    const policy = (it: Policy): Policy => ({ ...it, enforcement: { mode: 'at-once' } })
    const mine = kindsOfProof.filter(([method]) => method === 'email' || method === 'remembered-browser')
    const mail = mine
      .filter(([method]) => method === 'email')
      .flatMap(([method, purpose]) => instants.map((at) => proof(method, purpose, at)))
    const lists = factLists([
      mail,
      [...mail, { fact: 'chose', method: 'email', at: now }],
      [...mail, { fact: 'began', method: 'totp', at: now }],
    ])
    const reset: Partial<Account> = { mailboxResetAt: now - 23 * 60 * minute - 59 * minute }
    const strange = ({ browserSeenAt: _, ...rest }: Account): Account => rest
    for (const world of worlds(lists)) {
      const step = stepIn({ ...world, policy: policy(world.policy), account: { ...strange(world.account), ...reset } })
      if (step.step === 'done' || isSecret(step) || ('method' in step && step.method === 'email'))
        throw new Error(JSON.stringify({ world, step }))
    }
  })

  test('a reset by mail brings nobody nearer', () => {
    const holds = (world: World): boolean =>
      nearness(stepIn({ ...world, account: { ...world.account, mailboxResetAt: now - 30 * minute } })) <= nearness(stepIn(world))
    expect(broken(worlds(factLists(few), plainly), holds)).toBeUndefined()
  })

  test('a remembered browser is told to no application: without it amr, the time and a stronger acr stay', () => {
    const holds = (world: World): boolean => {
      const step = stepIn(world)
      const bare = stepIn({ ...world, facts: world.facts.filter((it) => !(it.fact === 'proved' && it.method === 'remembered-browser')) })
      if (step.step !== 'done') return bare.step !== 'done'
      if (bare.step !== 'done')
        return step.acr === 'urn:sluis:acr:2-remembered' && step.amr.join() === 'pwd' && step.secondStepAt === undefined
      const said = bare.acr === 'urn:sluis:acr:1' ? ['urn:sluis:acr:1', 'urn:sluis:acr:2-remembered'] : [bare.acr]
      return step.amr.join() === bare.amr.join() && step.authTime === bare.authTime && said.includes(step.acr)
    }
    expect(broken(worlds(factLists(few)), holds)).toBeUndefined()
  })

  test('the step is offered before the date only, and never inside a session again', () => {
    const policy = settings['asked each time: app or mail']
    const account = { bound: [], hasEmail: true, phone: 'none', group: 'golf-2' } as const
    const date = Date.parse('2026-12-14T00:00+01:00')
    for (let at = date - 60 * day; at < date + 60 * day; at += 7 * 60 * minute) {
      const facts = [proof('password', 'sign-in', at - minute)]
      const world = { policy, request: { application: 'remembered', at: at - minute }, account, facts, now: at }
      expect(stepIn(world).step).toBe(at >= date ? 'choose' : at >= date - 45 * day ? 'offer' : 'done')
      if (at < date) expect(stepIn({ ...world, account: { ...account, announcedAt: at - 1_000 } }).step).toBe('done')
    }
  })
})

function stricter(world: World): World[] {
  const { policy, request } = world
  const rules = Object.fromEntries(Object.keys(policy.applications).map((it) => [it, 'every-time'] as const))
  const withPolicy = (change: Partial<Policy>): World => ({ ...world, policy: { ...policy, ...change } })
  const noMail = policy.methods.filter((it) => it !== 'email')
  return [
    withPolicy({ applications: rules }),
    withPolicy({ rememberedSeconds: policy.rememberedSeconds / 2 }),
    withPolicy({ rememberedSeconds: 0 }),
    withPolicy({ enforcement: { mode: 'at-once' } }),
    withPolicy({ phoneBeforeApp: true }),
    ...(noMail.length > 0 ? [withPolicy({ methods: noMail })] : []),
    { ...world, request: { ...request, again: true } },
    { ...world, request: { ...request, maxAgeSeconds: 600 } },
    { ...world, facts: [...world.facts, wanted] },
    { ...world, account: { ...world.account, secondStepSince: now } },
    { ...world, account: { ...world.account, authenticatorsChangedAt: now } },
  ]
}

// ---- and in worlds that nobody thought of ----

const method = fc.constantFrom('totp', 'sms', 'email' as const)
const moment = fc.oneof(fc.integer({ min: now - 45 * day, max: now }), fc.constantFrom(...instants, now, askedAt))
const anyMethod = fc.constantFrom<Method>('password', 'totp', 'email', 'sms', 'passkey', 'recovery-code', 'ticket', 'remembered-browser')
const anyPurpose = fc.constantFrom<Purpose>('sign-in', 'gate', 'new-phone', 'new-email', 'enrol', 'change', 'recovery')
const anyFact: fc.Arbitrary<Fact> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ fact: fc.constant('proved' as const), method: anyMethod, purpose: anyPurpose, at: moment }) },
  { weight: 2, arbitrary: moment.map((at) => proof('password', 'sign-in', at)) },
  fc.record({ fact: fc.constantFrom('chose' as const, 'began' as const), method, at: moment }),
  fc.record({ fact: fc.constantFrom('named' as const, 'wanted' as const, 'postponed' as const, 'gave-phone' as const), at: moment }),
)
const anyAccount = fc.constantFrom(...accounts)
const anyWorld: fc.Arbitrary<World> = fc
  .record({ policy: fc.constantFrom(...policies), account: anyAccount, facts: fc.array(anyFact, { maxLength: 12 }), pick: fc.nat() })
  .map(({ pick, policy, ...rest }) => {
    const requests = requestsOf(policy)
    return { ...rest, policy, request: requests[pick % requests.length] as Request, now }
  })
const runs = { numRuns: 20_000 }

describe('the laws hold for facts in any order and number', () => {
  test('nobody is in without the kinds', () => {
    const isWhole = (it: Fact): boolean => it.fact !== 'proved' || it.method !== 'password' || it.purpose === 'sign-in'
    const holds = (world: World): boolean => {
      const sound = { ...world, facts: world.facts.filter(isWhole) }
      return nearness(stepIn(world)) < 3 || mayEnter(sound)
    }
    fc.assert(fc.property(anyWorld, holds), runs)
  })

  test('what is dated in the future counts for nothing', () => {
    const holds = (world: World, later: readonly Fact[]): void => {
      const future = later.map((it) => ({ ...it, at: it.at + 46 * day }))
      expect(stepIn({ ...world, facts: [...future, ...world.facts, ...future] })).toEqual(stepIn(world))
    }
    fc.assert(fc.property(anyWorld, fc.array(anyFact, { maxLength: 4 }), holds), runs)
  })

  test('more proofs never move away, a stricter policy and time never towards', () => {
    const holds = (world: World, more: Fact, by: number): boolean => {
      const [before, facts] = [nearness(stepIn(world)), world.facts]
      const grown = more.fact === 'proved' ? nearness(stepIn({ ...world, facts: [...facts, more] })) : before
      const aged = nearness(stepIn({ ...world, now: now + by }))
      return grown >= before && aged <= before && stricter(world).every((it) => nearness(stepIn(it)) <= before)
    }
    fc.assert(fc.property(anyWorld, anyFact, fc.integer({ min: 0, max: 500 * day }), holds), runs)
  })

  test('a code by mail never comes with mfa, and amr holds what was proved and nothing else', () => {
    const holds = (world: World): boolean => {
      const step = stepIn(world)
      if (step.step !== 'done') return true
      const said = new Set<string>(proofsOf(world).map((it) => it.method))
      const of: Record<string, boolean> = {
        pwd: said.has('password'),
        otp: said.has('totp'),
        sms: said.has('sms'),
        email: said.has('email'),
      }
      const isPlain = step.amr.every((it) => (it === 'mfa' ? step.amr.some((one) => one === 'otp' || one === 'sms') : of[it] === true))
      return isPlain && !(step.amr.includes('email') && step.amr.includes('mfa'))
    }
    fc.assert(fc.property(anyWorld, holds), runs)
  })
})
