import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Dialect, Kysely, type Transaction } from 'kysely'
import { Fault } from '../errors.ts'
import { migrate } from './migrations/index.ts'
import { isRetryable, patiently } from './patience.ts'
import { sqliteDialect, type Watch, watchFile } from './sqlite.ts'
import type { Tables } from './tables.ts'

export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>

export interface Storage {
  readonly engine: 'sqlite' | 'postgres'
  readonly db: Db
  /** All or nothing. Tried again by itself when another transaction was in the way; so `work` may run more than once. */
  inTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /**
   * Moves with every commit, whoever made it: what was read before is good while this number stands. Undefined where the engine has
   * no such number; then nothing may be kept.
   */
  version(): number | undefined
  close(): Promise<void>
}

/** Opens a database by its address (`postgres://...` or a file) and brings its tables up to date. */
export async function openStorage(address: string): Promise<Storage> {
  const engine = /^postgres(ql)?:\/\//.test(address) ? 'postgres' : 'sqlite'
  if (engine === 'sqlite') prepareFile(resolve(address))
  const db: Db = new Kysely<Tables>({ dialect: await dialectOf(engine, address) })
  try {
    await patiently(() => migrate(db), isRetryable)
  } catch (cause) {
    await db.destroy().catch(() => undefined)
    throw new Fault(
      'database-unreadable',
      `cannot open the database ${engine === 'sqlite' ? address : withoutSecrets(address)}: ${(cause as Error).message}`,
      { cause },
    )
  }
  let watch: Watch | undefined
  return {
    engine,
    db,
    inTransaction: (work) => patiently(() => db.transaction().execute(work), isRetryable),
    version: () => {
      if (engine === 'postgres') return undefined
      // Opened by the first who asks: commands never do.
      watch ??= watchFile(resolve(address))
      return watch.version()
    },
    close: async () => {
      watch?.close()
      await db.destroy()
    },
  }
}

/** The client of the other engine is not even loaded. */
async function dialectOf(engine: Storage['engine'], address: string): Promise<Dialect> {
  if (engine === 'sqlite') return sqliteDialect(resolve(address))
  const { postgresDialect } = await import('./postgres.ts')
  return postgresDialect(address)
}

/** The file and its folder belong to this user alone (0600, 0700). */
function prepareFile(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    if (existsSync(file)) return
    closeSync(openSync(file, 'a', 0o600))
    chmodSync(file, 0o600)
  } catch (cause) {
    throw new Fault('database-unreadable', `cannot create the database ${file}: ${(cause as Error).message}`, { cause })
  }
}

function withoutSecrets(address: string): string {
  return address.replace(/\/\/[^@/]*@/, '//')
}
