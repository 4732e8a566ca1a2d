import type { Instant } from '../decision/index.ts'
import type { Db, Tx } from './open.ts'
import { insertRow, prepared } from './prepared.ts'
import type { NewRow, Row } from './tables.ts'

export type SessionRow = Row<'session'>

export async function addSession(tx: Tx, row: NewRow<'session'>): Promise<void> {
  await insertRow(tx, 'session', row)
}

/** A live session by the hash of its cookie. `idleSince`: sessions last seen before it are over. */
export async function findSession(
  db: Db | Tx,
  portal: string,
  tokenHash: string,
  idleSince: Instant,
  now: Instant,
): Promise<SessionRow | undefined> {
  return (await liveByToken(db, portal, tokenHash, idleSince, now))[0]
}
const liveByToken = prepared(4, (db, portal: string, tokenHash: string, idleSince: Instant, now: Instant) =>
  liveSessions(db, idleSince, now).where('token_hash', '=', tokenHash).where('portal', '=', portal),
)

const liveSessions = (db: Db, idleSince: Instant, now: Instant) =>
  db.selectFrom('session').selectAll().where('ended_at', 'is', null).where('ends_at', '>', now).where('last_seen_at', '>', idleSince)

/** The same by its id, for the protocol that only holds a pointer. */
export async function findSessionById(
  db: Db | Tx,
  portal: string,
  id: string,
  idleSince: Instant,
  now: Instant,
): Promise<SessionRow | undefined> {
  return (await liveById(db, portal, id, idleSince, now))[0]
}
const liveById = prepared(4, (db, portal: string, id: string, idleSince: Instant, now: Instant) =>
  liveSessions(db, idleSince, now).where('id', '=', id).where('portal', '=', portal),
)

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

/** The live sessions of an account, the one seen last first. `idleSince`: as above. */
export function sessionsOf(db: Db | Tx, portal: string, account: string, idleSince: Instant, now: Instant): Promise<SessionRow[]> {
  return db
    .selectFrom('session')
    .selectAll()
    .where('account_id', '=', account)
    .where('portal', '=', portal)
    .where('ended_at', 'is', null)
    .where('ends_at', '>', now)
    .where('last_seen_at', '>', idleSince)
    .orderBy('last_seen_at', 'desc')
    .orderBy('id')
    .execute()
}

/** Keeps so many sessions of an account; the ones that were not seen for the longest time fall off. */
export async function keepNewestSessions(tx: Tx, account: string, most: number, now: Instant): Promise<void> {
  if ((await openSessionIds(tx, account)).length <= most) return
  const newest = tx
    .selectFrom('session')
    .select('id')
    .where('account_id', '=', account)
    .where('ended_at', 'is', null)
    .orderBy('last_seen_at', 'desc')
    .orderBy('started_at', 'desc')
    .limit(most)
  await tx
    .updateTable('session')
    .set({ ended_at: now })
    .where('account_id', '=', account)
    .where('ended_at', 'is', null)
    .where('id', 'not in', newest)
    .execute()
}

const openSessionIds = prepared(1, (db, account: string) =>
  db.selectFrom('session').select('id').where('account_id', '=', account).where('ended_at', 'is', null),
)

/** Ends a session of this very account. @returns false when it is somebody else's, or over. */
export async function endOwnSession(tx: Tx, account: string, id: string, now: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('session')
    .set({ ended_at: now })
    .where('id', '=', id)
    .where('account_id', '=', account)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** Ends all of an account but one. @returns the ids of those it ended. */
export async function endOtherSessions(tx: Tx, account: string, but: string, now: Instant): Promise<string[]> {
  const ended = await tx
    .updateTable('session')
    .set({ ended_at: now })
    .where('account_id', '=', account)
    .where('ended_at', 'is', null)
    .where('id', '!=', but)
    .returning('id')
    .execute()
  return ended.map((it) => it.id)
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
