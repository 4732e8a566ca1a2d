import { sql } from 'kysely'
import type { Fact, Instant } from '../decision/index.ts'
import type { Db, Tx } from './open.ts'
import { insertRow, prepared } from './prepared.ts'
import type { NewRow, Row } from './tables.ts'

export type AttemptRow = Row<'attempt'>

export async function addAttempt(tx: Db | Tx, row: NewRow<'attempt'>): Promise<void> {
  await insertRow(tx, 'attempt', row)
}

/** A sign-in by the hash of its cookie; also one that is finished, so that 'Back' can be answered. */
export async function findAttempt(db: Db | Tx, portal: string, tokenHash: string, now: Instant): Promise<AttemptRow | undefined> {
  return (await attemptByToken(db, portal, tokenHash, now))[0]
}
const attemptByToken = prepared(3, (db, portal: string, tokenHash: string, now: Instant) =>
  db.selectFrom('attempt').selectAll().where('token_hash', '=', tokenHash).where('portal', '=', portal).where('ends_at', '>', now),
)

/** Adds the one attempt of its kind; a second one with the same token changes nothing. */
export async function addAttemptOnce(tx: Db | Tx, row: NewRow<'attempt'>): Promise<void> {
  await tx
    .insertInto('attempt')
    .values(row)
    .onConflict((it) => it.column('token_hash').doNothing())
    .execute()
}

/** Ends the sign-ins of an account that are still open: what they stand on has changed. `but`: the one that goes on. */
export async function endOpenAttempts(tx: Tx, account: string, but: string | undefined, now: Instant): Promise<void> {
  await tx
    .updateTable('attempt')
    .set({ ends_at: now })
    .where('account_id', '=', account)
    .where('finished_at', 'is', null)
    .where('ends_at', '>', now)
    .where('id', '!=', but ?? '')
    .execute()
}

/**
 * Holds an unfinished sign-in until the transaction ends: of two tabs the second waits, and then sees what the first one did.
 * @returns undefined when it is finished or over.
 */
export async function holdAttempt(tx: Tx, id: string, now: Instant): Promise<AttemptRow | undefined> {
  return (await held(tx, id, now))[0]
}
const held = prepared(2, (db, id: string, now: Instant) =>
  db
    .updateTable('attempt')
    // It changes nothing, and writes no more than the row.
    .set((it) => ({ phone: it.ref('phone') }))
    .where('id', '=', id)
    .where('finished_at', 'is', null)
    .where('ends_at', '>', now)
    .returningAll(),
)

type Change = Partial<
  Pick<
    NewRow<'attempt'>,
    | 'token_hash'
    | 'typed_name'
    | 'account_id'
    | 'phone'
    | 'email'
    | 'language'
    | 'session_id'
    | 'interaction'
    | 'application'
    | 'request'
    | 'codes_of'
  >
>

export async function changeAttempt(tx: Db | Tx, id: string, change: Change): Promise<void> {
  await tx.updateTable('attempt').set(change).where('id', '=', id).execute()
}

/** The same browser began anew: what it left is no sign of a stranger. */
export async function noteReplaced(tx: Tx, id: string, now: Instant): Promise<void> {
  await tx.updateTable('attempt').set({ replaced_at: now }).where('id', '=', id).where('replaced_at', 'is', null).execute()
}

/** Of two clicks on one button this one goes on: the other is left by nobody else. */
export async function noteTwinsReplaced(tx: Tx, { id, codes_of }: Pick<AttemptRow, 'id' | 'codes_of'>, now: Instant): Promise<void> {
  await tx
    .updateTable('attempt')
    .set({ replaced_at: now })
    .where((it) => it.or([it('id', '=', codes_of ?? id), it('codes_of', '=', codes_of ?? id)]))
    .where('id', '<>', id)
    .where('replaced_at', 'is', null)
    .execute()
}

/** A sign-in that is so long in the making is over. */
const longestMilliseconds = 3_600_000

