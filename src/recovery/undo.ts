import type { Instant } from '../decision/index.ts'
import type { Happened } from '../delivery/index.ts'
import type { House } from '../factors/index.ts'
import {
  type AccountRow,
  authenticatorsOf,
  changeAccount,
  endAuthenticatorAt,
  findAccount,
  findAccountByName,
  removeAuthenticator,
  type Tx,
  takeFormerAddress,
} from '../storage/index.ts'
import type { Done } from './secure.ts'

type Undo = (tx: Tx, account: AccountRow, event: Happened, now: Instant) => Promise<readonly Done[]>

/** How each change is undone. What stands here for no kind cannot be: its owner is told to look at the methods. */
const undoing: Partial<Record<Happened['notice'], Undo>> = {
  'method-added': removeAdded,
  'method-replacing': putBack,
  'method-replaced': putBack,
  'method-removed': putBack,
  'phone-changed': withdrawPhone,
  'email-changed': restoreEmail,
}

export async function undo(tx: Tx, house: House, { id, portal }: AccountRow, event: Happened, now: Instant): Promise<readonly Done[]> {
  const [account, how] = [await findAccount(tx, portal, id), undoing[event.notice]]
  const done = account && how ? await how(tx, account, event, now) : []
  if (done.length > 0) house.log.info({ account: id, portal, notice: event.notice, done }, 'a change was undone')
  return done
}

/** The method that was bound at that very moment, and no other. */
async function removeAdded(tx: Tx, account: AccountRow, event: Happened, now: Instant): Promise<readonly Done[]> {
  if (event.notice !== 'method-added') return []
  const done: Done[] = []
  for (const it of await authenticatorsOf(tx, account.id))
    if (it.bound_at === event.boundAt && it.method === event.method && (await removeAuthenticator(tx, account.id, it.id)))
      done.push(it.method)
  if (done.length > 0) await changeAccount(tx, account.id, { authenticators_changed_at: now })
  return done
}

/**
 * An app that took the place of another goes, and so does what took the place of that one meanwhile; the one from before works again,
 * also when it had ended already or was called stolen. Of two that were both kept, the newer one goes.
 */
async function putBack(tx: Tx, account: AccountRow, event: Happened, now: Instant): Promise<readonly Done[]> {
  if (!('boundAt' in event)) return []
  const apps = (await authenticatorsOf(tx, account.id)).filter((it) => it.method === event.method)
  const [named] = apps.filter((it) => it.bound_at === event.boundAt)
  const after = (id: string | null | undefined) => apps.find((it) => it.id === id)
  const done: Done[] = []
  let newer = event.notice === 'method-replacing' ? named : after(named?.replaced_by)
  const before = apps.filter((it) => newer !== undefined && it.replaced_by === newer.id)
  for (; newer !== undefined; newer = after(newer.replaced_by))
    if (await removeAuthenticator(tx, account.id, newer.id)) done.push(event.method)
  for (const it of before) if (await endAuthenticatorAt(tx, account.id, it.id, undefined)) done.push('totp-back')
  if (done.length > 0) await changeAccount(tx, account.id, { authenticators_changed_at: now })
  return done
}

/**
 * A number that was proven at that moment is nobody's any more: no code goes to it. The one from before comes back where it is known,
 * as one that has yet to be proven.
 */
async function withdrawPhone(tx: Tx, account: AccountRow, event: Happened, now: Instant): Promise<readonly Done[]> {
  if (event.notice !== 'phone-changed' || account.phone_proven_at !== event.at) return []
  const former = event.former === undefined ? undefined : await takeFormerAddress(tx, account.id, event.former, now)
  for (const it of await authenticatorsOf(tx, account.id)) if (it.method === 'sms') await removeAuthenticator(tx, account.id, it.id)
  const phone = former?.address ?? null
  await changeAccount(tx, account.id, { phone, phone_proven_at: null, phone_recovers_at: null, authenticators_changed_at: now })
  return phone === null ? ['sms'] : ['sms', 'phone']
}

/**
 * The address from before that very change comes back, and the user name that went with it; also after further changes, so that nobody
 * washes the first one away. The one that was given meanwhile is nobody's any more.
 */
async function restoreEmail(tx: Tx, account: AccountRow, event: Happened, now: Instant): Promise<readonly Done[]> {
  if (event.notice !== 'email-changed' || event.former === undefined) return []
  const former = await takeFormerAddress(tx, account.id, event.former, now)
  if (!former) return []
  const holder = former.name === null ? undefined : await findAccountByName(tx, account.portal, former.name)
  const isFree = holder === undefined || holder.id === account.id
  const name = former.name !== null && former.shown_name !== null && isFree ? { name: former.name, shown_name: former.shown_name } : {}
  await changeAccount(tx, account.id, { ...name, email: former.address, email_recovers_at: null, authenticators_changed_at: now })
  return ['email']
}
