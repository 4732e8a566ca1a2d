import type { Instant } from '../decision/index.ts'
import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import {
  type AccountRow,
  addAuthenticator,
  authenticatorsOf,
  changeAccount,
  provePhone,
  removeAuthenticator,
  type Tx,
} from '../storage/index.ts'

/**
 * A code came back from this number: now it is believed, and where the portal texts codes it is a second step.
 * @returns whether a second step was bound that was not there before.
 */
export async function bindPhone(tx: Tx, house: House, portal: Portal, account: AccountRow, phone: string, now: Instant): Promise<boolean> {
  await provePhone(tx, account.id, phone, now)
  if (!portal.secondStep.methods.includes('sms')) return false
  const bound = (await authenticatorsOf(tx, account.id)).filter((it) => it.method === 'sms')
  if (account.phone === phone && bound.some((it) => it.disabled_at === null)) return false
  // Another number, or one that was disabled: the old one ends, and remembered browsers with it.
  for (const old of bound) await removeAuthenticator(tx, account.id, old.id)
  await addAuthenticator(tx, {
    id: house.random.id(),
    account_id: account.id,
    method: 'sms',
    secret: null,
    title: null,
    last_step: 0,
    bound_at: now,
    last_used_at: now,
    disabled_at: null,
  })
  await changeAccount(tx, account.id, { authenticators_changed_at: now })
  return true
}
