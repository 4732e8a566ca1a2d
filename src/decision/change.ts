import { bindsNow, gateMethod, optionsOf } from './next-step.ts'
import type { Account, Fact, Instant, Option, Proved, Requirement, SecondStep, Step } from './types.ts'

/** How fresh a second step must be for a change of the account's security (ASVS 5.0, 7.5.1). */
export const freshSeconds = 300

/**
 * What must be shown before an account may be changed; undefined when it may be changed now. `facts` are those of this very session,
 * sign-in and confirmations: what another session showed does not stand here. `than`: another method than this one must speak.
 */
export function beforeChange(
  need: Requirement,
  account: Account,
  told: readonly Fact[],
  now: Instant,
  than?: SecondStep,
): Step | undefined {
  const facts = told.filter((it) => it.at <= now)
  if (confirmedUntil(need, account, facts, now, than) !== undefined) return undefined
  if (account.pausedUntil !== undefined && account.pausedUntil > now) return { step: 'wait', until: account.pausedUntil }
  if (!hasSecondStep(need, account)) return withoutSecondStep(need, account, facts, now)

  const ready = readyOf(need, account).filter((it) => it.method !== than)
  const chosen = facts.findLast((it) => it.fact === 'chose')?.method
  const method = [chosen, account.lastMethod, ready[0]?.method].find((it) => ready.some((one) => one.method === it))
  if (method === undefined) return rests(need) ?? { step: 'refuse', why: 'method-disabled' }
  return asks(method, ready)
}

/** Until when what was shown in this session is enough for a change; undefined when it is not. */
export function confirmedUntil(
  need: Requirement,
  account: Account,
  told: readonly Fact[],
  now: Instant,
  than?: SecondStep,
): Instant | undefined {
  const isReady = (method: Proved['method']): boolean => method !== than && readyOf(need, account).some((it) => it.method === method)
  const proofs = told.filter((it) => it.fact === 'proved').filter((it) => isFresh(it, now))
  const isSecondStep = (it: Proved): boolean => it.purpose === 'sign-in' || it.purpose === 'change'
  const speaks = (it: Proved): boolean => (stands(it, account) && isSecondStep(it)) || (need.enrolmentProves && justBound(it, account))
  const second = proofs.filter((it) => isReady(it.method) && speaks(it))
  if (second.length > 0) return endOf(second)
  if (hasSecondStep(need, account)) return undefined

  const password = proofs.filter(isPassword)
  const gate = rests(need) && gateOf(need, account) === 'email' ? undefined : gateOf(need, account)
  const gates = proofs.filter((it) => stands(it, account) && it.purpose === 'change' && it.method === gate)
  if (password.length === 0 || (need.gate !== 'none' && gates.length === 0)) return undefined
  return Math.min(endOf(password), ...(need.gate === 'none' ? [] : [endOf(gates)]))
}

/** How long a change may take that was begun behind a fresh step: as long as a sign-in. */
const finishSeconds = 3_600

/**
 * Whether a change that waits for a code of its own may be finished although its fresh step is older now: a mail may take its time. Such
 * codes are only sent behind a fresh step or by such a change, so a living one stands for it. `sentAt`: of the codes that this session
 * sent for this very change. What changed since then ends it.
 */
export function mayFinish(due: Step | undefined, account: Account, sentAt: readonly Instant[], now: Instant): boolean {
  if (due === undefined) return true
  if (due.step !== 'prove' && due.step !== 'password') return false
  const begunAt = Math.min(...sentAt.filter((it) => it > (account.authenticatorsChangedAt ?? 0) && it <= now))
  return begunAt + finishSeconds * 1000 > now && begunAt <= now
}

/**
 * Whether a method may go; `after` is the account without it. The last one may where the portal lets it: the next sign-in begins at
 * the gate. Where no gate could be passed it stays, for nobody would come back.
 */
