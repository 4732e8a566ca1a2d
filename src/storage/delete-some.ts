import { type RawBuilder, sql } from 'kysely'
import type { Db } from './open.ts'
import type { Tables } from './tables.ts'

/**
 * Deletes at most so many rows of what is over, the oldest first by the moment in `after`: a short write, between which everybody else
 * gets their turn. In the order of an index on that column, so that what stays is not read.
 * @returns how many there were.
 */
export async function deleteSome(
  db: Db,
  table: keyof Tables,
  { key, after }: { readonly key: string; readonly after: string },
  isOver: RawBuilder<unknown>,
  most: number,
): Promise<number> {
  const [rows, column] = [sql.table(table), sql.ref(key)]
  const done = await sql`
    delete from ${rows} where ${column} in
      (select ${column} from ${rows} where ${isOver} order by ${sql.ref(after)} limit ${sql.lit(most)}) and ${isOver}`.execute(db)
  return Number(done.numAffectedRows ?? 0)
}
