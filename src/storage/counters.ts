import { sql } from 'kysely'
import { type Instant, longestDoublings, type PauseRule } from '../decision/index.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'

/**
 * Every kind of count, and for how many days it is kept after it was raised last; `since: 'first_at'`: after it began. `days: 0`: wrong
 * codes in a row, which time alone never clears.
 */
export const counterKinds = {
  'second-step': { days: 0, since: 'last_at' },
  'second-step-30d': { days: 31, since: 'first_at' },
  password: { days: 2, since: 'last_at' },
  network: { days: 2, since: 'last_at' },
  worked: { days: 2, since: 'last_at' },
  reset: { days: 2, since: 'last_at' },
  'reset-name': { days: 2, since: 'last_at' },
  'message-check': { days: 2, since: 'last_at' },
  sent: { days: 2, since: 'last_at' },
  told: { days: 2, since: 'last_at' },
  noted: { days: 2, since: 'last_at' },
  pushed: { days: 2, since: 'last_at' },
  'client-guess': { days: 2, since: 'last_at' },
  'client-known': { days: 90, since: 'first_at' },
} as const

/** The kind, and what of: an id, or a keyed hash of a name or an address. */
export type CounterKey = `${keyof typeof counterKinds} ${string}`

export interface Counter {
  readonly count: number
  readonly pausedUntil?: Instant
}

/**
 * Raises a counter in one write that does nothing while a pause lasts. A write of its own, before anybody looks at what was
 * typed: a crash costs a try and gives none. The pause begins with the try that reaches the limit; that try is still looked at.
 * @returns raised: whether this try may be looked at.
 */
export async function raise(db: Db, key: CounterKey, rule: PauseRule, now: Instant): Promise<Counter & { raised: boolean }> {
  const begun = rule.windowSeconds === undefined ? beforeAll : now - rule.windowSeconds * 1000
  const [row] = await raised(db, key, now, begun, rule.failures, rule.pauseSeconds, rule.longestSeconds)
  if (row) return { raised: true, ...toCounter(row) }
  return { raised: false, ...(await readCounter(db, key)) }
}
/** A window that began before this is a window without end. */
const beforeAll: Instant = -1

type Raise = [key: CounterKey, now: Instant, begun: Instant, failures: number, pauseSeconds: number, longestSeconds: number]
const raised = prepared(6, (_, ...[key, now, begun, failures, pauseSeconds, longestSeconds]: Raise) => {
  const isAnew = sql`counter.first_at <= cast(${begun} as bigint)`
  const next = sql`(case when ${isAnew} then 1 else counter.count + 1 end)`
  const most = sql.lit(longestDoublings)
  const pauses = sql`${next} / cast(${failures} as integer) - 1`
  const doublings = sql`case when ${pauses} > ${most} then ${most} else ${pauses} end`
  const seconds = sql`cast(${pauseSeconds} as bigint) * (cast(1 as bigint) << cast(${doublings} as integer))`
  const longest = sql`cast(${longestSeconds} as bigint)`
  const pausedUntil = sql`case when ${next} % cast(${failures} as integer) = 0
    then cast(${now} as bigint) + 1000 * (case when ${seconds} > ${longest} then ${longest} else ${seconds} end) else null end`
  return sql<{ count: number; paused_until: Instant | null }>`
    insert into counter (key, count, paused_until, first_at, last_at) values (${key}, 1, null, ${now}, ${now})
    on conflict (key) do update set count = ${next}, paused_until = ${pausedUntil}, last_at = ${now},
      first_at = case when ${isAnew} then cast(${now} as bigint) else counter.first_at end
    where counter.paused_until is null or counter.paused_until <= ${now}
    returning count, paused_until`
})

export async function readCounter(db: Db | Tx, key: CounterKey): Promise<Counter> {
  const [row] = await counterRow(db, key)
  return row ? toCounter(row) : { count: 0 }
}
const counterRow = prepared(1, (db, key: CounterKey) => db.selectFrom('counter').select(['count', 'paused_until']).where('key', '=', key))

