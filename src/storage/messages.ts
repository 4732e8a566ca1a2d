import type { Instant } from '../decision/index.ts'
import type { Db, Tx } from './open.ts'
import type { MessageState, NewRow, Row } from './tables.ts'

export type MessageRow = Row<'message'>
export type MessageEventRow = Row<'message_event'>

export async function addMessage(tx: Tx, row: NewRow<'message'>): Promise<void> {
  await tx.insertInto('message').values(row).execute()
}

/** Takes the messages that are due for as long as the lease lasts; another worker sees them again when it ran out. */
export async function leaseMessages(
  tx: Tx,
  channel: 'email' | 'sms',
  count: number,
  leaseSeconds: number,
  now: Instant,
): Promise<MessageRow[]> {
  const due = await tx
    .selectFrom('message')
    .select('id')
    .where('channel', '=', channel)
    .where('state', 'in', ['queued', 'delayed'])
    .where('next_at', '<=', now)
    .where((it) => it.or([it('leased_until', 'is', null), it('leased_until', '<=', now)]))
    .orderBy('created_at')
    .limit(count)
    .execute()
  if (due.length === 0) return []
  return tx
    .updateTable('message')
    .set((it) => ({ leased_until: now + leaseSeconds * 1000, tries: it('tries', '+', 1) }))
    .where(
      'id',
      'in',
      due.map((it) => it.id),
    )
    .where((it) => it.or([it('leased_until', 'is', null), it('leased_until', '<=', now)]))
    .returningAll()
    .execute()
}

/** When the next waiting message is due; undefined when none waits. */
export async function nextMessageAt(db: Db, channel: 'email' | 'sms'): Promise<Instant | undefined> {
  const row = await db
    .selectFrom('message')
    .select(['next_at', 'leased_until'])
    .where('channel', '=', channel)
    .where('state', 'in', ['queued', 'delayed'])
    .orderBy('next_at')
    .limit(1)
    .executeTakeFirst()
  return row && Math.max(row.next_at, row.leased_until ?? 0)
}

export interface MessageChange {
  readonly state: MessageState
  readonly next_at?: Instant
  readonly provider_id?: string
}

/** Notes what happened and lets the lease go. */
export async function noteMessage(tx: Tx, id: string, change: MessageChange, event: NewRow<'message_event'>): Promise<void> {
  await tx
    .updateTable('message')
    .set({ ...change, leased_until: null })
    .where('id', '=', id)
    .execute()
  await tx.insertInto('message_event').values(event).execute()
}

/** A delivery receipt: it only moves a message that the centre had accepted. */
export async function noteReceipt(
  tx: Tx,
  providerId: string,
  state: 'delivered' | 'failed',
  event: Omit<NewRow<'message_event'>, 'message_id'>,
): Promise<boolean> {
  const row = await tx
    .selectFrom('message')
    .select('id')
    .where('provider_id', '=', providerId)
    .where('state', '=', 'accepted')
    .executeTakeFirst()
  if (!row) return false
  await noteMessage(tx, row.id, { state }, { ...event, message_id: row.id })
  return true
}

/** The messages that carry codes of this sign-in, newest first. */
export function messagesOfAttempt(db: Db | Tx, attempt: string): Promise<MessageRow[]> {
  return db
    .selectFrom('message')
    .innerJoin('code', 'code.id', 'message.code_id')
    .selectAll('message')
    .where('code.attempt_id', '=', attempt)
    .orderBy('message.created_at', 'desc')
    .limit(10)
    .execute()
}

export function eventsOf(db: Db | Tx, message: string): Promise<MessageEventRow[]> {
  return db.selectFrom('message_event').selectAll().where('message_id', '=', message).orderBy('at').execute()
}
