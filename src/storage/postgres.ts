import { Socket } from 'node:net'
import { PostgresDialect } from 'kysely'
import pg from 'pg'

const int8 = 20
/** The server ends what takes longer; so it is never silent for so long while somebody waits, unless it is gone. */
const longestStatementMilliseconds = 10_000
const silenceMilliseconds = longestStatementMilliseconds + 2_000

/** Moments and counters are BIGINT and fit a JavaScript number for 285,000 years. */
export function postgresDialect(url: string): PostgresDialect {
  const types = {
    getTypeParser: ((oid: number, format?: 'text') =>
      oid === int8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
  }
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 5_000,
    statement_timeout: longestStatementMilliseconds,
    stream: givesUp,
    types,
  })
  // A connection that breaks, idle or in use, is replaced at the next use; without these two listeners the process would end.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return new PostgresDialect({ pool })
}

/** A server that fell silent without a word, as behind a broken network, is left: what waits for it hears so. */
function givesUp(): Socket {
  const socket: Socket = new Socket().setTimeout(silenceMilliseconds, () => socket.destroy())
  return socket
}
