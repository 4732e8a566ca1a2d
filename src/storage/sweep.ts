import { sql } from 'kysely'
import type { Instant } from '../decision/index.ts'
import { counterKinds } from './counters.ts'
import { deleteSome } from './delete-some.ts'
import type { Db } from './open.ts'
import type { Tables } from './tables.ts'

/*
 * What is over goes by itself. Each table that grows by what people and strangers do stands here with how long its rows are kept; a test
 * fails when a new table is in neither list. In small pieces, so that a flood that left a million rows does not hold up who comes after it.
 */
const day = 86_400_000

interface Sweep {
  readonly table: keyof Tables
  readonly key: string
  /** How long rows are kept after the moment in this column. */
  readonly after: string
  readonly keptFor: number
  /** Which of them; left out: all. */
  readonly only?: string
}

/** Kinds of count that are kept equally long go together. */
const counts = Object.values(Object.groupBy(Object.entries(counterKinds), ([, { days, since }]) => `${days} ${since}`)).flatMap(
  (kinds = []): Sweep[] => {
    const { days, since } = kinds[0]?.[1] ?? { days: 0, since: 'last_at' }
    const only = `(${kinds.map(([kind]) => `key like '${kind} %'`).join(' or ')})`
    return days === 0 ? [] : [{ table: 'counter', key: 'key', after: since, keptFor: days * day, only }]
  },
)

// biome-ignore format: a table
export const sweeps: readonly Sweep[] = [
  ...counts,
  { table: 'attempt',           key: 'id',         after: 'ends_at',      keptFor: day,      only: 'session_id is null' },
  // A session lives a day at most, and so does what it stands on.
  { table: 'attempt',           key: 'id',         after: 'ends_at',      keptFor: 3 * day },
  { table: 'pending_enrolment', key: 'account_id', after: 'ends_at',      keptFor: day },
  { table: 'protocol_record',   key: 'key',        after: 'ends_at',      keptFor: day },
  { table: 'link',              key: 'id',         after: 'ends_at',      keptFor: 30 * day },
  { table: 'message',           key: 'id',         after: 'created_at',   keptFor: 90 * day },
  { table: 'former_address',    key: 'id',         after: 'undo_until',   keptFor: 30 * day },
  // An app whose place another took can be put back for a week.
  { table: 'authenticator',     key: 'id',         after: 'ends_at',      keptFor: 7 * day },
  { table: 'host_session',      key: 'token_hash', after: 'created_at',   keptFor: 3 * day },
  { table: 'session',           key: 'id',         after: 'ends_at',      keptFor: 30 * day },
  // No remembered browser lives so long; what was replaced before then can alarm nobody.
  { table: 'retired_value',     key: 'token_hash', after: 'retired_at',   keptFor: 90 * day },
  { table: 'remembered',        key: 'id',         after: 'ends_at',      keptFor: 90 * day },
  { table: 'known_network',     key: 'network',    after: 'seen_at',      keptFor: 90 * day },
  { table: 'browser',           key: 'id',         after: 'seen_at',      keptFor: 400 * day },
]

/** These go with the row that they belong to, have one row for each thing that an operator made, or end in their own way. */
export const notSwept: readonly (keyof Tables)[] = [
  'account',
  'audit',
  'audit_chain',
  'code',
  'fact',
  'message_event',
  'password_work',
  'session_client',
  'setting',
  'signing_key',
]

export interface Swept {
  readonly rows: number
  /** Something is left: look again soon. */
  readonly hasMore: boolean
}

/** One piece of each: at most `most` rows of a table. Stops between two when `isStopping` says so. */
export async function sweepSome(db: Db, now: Instant, most = 500, isStopping: () => boolean = () => false): Promise<Swept> {
  let [rows, hasMore] = [0, false]
  for (const { table, key, after, keptFor, only } of sweeps) {
    if (isStopping()) break
    const isOld = sql`${sql.ref(after)} < ${now - keptFor}`
    const count = await deleteSome(db, table, { key, after }, only === undefined ? isOld : sql`${isOld} and ${sql.raw(only)}`, most)
    rows += count
    if (count >= most) hasMore = true
  }
  return { rows, hasMore }
}
