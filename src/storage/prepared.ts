import type { Compilable, CompiledQuery } from 'kysely'
import type { Db, Tx } from './open.ts'

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
  build: (db: Db, ...values: Values) => Compilable<Row>,
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
function buildOnce<Values extends readonly unknown[], Row>(
  db: Db | Tx,
  arity: number,
  build: (db: Db, ...values: Values) => Compilable<Row>,
): Built<Row> {
  const marks: unknown[] = Array.from({ length: arity }, (_, argument) => ({ argument }))
  const query = build(db as Db, ...(marks as unknown as Values)).compile()
  return { query, places: query.parameters.map((it) => marks.indexOf(it)) }
}
