import type { Kysely } from 'kysely'

/** Facts of one millisecond kept no order: 'chose' after 'chose' could be read the wrong way round. */
// biome-ignore lint/suspicious/noExplicitAny: the shape of this day, not of today
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .alterTable('fact')
    .addColumn('seq', 'bigint', (it) => it.notNull().defaultTo(0))
    .execute()
}
