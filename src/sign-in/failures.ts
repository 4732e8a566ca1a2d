import * as audit from '../audit/index.ts'
import { type Instant, mayAttempt } from '../decision/index.ts'
import type { House } from '../factors/index.ts'
import { changeAccount, countInWindow, disableAuthenticators } from '../storage/index.ts'
import { contextOf } from './context.ts'
import { longWindowSeconds, longWindowTries, secondStepLongKey, secondStepRule } from './limits.ts'
import { pauseNotice } from './notices.ts'
import type { Refused } from './refusals.ts'
import type { Said, SaidCode } from './said.ts'
import type { Situation } from './situation.ts'

const plainlyWrong: readonly SaidCode[] = ['code.wrongApp', 'code.wrongMail', 'code.wrongSms', 'code.wrongEnrol']
/** From here on the page tells how many tries are left. */
const lastTries = 3

/** After a wrong code: how many tries are left, or that the pause has begun; and what only many failures cause. */
export async function afterFailure(
  house: House,
  situation: Situation,
  { refused, excused }: Refused,
  tries: { readonly count: number; readonly pausedUntil?: Instant },
): Promise<Said> {
  const { account, portal, now, step } = situation
  if (!account || excused) return refused
  const inWindow = await countInWindow(house.storage.db, secondStepLongKey(account.id), longWindowSeconds, now)
  if (inWindow === longWindowTries)
    house.log.error({ account: account.id, portal: portal.id }, '300 wrong codes in 30 days: somebody is guessing')
  if (tries.count >= portal.limits.failuresBeforeDisable && step.step === 'prove' && step.method === 'totp') await disable(house, situation)
  else if (tries.pausedUntil !== undefined && tries.count === portal.limits.failuresBeforePause)
    await pauseNotice(house, situation, { pausedUntil: tries.pausedUntil })
  if (tries.pausedUntil !== undefined) return { said: 'code.paused', status: 429, until: tries.pausedUntil }

  const turn = mayAttempt(tries, secondStepRule(portal), now)
  return plainlyWrong.includes(refused.said) && turn.may && turn.left <= lastTries
    ? { ...refused, said: 'code.lastTries', left: turn.left }
    : refused
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
