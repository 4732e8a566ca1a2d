import type { Account, ApplicationRule, Fact, Instant, Policy, Request, Step } from './types.ts'

/*
 * The words of the case table, and what each of them stands for. A row is played a minute after the application asked; what was
 * done without a time was done since then, in the order of the row.
 */
const [second, minute, day] = [1_000, 60_000, 86_400_000]

// ---- where: the settings of a portal ----

export type Setting =
  | 'asked each time: app or mail'
  | 'app only'
  | 'name first, phone before app'
  | 'by own wish: app or SMS'
  | 'name first: SMS or mail'
  | 'name first, asked each time: SMS or mail'

const common = {
  pages: 'one-page',
  choice: 'last-used',
  gate: 'email',
  phoneBeforeApp: false,
  keepsLastMethod: false,
  rememberedSeconds: 0,
} as const
const fifth: Policy = {
  ...common,
  pages: 'identifier-first',
  methods: ['sms', 'email'],
  rememberedSeconds: (3 * day) / second,
  enforcement: { mode: 'at-once' },
  applications: { remembered: 'remembered', session: 'session', 'every-time': 'every-time' },
}

export const settings: Readonly<Record<Setting, Policy>> = {
  'asked each time: app or mail': {
    ...common,
    methods: ['totp', 'email'],
    choice: 'every-time',
    rememberedSeconds: (30 * day) / second,
    enforcement: {
      mode: 'from',
      at: Date.parse('2024-03-18T00:00+01:00'),
      groups: { 'golf-2': Date.parse('2026-12-14T00:00+01:00') },
      announceSeconds: (45 * day) / second,
    },
    applications: { remembered: 'remembered', 'every-time': 'every-time' },
  },
  'app only': { ...common, methods: ['totp'], enforcement: { mode: 'at-once' }, applications: { session: 'session' } },
  'name first, phone before app': {
    ...common,
    pages: 'identifier-first',
    methods: ['totp'],
    gate: 'sms-or-email',
    phoneBeforeApp: true,
    enforcement: { mode: 'at-once' },
    applications: { session: 'session' },
  },
  'by own wish: app or SMS': {
    ...common,
    methods: ['totp', 'sms'],
    rememberedSeconds: (7 * day) / second,
    enforcement: { mode: 'opt-in' },
    applications: { remembered: 'remembered' },
  },
  'name first: SMS or mail': fifth,
  'name first, asked each time: SMS or mail': { ...fifth, choice: 'every-time' },
}

// ---- who: what the account has ----

const bare: Account = { bound: [], hasEmail: true, phone: 'none' }
const app = { method: 'totp' } as const
const sms = { method: 'sms' } as const

export const people = {
  nobody: undefined,
  'mail address only': bare,
  'no address at all': { ...bare, hasEmail: false },
  'phone known': { ...bare, phone: 'known' },
  'phone proven': { ...bare, phone: 'proven' },
  app: { ...bare, bound: [app] },
  'app, no address': { ...bare, bound: [app], hasEmail: false },
  'app, known browser': { ...bare, bound: [app], knownBrowser: true },
  'app, changed yesterday': { ...bare, bound: [app], knownBrowser: true },
  'app, changed a minute ago': { ...bare, bound: [app] },
  SMS: { ...bare, bound: [sms], phone: 'proven' },
  'app and SMS': { ...bare, bound: [app, sms], phone: 'proven' },
  'app and SMS, last used SMS': { ...bare, bound: [app, sms], phone: 'proven', lastMethod: 'sms' },
  'app disabled': { ...bare, bound: [{ ...app, disabled: true }] },
  'app disabled, SMS': { ...bare, bound: [{ ...app, disabled: true }, sms], phone: 'proven' },
  'app, paused': { ...bare, bound: [app] },
  'app, secured yesterday': { ...bare, bound: [app] },
  'app, secured, new password since': { ...bare, bound: [app] },
  'app, guessed at yesterday': { ...bare, bound: [app] },
  'app, guessed at, new password since': { ...bare, bound: [app] },
  'app begun, not finished': { ...bare, hasPendingEnrolment: true },
  'second step on, app removed': { ...bare, secondStepSince: 1 },
  'reset by mail': bare,
  'reset by mail 25 hours ago': bare,
  'reset by mail, known browser': bare,
  'reset by mail, browser not seen for long': bare,
  'reset by mail, browser seen since': bare,
  'reset by mail, app': { ...bare, bound: [app] },
  'reset by mail, SMS': { ...bare, bound: [sms], phone: 'proven' },
  'reset by mail, app disabled': { ...bare, bound: [{ ...app, disabled: true }] },
  'reset by mail, phone known': { ...bare, phone: 'known' },
  'later date': { ...bare, group: 'golf-2' },
  'later date, told yesterday': { ...bare, group: 'golf-2' },
  'later date, app': { ...bare, group: 'golf-2', bound: [app] },
  'unknown group': { ...bare, group: 'constructor' },
} as const satisfies Record<string, Account | undefined>

export type Person = keyof typeof people

