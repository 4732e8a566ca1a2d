import { closeSync, fdatasync, openSync } from 'node:fs'
import { promisify } from 'node:util'
import { Fault } from '../errors.ts'

const flush = promisify(fdatasync)

/** Says when what was written is really on the disk. */
export interface Disk {
  /** Resolves when everything written before this call is on the disk. @throws Fault 'database-down' when the disk does not say so. */
  settled(): Promise<void>
  close(): void
}

/**
 * The journal of SQLite (its WAL), brought to the disk on another thread. Who writes while a flush runs shares the next one: under
 * load many commits cost one flush, and the pages of other people never wait for it.
 *
 * `rewrite`: brings the database itself to the disk. After a failed flush the system may have dropped what it could not write, and a
 * second flush would succeed without it; so nothing is believed until everything was written anew.
 */
export function openDisk(journal: string, rewrite: () => void): Disk {
  let file: number | undefined
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  let inDoubt = false

  const flushNow = async (): Promise<void> => {
    try {
      if (inDoubt) rewrite()
      inDoubt = true
      // The journal is there since the first write and stays as long as this process holds the database open.
      file ??= openSync(journal, 'r+')
      await flush(file)
      inDoubt = false
    } catch (cause) {
      throw new Fault('database-down', `what was written is not on the disk: ${(cause as Error).message}`, { cause })
    }
  }
  const settled = (): Promise<void> => {
    if (!running) {
      running = flushNow().finally(() => {
        running = undefined
      })
      return running
    }
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined
        return settled()
      })
    return next
  }
  return {
    settled,
    close: () => {
      if (file !== undefined) closeSync(file)
      file = undefined
    },
  }
}
