import type { Instant } from '../decision/index.ts'
import type { Db, Tx } from './open.ts'
import type { NewRow, Row } from './tables.ts'

export type BrowserRow = Row<'browser'>
export type RememberedRow = Row<'remembered'>

/** The accounts that were fully signed in from the browser with this cookie; one row an account. */
export function findBrowser(db: Db | Tx, portal: string, tokenHash: string, account: string): Promise<BrowserRow | undefined> {
  return db
    .selectFrom('browser')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .where('portal', '=', portal)
    .where('account_id', '=', account)
    .executeTakeFirst()
}

export async function addBrowser(tx: Tx, row: NewRow<'browser'>): Promise<void> {
  await tx.insertInto('browser').values(row).execute()
}

/** All accounts of this browser get the new cookie value together. */
export async function renewBrowser(tx: Tx, portal: string, oldHash: string, newHash: string): Promise<void> {
  await tx.updateTable('browser').set({ token_hash: newHash }).where('token_hash', '=', oldHash).where('portal', '=', portal).execute()
}

export async function touchBrowser(tx: Tx, id: string, now: Instant): Promise<void> {
  await tx.updateTable('browser').set({ seen_at: now }).where('id', '=', id).execute()
}

/** The newest mark of this browser for this application, also when it is over: the page may say since when. */
export function findRemembered(db: Db | Tx, browser: string, application: string): Promise<RememberedRow | undefined> {
  return db
    .selectFrom('remembered')
    .selectAll()
    .where('browser_id', '=', browser)
    .where('application', '=', application)
    .orderBy('proved_at', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export async function addRemembered(tx: Tx, row: NewRow<'remembered'>): Promise<void> {
  await tx.deleteFrom('remembered').where('browser_id', '=', row.browser_id).where('application', '=', row.application).execute()
  await tx.insertInto('remembered').values(row).execute()
}

export async function forgetRememberedOf(tx: Db | Tx, account: string, now: Instant): Promise<void> {
  await tx.updateTable('remembered').set({ revoked_at: now }).where('account_id', '=', account).where('revoked_at', 'is', null).execute()
}
