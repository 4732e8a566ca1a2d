import type { Compilable, CompiledQuery, RawBuilder } from 'kysely'
import type { Db, Tx } from './open.ts'
import type { NewRow, Tables } from './tables.ts'

type Build<Values extends readonly unknown[], Row> = (db: Db, ...values: Values) => Compilable<Row> | RawBuilder<Row>

interface Built<Row> {
  readonly query: CompiledQuery<Row>
  /** For each value of the statement: which argument it is, or -1 for one that never changes. */
  readonly places: readonly number[]
}

/**
 * A statement that is built once for each engine; afterwards only its values change. For what every page of a sign-in asks: building
 * it costs as much as running it. The arguments may only stand where a value stands, never choose the shape.
 */
export function prepared<Values extends readonly unknown[], Row>(
  arity: Values['length'],
  build: Build<Values, Row>,
): (db: Db | Tx, ...values: Values) => Promise<Row[]> {
  const known = new WeakMap<object, Built<Row>>()
  return async (db, ...values) => {
    const { adapter } = db.getExecutor()
    const built = known.get(adapter) ?? buildOnce(db, arity, build)
    known.set(adapter, built)
    const parameters = built.places.map((place, at) => (place < 0 ? built.query.parameters[at] : values[place]))
    return (await db.executeQuery<Row>({ ...built.query, parameters })).rows
  }
}

/** Built with marks instead of values, to see where each argument went. */
function buildOnce<Values extends readonly unknown[], Row>(db: Db | Tx, arity: number, build: Build<Values, Row>): Built<Row> {
  const marks: unknown[] = Array.from({ length: arity }, (_, argument) => ({ argument }))
  const query = build(db as Db, ...(marks as unknown as Values)).compile(db)
  return { query, places: query.parameters.map((it) => marks.indexOf(it)) }
}

/** Adds a row; the statement is built once for each table, engine and set of columns. */
export async function insertRow<Table extends keyof Tables>(tx: Db | Tx, table: Table, row: NewRow<Table>): Promise<void> {
  const given = row as Readonly<Record<string, unknown>>
  const columns = Object.keys(given).filter((it) => given[it] !== undefined)
  const { adapter } = tx.getExecutor()
  const built = inserts.get(adapter) ?? new Map<string, Built<unknown>>()
  inserts.set(adapter, built)
  const key = [table, ...columns].join()
  const made = built.get(key) ?? insertOf(tx, table, columns)
  built.set(key, made)
  const parameters = made.places.map((place) => given[columns[place] ?? ''])
  await tx.executeQuery({ ...made.query, parameters })
}

const inserts = new WeakMap<object, Map<string, Built<unknown>>>()

function insertOf(tx: Db | Tx, table: keyof Tables, columns: readonly string[]): Built<unknown> {
  return buildOnce(tx, columns.length, (db, ...marks) => {
    const values = Object.fromEntries(columns.map((it, at) => [it, marks[at]]))
    return db.insertInto(table).values(values as never)
  })
}
