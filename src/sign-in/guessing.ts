import type { Instant } from '../decision/index.ts'
import { tellOwner } from '../delivery/index.ts'
import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { type AccountRow, countInWindow } from '../storage/index.ts'

/** So many wrong passwords in a row that it is no forgetful owner any more: the fifth pause has begun. */
const pausesBeforeTold = 5
/** However long it lasts and however often the count begins anew, the owner hears of it once in this time. */
const toldOnceSeconds = 86_400

/**
 * The owner is told that somebody goes on guessing the password. After the answer: what is done for a name that has an account takes no
 * time that could be measured. It changes nothing at the door, so it never fails for the person.
 */
export async function tellOfGuessing(
  house: House,
  portal: Portal,
  account: AccountRow | undefined,
  failures: number,
  knownBrowser: string | undefined,
  now: Instant,
): Promise<void> {
  const enough = pausesBeforeTold * portal.limits.passwordFailuresBeforePause
  if (!account || account.disabled_at !== null || knownBrowser !== undefined || failures !== enough) return
  try {
    await house.storage.inTransaction(async (tx) => {
      if ((await countInWindow(tx, `told guessing ${account.id}`, toldOnceSeconds, now)) > 1) return
      await tellOwner(tx, house, { portal, account, now }, { notice: 'protected', guessed: 'password' })
    })
    house.notify()
  } catch (error) {
    house.log.error({ err: error, account: account.id }, 'the owner was not told of guessed passwords')
  }
}
