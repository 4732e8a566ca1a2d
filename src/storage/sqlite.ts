import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { type DatabaseConnection, SqliteAdapter, type SqliteDatabase, SqliteDialect, type SqliteDialectConfig, SqliteDriver } from 'kysely'
import { patiently } from './patience.ts'

/*
 * The embedded engine. node:sqlite is built into Node, so there is no addon to compile. It blocks the loop while it waits for
 * another process, so it waits shortly, and each statement is tried again: the `begin` of a transaction as well as a write of its own.
 */
const busyTimeoutMilliseconds = 50

export function sqliteDialect(file: string): SqliteDialect {
  return new ImmediateDialect({ database: () => patiently(async () => shim(openFile(file)), isBusy) })
}

/** SQLite does support DDL inside a transaction; with it two processes that start at once cannot both migrate. */
class ImmediateDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig

  constructor(config: SqliteDialectConfig) {
    super(config)
    this.#config = config
  }

  override createDriver(): SqliteDriver {
    return new PatientDriver(this.#config)
  }

  override createAdapter(): SqliteAdapter {
    return new (class extends SqliteAdapter {
      override get supportsTransactionalDdl(): boolean {
        return true
      }
    })()
  }
}

class PatientDriver extends SqliteDriver {
  #connection: DatabaseConnection | undefined

  override async acquireConnection(): Promise<DatabaseConnection> {
    this.#connection ??= patient(await super.acquireConnection())
    return this.#connection
  }
}

const patient = (connection: DatabaseConnection): DatabaseConnection => ({
  executeQuery: (query) => patiently(() => connection.executeQuery(query), isBusy),
  streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
})

function openFile(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: busyTimeoutMilliseconds, enableForeignKeyConstraints: true })
  // WAL: readers never wait for a writer. FULL: what people were told is on the disk before they are told.
  try {
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma trusted_schema = off;')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** kysely speaks to better-sqlite3's shape; this lends it to node:sqlite and keeps statements prepared, by their text. */
function shim(database: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, { statement: StatementSync; reader: boolean }>()
  const prepare = (text: string): { statement: StatementSync; reader: boolean } => {
    const known = prepared.get(text)
    if (known) return known
    const statement = database.prepare(text)
    const made = { statement, reader: statement.columns().length > 0 }
    if (prepared.size < 500) prepared.set(text, made)
    return made
  }
  return {
    close: () => database.close(),
    prepare: (text) => {
      // A transaction that starts as a reader can fail when it begins to write; one that starts as a writer waits its turn.
      const { statement, reader } = prepare(text === 'begin' ? 'begin immediate' : text)
      return {
        reader,
        all: (values) => statement.all(...(values as SQLInputValue[])),
        run: (values) => statement.run(...(values as SQLInputValue[])),
        iterate: (values) => statement.iterate(...(values as SQLInputValue[])),
      }
    },
  }
}

/** Another process holds the write lock (SQLITE_BUSY, 5; its extended codes keep 5 in the low byte). */
function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode
  return typeof code === 'number' && (code & 0xff) === 5
}
