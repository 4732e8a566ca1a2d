import { secondKindOf } from './requirement.ts'
import { statementOf } from './statement.ts'
import type { Account, Fact, Instant, Kind, Method, Option, Proved, Reason, Requirement, SecondStep, Step } from './types.ts'

/** What comes next. Derived at every request from dated facts; never stored, so tabs, reloads and restarts need no code. */
export function nextStep(need: Requirement, account: Account | undefined, told: readonly Fact[], now: Instant): Step {
  const facts = believable(need, told, now)
  if (need.pages === 'identifier-first' && !facts.some((it) => it.fact === 'named' || isPassword(it))) return { step: 'identify' }

  const proofs = facts.filter((it) => it.fact === 'proved').filter((it) => counts(it, need, account, now))
  const kinds = new Set(proofs.map((it) => kindOf(it.method)))
  if (!account || !kinds.has('knowledge')) return { step: 'password' }
  if (isPasswordSpent(account, account.securedAt)) return { step: 'refuse', why: 'secured' }

  const wanted = facts.some((it) => it.fact === 'wanted')
  const met = (wanted ? need.anyOfWhenWanted : need.anyOf).some((alternative) => alternative.every((it) => kinds.has(it)))
  // Whoever was in stays in: guessing codes shall not put the owner out.
  const { guessedAt = 0 } = account
  if (met && isPasswordSpent(account, account.guessedAt) && proofs.some((it) => it.at >= guessedAt))
    return { step: 'refuse', why: 'new-password' }
  if (met && isAnnouncementDue(need, account, facts, kinds, now))
    return { step: 'offer', ...(need.announce?.mandatoryAt ? { mandatoryAt: need.announce.mandatoryAt } : {}) }
  if (met) return { step: 'done', ...statementOf(proofs) }

  if (account.pausedUntil !== undefined && account.pausedUntil > now) return { step: 'wait', until: account.pausedUntil }
  return secondStep(need, account, facts, reasonOf(need, account, facts, now))
}

/**
 * What is dated in the future (another node's clock, a clock set back) has not happened yet. What came to a mailbox while it rests has
 * not happened at all, also when its rest is over: as a second step and as a gate alike.
 */
function believable(need: Requirement, told: readonly Fact[], now: Instant): Fact[] {
  const facts = told.filter((it) => it.at <= now)
  const { mailbox } = need
  if (!mailbox || wasLifted(need, facts)) return facts
  return facts.filter((it) => it.fact !== 'proved' || it.method !== 'email' || it.at >= mailbox.countsFrom)
}

/** Another factor was shown since the mailbox gave the password: a registered app or phone, or a ticket. */
function wasLifted(need: Requirement, facts: readonly Fact[]): boolean {
  const since = need.mailbox?.resetAt ?? 0
  const isOther = (it: Proved): boolean => opensAgain(it) || bindsNow(it) || (it.purpose === 'sign-in' && isPossession(it, need))
  return facts.some((it) => it.fact === 'proved' && it.at >= since && isOther(it))
}

const isPossession = ({ method }: Proved, need: Requirement): boolean =>
  need.methods.some((it) => it === method) && kindOf(method) === 'possession'

/** Until when the mailbox rests here and now; undefined when it does not. */
function restsUntil(need: Requirement, facts: readonly Fact[]): Instant | undefined {
  return need.mailbox?.rests && !wasLifted(need, facts) ? need.mailbox.countsFrom : undefined
}

/** Which second step: the chosen one, the only one, else the last used; and when there is none yet, one to set up. */
function secondStep(need: Requirement, account: Account, facts: readonly Fact[], because: Reason): Step {
  const options = optionsOf(need, account, facts)
  const usable = options.filter((it) => it.state === 'ready' || it.state === 'not-registered')
  const ready = usable.filter((it) => it.state === 'ready')
  const until = restsUntil(need, facts)
  if (until !== undefined && ready.length === 0 && (usable.length === 0 ? hasResting(options) : gateRests(need, account, facts)))
    return { step: 'mailbox-rests', until }
  if (usable.length === 0) return { step: 'refuse', why: options.length > 0 ? 'method-disabled' : 'no-channel' }

  const lastUsed = ready.find((it) => it.method === account.lastMethod) ?? ready[0]
  const chosen = usable.find((it) => it.method === lastChoice(facts))
  const picked = chosen ?? (usable.length === 1 && !hasResting(options) ? usable[0] : need.choice === 'last-used' ? lastUsed : undefined)

  if (picked?.state === 'ready') return { step: 'prove', method: picked.method, purpose: 'sign-in', options, because }
  if (!picked && need.choice === 'every-time') return { step: 'choose', options, because }
  return setUp(need, account, facts, picked, options)
}

