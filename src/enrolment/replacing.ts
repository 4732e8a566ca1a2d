import type { Instant } from '../decision/index.ts'
import { tellOwner } from '../delivery/index.ts'
import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { type AccountRow, type AuthenticatorRow, authenticatorsOf, endAuthenticatorAt, type Tx } from '../storage/index.ts'

/** How long the old app works beside the new one at most, and how long it can be put back afterwards (decided, not a standard). */
export const replacingSeconds = 7 * 86_400
/** Uses of the new app after which nobody needs the old one. */
const enoughUses = 2

/** The new app was used: when it was used twice, the one whose place it took ends, and its owner hears of it. */
export async function endReplaced(tx: Tx, house: House, portal: Portal, account: AccountRow, now: Instant): Promise<void> {
  const apps = await authenticatorsOf(tx, account.id)
  for (const old of apps) {
    const newer = apps.find((it) => it.id === old.replaced_by)
    if (!newer || !isOutgoing(old, now) || newer.uses < enoughUses) continue
    await endAuthenticatorAt(tx, account.id, old.id, { endsAt: now, by: newer.id })
    await tellOwner(
      tx,
      house,
      { portal, account, now },
      { notice: 'method-replaced', method: old.method, boundAt: old.bound_at, undoUntil: now + replacingSeconds * 1000 },
    )
  }
}

/** Another took its place, and it still works. */
export const isOutgoing = (it: AuthenticatorRow, now: Instant): boolean => it.ends_at !== null && it.ends_at > now
/** It no longer works, and can still be put back. */
export const isRetired = (it: AuthenticatorRow, now: Instant): boolean =>
  it.ends_at !== null && it.ends_at <= now && it.ends_at + replacingSeconds * 1000 > now
