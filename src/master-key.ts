import { chmodSync, closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Fault } from './errors.ts'
import type { Random } from './random.ts'
import { makeVault, masterKeyBytes, readSetting, type Storage, settleSetting, type Vault } from './storage/index.ts'

const checkSetting = 'master key check'

/**
 * Opens the vault with the master key of this database. A key is made only for a database that never had one.
 * @throws Fault 'key-refused' when the key is missing, readable by others, or of another database.
 */
export async function openVault(file: string, storage: Storage, random: Random): Promise<Vault> {
  const known = await readSetting(storage.db, checkSetting)
  const key = readKey(file) ?? makeKey(file, known !== undefined, random)
  const vault = makeVault(key, random)
  const check = vault.mac('master key check')
  if ((await settleSetting(storage.db, checkSetting, check)) !== check) {
    throw new Fault('key-refused', `the master key ${file} is not the one this database was made with: put the right one back`)
  }
  return vault
}

/** The key in the file, or undefined when there is none. @throws Fault 'key-refused' */
export function readKey(file: string): Uint8Array | undefined {
  try {
    if ((statSync(file).mode & 0o077) !== 0)
      throw new Fault('key-refused', `the master key ${file} can be read by others: chmod 600 ${file}`)
    const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url')
    if (key.length !== masterKeyBytes)
      throw new Fault('key-refused', `the master key ${file} holds ${key.length} bytes, ${masterKeyBytes} are needed, in base64url`)
    return key
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    if (error instanceof Fault) throw error
    throw new Fault('key-refused', `the master key ${file} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}

/**
 * Written whole or not at all, and on the disk before anything is sealed with it: of two processes that start at once, one makes it and
 * both read it.
 */
function makeKey(file: string, wasMade: boolean, random: Random): Uint8Array {
  if (wasMade)
    throw new Fault(
      'key-refused',
      `the master key ${file} is gone and this database cannot be read without it: put it back from your backup`,
    )
  const own = `${file}.${random.id()}`
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(own, `${Buffer.from(random.bytes(masterKeyBytes)).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true })
    chmodSync(own, 0o600)
    linkSync(own, file)
    settle(dirname(file))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new Fault('key-refused', `the master key ${file} cannot be made: ${(error as Error).message}`, { cause: error })
  } finally {
    rmSync(own, { force: true })
  }
  return readKey(file) as Uint8Array
}

/** A name in a folder is on the disk when the folder is. */
function settle(folder: string): void {
  const open = openSync(folder, 'r')
  try {
    fsyncSync(open)
  } finally {
    closeSync(open)
  }
}