/** A method that rests stands on the page with its reason, so there is something to choose from. */
const hasResting = (options: readonly Option[]): boolean => options.some((it) => it.state === 'resting')

/** Nothing but the resting mailbox could open the gate. */
const gateRests = (need: Requirement, account: Account, facts: readonly Fact[]): boolean =>
  !passedGate(need, account, facts) && gateMethod(need, account) === 'email'

/** Setting up a method: said calmly, then the gate, then the phone where it is needed, then the app. Nothing secret before the gate. */
function setUp(need: Requirement, account: Account, facts: readonly Fact[], picked: Option | undefined, options: readonly Option[]): Step {
  const gate = passedGate(need, account, facts) ? 'passed' : gateMethod(need, account)
  if (!gate) return { step: 'refuse', why: 'no-channel' }

  const began = recovers(need, facts) || facts.some((it) => it.fact === 'began' && it.method === picked?.method)
  if (picked?.method === 'totp' && need.choice === 'every-time' && !began) return { step: 'not-registered', method: 'totp' }
  if (gate !== 'passed') return { step: 'prove', method: gate, purpose: 'gate', options, because: 'unknown' }

  if (!picked) return { step: 'choose-enrolment', options }
  if (picked.method === 'totp' && (!need.phoneBeforeApp || account.phone === 'proven')) return { step: 'enrol', method: 'totp' }
  if (hasGivenPhone(facts)) return { step: 'prove', method: 'sms', purpose: 'new-phone', options, because: 'unknown' }
  return { step: 'register-phone', known: account.phone !== 'none' }
}

/**
 * The methods on offer here and now, in the portal's order. A mailbox needs an address and nothing else. Where something is
 * registered it must speak first: a gate alone adds no second thing beside it, or who reads the mailbox could add his own phone.
 */
export function optionsOf(need: Requirement, account: Account, facts: readonly Fact[] = []): Option[] {
  if (recovers(need, facts)) return need.methods.filter((it) => it !== 'email').map((method) => ({ method, state: 'not-registered' }))
  const rests = restsUntil(need, facts) !== undefined
  const options = need.methods
    .filter((it) => it !== 'email' || account.hasEmail)
    .map((method) => ({ method, state: method === 'email' && rests ? ('resting' as const) : stateOf(method, account) }))
  const bound = account.bound.some((it) => need.methods.includes(it.method))
  return bound ? options.filter((it) => it.state !== 'not-registered') : options
}

/** Whether choosing another method leads anywhere else: all that is still to be set up waits behind the same gate. */
export const canChooseOther = (step: Step, options: readonly Option[]): boolean =>
  options.length > 1 && (step.step !== 'prove' || step.purpose !== 'gate' || options.some((it) => it.state === 'ready'))

function stateOf(method: SecondStep, account: Account): Option['state'] {
  if (method === 'email') return 'ready'
  const bound = account.bound.filter((it) => it.method === method)
  if (bound.length === 0) return 'not-registered'
  return bound.every((it) => it.disabled) ? 'disabled' : 'ready'
}

/** Whether a proof counts here and now: of a method on offer, not too old, not for another purpose. */
export function counts(proof: Proved, need: Requirement, account: Account | undefined, now: Instant): boolean {
  if (proof.at > now || proof.at < (need.notBefore ?? 0)) return false
  if (proof.method === 'password') return proof.purpose === 'sign-in'
  if (proof.method === 'remembered-browser') return proof.purpose === 'sign-in' && remembers(proof, need, account, now)
  if (proof.at < (need.secondStepNotBefore ?? 0) || !need.methods.some((it) => it === proof.method)) return false
  return proof.purpose === 'sign-in' || (need.enrolmentProves && bindsNow(proof))
}

/** The first code of what was linked in this very sign-in: an app on its page, a phone by the text message to it. */
export const bindsNow = ({ method, purpose }: Proved): boolean =>
  (method === 'totp' && purpose === 'enrol') || (method === 'sms' && purpose === 'new-phone')

/** Its days run from the last real second step; any change of authenticators ends it. */
function remembers(proof: Proved, need: Requirement, account: Account | undefined, now: Instant): boolean {
  return proof.at + need.rememberedSeconds * 1000 > now && proof.at >= (account?.authenticatorsChangedAt ?? 0)
}

