import type { Instant } from '../decision/index.ts'
import {
  type AuditRow,
  hasUnsealed,
  holdChain,
  moveChain,
  type Sealed,
  type Storage,
  sealRows,
  unsealedRows,
  type Vault,
} from '../storage/index.ts'

/*
 * An event commits with what it tells of and has no place yet. One sealer for a portal, whoever has the lease, gives committed events
 * their places within a second:
 *
 *     seal of n = keyed hash over (seal of n-1, n, what happened, whom it tells of)
 *
 * So no event can be changed, left out or put in between without the master key. Whom it tells of enters by a hash of its own: when an
 * account is deleted those columns are emptied and the chain still holds.
 */
const leaseSeconds = 10
/** Few at once: nobody else gets a turn on the embedded database meanwhile. */
const atOnce = 50

export interface SealingHouse {
  readonly storage: Storage
  readonly vault: Vault
}

/** Seals what waits at a portal. @returns how many events; 0 as well when another process has the lease. */
export async function sealEvents({ storage, vault }: SealingHouse, portal: string, holder: string, now: Instant): Promise<number> {
  let count = 0
  // Looked at first without holding anything: mostly there is nothing.
  while (await hasUnsealed(storage.db, portal)) {
    const sealed = await storage.inTransaction(async (tx) => {
      const chain = await holdChain(tx, portal, holder, { now, until: now + leaseSeconds * 1000 })
      if (!chain) return 0
      const rows = await unsealedRows(tx, portal, atOnce)
      const places = placesAfter(vault, chain, rows)
      const end = places.at(-1)
      if (!end) return 0
      await sealRows(tx, places)
      await moveChain(tx, portal, { seq: end.seq, seal: end.seal })
      return places.length
    })
    if (sealed === 0) break
    count += sealed
  }
  return count
}

function placesAfter(vault: Vault, end: Pick<Sealed, 'seq' | 'seal'>, rows: readonly AuditRow[]): Sealed[] {
  const places: Sealed[] = []
  for (const row of rows) {
    const before = places.at(-1) ?? end
    const personSeal = personSealOf(vault, row)
    places.push({ id: row.id, seq: before.seq + 1, personSeal, seal: sealOf(vault, before.seal, before.seq + 1, row, personSeal) })
  }
  return places
}

export function sealOf(vault: Vault, before: string, seq: number, row: AuditRow, personSeal: string): string {
  const { portal, id, at, event, reason, door, method } = row
  return vault.mac('audit seal', JSON.stringify([before, seq, portal, id, at, event, reason, door, method, personSeal]))
}

export function personSealOf(vault: Vault, { id, account_id, name_hash, attempt_id, address, device }: AuditRow): string {
  return vault.mac('audit person', JSON.stringify([id, account_id, name_hash, attempt_id, address, device]))
}
