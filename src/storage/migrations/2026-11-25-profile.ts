import type { AnyShape } from './any-shape.ts'

/** What people change themselves: an app that ends when another took its place, and addresses from before a change. */
export async function up(db: AnyShape): Promise<void> {
  await db.schema.alterTable('attempt').addColumn('email', 'text').execute()
  await db.schema.alterTable('account').addColumn('email_recovers_at', 'bigint').execute()
  await db.schema.alterTable('account').addColumn('phone_recovers_at', 'bigint').execute()
  await db.schema.alterTable('authenticator').addColumn('ends_at', 'bigint').execute()
  await db.schema.alterTable('authenticator').addColumn('replaced_by', 'text').execute()
  await db.schema
    .alterTable('authenticator')
    .addColumn('uses', 'bigint', (it) => it.notNull().defaultTo(0))
    .execute()
  await db.schema
    .createTable('former_address')
    .addColumn('id', 'text', (it) => it.primaryKey())
    .addColumn('portal', 'text', (it) => it.notNull())
    .addColumn('account_id', 'text', (it) => it.notNull().references('account.id').onDelete('cascade'))
    .addColumn('channel', 'text', (it) => it.notNull())
    .addColumn('address', 'text')
    .addColumn('name', 'text')
    .addColumn('shown_name', 'text')
    .addColumn('replaced_at', 'bigint', (it) => it.notNull())
    .addColumn('undo_until', 'bigint', (it) => it.notNull())
    .addColumn('undone_at', 'bigint')
    .execute()
  await db.schema.createIndex('former_address_account').on('former_address').columns(['account_id', 'channel']).execute()
}
