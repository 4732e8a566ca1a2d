import type { AnyShape } from './any-shape.ts'

/** Which applications were let in by a session, and whether they heard of its end. */
export async function up(db: AnyShape): Promise<void> {
  await db.schema
    .createTable('session_client')
    .addColumn('session_id', 'text', (it) => it.notNull().references('session.id').onDelete('cascade'))
    .addColumn('client_id', 'text', (it) => it.notNull())
    .addColumn('sid', 'text', (it) => it.notNull())
    .addColumn('state', 'text', (it) => it.notNull())
    .addColumn('tries', 'integer', (it) => it.notNull())
    .addColumn('next_at', 'bigint', (it) => it.notNull())
    .addColumn('said', 'text')
    .addPrimaryKeyConstraint('session_client_key', ['session_id', 'client_id'])
    .execute()
  await db.schema.createIndex('session_ended').on('session').column('ended_at').execute()
}
