import type { Instant } from '../decision/index.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import type { NewRow, Row } from './tables.ts'

export { canonicalName } from './user-name.ts'

export type AccountRow = Row<'account'>

/** @returns false when the portal already has this name; nothing is changed then. */
export async function addAccount(tx: Db | Tx, account: NewRow<'account'>): Promise<boolean> {
  const done = await tx
    .insertInto('account')
    .values(account)
    .onConflict((it) => it.columns(['portal', 'name']).doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 1n
}

/** Adds many at once. @returns how many were added; less than given when the portal already has some of the names. */
export async function addAccounts(tx: Tx, accounts: readonly NewRow<'account'>[]): Promise<number> {
  if (accounts.length === 0) return 0
  const done = await tx
    .insertInto('account')
    .values(accounts)
    .onConflict((it) => it.columns(['portal', 'name']).doNothing())
    .executeTakeFirst()
  return Number(done.numInsertedOrUpdatedRows ?? 0n)
}

/** Those of the canonical names that the portal has. */
export async function findAccountsByName(db: Db | Tx, portal: string, names: readonly string[]): Promise<AccountRow[]> {
  return names.length === 0 ? [] : db.selectFrom('account').selectAll().where('portal', '=', portal).where('name', 'in', names).execute()
}

/** The account with this canonical name; the portal is part of every look-up. */
export async function findAccountByName(db: Db | Tx, portal: string, name: string): Promise<AccountRow | undefined> {
  return (await accountByName(db, portal, name))[0]
}
const accountByName = prepared(2, (db, portal: string, name: string) =>
  db.selectFrom('account').selectAll().where('portal', '=', portal).where('name', '=', name),
)

export async function findAccount(db: Db | Tx, portal: string, id: string): Promise<AccountRow | undefined> {
  return (await accountById(db, portal, id))[0]
}
const accountById = prepared(2, (db, portal: string, id: string) =>
  db.selectFrom('account').selectAll().where('id', '=', id).where('portal', '=', portal),
)

/** Holds the account until the transaction ends, so that what is counted before a write is still true at the write. */
export async function holdAccount(tx: Tx, id: string): Promise<void> {
  await held(tx, id)
}
const held = prepared(1, (db, id: string) =>
  db
    .updateTable('account')
    .set((it) => ({ created_at: it.ref('created_at') }))
    .where('id', '=', id),
)

export async function changeAccount(tx: Db | Tx, id: string, change: Partial<Omit<NewRow<'account'>, 'id' | 'portal'>>): Promise<void> {
  await tx.updateTable('account').set(change).where('id', '=', id).execute()
}

/** Notes that somebody is guessing codes. @returns false when a new password is asked already. */
export async function noteGuessed(tx: Tx, id: string, now: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('account')
    .set({ guessed_at: now })
    .where('id', '=', id)
    .where((it) => it.or([it('guessed_at', 'is', null), it('guessed_at', '<=', it.ref('password_changed_at'))]))
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** Takes the day's turn to tell that somebody had the password and no code. @returns false when it was told less than a day ago. */
export async function noteHalfTold(tx: Tx, id: string, now: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('account')
    .set({ half_told_at: now })
    .where('id', '=', id)
    .where((it) => it.or([it('half_told_at', 'is', null), it('half_told_at', '<=', now - 86_400_000)]))
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** Writes the phone number that was just proven. */
export async function provePhone(tx: Tx, id: string, phone: string, now: Instant): Promise<void> {
  await tx.updateTable('account').set({ phone, phone_proven_at: now }).where('id', '=', id).execute()
}

/** A code came back from this mail address. */
export async function proveEmail(tx: Tx, id: string, address: string): Promise<void> {
  await tx.updateTable('account').set({ proven_email: address }).where('id', '=', id).execute()
}

/** Replaces an imported hash after a right password; only when it is still the hash that was checked. */
export async function replacePasswordHash(tx: Db | Tx, id: string, old: string, fresh: string): Promise<boolean> {
  const done = await tx
    .updateTable('account')
    .set({ password_hash: fresh })
    .where('id', '=', id)
    .where('password_hash', '=', old)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/**
 * Writes the password that a mailed link allows, and that it came through the mailbox, which is proven by that.
 * @returns false when password or address were changed since the link was asked; nothing is changed then.
 */
export async function resetPassword(
  tx: Tx,
  id: string,
  hash: string,
  asked: { readonly email: string; readonly at: Instant },
  now: Instant,
): Promise<boolean> {
  const done = await tx
    .updateTable('account')
    .set({ password_hash: hash, password_changed_at: now, mailbox_reset_at: now, proven_email: asked.email })
    .where('id', '=', id)
    .where('email', '=', asked.email)
    .where((it) => it.or([it('password_changed_at', 'is', null), it('password_changed_at', '<=', asked.at)]))
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** What was there before a change, kept as long as the change can be undone. */
export async function addFormerAddress(tx: Tx, row: NewRow<'former_address'>): Promise<void> {
  await tx.insertInto('former_address').values(row).execute()
}

/** Takes what was there before a change, once, while the change can be undone. */
export function takeFormerAddress(tx: Tx, account: string, id: string, now: Instant): Promise<Row<'former_address'> | undefined> {
  return tx
    .updateTable('former_address')
    .set({ undone_at: now })
    .where('id', '=', id)
    .where('account_id', '=', account)
    .where('undone_at', 'is', null)
    .where('undo_until', '>', now)
    .returningAll()
    .executeTakeFirst()
}

/** How many accounts of the portal share this mail address: they are told apart by the kenmerk. */
export async function countAccountsAt(db: Db | Tx, portal: string, email: string): Promise<number> {
  const { count } = await db
    .selectFrom('account')
    .select((it) => it.fn.countAll<number>().as('count'))
    .where('portal', '=', portal)
    .where('email', '=', email)
    .executeTakeFirstOrThrow()
  return Number(count)
}
