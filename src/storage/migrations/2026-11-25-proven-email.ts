import type { AnyShape } from './any-shape.ts'

/** At which mail address a code or a link came back from its owner. */
export async function up(db: AnyShape): Promise<void> {
  await db.schema.alterTable('account').addColumn('proven_email', 'text').execute()
}
