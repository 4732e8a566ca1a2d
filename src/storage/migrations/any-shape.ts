import type { Kysely } from 'kysely'

/** A database in the shape of any day: a migration knows that of its own, never that of today. */
// biome-ignore lint/suspicious/noExplicitAny: migrations run on every shape that the tables ever had
export type AnyShape = Kysely<any>
