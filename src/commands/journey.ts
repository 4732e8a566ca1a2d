import {
  type Account,
  type Fact,
  type Instant,
  type Method,
  nextStep,
  type Policy,
  type Purpose,
  type Request,
  type Requirement,
  requirementFor,
  type SecondStep,
  type Step,
} from '../decision/index.ts'
import { unreachable } from '../errors.ts'

/*
 * A journey is walked, not written: the decision is asked, every act that its step allows is done on paper, and it is
 * asked again, until it has nothing more to ask.
 */
export interface Place {
  readonly step: Step
  readonly acts: readonly { readonly words: string; readonly to: Place }[]
}

/** Somebody at the door: what the decision knows of the account, and what the browser brings. */
export interface Comer {
  readonly who: string
  /** Told only where the journey differs from that of this other one. */
  readonly unlike?: Comer
  readonly account: Account
  readonly facts: readonly Fact[]
}

/** No journey is longer; a policy that turned in a circle would end here. */
const longestJourney = 20

function walk(policy: Policy, request: Request, { who, account, facts }: Comer, now: Instant, left = longestJourney): Place {
  const need = requirementFor(policy, request, account, now)
  const step = nextStep(need, account, facts, now)
  const acts = left === 0 ? [] : actsOf(step, need, account, now)
  return {
    step,
    acts: acts.map(({ words, adds = [], becomes = {} }) => {
      const comer = { who, account: { ...account, ...becomes }, facts: [...facts, ...adds] }
      return { words, to: walk(policy, request, comer, now, left - 1) }
    }),
  }
}

/** All ways through it, as the steps on the way. */
function waysThrough({ step, acts }: Place): Step[][] {
  return acts.length === 0 ? [[step]] : acts.flatMap(({ to }) => waysThrough(to).map((rest) => [step, ...rest]))
}

export interface Journey {
  readonly who: string
  readonly start: Place
  readonly ways: readonly Step[][]
}

export function journeysOf(policy: Policy, request: Request, comers: readonly Comer[], now: Instant): Journey[] {
  return comers.flatMap((comer) => {
    const start = walk(policy, request, comer, now)
    const ways = waysThrough(start)
    const other = comer.unlike && waysThrough(walk(policy, request, comer.unlike, now))
    return JSON.stringify(ways) === JSON.stringify(other) ? [] : [{ who: comer.who, start, ways }]
  })
}

/** People as a portal meets them: nobody's name, only what an account can have. */
export function comersOf(need: Requirement, at: Instant): Comer[] {
  const account: Account = { bound: [], hasEmail: true, phone: 'none' }
  const fresh: Comer = { who: 'a new person', account, facts: [] }
  const owners: Comer[] = need.methods.flatMap((method) =>
    method === 'email' ? [] : [{ who: `a person with ${nameOf(method)}`, account: ownerOf(account, method), facts: [] }],
  )
  const settled = owners[0] ?? { who: 'a person', account: { ...account, secondStepSince: 0 }, facts: [] }
  return [
    fresh,
    { ...fresh, who: 'a new person whose phone number is known', account: { ...account, phone: 'known' }, unlike: fresh },
    { ...fresh, who: 'a new person who asks for a second step', facts: [{ fact: 'wanted', at }], unlike: fresh },
    ...owners,
    inRememberedBrowser(settled, at),
  ]
}

export const inRememberedBrowser = (comer: Comer, at: Instant): Comer => ({
  who: `${comer.who}, in a remembered browser`,
  account: { ...comer.account, knownBrowser: true },
  facts: [{ fact: 'proved', method: 'remembered-browser', purpose: 'sign-in', at }],
  unlike: comer,
})

const ownerOf = (fresh: Account, method: 'totp' | 'sms'): Account => ({
  ...fresh,
  phone: 'proven',
  bound: [{ method }],
  lastMethod: method,
  secondStepSince: 0,
})

interface Act {
  readonly words: string
  readonly adds?: readonly Fact[]
  readonly becomes?: Partial<Account>
}

