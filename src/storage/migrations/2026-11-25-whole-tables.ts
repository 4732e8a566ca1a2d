import type { AnyShape } from './any-shape.ts'

/** What is asked at each page, each code and each change reads its own rows, however many people came before. */
export async function up(db: AnyShape): Promise<void> {
  const index = (name: string, table: string, columns: string[]) => db.schema.createIndex(name).on(table).columns(columns)
  await index('account_email', 'account', ['portal', 'email']).execute()
  await index('attempt_account', 'attempt', ['account_id']).execute()
  // Most sign-ins never come to a session: those that did not are in no index.
  await index('attempt_session', 'attempt', ['session_id']).where('session_id', 'is not', null).execute()
  await index('code_account', 'code', ['account_id', 'created_at']).execute()
  await index('code_reference', 'code', ['reference']).execute()
  await index('remembered_account', 'remembered', ['account_id']).execute()
}
