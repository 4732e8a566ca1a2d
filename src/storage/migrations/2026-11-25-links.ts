import type { AnyShape } from './any-shape.ts'

/** Links in mails; and from which kind of browser a session or a known browser is. */
export async function up(db: AnyShape): Promise<void> {
  await db.schema
    .createTable('link')
    .addColumn('id', 'text', (it) => it.primaryKey())
    .addColumn('portal', 'text', (it) => it.notNull())
    .addColumn('account_id', 'text', (it) => it.notNull().references('account.id').onDelete('cascade'))
    .addColumn('purpose', 'text', (it) => it.notNull())
    .addColumn('token_hash', 'text', (it) => it.notNull().unique())
    .addColumn('facts', 'text', (it) => it.notNull())
    .addColumn('created_at', 'bigint', (it) => it.notNull())
    .addColumn('ends_at', 'bigint', (it) => it.notNull())
    .addColumn('used_at', 'bigint')
    .execute()
  await db.schema.createIndex('link_account').on('link').columns(['account_id', 'purpose']).execute()
  await db.schema.alterTable('session').addColumn('device', 'text').execute()
  await db.schema.alterTable('browser').addColumn('device', 'text').execute()
}
