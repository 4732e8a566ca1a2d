import type { AnyShape } from './any-shape.ts'

/** Of two clicks on one button the second shares the code that the first had sent. Few sign-ins do: the index holds those alone. */
export async function up(db: AnyShape): Promise<void> {
  for (const column of ['form_hash', 'codes_of']) await db.schema.alterTable('attempt').addColumn(column, 'text').execute()
  await db.schema.createIndex('attempt_twins').on('attempt').column('codes_of').where('codes_of', 'is not', null).execute()
}
