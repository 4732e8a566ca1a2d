/*
 * A process that ends between two statements, and what it leaves of one person.
 *
 *   const cut = cutAfter(storage, 7)      the eighth statement is never asked, and nothing after it; cut.asked tells how many were
 *   leftBy(before, await rowsOf(db, id))  ['account ~ password_hash', 'message + M08', ...]
 */
import type { Storage } from '../../src/storage/index.ts'

export class Cut extends Error {}

export interface CutStorage {
  readonly storage: Storage
  /** Statements so far; the end of a transaction is one. */
  asked(): number
  /** A process that starts again: counts from nothing, and is cut off after so many; never, when none are named. */
  anew(statements?: number): void
}

/**
 * After so many statements `end` is called: by default it throws, as a broken connection does. The one that is cut off was still done, none
 * after it.
 */
export function cutAfter(
  whole: Storage,
  statements = Number.POSITIVE_INFINITY,
  end: () => void = () => {
    throw new Cut('cut off')
  },
): CutStorage {
  let [asked, most] = [0, statements]
  const stand = (): void => {
    if (asked > most) end()
  }
  const count = (): void => {
    asked++
    stand()
  }
  const db = whole.db.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      count()
      return result
    },
  })
  const executor = db.getExecutor()
  const ask = executor.executeQuery.bind(executor)
  executor.executeQuery = async (query) => {
    stand()
    return ask(query)
  }
  return {
    asked: () => asked,
    anew: (next = Number.POSITIVE_INFINITY) => {
      asked = 0
      most = next
    },
    storage: {
      ...whole,
      db,
      inTransaction: async (work) => {
        stand()
        const result = await db.transaction().execute(work)
        count()
        return result
      },
    },
  }
}

type Rows = ReadonlyMap<string, Readonly<Record<string, unknown>>>
/** Raised in writes of their own before anybody looks: a crash costs a try and gives none. */
const counted = ['tries', 'sealed_at', 'lease_holder', 'leased_until']

/** Every row of every table that is theirs. */
export async function rowsOf({ db }: Storage, account: string): Promise<Rows> {
  const rows = new Map<string, Record<string, unknown>>()
  for (const { name, columns } of await db.introspection.getTables()) {
    const owner = name === 'account' ? 'id' : 'account_id'
    if (!columns.some((it) => it.name === owner)) continue
    const found = (await db
      .selectFrom(name as 'fact')
      .selectAll()
      .where(owner as 'account_id', '=', account)
      .execute()) as unknown as Record<string, unknown>[]
    for (const row of found) rows.set(`${name} ${row.id ?? JSON.stringify(row)}`, row)
  }
  return rows
}

/** What happened between the two, without what differs from run to run. */
export function leftBy(before: Rows, after: Rows): string[] {
  const table = (key: string): string => key.split(' ')[0] ?? ''
  const fresh = [...after]
    .filter(([key]) => !before.has(key))
    .map(([key, it]) => `${table(key)} + ${it.event ?? it.template ?? it.fact ?? ''}`)
  const gone = [...before.keys()].filter((key) => !after.has(key)).map((key) => `${table(key)} -`)
  const moved = [...before].flatMap(([key, row]) => {
    const columns = Object.keys(row).filter((it) => after.has(key) && !counted.includes(it) && row[it] !== after.get(key)?.[it])
    return columns.length > 0 ? [`${table(key)} ~ ${columns.toSorted()}`] : []
  })
  return [...fresh, ...gone, ...moved].toSorted()
}
