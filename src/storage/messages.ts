import type { ExpressionBuilder } from 'kysely'
import type { Instant } from '../decision/index.ts'
import type { CodeRow } from './codes.ts'
import type { Db, Tx } from './open.ts'
import { insertRow } from './prepared.ts'
import type { MessageState, NewRow, Row, Tables } from './tables.ts'

export type MessageRow = Row<'message'>
export type MessageEventRow = Row<'message_event'>
type Channel = MessageRow['channel']
type Where = ExpressionBuilder<Tables, 'message'>

/** A message that a worker holds. Whoever took it last has the latest moment, so the moment tells whose it is. */
export interface Lease {
  readonly id: string
  readonly leasedUntil: Instant
}

const waiting: MessageState[] = ['queued', 'delayed']
const isFree = (it: Where, now: Instant) => it.or([it('leased_until', 'is', null), it('leased_until', '<=', now)])
const codeIsOver = (it: Where) =>
  it.exists(
    it
      .selectFrom('code')
      .select('code.id')
      .whereRef('code.id', '=', 'message.code_id')
      .where((code) => code.or([code('code.used_at', 'is not', null), code('code.ended_at', 'is not', null)])),
  )

export async function addMessage(tx: Tx, row: NewRow<'message'>): Promise<void> {
  await insertRow(tx, 'message', row)
}

/** What is due and in nobody's hands, the longest due first; nothing for the mail domains in `passOver`. */
export function dueMessages(
  db: Db,
  channel: Channel,
  count: number,
  passOver: readonly string[],
  now: Instant,
): Promise<Pick<MessageRow, 'id' | 'address'>[]> {
  return db
    .selectFrom('message')
    .select(['id', 'address'])
    .where('channel', '=', channel)
    .where('state', 'in', waiting)
    .where('next_at', '<=', now)
    .where((it) => isFree(it, now))
    .where((it) => it.and(passOver.map((domain) => it(it.fn<string>('lower', ['address']), 'not like', `%@${domain}`))))
    .orderBy('next_at')
    .limit(count)
    .execute()
}

/** Takes messages until `until`; after that another worker may. One winner for each, on two nodes as on one. */
export function leaseMessages(tx: Tx, ids: readonly string[], until: Instant, now: Instant): Promise<MessageRow[]> {
  return tx
    .updateTable('message')
    .set({ leased_until: until })
    .where('id', 'in', ids)
    .where('state', 'in', waiting)
    .where('next_at', '<=', now)
    .where((it) => isFree(it, now))
    .returningAll()
    .execute()
}

