import type { AnyShape } from './any-shape.ts'

/** Where the codes of an app shall be made: chosen before the gate, still known behind it. */
export async function up(db: AnyShape): Promise<void> {
  await db.schema.alterTable('fact').addColumn('way', 'text').execute()
}
