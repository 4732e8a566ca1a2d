import {
  type Account,
  type Instant,
  type Kind,
  kindOf,
  type Reason,
  type Request,
  type Requirement,
  requirementFor,
  type Step,
} from '../decision/index.ts'
import type { Portal } from '../portals/index.ts'
import { policyOf } from '../sign-in/index.ts'
import type { Asking } from './asked-acr.ts'
import { clockOf } from './clock.ts'
import { type Comer, comersOf, inRememberedBrowser, journeysOf, nameOf, stepInWords } from './journey.ts'
import { Refused, type Report } from './report.ts'

/** `explain`: what a sign-in asks and why, and where it leads different people; or one account. */
export function explainPortal(
  portal: Portal,
  asked: {
    readonly application?: string | undefined
    readonly account?: { readonly name: string; readonly view: Account } | undefined
    readonly asking: Asking
  },
  now: Instant,
  report: Report,
): void {
  const { application, account, asking } = asked
  if (application !== undefined && !Object.hasOwn(portal.applications, application))
    throw new Refused(`${portal.name} has no application '${application}'. There are: ${Object.keys(portal.applications).join(', ')}.`)
  const policy = policyOf(portal)
  const request: Request = { at: now, ...(application === undefined ? {} : { application }), ...asking.request }
  const need = requirementFor(policy, request, account?.view, now)
  const comers = account ? comersFor(account, now) : comersOf(need, now)
  const people = journeysOf(policy, request, comers, now)
  const why = [...asking.words, ...unreached(request, people), ...reasonsOf(portal, application, need, account?.view)]
  const value = {
    portal: portal.id,
    application: application ?? null,
    asked: asking.request,
    at: new Date(now).toISOString(),
    requirement: need,
    why,
    people: people.map(({ who, ways }) => ({ who, next: ways[0]?.[0], ways: ways.map((steps) => steps.map(stepInWords)) })),
  }
  const words = [
    `${portal.name}${application === undefined ? '' : `, ${portal.applications[application]?.title}`}, ${clockOf(now, portal)}`,
    '',
    'Asked:',
    ...need.anyOf.map((kinds, at) => `  ${at > 0 ? 'or ' : ''}${kinds.map((it) => kindInWords(it, need)).join(' and ')}`),
    '',
    'Why:',
    ...why.map((it) => `  ${it}`),
    '',
    'What comes next:',
    ...people.flatMap(({ who, ways }) => [`  ${who}`, ...ways.map((steps) => `    ${wayInWords(steps)}`)]),
  ]
  report.done(value, words.join('\n'))
}

/** An application that must have what nobody can show gets an answer all the same. */
function unreached({ mustBe }: Request, people: ReturnType<typeof journeysOf>): string[] {
  const isIt = (step: Step): boolean => step.step === 'done' && (mustBe?.includes(step.acr) ?? false)
  const isReached = people.some(({ ways }) => ways.some((steps) => steps.some(isIt)))
  return mustBe && !isReached ? ['Nobody reaches it: after one sign-in the application hears unmet_authentication_requirements.'] : []
}

function comersFor({ name, view }: { name: string; view: Account }, now: Instant): Comer[] {
  const comer = { who: name, account: view, facts: [] }
  return [comer, inRememberedBrowser(comer, now)]
}

const wayInWords = (steps: readonly Step[]): string => steps.map(stepInWords).join(' > ')

function kindInWords(kind: Kind, need: Requirement): string {
  const ways = need.methods.filter((it) => kindOf(it) === kind).map(nameOf)
  switch (kind) {
    case 'knowledge':
      return 'a password'
    case 'remembered':
      return `a browser remembered at most ${need.rememberedSeconds / 86_400} days ago`
    default:
      return ways.join(' or ') || kind
  }
}

function reasonsOf(portal: Portal, application: string | undefined, need: Requirement, account: Account | undefined): string[] {
  const { secondStep, enforcement } = portal
  const rule = application === undefined ? undefined : portal.applications[application]?.secondStep
  const since = account?.secondStepSince
  return [
    enforcementInWords(enforcement, portal),
    ...(account?.group ? [`The account is in the group '${account.group}'.`] : []),
    ...(since === undefined ? [] : [`The account has had a second step since ${clockOf(since, portal)}: it is asked, whatever the date.`]),
    ...(need.mailbox?.rests
      ? [
          `The password was chosen anew through the mailbox: no code to it counts until ${clockOf(need.mailbox.countsFrom, portal)}, unless another factor, a ticket or a browser known before is shown.`,
        ]
      : []),
    rule === undefined ? 'No application is named: what the strictest one asks holds.' : ruleInWords[rule],
    ...(need.because === undefined ? [] : (reasonInWords[need.because] ?? [])),
    need.choice === 'every-time'
      ? 'People choose the method at every sign-in.'
      : 'The method that was used last is asked; another can be chosen.',
    secondStep.gate === 'none'
      ? `Nothing is asked before a secret is shown: ${secondStep.deviations.gate ?? ''}`
      : `Before anything secret is shown comes ${secondStep.gate === 'email' ? nameOf('email') : `${nameOf('sms')} to the known number, else ${nameOf('email')}`}.`,
    ...(secondStep.phoneBeforeApp ? ['A mobile number is proven before an app is linked.'] : []),
  ]
}

function enforcementInWords(enforcement: Portal['enforcement'], portal: Portal): string {
  switch (enforcement.mode) {
    case 'at-once':
      return 'The second step is mandatory for everybody.'
    case 'opt-in':
      return 'The second step is asked of whoever set one up.'
    case 'from': {
      const groups = Object.entries(enforcement.groups).map(([name, day]) => `; for the group '${name}' from ${day}`)
      return `The second step is mandatory from ${enforcement.from}, 00:00 in ${portal.timeZone}${groups.join('')}.`
    }
  }
}

const ruleInWords = {
  remembered: 'This application takes a remembered browser for the second step.',
  session: 'This application asks one second step in a sign-in.',
  'every-time': 'This application asks a second step every time.',
} as const

/** A list each: where the browser alone tells why, there is nothing to say here. */
const reasonInWords: Readonly<Partial<Record<Reason, readonly string[]>>> = {
  always: ['This portal never remembers a browser.'],
  'application-always': ['A remembered browser does not count here.'],
  'new-browser': ['The browser is not known.'],
  'remember-ended': ['The days of the remembered browser are over.'],
  'method-changed': ['A method was changed, so remembered browsers do not count.'],
  'step-up': ['The application asks for more than was shown.'],
}