/** Holds a message longer. @returns false when it is another's by now. */
export async function keepLease(tx: Tx, { id, leasedUntil }: Lease, until: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('message')
    .set({ leased_until: until })
    .where('id', '=', id)
    .where('leased_until', '=', leasedUntil)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/**
 * The last thing before the text leaves: counts the sending, so that a crash after it is known. Refused when the life of the
 * message or of its code is over, when it left `sends` times already, or when it is another worker's by now.
 */
export async function handOverMessage(tx: Tx, { id, leasedUntil }: Lease, until: Instant, sends: number, now: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('message')
    .set((it) => ({ leased_until: until, tries: it('tries', '+', 1) }))
    .where('id', '=', id)
    .where('leased_until', '=', leasedUntil)
    .where('state', 'in', waiting)
    .where('tries', '<', sends)
    .where('ends_at', '>', now)
    .where((it) => it.not(codeIsOver(it)))
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

export function findMessage(db: Db | Tx, id: string): Promise<MessageRow | undefined> {
  return db.selectFrom('message').selectAll().where('id', '=', id).executeTakeFirst()
}

export function codeOfMessage(db: Db, { code_id }: MessageRow): Promise<CodeRow | undefined> {
  return db.selectFrom('code').selectAll().where('id', '=', code_id).executeTakeFirst()
}

export interface MessageChange {
  readonly state: MessageState
  readonly next_at?: Instant
  readonly provider_id?: string
}

/** Notes what happened and lets the lease go. `wasSent: false` takes back the sending that was counted: the other server said no. */
export async function noteMessage(tx: Tx, { id, leasedUntil }: Lease, change: MessageChange, wasSent = true): Promise<boolean> {
  const done = await tx
    .updateTable('message')
    .set((it) => ({ ...change, leased_until: null, ...(wasSent ? {} : { tries: it('tries', '-', 1) }) }))
    .where('id', '=', id)
    .where('state', 'in', waiting)
    // A message that was taken is taken, also when the other server was slower than the lease.
    .where((it) => (change.state === 'accepted' ? it.lit(true) : it('leased_until', '=', leasedUntil)))
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** Adds to the timeline. The same trouble once more is no new line: only its next moment moves. */
export async function addMessageEvent(tx: Tx, event: NewRow<'message_event'>): Promise<void> {
  const { message_id, state, code = null } = event
  const last = (await eventsOf(tx, message_id)).at(-1)
  if (last?.state !== state || last.code !== code) await tx.insertInto('message_event').values(event).execute()
  else await tx.updateTable('message_event').set({ next_at: event.next_at, said: event.said }).where('id', '=', last.id).execute()
}

/** Ends what can no longer be sent: past its life, or its code was used or withdrawn. @returns the ids, at most 100. */
export async function endLateMessages(tx: Tx, channel: Channel, now: Instant): Promise<string[]> {
  const late = await lateMessages(tx, channel, now)
  if (late.length === 0) return []
  const ended = await tx
    .updateTable('message')
    .set({ state: 'too-late', leased_until: null })
    .where('id', 'in', late)
    .where('state', 'in', waiting)
    .where((it) => isFree(it, now))
    .returning('id')
    .execute()
  return ended.map((it) => it.id)
}

/** The ids of what `endLateMessages` would end; only reads. */
export async function lateMessages(db: Db | Tx, channel: Channel, now: Instant): Promise<string[]> {
  const rows = await db
    .selectFrom('message')
    .select('id')
    .where('channel', '=', channel)
    .where('state', 'in', waiting)
    .where((it) => isFree(it, now))
    .where((it) => it.or([it('ends_at', '<=', now), codeIsOver(it)]))
    .limit(100)
    .execute()
  return rows.map((it) => it.id)
}

/** The way is open again: what waited for a connection goes now. What a server asked to bring later keeps its time. */
export async function hastenMessages(tx: Tx, channel: Channel, now: Instant): Promise<void> {
  await tx
    .updateTable('message')
    .set({ next_at: now })
    .where('channel', '=', channel)
    .where('state', '=', 'queued')
    .where('next_at', '>', now)
    .execute()
}

/** A delivery receipt: it only moves a message that the centre had accepted, once. @returns its id, undefined when it moves none. */
export async function noteReceipt(tx: Tx, providerId: string, state: 'delivered' | 'failed'): Promise<string | undefined> {
  const rows = await tx
    .updateTable('message')
    .set({ state })
    .where('provider_id', '=', providerId)
    .where('channel', '=', 'sms')
    .where('state', '=', 'accepted')
    .returning('id')
    .execute()
  return rows[0]?.id
}

/** The messages that carry codes of this sign-in, newest first, each with the kenmerk of its code. */
export function messagesOfAttempt(db: Db | Tx, attempt: string): Promise<(MessageRow & { reference: string })[]> {
  return db
    .selectFrom('message')
    .innerJoin('code', 'code.id', 'message.code_id')
    .selectAll('message')
    .select('code.reference')
    .where('code.attempt_id', '=', attempt)
    .orderBy('message.created_at', 'desc')
    .limit(10)
    .execute()
}

export function messageOfCode(db: Db | Tx, code: string): Promise<MessageRow | undefined> {
  return db.selectFrom('message').selectAll().where('code_id', '=', code).orderBy('created_at', 'desc').executeTakeFirst()
}

/** The timeline of a message, oldest first. */
export function eventsOf(db: Db | Tx, message: string): Promise<MessageEventRow[]> {
  return db.selectFrom('message_event').selectAll().where('message_id', '=', message).orderBy('at').execute()
}

/** How many have not left. */
export async function waitingMessages(db: Db, channel: Channel): Promise<number> {
  const { count } = await db
    .selectFrom('message')
    .select((it) => it.fn.countAll<number>().as('count'))
    .where('state', 'in', waiting)
    .where('channel', '=', channel)
    .executeTakeFirstOrThrow()
  return Number(count)
}
