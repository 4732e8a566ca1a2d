import type { Instant } from '../decision/index.ts'
import { endOpenAttempts } from './attempts.ts'
import { forgetRememberedOf } from './browsers.ts'
import type { Tx } from './open.ts'
import { endSessionsOf } from './sessions.ts'

export interface Ended {
  readonly sessions: number
  readonly remembered: number
}

/**
 * Ends what stands open of an account: sign-ins in the making, sessions, remembered browsers. The sign-ins go first, so that one which
 * finishes at this moment leaves no session behind.
 */
export async function endWhatStands(tx: Tx, account: string, now: Instant): Promise<Ended> {
  await endOpenAttempts(tx, account, undefined, now)
  return { sessions: await endSessionsOf(tx, account, now), remembered: await forgetRememberedOf(tx, account, now) }
}
