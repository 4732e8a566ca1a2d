import type { Instant } from '../decision/index.ts'
import type { Db, Tx } from './open.ts'
import type { NewRow, Row } from './tables.ts'

export type SessionRow = Row<'session'>

export async function addSession(tx: Tx, row: NewRow<'session'>): Promise<void> {
  await tx.insertInto('session').values(row).execute()
}

/** A live session by the hash of its cookie. `idleSince`: sessions last seen before it are over. */
export function findSession(
  db: Db | Tx,
  portal: string,
  tokenHash: string,
  idleSince: Instant,
  now: Instant,
): Promise<SessionRow | undefined> {
  return db
    .selectFrom('session')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .where('portal', '=', portal)
    .where('ended_at', 'is', null)
    .where('ends_at', '>', now)
    .where('last_seen_at', '>', idleSince)
    .executeTakeFirst()
}

/** The same by its id, for the protocol that only holds a pointer. */
export function findSessionById(
  db: Db | Tx,
  portal: string,
  id: string,
  idleSince: Instant,
  now: Instant,
): Promise<SessionRow | undefined> {
  return db
    .selectFrom('session')
    .selectAll()
    .where('id', '=', id)
    .where('portal', '=', portal)
    .where('ended_at', 'is', null)
    .where('ends_at', '>', now)
    .where('last_seen_at', '>', idleSince)
    .executeTakeFirst()
}

export async function touchSession(db: Db, id: string, now: Instant): Promise<void> {
  await db.updateTable('session').set({ last_seen_at: now }).where('id', '=', id).where('ended_at', 'is', null).execute()
}

/** A new cookie value for the same session, after every step up. */
export async function renewSession(tx: Tx, id: string, tokenHash: string, now: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('session')
    .set({ token_hash: tokenHash, last_seen_at: now })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

export async function endSession(db: Db | Tx, id: string, now: Instant): Promise<boolean> {
  const done = await db.updateTable('session').set({ ended_at: now }).where('id', '=', id).where('ended_at', 'is', null).executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** @returns how many sessions this ended. */
export async function endSessionsOf(db: Db | Tx, account: string, now: Instant): Promise<number> {
  const done = await db
    .updateTable('session')
    .set({ ended_at: now })
    .where('account_id', '=', account)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return Number(done.numUpdatedRows)
}

/** Ends what a remembered browser let in. @returns how many sessions this ended. */
export async function endSessionsBornOf(tx: Tx, account: string, browser: string, now: Instant): Promise<number> {
  const done = await tx
    .updateTable('session')
    .set({ ended_at: now })
    .where('account_id', '=', account)
    .where('born_of', '=', browser)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return Number(done.numUpdatedRows)
}
