import * as audit from '../audit/index.ts'
import { type Instant, mayAttempt, type Proved, type Step } from '../decision/index.ts'
import { bindPhone, confirmPending, type EnrolmentRefusal, preparePending } from '../enrolment/index.ts'
import { type House, readTypedCode, type SentCodeRefusal, type TotpRefusal, verifySentCode, verifyTotp } from '../factors/index.ts'
import {
  type AccountRow,
  type AttemptRow,
  type CodeRow,
  changeAccount,
  chargeTry,
  countInWindow,
  disableAuthenticators,
  raise,
  type Tx,
} from '../storage/index.ts'
import { believe, type Moved, send, stillOpen } from './believe.ts'
import { longWindowSeconds, longWindowTries, secondStepKey, secondStepLongKey, secondStepRule } from './limits.ts'
import { pauseNotice } from './notices.ts'
import { excuse, explainRefusal } from './refusals.ts'
import type { Said } from './said.ts'
import { type Situation, situationOf, type Visitor } from './situation.ts'

export type Asked = Extract<Step, { step: 'prove' | 'enrol' }>
export type Refusal = TotpRefusal | SentCodeRefusal | EnrolmentRefusal

/**
 * A person answers what we asked: parse, count, check and spend, believe, decide again.
 * `expected` is the step whose page the form came from; a form of another step is shown where the sign-in really is.
 */
export async function answerCode(
  house: House,
  before: Situation,
  visitor: Visitor,
  typed: string,
  remember: boolean,
): Promise<Moved | Said> {
  const { step, attempt, account, portal, now } = before
  if ((step.step !== 'prove' && step.step !== 'enrol') || !attempt || !account) return { situation: before, cookies: {} }
  const read = readTypedCode(typed)
  if ('refused' in read) return { said: read.refused, status: 422 }

  // Writes of their own, before anybody looks: a crash costs a try and gives none.
  const { db } = house.storage
  const rule = secondStepRule(portal)
  const tries = await raise(db, secondStepKey(account.id), rule, now)
  if (!tries.raised) return { said: 'code.paused', status: 429, until: tries.pausedUntil ?? now }
  const charged =
    step.step === 'prove' && step.method !== 'totp' ? await chargeTry(db, attempt.id, step.purpose, portal.limits.codeTries, now) : []

  const outcome = await house.storage.inTransaction(async (tx) => {
    if (!(await stillOpen(tx, attempt, now))) return { situation: await situationOf(tx, house, portal, visitor, now), cookies: {} }
    const result = await check(tx, house, before, step, read.digits, charged)
    if (result.fact === 'refused') return refuse(tx, house, before, visitor, step, result, read.digits)
    await accepted(tx, house, before, visitor, step, result)
    return believe(tx, house, attempt, visitor, [result], before, remember)
  })
  if ('said' in outcome && outcome.said !== 'code.expired') return afterFailure(house, before, outcome, tries)
  return outcome
}

function check(
  tx: Tx,
  house: House,
  { account, attempt, portal, now }: Situation,
  step: Asked,
  digits: string,
  charged: readonly CodeRow[],
): Promise<Proved | Refusal> {
  const [who, sign] = [account as AccountRow, attempt as AttemptRow]
  if (step.step === 'enrol') return confirmPending(tx, house, who, sign.id, digits, now)
  if (step.method === 'totp')
    return verifyTotp(tx, house.vault, who.id, digits, now, (row, fault) =>
      house.log.error({ err: fault, authenticator: row.id }, 'an authenticator cannot be used'),
    )
  return verifySentCode(tx, house, sign.id, step.purpose, charged, digits, portal.limits.codeTries, now)
}

