import * as audit from '../audit/index.ts'
import type { Instant, Proved, Step } from '../decision/index.ts'
import { bindPhone, confirmPending, type EnrolmentRefusal, endReplaced } from '../enrolment/index.ts'
import {
  codesAtOnce,
  type House,
  readTypedCode,
  type SentCodeRefusal,
  type TotpRefusal,
  verifySentCode,
  verifyTotp,
} from '../factors/index.ts'
import {
  type AccountRow,
  type AttemptRow,
  type AuthenticatorRow,
  authenticatorsOf,
  type CodeRow,
  chargeTry,
  codeHolderOf,
  noteTwinsReplaced,
  proveEmail,
  raise,
  type Tx,
  takeBackTry,
  touchAuthenticator,
} from '../storage/index.ts'
import { act, addressFor, believe, type Moved } from './believe.ts'
import { contextOf } from './context.ts'
import { afterFailure } from './failures.ts'
import { secondStepKey, secondStepRule } from './limits.ts'
import { tell } from './notices.ts'
import { refuse } from './refusals.ts'
import type { Said } from './said.ts'
import type { Situation, Visitor } from './situation.ts'
import { endWhatWasLost } from './ticket.ts'

export type Asked = Extract<Step, { step: 'prove' | 'enrol' }>
export type Refusal = TotpRefusal | SentCodeRefusal | EnrolmentRefusal

/**
 * A person answers what we asked: parse, count, check and spend, believe, decide again. When no code is asked here, or another tab
 * was first, the answer is where the sign-in really is.
 */
export async function answerCode(
  house: House,
  before: Situation,
  visitor: Visitor,
  typed: string,
  remember: boolean,
): Promise<Moved | Said> {
  const { step, attempt, account } = before
  if (step.step === 'wait') return paused(house, before, visitor, step.until)
  if ((step.step !== 'prove' && step.step !== 'enrol') || !attempt || !account) return { situation: before, cookies: {} }
  return weighCode(house, { ...before, attempt, account }, visitor, step, typed, async (tx, here, proof, earlier) => {
    await accepted(tx, house, here, visitor, step, proof)
    if (isSent(step)) await noteTwinsReplaced(tx, here.attempt, here.now)
    await endWhatWasLost(tx, house, here, visitor, earlier, proof)
    // The box stands beside a code of the sign-in and nowhere else.
    return believe(tx, house, here.attempt, visitor, [proof], here, remember && proof.purpose === 'sign-in')
  })
}

/**
 * Every code that is typed, at every door: one counter, one pause, one check. `won` is what a right code leads to, in the transaction
 * that spends it; `earlier` is what was registered before.
 */
export async function weighCode<T extends object>(
  house: House,
  before: Here,
  visitor: Visitor,
  step: Asked,
  typed: string,
  won: (tx: Tx, here: Here, proof: Proved, earlier: readonly AuthenticatorRow[]) => Promise<T>,
): Promise<T | Moved | Said> {
  const { attempt, account, portal, now } = before
  const read = readTypedCode(typed)
  if ('refused' in read) return { said: read.refused, status: 422 }

  // Writes of their own, before anybody looks: a crash costs a try and gives none.
  const { db } = house.storage
  const tries = await raise(db, secondStepKey(account.id), secondStepRule(portal), now)
  if (!tries.raised) return paused(house, before, visitor, tries.pausedUntil ?? now)
  const charged = isSent(step) ? await chargeTry(db, codeHolderOf(attempt), step.purpose, portal.limits.codeTries, now) : []

  let compared = charged.length
  const outcome = await act(house, before, visitor, async (tx, held) => {
    const here = { ...before, attempt: held, account }
    const earlier = await authenticatorsOf(tx, account.id)
    if (!isSent(step)) compared = codesAtOnce * appsAsked(step, earlier)
    const result = await check(tx, house, here, step, read.digits, charged)
    if (result.fact === 'refused') return refuse(tx, house, here, visitor, step, result, read.digits, tries)
    if (isSent(step) && step.method === 'email' && step.purpose !== 'new-email') await provedMailbox(tx, account)
    // The second use of a new app ends the one whose place it took.
    if (step.step === 'prove' && step.method === 'totp') await endReplaced(tx, house, portal, account, now)
    return won(tx, here, result, earlier)
  })
  return 'refused' in outcome ? afterFailure(house, before, visitor, outcome, tries, compared) : outcome
}

