import type { Kysely } from 'kysely'

/** How much work the passwords of a portal are to check, so that a refusal takes as long for every name. */
// biome-ignore lint/suspicious/noExplicitAny: the shape of this day, not of today
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('password_work')
    .addColumn('portal', 'text', (it) => it.notNull())
    .addColumn('work', 'text', (it) => it.notNull())
    .addPrimaryKeyConstraint('password_work_key', ['portal', 'work'])
    .execute()
}