/** A refusal commits: it is a value, and its event is written with it. */
async function refuse(
  tx: Tx,
  house: House,
  situation: Situation,
  visitor: Visitor,
  step: Asked,
  refusal: Refusal,
  digits: string,
): Promise<Said> {
  const context = contextOf(house, situation, visitor)
  const method = step.step === 'enrol' ? 'totp' : step.method
  if (step.step === 'prove' && step.purpose === 'gate') await audit.gateRefused(tx, { ...context, method, reason: reasonOf(refusal) })
  else if (step.step === 'enrol') await audit.enrolmentRefused(tx, { ...context, method, reason: reasonOf(refusal) })
  else await audit.secondStepRefused(tx, { ...context, method, reason: reasonOf(refusal) })

  // A code whose life is over, or that had its tries, is answered with a new one; it counts as a resend.
  if ((refusal.why === 'expired' || refusal.why === 'spent') && step.step === 'prove') {
    const sent = await send(tx, house, situation, step)
    if (refusal.why === 'expired') await excuse(tx, situation)
    if (sent && !sent.sent) return { said: sent.why, status: 200, at: sent.at, until: sent.until }
    return {
      said: refusal.why === 'expired' ? 'code.expired' : 'code.spent',
      status: 422,
      ...(sent ? { reference: sent.reference } : {}),
      ...('endedAt' in refusal && refusal.endedAt ? { at: refusal.endedAt } : {}),
    }
  }
  if (refusal.why === 'gone') {
    const enrolment = await preparePending(
      tx,
      house,
      { account: situation.account as AccountRow, attempt: (situation.attempt as AttemptRow).id, cookie: visitor.enrolment },
      situation.now,
    )
    return { said: 'enrol.expired', status: 422, ...(enrolment ? { enrolment } : {}) }
  }
  return explainRefusal(tx, house, situation, step, refusal, digits)
}

const reasonOf = ({ why }: Refusal): 'wrong' | 'used' | 'expired' | 'out-of-window' =>
  why === 'used' || why === 'expired' ? why : why === 'previous' || why === 'clock' ? 'out-of-window' : 'wrong'

async function accepted(tx: Tx, house: House, situation: Situation, visitor: Visitor, step: Asked, proof: Proved): Promise<void> {
  const { account, attempt, portal, now } = situation
  const context = { ...contextOf(house, situation, visitor), method: proof.method }
  if (proof.purpose === 'gate') {
    await audit.gatePassed(tx, context)
    // The code came back from the number that the operator gave: it is proven now.
    if (proof.method === 'sms' && account?.phone) await bindPhone(tx, house, portal, account, account.phone, now)
  } else if (proof.purpose === 'new-phone') {
    if (account && attempt?.phone) await bindPhone(tx, house, portal, account, attempt.phone, now)
    await audit.authenticatorBound(tx, context)
  } else if (step.step === 'enrol') {
    await audit.enrolmentCompleted(tx, context)
    await audit.authenticatorBound(tx, context)
  } else await audit.secondStepAccepted(tx, context)
}

/** After a wrong code: how many tries are left, or that the pause has begun; and what only many failures cause. */
async function afterFailure(
  house: House,
  situation: Situation,
  said: Said,
  tries: { count: number; pausedUntil?: Instant },
): Promise<Said> {
  const { account, portal, now, step } = situation
  if (!account) return said
  const { db } = house.storage
  const inWindow = await countInWindow(db, secondStepLongKey(account.id), longWindowSeconds, now)
  if (inWindow === longWindowTries)
    house.log.error({ account: account.id, portal: portal.id }, '300 wrong codes in 30 days: somebody is guessing')
  if (tries.count >= portal.limits.failuresBeforeDisable && step.step === 'prove' && step.method === 'totp') await disable(house, situation)
  else if (tries.pausedUntil !== undefined && tries.count === portal.limits.failuresBeforePause)
    await pauseNotice(house, situation, { pausedUntil: tries.pausedUntil })
  if (tries.pausedUntil !== undefined) return { said: 'code.paused', status: 429, until: tries.pausedUntil }

  const turn = mayAttempt(tries, secondStepRule(portal), now)
  const isPlainlyWrong = said.said === 'code.wrongApp' || said.said === 'code.wrongMail' || said.said === 'code.wrongSms'
  return isPlainlyWrong && turn.may && turn.left <= 3 ? { ...said, said: 'code.lastTries', left: turn.left } : said
}

/** 100 wrong codes in a row: this app proves nothing any more until it is bound anew (NIST SP 800-63B-4, section 3.2.2). */
async function disable(house: House, situation: Situation): Promise<void> {
  const { account, now } = situation
  if (!account) return
  await house.storage.inTransaction(async (tx) => {
    await disableAuthenticators(tx, account.id, 'totp', now)
    await changeAccount(tx, account.id, { authenticators_changed_at: now })
    await audit.authenticatorDisabled(tx, { ...contextOf(house, situation, undefined), method: 'totp' })
  })
  await pauseNotice(house, situation, { disabled: 'totp' })
}

export function contextOf(house: House, { portal, account, attempt, now }: Situation, visitor: Visitor | undefined): audit.Context {
  return {
    random: house.random,
    portal: portal.id,
    at: now,
    ...(account ? { accountId: account.id } : {}),
    ...(attempt ? { attemptId: attempt.id } : {}),
    ...(visitor ? { address: visitor.address } : {}),
  }
}
