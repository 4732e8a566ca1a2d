import { sql } from 'kysely'
import type { Instant } from '../decision/index.ts'
import type { AccountRow } from './accounts.ts'
import type { Db, Tx } from './open.ts'
import { insertRow, prepared } from './prepared.ts'
import type { NewRow, Row } from './tables.ts'

export type BrowserRow = Row<'browser'>
export type RememberedRow = Row<'remembered'>
export type RetiredValueRow = Row<'retired_value'>

/** The accounts that were fully signed in from the browser with this cookie; one row an account. */
export async function findBrowser(db: Db | Tx, portal: string, tokenHash: string, account: string): Promise<BrowserRow | undefined> {
  return (await browserByToken(db, portal, tokenHash, account))[0]
}
const browserByToken = prepared(3, (db, portal: string, tokenHash: string, account: string) =>
  db.selectFrom('browser').selectAll().where('token_hash', '=', tokenHash).where('portal', '=', portal).where('account_id', '=', account),
)

/** The same by a value that its cookie had before. */
export async function findByRetiredValue(
  db: Db | Tx,
  portal: string,
  tokenHash: string,
  account: string,
): Promise<{ readonly browser: BrowserRow; readonly value: RetiredValueRow } | undefined> {
  const value = await db
    .selectFrom('retired_value')
    .innerJoin('browser', 'browser.id', 'retired_value.browser_id')
    .selectAll('retired_value')
    .where('retired_value.token_hash', '=', tokenHash)
    .where('browser.portal', '=', portal)
    .where('browser.account_id', '=', account)
    .executeTakeFirst()
  const browser = value && (await db.selectFrom('browser').selectAll().where('id', '=', value.browser_id).executeTakeFirst())
  return browser && { browser, value }
}

/** Whose cookie this is, here and at other portals: only for the audit, which tells one stranger from another. */
export function ownersOfBrowser(db: Db | Tx, tokenHash: string): Promise<Pick<BrowserRow, 'portal' | 'account_id'>[]> {
  return db.selectFrom('browser').select(['portal', 'account_id']).where('token_hash', '=', tokenHash).execute()
}

/** A browser of this account by its row, for who holds a pointer and no cookie. */
export function findBrowserById(db: Db | Tx, id: string, account: string): Promise<BrowserRow | undefined> {
  return db.selectFrom('browser').selectAll().where('id', '=', id).where('account_id', '=', account).executeTakeFirst()
}

/** All browsers that an account is known in. */
export function browsersOf(db: Db | Tx, account: string): Promise<BrowserRow[]> {
  return db.selectFrom('browser').selectAll().where('account_id', '=', account).orderBy('seen_at', 'desc').execute()
}

export async function addBrowser(tx: Tx, row: NewRow<'browser'>): Promise<void> {
  await insertRow(tx, 'browser', row)
}

/**
 * All accounts of this browser get the new cookie value together; the old one is kept as retired.
 * @returns false when somebody was first: nothing has the old value any more, and nothing is changed.
 */
export async function renewBrowser(
  tx: Tx,
  portal: string,
  oldHash: string,
  newHash: string,
  by: RetiredValueRow['retired_by'],
  now: Instant,
): Promise<boolean> {
  const renewed = await tx
    .updateTable('browser')
    .set({ token_hash: newHash, value_at: now })
    .where('token_hash', '=', oldHash)
    .where('portal', '=', portal)
    .returning('id')
    .execute()
  if (renewed.length === 0) return false
  const retired = renewed.map(({ id }) => ({ browser_id: id, token_hash: oldHash, retired_at: now, retired_by: by }))
  await tx
    .insertInto('retired_value')
    .values(retired)
    .onConflict((it) => it.columns(['browser_id', 'token_hash']).doNothing())
    .execute()
  return true
}

/** Somebody was here. @returns false when the browser is forgotten or has another value: then it is not the one that was read. */
export async function touchBrowser(tx: Tx, id: string, tokenHash: string, now: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('browser')
    .set({ seen_at: now })
    .where('id', '=', id)
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** A second step was really shown in it. */
export async function proveBrowser(tx: Tx, id: string, now: Instant): Promise<void> {
  await tx.updateTable('browser').set({ seen_at: now, proved_at: now }).where('id', '=', id).execute()
}

/** Takes a browser away whole: its cookie, the values before and its marks are worth nothing. One caller sees true. */
export async function dropBrowser(tx: Tx, account: string, id: string): Promise<boolean> {
  const done = await tx.deleteFrom('browser').where('id', '=', id).where('account_id', '=', account).executeTakeFirst()
  return done.numDeletedRows === 1n
}

/** The newest mark of this browser for this application, also when it is over: the page may say since when. */
export async function findRemembered(db: Db | Tx, browser: string, application: string): Promise<RememberedRow | undefined> {
  return (await newestMark(db, browser, application))[0]
}
const newestMark = prepared(2, (db, browser: string, application: string) =>
  db
    .selectFrom('remembered')
    .selectAll()
    .where('browser_id', '=', browser)
    .where('application', '=', application)
    .orderBy('proved_at', 'desc')
    .limit(sql.lit(1)),
)

export interface Remembered {
  readonly browser: BrowserRow
  readonly marks: readonly RememberedRow[]
}

/** The browsers of an account that are remembered now, with their marks; the one seen last comes first. What changed since voids them. */
export async function rememberedOf(
  db: Db | Tx,
  account: Pick<AccountRow, 'id' | 'authenticators_changed_at' | 'password_changed_at'>,
  now: Instant,
): Promise<Remembered[]> {
  const marks = await db
    .selectFrom('remembered')
    .selectAll()
    .where('account_id', '=', account.id)
    .where('revoked_at', 'is', null)
    .where('ends_at', '>', now)
    .where('proved_at', '>=', Math.max(account.authenticators_changed_at ?? 0, account.password_changed_at ?? 0))
    .execute()
  return (await browsersOf(db, account.id))
    .map((browser) => ({ browser, marks: marks.filter((it) => it.browser_id === browser.id) }))
    .filter((it) => it.marks.length > 0)
}

export async function addRemembered(tx: Tx, row: NewRow<'remembered'>): Promise<void> {
  await tx.deleteFrom('remembered').where('browser_id', '=', row.browser_id).where('application', '=', row.application).execute()
  await tx.insertInto('remembered').values(row).execute()
}

/** A mark lets somebody in. @returns false when it was revoked since it was read. */
export async function useRemembered(tx: Tx, id: string, now: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('remembered')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** Revokes all marks of an account, or those of one of its browsers. @returns how many there were. */
export async function forgetRememberedOf(tx: Db | Tx, account: string, now: Instant, browser?: string): Promise<number> {
  const all = tx.updateTable('remembered').set({ revoked_at: now }).where('account_id', '=', account).where('revoked_at', 'is', null)
  const done = await (browser === undefined ? all : all.where('browser_id', '=', browser)).executeTakeFirst()
  return Number(done.numUpdatedRows)
}

/** Every browser of an account, with its marks. @returns whether there was any. */
export async function dropBrowsersOf(tx: Tx, account: string): Promise<boolean> {
  const done = await tx.deleteFrom('browser').where('account_id', '=', account).executeTakeFirst()
  return done.numDeletedRows > 0n
}
