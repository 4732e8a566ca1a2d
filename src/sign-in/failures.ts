import * as audit from '../audit/index.ts'
import { type Instant, mayAttempt } from '../decision/index.ts'
import type { Notice } from '../delivery/index.ts'
import { codesAtOnce, type House } from '../factors/index.ts'
import { changeAccount, clearCounter, countInWindow, disableAuthenticators, dropPendingEnrolment, noteGuessed } from '../storage/index.ts'
import { contextOf } from './context.ts'
import { longWindowSeconds, longWindowTries, secondStepLongKey, secondStepRule } from './limits.ts'
import { tell } from './notices.ts'
import type { Refused } from './refusals.ts'
import type { Said, SaidCode } from './said.ts'
import { endAll } from './sessions.ts'
import type { Situation, Visitor } from './situation.ts'

const plainlyWrong: readonly SaidCode[] = ['code.wrongApp', 'code.wrongMail', 'code.wrongSms', 'code.wrongEnrol']
/** From here on the page tells how many tries are left. */
const lastTries = 3

/**
 * After a wrong code: how many tries are left, or that the pause has begun; and what only many failures cause. `compared`: how many codes
 * could have been the right one; where that is more than one app has, a guess counts for more: 300 stay under 9 in 10,000.
 */
export async function afterFailure(
  house: House,
  situation: Situation,
  visitor: Visitor,
  { refused, excused }: Refused,
  tries: { readonly count: number; readonly pausedUntil?: Instant },
  compared = 1,
): Promise<Said> {
  const { account, portal, now, step } = situation
  if (!account || excused) return refused
  const guesses = Math.max(1, Math.ceil(compared / codesAtOnce))
  const inWindow = await countInWindow(house.storage.db, secondStepLongKey(account.id), longWindowSeconds, now, guesses)
  if (inWindow >= longWindowTries) await askNewPassword(house, situation, visitor)
  if (tries.count >= portal.limits.failuresBeforeDisable && step.step === 'prove' && step.method === 'totp')
    await disable(house, situation, visitor)
  else if (tries.pausedUntil !== undefined && tries.count === portal.limits.failuresBeforePause)
    await told(house, situation, visitor, { notice: 'protected', pausedUntil: tries.pausedUntil })
  if (tries.pausedUntil !== undefined) return { said: 'code.paused', status: 429, until: tries.pausedUntil }

  const turn = mayAttempt(tries, secondStepRule(portal), now)
  return plainlyWrong.includes(refused.said) && turn.may && turn.left <= lastTries
    ? { ...refused, said: 'code.lastTries', left: turn.left }
    : refused
}

/**
 * 100 wrong codes in a row: this app proves nothing any more until it is bound anew (NIST SP 800-63B-4, section 3.2.2). What it let in has
 * ended, as after every change of what lets somebody in.
 */
async function disable(house: House, situation: Situation, visitor: Visitor): Promise<void> {
  const { account, now } = situation
  if (!account) return
  await house.storage.inTransaction(async (tx) => {
    await disableAuthenticators(tx, account.id, 'totp', now)
    await changeAccount(tx, account.id, { authenticators_changed_at: now })
    const context = contextOf(house, situation, undefined)
    await audit.authenticatorDisabled(tx, { ...context, method: 'totp' })
    await dropPendingEnrolment(tx, account.id)
    await endAll(tx, context, account.id)
  })
  await told(house, situation, visitor, { notice: 'protected', disabled: 'totp' })
}

/** 300 wrong codes in 30 days: whoever guesses knows the password, so it is worth nothing from the next sign-in on. */
async function askNewPassword(house: House, situation: Situation, visitor: Visitor): Promise<void> {
  const { account, portal, now } = situation
  if (!account) return
  const isFirst = await house.storage.inTransaction(async (tx) => {
    const isFirst = await noteGuessed(tx, account.id, now)
    // What was counted is answered: the new password begins a new count.
    if (isFirst) await clearCounter(tx, secondStepLongKey(account.id))
    if (isFirst) await tell(tx, house, situation, visitor, { notice: 'protected', newPassword: true })
    return isFirst
  })
  if (!isFirst) return
  house.notify()
  house.log.error({ account: account.id, portal: portal.id }, '300 wrong codes in 30 days: somebody is guessing')
}

async function told(house: House, situation: Situation, visitor: Visitor, notice: Notice): Promise<void> {
  await house.storage.inTransaction((tx) => tell(tx, house, situation, visitor, notice))
  house.notify()
}
