import type { Db, Tx } from './open.ts'
import type { NewRow, Row } from './tables.ts'

export type HostSessionRow = Row<'host_session'>

export async function addHostSession(tx: Tx, row: NewRow<'host_session'>): Promise<void> {
  await tx.insertInto('host_session').values(row).execute()
}

/** By the hash of its cookie, at this application alone. Whether the session behind it lives is another question. */
export function findHostSession(db: Db | Tx, portal: string, application: string, tokenHash: string): Promise<HostSessionRow | undefined> {
  return db
    .selectFrom('host_session')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .where('portal', '=', portal)
    .where('application', '=', application)
    .executeTakeFirst()
}
