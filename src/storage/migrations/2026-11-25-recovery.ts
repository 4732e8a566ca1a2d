import type { Kysely } from 'kysely'

/** One mailbox, one step: when the password was last chosen anew through the mailbox. */
// biome-ignore lint/suspicious/noExplicitAny: the shape of this day, not of today
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('account').addColumn('mailbox_reset_at', 'bigint').execute()
}