function actsOf(step: Step, need: Requirement, account: Account, at: Instant): Act[] {
  switch (step.step) {
    case 'identify':
      return [{ words: 'gives a name', adds: [{ fact: 'named', at }] }]
    case 'password':
      return [{ words: 'the right password', adds: [proved('password', 'sign-in', at)] }]
    case 'choose':
    case 'choose-enrolment':
      return step.options
        .filter((it) => it.state !== 'disabled')
        .map(({ method, state }) => ({
          words: `${nameOf(method)}${state === 'ready' ? '' : ', not set up yet'}`,
          adds: [{ fact: 'chose', method, at }],
        }))
    case 'not-registered':
      return [{ words: 'goes on', adds: [{ fact: 'began', method: step.method, at }] }]
    case 'prove':
      return [{ words: 'the right code', adds: [proved(step.method, step.purpose, at)], becomes: provenPhone(step, need, account, at) }]
    case 'register-phone':
      return [{ words: 'gives a number', adds: [{ fact: 'gave-phone', at }], becomes: { phone: 'known' } }]
    case 'enrol':
      return [{ words: 'the first code', adds: [proved(step.method, 'enrol', at)], becomes: bound(account, step.method, at) }]
    case 'offer':
      return [
        { words: 'later', adds: [{ fact: 'postponed', at }] },
        { words: 'now', adds: [{ fact: 'wanted', at }] },
      ]
    case 'wait':
    case 'mailbox-rests':
    case 'refuse':
    case 'done':
      return []
    default:
      return unreachable(step)
  }
}

const proved = (method: Method, purpose: Purpose, at: Instant): Fact => ({
  fact: 'proved',
  method,
  purpose,
  at,
})

/** A code that came back from a number proves the number, and binds it where the portal texts codes. */
function provenPhone(step: Extract<Step, { step: 'prove' }>, need: Requirement, account: Account, at: Instant): Partial<Account> {
  if (step.method !== 'sms' || step.purpose === 'sign-in') return {}
  return { phone: 'proven', ...(need.methods.includes('sms') ? bound(account, 'sms', at) : {}) }
}

const bound = (account: Account, method: 'totp' | 'sms', at: Instant): Partial<Account> => ({
  bound: [...account.bound.filter((it) => it.method !== method), { method }],
  authenticatorsChangedAt: at,
})

const names: Readonly<Record<SecondStep, string>> = {
  totp: 'an authenticator app',
  email: 'a code by e-mail',
  sms: 'a code by text message',
}
export const nameOf = (method: SecondStep): string => names[method]

/** A step in a few words. */
export function stepInWords(step: Step): string {
  switch (step.step) {
    case 'identify':
      return 'name'
    case 'password':
      return 'password'
    case 'choose':
      return 'choose a second step'
    case 'choose-enrolment':
      return 'choose what to set up'
    case 'not-registered':
      return 'said calmly: not set up yet'
    case 'prove':
      return proofInWords(step)
    case 'register-phone':
      return step.known ? 'confirm the phone number' : 'give a phone number'
    case 'enrol':
      return 'link the authenticator app'
    case 'offer':
      return step.mandatoryAt === undefined ? 'told that a second step was begun' : 'told of the date'
    case 'wait':
      return 'a pause'
    case 'mailbox-rests':
      return 'a wait: the mailbox gave the password, so it gives no code yet'
    case 'refuse':
      return step.why === 'no-channel' ? 'refused: no address to prove' : 'refused: every method is turned off'
    case 'done':
      return `signed in, ${step.acr}`
    default:
      return unreachable(step)
  }
}

function proofInWords({ method, purpose }: Extract<Step, { step: 'prove' }>): string {
  if (purpose === 'gate') return `${nameOf(method)}, before anything secret is shown`
  if (purpose === 'new-phone') return 'a code to the new number'
  return method === 'totp' ? 'a code of the app' : nameOf(method)
}
