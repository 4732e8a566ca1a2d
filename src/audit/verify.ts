import type { Instant } from '../decision/index.ts'
import { type AuditRow, chainRows, chainStart, findChain, unsealedRows, type Vault } from '../storage/index.ts'
import { personSealOf, type SealingHouse, sealOf } from './seal.ts'

export interface ChainProblem {
  /** `missing`: from this place on; `changed`: what happened, or whom it tells of; `cut`: the end is not where it was. */
  readonly problem: 'missing' | 'changed' | 'cut' | 'not-as-known'
  readonly seq: number
}

export interface ChainReport {
  readonly portal: string
  readonly events: number
  /** The end: note it elsewhere, and a chain that was cut and mended under the same key is found too. */
  readonly end: { readonly seq: number; readonly seal: string }
  /** Events that should have had their place by now. */
  readonly unsealed: number
  /** Events of accounts that were deleted since. */
  readonly erased: number
  readonly problems: readonly ChainProblem[]
}

/** The sealer takes a second; what is older and has no place waits for one that runs. */
const patienceSeconds = 5
const atOnce = 1_000
const most = 1_000_000

/** Walks the chain of a portal from its start. After a gap or a change it goes on from the next event as it stands. */
export async function verifyChain(
  { storage: { db }, vault }: SealingHouse,
  portal: string,
  now: Instant,
  known?: { readonly seq: number; readonly seal: string },
): Promise<ChainReport> {
  const problems: ChainProblem[] = []
  let [last, events, erased]: [{ seq: number; seal: string }, number, number] = [chainStart, 0, 0]
  for (let rows = await chainRows(db, portal, 0, atOnce); rows.length > 0; rows = await chainRows(db, portal, last.seq, atOnce))
    for (const row of rows) {
      const seq = row.seq ?? 0
      if (seq !== last.seq + 1) problems.push({ problem: 'missing', seq: last.seq + 1 })
      else if (!holds(vault, last.seal, row)) problems.push({ problem: 'changed', seq })
      if (known?.seq === seq && known.seal !== row.seal) problems.push({ problem: 'not-as-known', seq })
      events++
      if (row.erased_at !== null) erased++
      last = { seq, seal: row.seal ?? '' }
    }
  const end = (await findChain(db, portal)) ?? chainStart
  if (end.seq !== last.seq || end.seal !== last.seal) problems.push({ problem: 'cut', seq: last.seq + 1 })
  if (known && known.seq > last.seq) problems.push({ problem: 'not-as-known', seq: known.seq })
  const unsealed = (await unsealedRows(db, portal, most, now - patienceSeconds * 1000)).length
  return { portal, events, end: last, unsealed, erased, problems }
}

function holds(vault: Vault, before: string, row: AuditRow): boolean {
  const isEmpty = [row.account_id, row.name_hash, row.attempt_id, row.address, row.device].every((it) => it === null)
  if (row.erased_at !== null && !isEmpty) return false
  const person = row.erased_at === null ? personSealOf(vault, row) : (row.person_seal ?? '')
  return row.seal === sealOf(vault, before, row.seq ?? 0, row, person)
}
