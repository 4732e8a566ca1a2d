import type { AnyShape } from './any-shape.ts'

/** What is revoked is marked and nothing is looked up by its grant; the sessions of the protocol are ours. Each code writes less. */
export async function up(db: AnyShape): Promise<void> {
  for (const column of ['grant', 'uid']) await db.schema.dropIndex(`protocol_record_${column}`).execute()
  for (const column of ['grant_id', 'uid']) await db.schema.alterTable('protocol_record').dropColumn(column).execute()
}