/** What a method proves. */
export function kindOf(method: Method): Kind {
  switch (method) {
    case 'password':
      return 'knowledge'
    case 'remembered-browser':
      return 'remembered'
    case 'email':
      return 'mailbox'
    case 'totp':
    case 'sms':
      return secondKindOf(method)
    case 'passkey':
    case 'recovery-code':
    case 'ticket':
      return 'possession'
  }
}

/** A gate opens for what is registered now: after any change of authenticators it is passed anew. */
function passedGate(need: Requirement, account: Account, facts: readonly Fact[]): boolean {
  if (need.gate === 'none' || recovers(need, facts)) return true
  const channels = need.gate === 'email' ? ['email'] : ['email', 'sms']
  const proofs = facts.filter((it) => it.fact === 'proved' && it.purpose === 'gate' && channels.includes(it.method))
  return proofs.some((it) => it.at >= (account.authenticatorsChangedAt ?? 0))
}

/** Over which channel the proof before anything secret comes. */
export function gateMethod(need: Requirement, account: Account): 'email' | 'sms' | undefined {
  if (need.gate === 'sms-or-email' && account.phone !== 'none') return 'sms'
  return account.hasEmail ? 'email' : undefined
}

/** A ticket or a recovery code was accepted: something is linked anew, whatever is registered, until its first code came. */
export function recovers(need: Requirement, facts: readonly Fact[]): boolean {
  const isOnOffer = (it: Proved): boolean => need.methods.some((method) => method === it.method)
  const proofs = facts.filter((it) => it.fact === 'proved')
  const last = proofs.findLast((it) => opensAgain(it) || (bindsNow(it) && isOnOffer(it)))
  return last !== undefined && opensAgain(last) && need.methods.some((it) => it !== 'email')
}

/** Whether a ticket may stand in for what is asked here: after the password, and only where something can be set up anew. */
export function mayRecover(need: Requirement, step: Step): boolean {
  if (!need.methods.some((it) => it !== 'email')) return false
  switch (step.step) {
    case 'choose':
    case 'not-registered':
    case 'choose-enrolment':
    case 'register-phone':
    case 'mailbox-rests':
      return true
    case 'prove':
      return step.purpose === 'sign-in' || step.purpose === 'gate' || step.purpose === 'new-phone'
    case 'refuse':
      return step.why === 'no-channel' || step.why === 'method-disabled'
    default:
      return false
  }
}

const opensAgain = ({ method, purpose }: Proved): boolean => purpose === 'recovery' && (method === 'ticket' || method === 'recovery-code')

/** Why a code is asked: the one true line, or none. */
function reasonOf(need: Requirement, account: Account, facts: readonly Fact[], now: Instant): Reason {
  if (need.because !== undefined) return need.because
  const mark = facts.findLast((it) => it.fact === 'proved' && it.method === 'remembered-browser')
  if (mark && mark.at < (account.authenticatorsChangedAt ?? 0)) return 'method-changed'
  if (mark && mark.at + need.rememberedSeconds * 1000 <= now) return 'remember-ended'
  return account.knownBrowser ? 'unknown' : 'new-browser'
}

/** Shown once in a sign-in and the session that it opens, not again for each application that asks inside it. */
function isAnnouncementDue(need: Requirement, account: Account, facts: readonly Fact[], kinds: ReadonlySet<Kind>, now: Instant): boolean {
  if (!need.announce || kinds.size > 1 || facts.some((it) => it.fact === 'postponed')) return false
  if (account.announcedAt === undefined) return true
  const signedInAt = facts.findLast(isPassword)?.at ?? 0
  return account.announcedAt < signedInAt && account.announcedAt + need.announce.everySeconds * 1000 <= now
}

/** Something happened after which only a newer password counts. */
const isPasswordSpent = ({ passwordChangedAt = 0 }: Account, since: Instant | undefined): boolean =>
  since !== undefined && passwordChangedAt <= since

function hasGivenPhone(facts: readonly Fact[]): boolean {
  return facts.findLast((it) => it.fact === 'gave-phone' || it.fact === 'withdrew-phone')?.fact === 'gave-phone'
}

const isPassword = (it: Fact): boolean => it.fact === 'proved' && it.method === 'password'
const lastChoice = (facts: readonly Fact[]): SecondStep | undefined => facts.findLast((it) => it.fact === 'chose')?.method
