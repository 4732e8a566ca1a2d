import type { AnyShape } from './any-shape.ts'

/** What makes a new password due, and what was told of sign-ins that were left half-way. */
export async function up(db: AnyShape): Promise<void> {
  for (const column of ['secured_at', 'guessed_at', 'half_told_at'])
    await db.schema.alterTable('account').addColumn(column, 'bigint').execute()
  await db.schema.alterTable('attempt').addColumn('replaced_at', 'bigint').execute()
  await db.schema.createIndex('message_number').on('message').columns(['number']).execute()
  await db.schema.createIndex('message_account').on('message').columns(['account_id', 'template']).execute()
}
