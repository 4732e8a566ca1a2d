import type { Instant } from '../decision/index.ts'
import type { Db, Tx } from './open.ts'
import { insertRow } from './prepared.ts'
import type { NewRow, Row } from './tables.ts'

export type AuditRow = Row<'audit'>

/** Only src/audit calls this; rows are added and never changed, but for their seal. */
export async function addAuditRows(db: Db | Tx, rows: readonly NewRow<'audit'>[]): Promise<void> {
  const [row, ...more] = rows
  if (row && more.length === 0) await insertRow(db, 'audit', row)
  else if (row) await db.insertInto('audit').values(rows).execute()
}

/** What happened to an account, newest first. */
export function auditRowsOf(db: Db | Tx, account: string, limit: number): Promise<AuditRow[]> {
  return db.selectFrom('audit').selectAll().where('account_id', '=', account).orderBy('at', 'desc').limit(limit).execute()
}

/** Those of some kinds since a moment, newest first. */
export function auditRowsSince(
  db: Db | Tx,
  portal: string,
  account: string,
  { events, since, limit }: { readonly events: readonly string[]; readonly since: Instant; readonly limit: number },
): Promise<AuditRow[]> {
  return db
    .selectFrom('audit')
    .selectAll()
    .where('account_id', '=', account)
    .where('portal', '=', portal)
    .where('event', 'in', events)
    .where('at', '>', since)
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
}