export function removalOf(
  need: Requirement,
  after: Account,
): { readonly may: boolean; readonly isLast: boolean; readonly gate?: 'email' | 'sms' } {
  const isLast = readyOf(need, after).length === 0
  const gate = gateOf(need, after)
  const canComeBack = gate !== undefined || need.gate === 'none'
  return { may: !isLast || (canComeBack && !need.keepsLastMethod), isLast, ...(gate ? { gate } : {}) }
}

/** An app is linked beside or in the place of another. */
export const linkApp: Extract<Step, { step: 'enrol' }> = { step: 'enrol', method: 'totp' }

/** What can be added to an account: an app always, a phone where there is none yet. */
export const addableTo = (need: Requirement, account: Account): SecondStep[] =>
  need.methods.filter(
    (it) =>
      (it === 'totp' && (!need.phoneBeforeApp || account.phone === 'proven')) ||
      (it === 'sms' && !account.bound.some((one) => one.method === it)),
  )

/** The first of those of which the account has none yet: two methods are advised. */
export const secondMethodOf = (need: Requirement, account: Account): SecondStep | undefined =>
  addableTo(need, account).find((it) => account.bound.every((one) => one.method !== it))

/** Whether something else than this method could speak for the person. */
export const hasOther = (need: Requirement, account: Account, than: SecondStep): boolean =>
  readyOf(need, account).some((it) => it.method !== than)

/** The code that comes back from a new address or number, before it is believed. */
export const proveNew = (channel: 'email' | 'sms'): Extract<Step, { step: 'prove' }> => ({
  step: 'prove',
  method: channel,
  purpose: channel === 'email' ? 'new-email' : 'new-phone',
  options: [],
  because: 'unknown',
})

/** Nothing is registered and no mailbox counts here: the password once more, and a code over the channel of the gate. */
function withoutSecondStep(need: Requirement, account: Account, facts: readonly Fact[], now: Instant): Step {
  const gate = gateOf(need, account)
  if (!gate && need.gate !== 'none') return { step: 'refuse', why: 'no-channel' }
  const resting = gate === 'email' ? rests(need) : undefined
  if (resting) return resting
  const knows = facts.some((it) => it.fact === 'proved' && isPassword(it) && isFresh(it, now))
  return knows && gate ? asks(gate, [{ method: gate, state: 'ready' }]) : { step: 'password' }
}

const asks = (method: SecondStep, options: readonly Option[]): Step => ({
  step: 'prove',
  method,
  purpose: 'change',
  options,
  because: 'change',
})

/** One mailbox, one step: the one that gave the password yesterday confirms nothing today. */
const rests = ({ mailbox }: Requirement): Step | undefined =>
  mailbox?.rests ? { step: 'mailbox-rests', until: mailbox.countsFrom } : undefined
const readyOf = (need: Requirement, account: Account): Option[] => optionsOf(need, account).filter((it) => it.state === 'ready')
/** Also one that is turned off: who has one is not asked for less. */
const hasSecondStep = (need: Requirement, account: Account): boolean => optionsOf(need, account).some((it) => it.state !== 'not-registered')
const gateOf = (need: Requirement, account: Account): 'email' | 'sms' | undefined =>
  need.gate === 'none' ? undefined : gateMethod(need, account)

/** What was shown before the authenticators changed, or by the change itself, says nothing about the ones that are there now. */
const stands = (it: Proved, account: Account): boolean => it.at > (account.authenticatorsChangedAt ?? 0)
/**
 * The first code of what this sign-in itself linked, as long as nothing changed since: whoever holds that app or phone could sign in
 * with it now. A method that is added in the profile leaves no such proof.
 */
const justBound = (it: Proved, account: Account): boolean => bindsNow(it) && it.at >= (account.authenticatorsChangedAt ?? 0)
const isFresh = (it: Proved, now: Instant): boolean => it.at <= now && it.at >= now - freshSeconds * 1000
const isPassword = (it: Proved): boolean => it.method === 'password' && (it.purpose === 'sign-in' || it.purpose === 'change')
const endOf = (proofs: readonly Proved[]): Instant => Math.max(...proofs.map((it) => it.at)) + freshSeconds * 1000