/** The apps whose code would be right: the one that is being linked, or every one that is registered. */
const appsAsked = (step: Asked, earlier: readonly AuthenticatorRow[]): number =>
  step.step === 'enrol' ? 1 : earlier.filter((it) => it.method === 'totp' && it.disabled_at === null).length

/** A code that we sent. */
const isSent = (step: Asked): step is Extract<Step, { step: 'prove' }> => step.step === 'prove' && step.method !== 'totp'

/** Where an account and its sign-in are known, as here after the password. */
export type Here = Situation & { readonly account: AccountRow; readonly attempt: AttemptRow }

/** The right code as well: it is not looked at, not spent and costs nothing. */
export async function paused(house: House, situation: Situation, visitor: Visitor, until: Instant): Promise<Said> {
  await audit.secondStepPaused(house.storage.db, contextOf(house, situation, visitor))
  return { said: 'code.paused', status: 429, until }
}

function check(
  tx: Tx,
  house: House,
  { account, attempt, portal, now }: Here,
  step: Asked,
  digits: string,
  charged: readonly CodeRow[],
): Promise<Proved | Refusal> {
  if (step.step === 'enrol') return confirmPending(tx, house, account, attempt.id, digits, now)
  if (step.method === 'totp')
    return verifyTotp(tx, house.vault, account.id, step.purpose, digits, now, (row, fault) =>
      house.log.error({ err: fault, authenticator: row.id }, 'an authenticator cannot be used'),
    )
  // A code that went to an address which is no longer theirs proves nothing.
  const address = addressFor(step, account, attempt)
  const theirs = charged.filter((it) => it.address === address)
  return verifySentCode(tx, house, codeHolderOf(attempt), step.purpose, theirs, digits, portal.limits.codeTries, now)
}

async function accepted(tx: Tx, house: House, here: Here, visitor: Visitor, step: Asked, proof: Proved): Promise<void> {
  const { account, now } = here
  const context = { ...contextOf(house, here, visitor), method: proof.method }
  // A right code on the way is no failure. It clears none either: only the end of a sign-in does.
  if (proof.purpose !== 'sign-in') await takeBackTry(tx, secondStepKey(account.id), now)
  // The code came back from the number that it was sent to: that one is proven now.
  const phone =
    proof.purpose === 'new-phone' ? here.attempt.phone : proof.purpose === 'gate' && proof.method === 'sms' ? account.phone : null
  if (phone !== null) await provedPhone(tx, house, here, visitor, phone)

  if (proof.purpose === 'gate') await audit.gatePassed(tx, context)
  else if (proof.purpose === 'new-phone') await audit.authenticatorBound(tx, context)
  else if (step.step === 'enrol') {
    await audit.enrolmentCompleted(tx, context)
    await audit.authenticatorBound(tx, context)
    await tell(tx, house, here, visitor, { notice: 'method-added', method: 'totp', boundAt: now })
  } else {
    if (proof.method === 'sms') await touchAuthenticator(tx, account.id, 'sms', now)
    await audit.secondStepAccepted(tx, context)
  }
}

/** The code came back from their mailbox. A new one that they only say is theirs is proven by the change that moves to it. */
async function provedMailbox(tx: Tx, { email, proven_email, id }: AccountRow): Promise<void> {
  if (email !== null && email !== proven_email) await proveEmail(tx, id, email)
}

/** A number that came to be, and a second step with it where the portal texts codes: the owner hears of each. */
async function provedPhone(tx: Tx, house: House, here: Here, visitor: Visitor, phone: string): Promise<void> {
  const { account, portal, now } = here
  const isBound = await bindPhone(tx, house, portal, account, phone, now)
  if (isBound) await tell(tx, house, here, visitor, { notice: 'method-added', method: 'sms', boundAt: now })
  if (account.phone === phone) return
  const before = account.phone_proven_at === null ? {} : { phone: account.phone ?? '' }
  await tell(tx, house, here, visitor, { notice: 'phone-changed', lastTwo: phone.slice(-2) }, before)
}
