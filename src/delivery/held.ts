import type { Lease, MessageRow } from '../storage/index.ts'

/** A message in our hands. What changes its lease goes one after the other, so that our own renewal never looks like another worker. */
export interface Held {
  readonly row: MessageRow
  lease: Lease
  alone<T>(work: () => Promise<T>): Promise<T>
}

export function hold(row: MessageRow): Held {
  let turn: Promise<unknown> = Promise.resolve()
  return {
    row,
    lease: { id: row.id, leasedUntil: row.leased_until ?? 0 },
    alone: (work) => {
      const mine = turn.then(work)
      // Whoever waits for `mine` hears of its fault; the next in turn need not.
      turn = mine.catch(() => undefined)
      return mine
    },
  }
}
