import { sql } from 'kysely'
import type { Instant } from '../decision/index.ts'
import type { AuditRow } from './audit.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import type { Row } from './tables.ts'

export type AuditChainRow = Row<'audit_chain'>

/** Where a chain begins: before its first event. */
export const chainStart = { seq: 0, seal: '' }

/**
 * Holds the chain of a portal until the transaction ends, and its lease until `until`.
 * @returns undefined when another process has the lease.
 */
export async function holdChain(
  tx: Tx,
  portal: string,
  holder: string,
  { now, until }: { readonly now: Instant; readonly until: Instant },
): Promise<AuditChainRow | undefined> {
  await tx
    .insertInto('audit_chain')
    .values({ portal, ...chainStart, holder, leased_until: now })
    .onConflict((it) => it.column('portal').doNothing())
    .execute()
  return tx
    .updateTable('audit_chain')
    .set({ holder, leased_until: until })
    .where('portal', '=', portal)
    .where((it) => it.or([it('holder', '=', holder), it('leased_until', '<=', now)]))
    .returningAll()
    .executeTakeFirst()
}

/** The end of the chain moves on; only while it is held. */
export async function moveChain(tx: Tx, portal: string, end: Pick<AuditChainRow, 'seq' | 'seal'>): Promise<void> {
  await tx.updateTable('audit_chain').set(end).where('portal', '=', portal).execute()
}

export function findChain(db: Db | Tx, portal: string): Promise<AuditChainRow | undefined> {
  return db.selectFrom('audit_chain').selectAll().where('portal', '=', portal).executeTakeFirst()
}

/** Events that have no place yet, the oldest first; only those that happened before a moment, if one is given. */
export function unsealedRows(db: Db | Tx, portal: string, limit: number, before?: Instant): Promise<AuditRow[]> {
  const all = db.selectFrom('audit').selectAll().where('portal', '=', portal).where('seq', 'is', null)
  return (before === undefined ? all : all.where('at', '<', before)).orderBy('at').orderBy('id').limit(limit).execute()
}

export interface Sealed {
  readonly id: string
  readonly seq: number
  readonly seal: string
  readonly personSeal: string
}

/** Gives events their place. @returns how many had none before. */
export async function sealRows(tx: Tx, sealed: readonly Sealed[]): Promise<number> {
  let count = 0
  for (const { id, seq, seal, personSeal } of sealed) count += (await sealRow(tx, id, seq, seal, personSeal)).length
  return count
}
const sealRow = prepared(4, (db, id: string, seq: number, seal: string, personSeal: string) =>
  db.updateTable('audit').set({ seq, seal, person_seal: personSeal }).where('id', '=', id).where('seq', 'is', null).returning('id'),
)

/** Whether any event of a portal has no place yet. */
export async function hasUnsealed(db: Db | Tx, portal: string): Promise<boolean> {
  return (await anyUnsealed(db, portal)).length > 0
}
const anyUnsealed = prepared(1, (db, portal: string) =>
  db.selectFrom('audit').select('id').where('portal', '=', portal).where('seq', 'is', null).limit(sql.lit(1)),
)

/** The next events of a chain after a place. */
export function chainRows(db: Db | Tx, portal: string, after: number, limit: number): Promise<AuditRow[]> {
  return db.selectFrom('audit').selectAll().where('portal', '=', portal).where('seq', '>', after).orderBy('seq').limit(limit).execute()
}

/** Portals that have events or a chain, also those whose file has gone. */
export async function auditedPortals(db: Db | Tx): Promise<string[]> {
  const rows = await db.selectFrom('audit').select('portal').union(db.selectFrom('audit_chain').select('portal')).execute()
  return rows.map((it) => it.portal).toSorted()
}

/** Takes a person out of what happened: the events stay in their place and tell of nobody. */
export async function eraseFromAudit(tx: Tx, account: string, now: Instant): Promise<void> {
  await tx
    .updateTable('audit')
    .set({ account_id: null, name_hash: null, attempt_id: null, address: null, device: null, erased_at: now })
    .where('account_id', '=', account)
    .execute()
}
