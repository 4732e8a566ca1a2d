import type { AnyShape } from './any-shape.ts'

/** How much work the passwords of a portal are to check, so that a refusal takes as long for every name. */
export async function up(db: AnyShape): Promise<void> {
  await db.schema
    .createTable('password_work')
    .addColumn('portal', 'text', (it) => it.notNull())
    .addColumn('work', 'text', (it) => it.notNull())
    .addPrimaryKeyConstraint('password_work_key', ['portal', 'work'])
    .execute()
}
