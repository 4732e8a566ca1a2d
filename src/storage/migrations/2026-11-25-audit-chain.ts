import type { AnyShape } from './any-shape.ts'

/** From which kind of browser an event came; who it tells of can be taken out without breaking the chain; where each chain ends. */
export async function up(db: AnyShape): Promise<void> {
  for (const column of ['device', 'person_seal']) await db.schema.alterTable('audit').addColumn(column, 'text').execute()
  await db.schema.alterTable('audit').addColumn('erased_at', 'bigint').execute()
  await db.schema
    .createTable('audit_chain')
    .addColumn('portal', 'text', (it) => it.primaryKey())
    .addColumn('seq', 'bigint', (it) => it.notNull())
    .addColumn('seal', 'text', (it) => it.notNull())
    .addColumn('holder', 'text', (it) => it.notNull())
    .addColumn('leased_until', 'bigint', (it) => it.notNull())
    .execute()
}
