import type { AnyShape } from './any-shape.ts'

/** The values that a browser's cookie had before, and which sessions a remembered browser let in. */
export async function up(db: AnyShape): Promise<void> {
  for (const column of ['value_at', 'proved_at'])
    await db.schema
      .alterTable('browser')
      .addColumn(column, 'bigint', (it) => it.notNull().defaultTo(0))
      .execute()
  await db
    .updateTable('browser')
    .set((it) => ({ value_at: it.ref('seen_at'), proved_at: it.ref('seen_at') }))
    .execute()
  await db.schema
    .createTable('retired_value')
    .addColumn('browser_id', 'text', (it) => it.notNull().references('browser.id').onDelete('cascade'))
    .addColumn('token_hash', 'text', (it) => it.notNull())
    .addColumn('retired_at', 'bigint', (it) => it.notNull())
    .addColumn('retired_by', 'text', (it) => it.notNull())
    .addPrimaryKeyConstraint('retired_value_key', ['browser_id', 'token_hash'])
    .execute()
  await db.schema.createIndex('retired_value_hash').on('retired_value').column('token_hash').execute()
  await db.schema.createIndex('browser_account').on('browser').column('account_id').execute()
  await db.schema.alterTable('remembered').addColumn('used_at', 'bigint').execute()
  await db.schema.alterTable('session').addColumn('born_of', 'text').execute()
}
