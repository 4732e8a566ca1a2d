import type { AnyShape } from './any-shape.ts'

/** From where accounts are signed in. */
export async function up(db: AnyShape): Promise<void> {
  await db.schema
    .createTable('known_network')
    .addColumn('account_id', 'text', (it) => it.notNull().references('account.id').onDelete('cascade'))
    .addColumn('network', 'text', (it) => it.notNull())
    .addColumn('seen_at', 'bigint', (it) => it.notNull())
    .addPrimaryKeyConstraint('known_network_key', ['account_id', 'network'])
    .execute()
  await db.schema.createIndex('known_network_seen').on('known_network').columns(['seen_at']).execute()
}
