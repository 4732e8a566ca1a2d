import { PostgresDialect } from 'kysely'
import pg from 'pg'

const int8 = 20

/** Moments and counters are BIGINT and fit a JavaScript number for 285,000 years. */
export function postgresDialect(url: string): PostgresDialect {
  const types = {
    getTypeParser: ((oid: number, format?: 'text') =>
      oid === int8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
  }
  const pool = new pg.Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 5_000, statement_timeout: 10_000, types })
  // An idle connection that breaks is replaced at the next use; without a listener the process would end.
  pool.on('error', () => undefined)
  return new PostgresDialect({ pool })
}
