import * as audit from '../audit/index.ts'
import type { Instant } from '../decision/index.ts'
import { type House, hashOfToken } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import {
  type Db,
  type Ended,
  endOpenAttempts,
  endOtherSessions,
  endSession,
  endWhatStands,
  findSession,
  findSessionById,
  type SessionRow,
  type Tx,
  touchSession,
} from '../storage/index.ts'

/** Idle and absolute limits, both kept on the server; a cookie's own age means nothing. */
export const idleSeconds = 3_600
export const absoluteSeconds = 86_400
/** An account has at most so many sessions at once; a further one ends the one that was not seen for the longest time. */
export const mostSessions = 50
/** A session is written at most this often, so that reading a page is not a write. */
const touchSeconds = 60

export function findLiveSession(
  db: Db | Tx,
  house: House,
  portal: Portal,
  token: string | undefined,
  now: Instant,
): Promise<SessionRow | undefined> {
  if (!token) return Promise.resolve(undefined)
  return findSession(db, portal.id, hashOfToken(house.vault, 'session', token), now - idleSeconds * 1000, now)
}

export function findLiveSessionById(db: Db | Tx, portal: Portal, id: string, now: Instant): Promise<SessionRow | undefined> {
  return findSessionById(db, portal.id, id, now - idleSeconds * 1000, now)
}

/** One that was not ended and has not come to its absolute end, also when nobody looked at a page for an hour. */
export function findOpenSessionById(db: Db | Tx, portal: Portal, id: string, now: Instant): Promise<SessionRow | undefined> {
  return findSessionById(db, portal.id, id, now - absoluteSeconds * 1000, now)
}

/** Ends a session for a reason that no person gave. */
export async function endSessionFor(house: House, portal: Portal, id: string, reason: 'token-reused', now: Instant): Promise<void> {
  const session = await findOpenSessionById(house.storage.db, portal, id, now)
  if (!session) return
  await house.storage.inTransaction(async (tx) => {
    if (!(await endSession(tx, id, now))) return
    await audit.sessionEnded(tx, { random: house.random, portal: portal.id, at: now, accountId: session.account_id, reason })
  })
}

/** Nothing that stands open of an account is left: sessions, half-way sign-ins, remembered browsers. Each end is told of. */
export async function endAll(tx: Tx, context: audit.Context, account: string): Promise<Ended> {
  const ended = await endWhatStands(tx, account, context.at)
  for (let nr = 0; nr < ended.sessions; nr++) await audit.sessionEnded(tx, context)
  if (ended.remembered > 0) await audit.rememberedForgotten(tx, context)
  return ended
}

/** The same after a change that one session or sign-in made: it lives on. Remembered browsers end by the change itself. */
export async function endOthers(
  tx: Tx,
  context: audit.Context,
  account: string,
  but: { readonly attempt: string | undefined; readonly session: string | undefined },
): Promise<void> {
  await endOpenAttempts(tx, account, but.attempt, context.at)
  for (const _ of await endOtherSessions(tx, account, but.session ?? '', context.at)) await audit.sessionEnded(tx, context)
}

/** A person did something: the idle limit begins anew. */
export async function noteActivity(db: Db, session: SessionRow, now: Instant): Promise<void> {
  if (session.last_seen_at + touchSeconds * 1000 <= now) await touchSession(db, session.id, now)
}

export async function signOut(db: Db, session: SessionRow, now: Instant): Promise<boolean> {
  return endSession(db, session.id, now)
}
