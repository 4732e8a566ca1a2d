import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { type Checkpoints, openCheckpoints } from './checkpoints.ts'
import { type Disk, openDisk } from './disk.ts'
import { patiently } from './patience.ts'

/*
 * The embedded engine. node:sqlite is built into Node, so there is no addon to compile.
 *
 *     a write ──> turn of its own ──> commit, into the journal ──> turn over ──> journal on the disk ──> the caller hears of it
 *                                                                        └──> the next one works meanwhile
 *
 * It blocks the loop while it waits for another process, so it waits for a moment only, and each statement is tried again: the `begin`
 * of a transaction as well as a write of its own. Between two tries the turn is somebody else's.
 */
const busyTimeoutMilliseconds = 1
/** Nobody tries this again, and hardly anything is in its way. */
const lookTimeoutMilliseconds = 50
const mostStatements = 500

export const sqliteDialect = (file: string): Dialect => ({
  createDriver: () => new EmbeddedDriver(file),
  createQueryCompiler: () => new SqliteQueryCompiler(),
  createAdapter: () => new EmbeddedAdapter(),
  createIntrospector: (db) => new SqliteIntrospector(db),
})

class EmbeddedAdapter extends SqliteAdapter {
  /** SQLite does support DDL inside a transaction; with it two processes that start at once cannot both migrate. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }
  /** The driver gives turns itself: a turn ends before the disk is waited for. */
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

/** One database, one turn at a time; what a turn wrote is on the disk before its caller goes on. */
class EmbeddedDriver implements Driver {
  readonly #file: string
  readonly #statements = new Map<string, Prepared>()
  readonly #waiting: (() => void)[] = []
  #taken = false
  #database: DatabaseSync | undefined
  #disk: Disk | undefined
  #checkpoints: Checkpoints | undefined

  constructor(file: string) {
    this.#file = file
  }

  async init(): Promise<void> {
    const database = await patiently(() => openFile(this.#file), isBusy)
    this.#database = database
    this.#checkpoints = openCheckpoints(this.#file)
    this.#disk = openDisk(`${this.#file}-wal`, () => database.exec('pragma wal_checkpoint(truncate)'))
  }

  async acquireConnection(): Promise<Turn> {
    await this.#take()
    return new Turn(
      (text) => this.#prepare(text),
      (milliseconds) => this.#rest(milliseconds),
    )
  }

  async releaseConnection(turn: Turn): Promise<void> {
    this.#give()
    if (!turn.wrote) return
    this.#checkpoints?.wrote()
    await this.#disk?.settled()
  }

  async #take(): Promise<void> {
    if (this.#taken) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#taken = true
  }

  #give(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#taken = false
  }

  /** While another process holds the file, who wants to write waits and who only reads goes on. Inside a transaction nobody comes between. */
  async #rest(milliseconds: number): Promise<void> {
    if (this.#database?.isTransaction) return delay(milliseconds)
    this.#give()
    await delay(milliseconds)
    await this.#take()
  }

  /** A transaction that starts as a reader can fail when it begins to write; one that starts as a writer waits its turn. */
  async beginTransaction(turn: Turn): Promise<void> {
    await turn.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  async commitTransaction(turn: Turn): Promise<void> {
    await turn.executeQuery(CompiledQuery.raw('commit'))
  }

  /** A full or broken disk has rolled it back already; a second `rollback` would hide that reason behind an error of its own. */
  async rollbackTransaction(turn: Turn): Promise<void> {
    if (this.#database?.isTransaction) await turn.executeQuery(CompiledQuery.raw('rollback'))
    turn.wrote = false
  }

  async destroy(): Promise<void> {
    await this.#checkpoints?.close()
    this.#statements.clear()
    this.#disk?.close()
    this.#database?.close()
  }

  /** Statements are kept prepared, by their text. */
  #prepare(text: string): Prepared {
    const known = this.#statements.get(text)
    if (known) return known
    const statement = (this.#database as DatabaseSync).prepare(text)
    const made = { statement, columns: namesOf(statement) }
    // Half the cost of a wide row is its names: they are the same for each, so the engine gives values alone.
    if (made.columns.length > 0) statement.setReturnArrays(true)
    if (this.#statements.size < mostStatements) this.#statements.set(text, made)
    return made
  }
}

interface Prepared {
  readonly statement: StatementSync
  /** Of what it reads; none for a write. Another process may widen a table that is asked whole. */
  columns: readonly string[]
}

class Turn implements DatabaseConnection {
  wrote = false
  readonly #prepare: (text: string) => Prepared
  readonly #rest: (milliseconds: number) => Promise<void>

  constructor(prepare: (text: string) => Prepared, rest: (milliseconds: number) => Promise<void>) {
    this.#prepare = prepare
    this.#rest = rest
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (query.query.kind !== 'SelectQueryNode' && query.query.kind !== 'RawNode') this.wrote = true
    return patiently(() => this.#run<R>(query), isBusy, this.#rest)
  }

  // biome-ignore lint/correctness/useYield: there is nothing that streams
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('nothing is streamed from the embedded engine')
  }

  #run<R>({ sql, parameters }: CompiledQuery): QueryResult<R> {
    const prepared = this.#prepare(sql)
    const { statement } = prepared
    if (prepared.columns.length > 0) return { rows: rowsOf(prepared, statement.all(...(parameters as SQLInputValue[])) as never) }
    const { changes, lastInsertRowid } = statement.run(...(parameters as SQLInputValue[]))
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }
}

const namesOf = (statement: StatementSync): string[] => statement.columns().map((it) => it.name)

function rowsOf<R>(prepared: Prepared, rows: readonly (readonly SQLOutputValue[])[]): R[] {
  if (rows[0] && rows[0].length !== prepared.columns.length) prepared.columns = namesOf(prepared.statement)
  const { columns } = prepared
  return rows.map((values) => {
    const row: Record<string, SQLOutputValue | undefined> = {}
    for (let at = 0; at < columns.length; at++) row[columns[at] as string] = values[at]
    return row as R
  })
}

function openFile(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: busyTimeoutMilliseconds, enableForeignKeyConstraints: true })
  // WAL: readers never wait for a writer. NORMAL: a commit does not wait for the disk; whoever wrote does, by disk.ts. The journal is
  // emptied by checkpoints.ts; the number here, 200 MB, is for when that cannot.
  try {
    database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma trusted_schema = off; pragma wal_autocheckpoint = 50000;')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

export interface Watch {
  version(): number
  close(): void
}

/**
 * A connection that only looks: `data_version` moves for it with every commit of others, and all others are others. Requests that the
 * loop takes up together share one look: nobody among them can have heard of a commit that came after it.
 */
export function watchFile(file: string): Watch {
  const database = new DatabaseSync(file, { timeout: lookTimeoutMilliseconds, readOnly: true })
  const statement = database.prepare('pragma data_version')
  let seen: number | undefined
  const forget = (): void => {
    seen = undefined
  }
  return {
    version: () => {
      if (seen === undefined) {
        seen = Number(statement.get()?.data_version)
        setImmediate(forget)
      }
      return seen
    },
    close: () => database.close(),
  }
}

/** Another process holds the write lock (SQLITE_BUSY, 5; its extended codes keep 5 in the low byte). */
function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode
  return typeof code === 'number' && (code & 0xff) === 5
}