/** Only a complete sign-in clears a counter 'in a row'. */
export async function clearCounter(tx: Tx, key: CounterKey): Promise<void> {
  await cleared(tx, key)
}
const cleared = prepared(1, (db, key: CounterKey) => db.deleteFrom('counter').where('key', '=', key))

/** Counts within a fixed window that begins with the first; a success does not clear it. `many`: how much this one counts for. */
export async function countInWindow(db: Db | Tx, key: CounterKey, windowSeconds: number, now: Instant, many = 1): Promise<number> {
  const more = sql`cast(${many} as integer)`
  const { rows } = await sql<{ count: number }>`
    insert into counter (key, count, paused_until, first_at, last_at) values (${key}, ${more}, null, ${now}, ${now})
    on conflict (key) do update set
      count = case when counter.first_at <= ${now - windowSeconds * 1000} then ${more} else counter.count + ${more} end,
      first_at = case when counter.first_at <= ${now - windowSeconds * 1000} then ${now} else counter.first_at end,
      last_at = ${now}
    returning count`.execute(db)
  return Number(rows[0]?.count ?? 0)
}

/**
 * Takes one of so many within a fixed window that begins with the first. One write that does nothing when none is left, on two nodes as
 * on one.
 * @returns at: when the window ends and there are some again.
 */
export async function spendAllowance(
  tx: Db | Tx,
  key: CounterKey,
  most: number,
  windowSeconds: number,
  now: Instant,
): Promise<{ readonly spent: true; readonly count: number } | { readonly spent: false; readonly at: Instant }> {
  const isAnew = sql`counter.first_at <= cast(${now - windowSeconds * 1000} as bigint)`
  const { rows } = await sql<{ count: number }>`
    insert into counter (key, count, paused_until, first_at, last_at) values (${key}, 1, null, ${now}, ${now})
    on conflict (key) do update set
      count = case when ${isAnew} then 1 else counter.count + 1 end,
      first_at = case when ${isAnew} then cast(${now} as bigint) else counter.first_at end,
      last_at = ${now}
    where ${isAnew} or counter.count < cast(${most} as bigint)
    returning count`.execute(tx)
  const [row] = rows
  return row ? { spent: true, count: Number(row.count) } : { spent: false, at: (await fullUntil(tx, key, most, windowSeconds, now)) ?? now }
}

/** When there are some again; undefined while there are. */
export async function fullUntil(
  db: Db | Tx,
  key: CounterKey,
  most: number,
  windowSeconds: number,
  now: Instant,
): Promise<Instant | undefined> {
  const row = await db.selectFrom('counter').select(['count', 'first_at']).where('key', '=', key).executeTakeFirst()
  const endsAt = Number(row?.first_at ?? 0) + windowSeconds * 1000
  return row && endsAt > now && Number(row.count) >= most ? endsAt : undefined
}

/** How much of it was taken in the window that runs now. */
export async function takenOf(db: Db, key: CounterKey, windowSeconds: number, now: Instant): Promise<number> {
  const row = await db.selectFrom('counter').select(['count', 'first_at']).where('key', '=', key).executeTakeFirst()
  return row && Number(row.first_at) + windowSeconds * 1000 > now ? Number(row.count) : 0
}

const toCounter = (row: { count: number; paused_until: Instant | null }): Counter => ({
  count: Number(row.count),
  ...(row.paused_until === null ? {} : { pausedUntil: Number(row.paused_until) }),
})

/**
 * Gives one try back, and the pause that this very try began: the code was right, only its time was over.
 * `triedAt` is the moment of that try; a pause that a later try began stays.
 */
export async function takeBackTry(tx: Tx, key: CounterKey, triedAt: Instant): Promise<void> {
  await tx
    .updateTable('counter')
    .set((it) => ({
      count: it('count', '-', 1),
      paused_until: it.case().when('last_at', '=', triedAt).then(null).else(it.ref('paused_until')).end(),
    }))
    .where('key', '=', key)
    .where('count', '>', 0)
    .execute()
}
