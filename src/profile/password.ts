import * as audit from '../audit/index.ts'
import { type House, refusalOfPassword } from '../factors/index.ts'
import { checkPassword, contextOf, type Said, type Visitor } from '../sign-in/index.ts'
import { endLinks, forgetRememberedOf, replacePasswordHash } from '../storage/index.ts'
import { type Changed, changed, whenConfirmed } from './changed.ts'
import type { Standing } from './standing.ts'

/** P52: the current password, counted as at the door, and a new one. Slow work comes before the transaction. */
export async function changePassword(
  house: House,
  before: Standing,
  visitor: Visitor,
  { current, fresh }: { readonly current: string; readonly fresh: string },
): Promise<Changed | Said> {
  const { portal, account, now } = before
  if (before.due) return { changed: 'due' }
  const wrong = await checkPassword(house, portal, account, visitor, current, now)
  if (wrong) return wrong
  const refusal = refusalOfPassword(house.passwords, portal, account, fresh)
  if (refusal) {
    const { refused, ...more } = refusal
    return { said: refused, status: 422, field: 'new_password', ...('length' in more ? { left: more.length, minimum: more.minimum } : {}) }
  }
  if (fresh.normalize('NFC') === current.normalize('NFC')) return { said: 'password.same', status: 422, field: 'new_password' }

  const hash = await house.passwords.hash(fresh)
  return whenConfirmed<Changed | Said>(house, before, visitor, async (tx, here) => {
    // Only over the one that was checked: of two new passwords at once one wins.
    if (!(await replacePasswordHash(tx, account.id, account.password_hash ?? '', hash))) return { changed: 'due' }
    await endLinks(tx, account.id, 'reset', now)
    await forgetRememberedOf(tx, account.id, now)
    await audit.passwordChanged(tx, contextOf(house, here, visitor))
    return changed(tx, house, here, visitor, {
      account: { password_changed_at: now },
      notice: { notice: 'password-changed', isStillIn: true },
    })
  })
}
