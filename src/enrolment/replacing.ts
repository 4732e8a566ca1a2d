import type { Instant } from '../decision/index.ts'
import { tellOwner } from '../delivery/index.ts'
import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import {
  type AccountRow,
  type AuthenticatorRow,
  authenticatorsOf,
  type EndedApp,
  endAuthenticatorAt,
  endedUntold,
  findAccount,
  holdAccount,
  noteEndTold,
  type Tx,
} from '../storage/index.ts'

/** How long the old app works beside the new one at most, and how long it can be put back afterwards (decided, not a standard). */
export const replacingSeconds = 7 * 86_400
/** Uses of the new app after which nobody needs the old one. */
const enoughUses = 2

/** The new app was used: when it was used twice, the one whose place it took ends, and its owner hears of it. */
export async function endReplaced(tx: Tx, house: House, portal: Portal, account: AccountRow, now: Instant): Promise<void> {
  if (enoughOf(await authenticatorsOf(tx, account.id), now).length === 0) return
  // Of two uses at once the second finds what the first one left.
  await holdAccount(tx, account.id)
  for (const { old, newer } of enoughOf(await authenticatorsOf(tx, account.id), now)) {
    await endAuthenticatorAt(tx, account.id, old.id, { endsAt: now, by: newer.id })
    if (await noteEndTold(tx, old.id, now)) await tellEnd(tx, house, portal, account, { ...old, ends_at: now }, now)
  }
}

const enoughOf = (apps: readonly AuthenticatorRow[], now: Instant): { old: AuthenticatorRow; newer: AuthenticatorRow }[] =>
  apps.flatMap((old) => {
    const newer = apps.find((it) => it.id === old.replaced_by)
    return newer && isOutgoing(old, now) && newer.uses >= enoughUses ? [{ old, newer }] : []
  })

/** An app that ended by time alone: its owner hears of it, while it can still be put back. Of two nodes that look at once one tells. */
export async function tellEndedByTime(house: House, now: Instant): Promise<void> {
  for (const ended of await endedUntold(house.storage.db, now - replacingSeconds * 1000, now))
    await tellOf(house, ended, now).catch((error: unknown) => house.log.error({ err: error }, 'nobody was told of an app that ended'))
}

async function tellOf(house: House, { id, account_id, portal: at }: EndedApp, now: Instant): Promise<void> {
  const portal = house.portals.get(at)
  if (!portal) return
  const isTold = await house.storage.inTransaction(async (tx) => {
    const account = await findAccount(tx, portal.id, account_id)
    if (!account || !(await noteEndTold(tx, id, now))) return false
    const old = (await authenticatorsOf(tx, account.id)).find((it) => it.id === id)
    if (!old || account.disabled_at !== null) return false
    await tellEnd(tx, house, portal, account, old, now)
    return true
  })
  if (isTold) house.notify()
}

function tellEnd(tx: Tx, house: House, portal: Portal, account: AccountRow, old: AuthenticatorRow, now: Instant): Promise<void> {
  const undoUntil = (old.ends_at ?? now) + replacingSeconds * 1000
  return tellOwner(tx, house, { portal, account, now }, { notice: 'method-replaced', method: old.method, boundAt: old.bound_at, undoUntil })
}

/** Another took its place, and it still works. */
export const isOutgoing = (it: AuthenticatorRow, now: Instant): boolean => it.ends_at !== null && it.ends_at > now
/** It no longer works, and can still be put back. */
export const isRetired = (it: AuthenticatorRow, now: Instant): boolean =>
  it.ends_at !== null && it.ends_at <= now && it.ends_at + replacingSeconds * 1000 > now
