import type { AnyShape } from './any-shape.ts'

/** An app that ended by time alone: told once. What has an end at all is little, so the index holds nothing else. */
export async function up(db: AnyShape): Promise<void> {
  await db.schema.alterTable('authenticator').addColumn('end_told_at', 'bigint').execute()
  await db.schema.createIndex('authenticator_ends').on('authenticator').column('ends_at').where('ends_at', 'is not', null).execute()
}
