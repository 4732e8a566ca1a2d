import type { AnyShape } from './any-shape.ts'

/** Facts of one millisecond kept no order: 'chose' after 'chose' could be read the wrong way round. */
export async function up(db: AnyShape): Promise<void> {
  await db.schema
    .alterTable('fact')
    .addColumn('seq', 'bigint', (it) => it.notNull().defaultTo(0))
    .execute()
}
