import type { AnyShape } from './any-shape.ts'

/** By when what is over is found, so that the sweep reads no more than it takes away. */
export async function up(db: AnyShape): Promise<void> {
  for (const [table, column] of [
    ['message', 'created_at'],
    ['link', 'ends_at'],
    ['session', 'ends_at'],
    ['retired_value', 'retired_at'],
  ] as const)
    await db.schema.createIndex(`${table}_sweep`).on(table).column(column).execute()
}
