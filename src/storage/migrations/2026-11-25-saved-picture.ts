import type { AnyShape } from './any-shape.ts'

/** The QR code was saved as a file: who has set up the app hears that it can go. */
export async function up(db: AnyShape): Promise<void> {
  for (const table of ['pending_enrolment', 'authenticator'])
    await db.schema.alterTable(table).addColumn('picture_saved_at', 'bigint').execute()
}
