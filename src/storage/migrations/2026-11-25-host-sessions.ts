import type { AnyShape } from './any-shape.ts'

/** Who came in at which protected host, and on the strength of which session. */
export async function up(db: AnyShape): Promise<void> {
  await db.schema
    .createTable('host_session')
    .addColumn('token_hash', 'text', (it) => it.primaryKey())
    .addColumn('portal', 'text', (it) => it.notNull())
    .addColumn('application', 'text', (it) => it.notNull())
    .addColumn('session_id', 'text', (it) => it.notNull().references('session.id').onDelete('cascade'))
    .addColumn('browser_id', 'text')
    .addColumn('asked_at', 'bigint', (it) => it.notNull())
    .addColumn('created_at', 'bigint', (it) => it.notNull())
    .execute()
  await db.schema.createIndex('host_session_session').on('host_session').column('session_id').execute()
}