export function accountOf(who: Person, now: Instant): Account | undefined {
  const account: Account | undefined = people[who]
  if (who === 'app, changed yesterday') return { ...bare, ...account, authenticatorsChangedAt: now - day }
  if (who === 'app, changed a minute ago') return { ...bare, ...account, authenticatorsChangedAt: now - minute }
  if (who === 'app, paused') return { ...bare, ...account, pausedUntil: now + minute }
  if (who.startsWith('reset by mail')) {
    const resetAt = now - (who.endsWith('25 hours ago') ? 25 * 60 : 2) * minute
    const seen: Partial<Account> =
      who === 'reset by mail, known browser'
        ? { browserSeenAt: resetAt - 89 * day }
        : who === 'reset by mail, browser not seen for long'
          ? { browserSeenAt: resetAt - 91 * day }
          : who === 'reset by mail, browser seen since'
            ? { browserSeenAt: resetAt + 1 }
            : {}
    return { ...bare, ...account, mailboxResetAt: resetAt, ...seen }
  }
  if (who.startsWith('app, secured')) return { ...bare, ...account, securedAt: now - day, ...passwordSince(who, now) }
  if (who.startsWith('app, guessed')) return { ...bare, ...account, guessedAt: now - day, ...passwordSince(who, now) }
  if (who === 'later date, told yesterday') return { ...bare, ...account, announcedAt: now - day }
  return account
}

const passwordSince = (who: Person, now: Instant): Pick<Account, 'passwordChangedAt'> => ({
  passwordChangedAt: who.endsWith('since') ? now - minute : now - 3 * day,
})

// ---- did: what was done, and when ----

const proved = (method: Proof['method'], purpose: Proof['purpose']): Proof => ({ fact: 'proved', method, purpose })
type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never
type Undated = WithoutTime<Fact>
type Proof = Extract<Undated, { fact: 'proved' }>

const acts = {
  name: { fact: 'named' },
  password: proved('password', 'sign-in'),
  'chose app': { fact: 'chose', method: 'totp' },
  'chose mail': { fact: 'chose', method: 'email' },
  'chose SMS': { fact: 'chose', method: 'sms' },
  'went on': { fact: 'began', method: 'totp' },
  'wants it': { fact: 'wanted' },
  later: { fact: 'postponed' },
  'gate by mail': proved('email', 'gate'),
  'gate by SMS': proved('sms', 'gate'),
  'gave number': { fact: 'gave-phone' },
  'other number': { fact: 'withdrew-phone' },
  'proved number': proved('sms', 'new-phone'),
  'linked app': proved('totp', 'enrol'),
  'app code': proved('totp', 'sign-in'),
  'mail code': proved('email', 'sign-in'),
  'SMS code': proved('sms', 'sign-in'),
  'app code for a change': proved('totp', 'change'),
  'mail code for a change': proved('email', 'change'),
  'SMS code for a change': proved('sms', 'change'),
  'password for a change': proved('password', 'change'),
  ticket: proved('ticket', 'recovery'),
  'recovery code': proved('recovery-code', 'recovery'),
  'ticked the box': proved('remembered-browser', 'sign-in'),
} as const satisfies Record<string, Undated>

const times = {
  '4 minutes ago': 4 * minute,
  '6 minutes ago': 6 * minute,
  'just before': 10 * minute,
  '24 hours ago': 24 * 60 * minute,
  '2 days ago': 2 * day,
  '4 days ago': 4 * day,
  '6 days ago': 6 * day,
  '8 days ago': 8 * day,
  '29 days ago': 29 * day,
  '31 days ago': 31 * day,
  'in an hour': -60 * minute,
} as const

export type Act = keyof typeof acts | `${keyof typeof acts}, ${keyof typeof times}`

export function factsOf(did: readonly Act[], now: Instant): Fact[] {
  return did.map((it, place) => {
    const [act, time] = it.split(', ') as [keyof typeof acts, (keyof typeof times)?]
    return { ...acts[act], at: time ? now - times[time] : now - minute / 2 + place * second }
  })
}

// ---- asks: which application, and what it asked ----

type Acr = ':1' | ':2-remembered' | ':2-mail' | ':2' | ':phr'
export type Asks =
  | ApplicationRule
  | 'nobody'
  | 'a change'
  | 'remembered, sign in again'
  | 'remembered, at most an hour old'
  | `${ApplicationRule}, ${'must be' | 'wishes'} ${Acr}`

/** `named` finds the name of the application with this rule. */
export function requestOf(asks: Asks, now: Instant, named: (rule: string) => string): Request {
  if (asks === 'a change') return { at: now - minute }
  const [rule = '', more] = asks.split(', ')
  return {
    at: now - minute,
    ...(rule === 'nobody' ? {} : { application: named(rule) }),
    ...(more === 'sign in again' ? { again: true } : {}),
    ...(more === 'at most an hour old' ? { maxAgeSeconds: 3_600 } : {}),
    ...(more?.startsWith('must be') ? { mustBe: [more.replace('must be ', 'urn:sluis:acr')] } : {}),
    ...(more?.startsWith('wishes') ? { wished: [more.replace('wishes ', 'urn:sluis:acr')] } : {}),
  }
}

// ---- next: a step in words ----

const codeOf = { totp: 'app code', email: 'mail code', sms: 'SMS code' } as const

export function inWords(step: Step): string {
  switch (step.step) {
    case 'prove':
      if (step.purpose === 'gate') return `gate by ${step.method === 'sms' ? 'SMS' : 'mail'}`
      if (step.purpose === 'new-phone') return 'code to the number'
      return step.purpose === 'change' ? `confirm by ${codeOf[step.method]}` : codeOf[step.method]
    case 'choose':
      return `choose: ${step.options.map((it) => (it.state === 'resting' ? `${it.method} rests` : it.method)).join(', ')}`
    case 'choose-enrolment':
      return `what to link: ${step.options.map((it) => it.method).join(', ')}`
    case 'enrol':
      return 'link app'
    case 'refuse':
      return `refuse: ${step.why}`
    case 'done':
      return `in, ${step.acr.replace('urn:sluis:acr', '')}`
    default:
      return step.step
  }
}

export const becauseOf = (step: Step): string => ('because' in step ? step.because : '')
