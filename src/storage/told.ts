import type { Instant } from '../decision/index.ts'
import type { LinkRow } from './links.ts'
import type { MessageRow } from './messages.ts'
import type { Db, Tx } from './open.ts'

/** The newest message of one kind to one address of an account: whether the owner was told of such a thing just now. */
export function newestMessage(
  tx: Db | Tx,
  account: string,
  { template, channel, address }: Pick<MessageRow, 'template' | 'channel' | 'address'>,
): Promise<MessageRow | undefined> {
  return tx
    .selectFrom('message')
    .selectAll()
    .where('account_id', '=', account)
    .where('template', '=', template)
    .where('channel', '=', channel)
    .where('address', '=', address)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Changes what a message tells that waits for its time. @returns false when it is due, in a worker's hands or gone. */
export async function addToWaitingMessage(tx: Tx, id: string, facts: string, now: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('message')
    .set({ facts })
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .where('next_at', '>', now)
    .where((it) => it.or([it('leased_until', 'is', null), it('leased_until', '<=', now)]))
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** A message of this portal with this number, which stands in it: when it was made, and nothing else. */
export async function messageNumbered(db: Db, portal: string, number: string): Promise<Instant | undefined> {
  const row = await db
    .selectFrom('message')
    .select('created_at')
    .where('number', '=', number)
    .where('portal', '=', portal)
    .limit(1)
    .executeTakeFirst()
  return row?.created_at
}

/** Whether this portal sent a code with this kenmerk since then. */
export async function wasReferenceSent(db: Db, portal: string, reference: string, since: Instant): Promise<boolean> {
  const row = await db
    .selectFrom('code')
    .innerJoin('message', 'message.code_id', 'code.id')
    .select('code.id')
    .where('code.reference', '=', reference)
    .where('code.portal', '=', portal)
    .where('code.created_at', '>', since)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export function findLinkById(db: Db | Tx, id: string): Promise<LinkRow | undefined> {
  return db.selectFrom('link').selectAll().where('id', '=', id).executeTakeFirst()
}

/** What the page of a link tells. */
export async function changeLinkFacts(tx: Tx, id: string, facts: string): Promise<void> {
  await tx.updateTable('link').set({ facts }).where('id', '=', id).execute()
}
