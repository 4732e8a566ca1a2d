import type { Instant } from '../decision/index.ts'
import type { Db, Tx } from './open.ts'
import type { Row } from './tables.ts'

export type SessionClientRow = Row<'session_client'>

/** One application that must hear of the end of one session. */
export type Farewell = SessionClientRow & { readonly portal: string; readonly account_id: string }

/** An application was let in by this session: from the moment the session ends it waits to be told, whoever ends it and how. */
export async function addSessionClient(
  db: Db | Tx,
  of: Pick<SessionClientRow, 'session_id' | 'client_id' | 'sid'>,
  now: Instant,
): Promise<void> {
  // Most answers of a session are not the first to this application; a look costs less than a write.
  const known = await db
    .selectFrom('session_client')
    .select('state')
    .where('session_id', '=', of.session_id)
    .where('client_id', '=', of.client_id)
    .executeTakeFirst()
  if (known) return
  await db
    .insertInto('session_client')
    .values({ ...of, state: 'joined', tries: 0, next_at: now, said: null })
    .onConflict((it) => it.columns(['session_id', 'client_id']).doNothing())
    .execute()
}

/** Who has yet to hear of a session that ended after `since`; `but`: applications that are left for later. */
export function dueFarewells(
  db: Db,
  since: Instant,
  limit: number,
  now: Instant,
  but: readonly Pick<Farewell, 'portal' | 'client_id'>[] = [],
): Promise<Farewell[]> {
  return (
    db
      .selectFrom('session')
      .innerJoin('session_client', 'session_client.session_id', 'session.id')
      .selectAll('session_client')
      .select(['session.portal', 'session.account_id'])
      // From the sessions that ended: what is joined are all sessions that anybody has.
      .where('session_client.session_id', 'in', (it) =>
        it.selectFrom('session as over').select('over.id').where('over.ended_at', '>', since),
      )
      .where('session_client.state', '=', 'joined')
      .where('session_client.next_at', '<=', now)
      .where((it) =>
        it.and(
          but.map(({ portal, client_id }) => it.or([it('session.portal', '!=', portal), it('session_client.client_id', '!=', client_id)])),
        ),
      )
      .orderBy('session_client.next_at')
      .limit(limit)
      .execute()
  )
}

type Key = Pick<SessionClientRow, 'session_id' | 'client_id'>

/** Takes one try; the next may come at `nextAt`, here or on another node. One winner. */
export async function takeFarewell(db: Db, { session_id, client_id }: Key, nextAt: Instant, now: Instant): Promise<boolean> {
  const done = await db
    .updateTable('session_client')
    .set((it) => ({ next_at: nextAt, tries: it('tries', '+', 1) }))
    .where('session_id', '=', session_id)
    .where('client_id', '=', client_id)
    .where('state', '=', 'joined')
    .where('next_at', '<=', now)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** What came of a try. */
export async function noteFarewell(
  db: Db | Tx,
  { session_id, client_id }: Key,
  { state, said }: Pick<SessionClientRow, 'state' | 'said'>,
): Promise<void> {
  await db
    .updateTable('session_client')
    .set({ state, said })
    .where('session_id', '=', session_id)
    .where('client_id', '=', client_id)
    .where('state', '=', 'joined')
    .execute()
}

/** Every application that this session let in, with what it heard; for an ended session of this portal alone. */
export function farewellsOf(db: Db, portal: string, session: string): Promise<SessionClientRow[]> {
  return db
    .selectFrom('session_client')
    .innerJoin('session', 'session.id', 'session_client.session_id')
    .selectAll('session_client')
    .where('session.id', '=', session)
    .where('session.portal', '=', portal)
    .where('session.ended_at', 'is not', null)
    .orderBy('session_client.client_id')
    .execute()
}