/** Whole sign-ins that had the right password between the two moments and nothing else since; not those begun anew. */
export function leftAfterPassword(db: Db, from: Instant, until: Instant): Promise<AttemptRow[]> {
  return (
    db
      .selectFrom('attempt')
      .selectAll()
      // By its end, of which there is an index: a password is given before it, and an hour before it at most.
      .where('ends_at', '>', from)
      .where('ends_at', '<=', until + longestMilliseconds)
      .where('finished_at', 'is', null)
      .where('replaced_at', 'is', null)
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('fact')
            .select('fact.id')
            .whereRef('fact.attempt_id', '=', 'attempt.id')
            .where('fact.fact', '=', 'proved')
            .where('fact.method', '=', 'password')
            .where('fact.at', '>', from)
            .where('fact.at', '<=', until),
        ),
      )
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('fact as later')
              .select('later.id')
              .whereRef('later.attempt_id', '=', 'attempt.id')
              .where('later.fact', '=', 'proved')
              .where('later.method', '<>', 'password'),
          ),
        ),
      )
      .limit(1000)
      .execute()
  )
}

/** One winner: of two tabs that finish, one sees true and makes the session. */
export async function finishAttempt(tx: Tx, id: string, session: string, now: Instant): Promise<boolean> {
  return (await finished(tx, id, session, now)).length === 1
}
const finished = prepared(3, (db, id: string, session: string, now: Instant) =>
  db
    .updateTable('attempt')
    .set({ finished_at: now, session_id: session })
    .where('id', '=', id)
    .where('finished_at', 'is', null)
    .returning('id'),
)

export async function addFact(tx: Db | Tx, id: string, attempt: string, account: string | null, fact: Fact): Promise<void> {
  const { fact: kind, at } = fact
  const method = 'method' in fact ? fact.method : null
  const purpose = 'purpose' in fact ? fact.purpose : null
  const way = 'way' in fact ? (fact.way ?? null) : null
  await insertFact(tx, id, attempt, account, kind, method, purpose, way, at)
}
const insertFact = prepared(
  8,
  (
    db,
    id: string,
    attempt: string,
    account: string | null,
    fact: string,
    method: string | null,
    purpose: string | null,
    way: string | null,
    at: Instant,
  ) => {
    const seq = sql<number>`(select coalesce(max(seq), 0) + 1 from fact where attempt_id = ${attempt})`
    return db.insertInto('fact').values({ id, attempt_id: attempt, account_id: account, fact, method, purpose, way, at, seq })
  },
)

/** What the decision knows of a fact; its row says besides of whom it is. */
const ofFact = ['fact.fact', 'fact.method', 'fact.purpose', 'fact.way', 'fact.at'] as const

/** The facts of this sign-in in the order in which they were added, also those of one moment. */
export async function factsOf(db: Db | Tx, attempt: string): Promise<Fact[]> {
  return (await factRows(db, attempt)).map(toFact)
}
const factRows = prepared(1, (db, attempt: string) =>
  db.selectFrom('fact').select(ofFact).where('attempt_id', '=', attempt).orderBy('seq').orderBy('at'),
)

/** What was proved in the sign-ins that this session stands on. Choices are not inherited, and a gate opens one door once. */
export async function factsOfSession(db: Db | Tx, session: string, account: string): Promise<Fact[]> {
  return (await factRowsOfSession(db, session, account)).map(toFact)
}
const factRowsOfSession = prepared(2, (db, session: string, account: string) =>
  db
    .selectFrom('fact')
    .innerJoin('attempt', 'attempt.id', 'fact.attempt_id')
    .select(ofFact)
    .where('attempt.session_id', '=', session)
    .where('attempt.finished_at', 'is not', null)
    .where('fact.account_id', '=', account)
    .where('fact.fact', '=', 'proved')
    .where('fact.purpose', 'in', ['sign-in', 'enrol', 'new-phone'])
    .orderBy('fact.at')
    .orderBy('fact.seq'),
)

function toFact({ fact, method, purpose, way, at }: Pick<Row<'fact'>, 'fact' | 'method' | 'purpose' | 'way' | 'at'>): Fact {
  return { fact, at, ...(method ? { method } : {}), ...(purpose ? { purpose } : {}), ...(way ? { way } : {}) } as Fact
}

/** For which applications each of these sessions showed something. */
export async function applicationsIn(db: Db | Tx, sessions: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows =
    sessions.length === 0
      ? []
      : await db
          .selectFrom('attempt')
          .select(['session_id', 'application'])
          .distinct()
          .where('session_id', 'in', sessions)
          .where('application', 'is not', null)
          .orderBy('application')
          .execute()
  return new Map(sessions.map((id) => [id, rows.flatMap((it) => (it.session_id === id && it.application ? [it.application] : []))]))
}
