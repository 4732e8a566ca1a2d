import type { AnyShape } from './any-shape.ts'

/** One mailbox, one step: when the password was last chosen anew through the mailbox. */
export async function up(db: AnyShape): Promise<void> {
  await db.schema.alterTable('account').addColumn('mailbox_reset_at', 'bigint').execute()
}
