import * as audit from '../audit/index.ts'
import type { Instant } from '../decision/index.ts'
import type { Happened } from '../delivery/index.ts'
import type { House } from '../factors/index.ts'
import {
  type AccountRow,
  changeAccount,
  dropBrowsersOf,
  dropPendingEnrolment,
  endLinks,
  endOpenAttempts,
  endSessionsOf,
  holdAccount,
  type Tx,
} from '../storage/index.ts'
import { undo } from './undo.ts'

/** What securing an account did. */
export type Done = 'password' | 'sessions' | 'browsers' | 'set-up' | 'totp' | 'totp-back' | 'sms' | 'email' | 'phone'

/**
 * Closes an account to everybody until its owner chose a new password: nobody is signed in, known or half-way any more, and what
 * the owner did not do is undone where that is possible. It opens nothing, clears no counter, and may be done again at any time.
 */
export async function secureAccount(
  tx: Tx,
  house: House,
  account: AccountRow,
  events: readonly Happened[],
  address: string,
  now: Instant,
): Promise<readonly Done[]> {
  const context = { random: house.random, portal: account.portal, at: now, accountId: account.id, address }
  // Open sign-ins end before the sessions do: one that finishes at this moment leaves no session behind.
  await endOpenAttempts(tx, account.id, undefined, now)
  await holdAccount(tx, account.id)
  await changeAccount(tx, account.id, { secured_at: now })
  const ended = await endSessionsOf(tx, account.id, now)
  for (let nr = 0; nr < ended; nr++) await audit.sessionEnded(tx, context)
  const hadPending = await dropPendingEnrolment(tx, account.id)
  const hadBrowsers = await dropBrowsersOf(tx, account.id)
  await endLinks(tx, account.id, 'reset', now)
  await audit.noticeActed(tx, context)
  const undone: Done[] = []
  // The last one first, so that what is left is what was there before the first.
  for (const it of events.toReversed()) undone.push(...(await undo(tx, house, account, it, now)))
  return [
    'password',
    ...(ended > 0 ? (['sessions'] as const) : []),
    ...(hadBrowsers ? (['browsers'] as const) : []),
    ...(hadPending ? (['set-up'] as const) : []),
    ...new Set(undone),
  ]
}
