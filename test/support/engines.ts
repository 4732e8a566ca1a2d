/*
 * Every story on every engine: a file of node:sqlite, and PostgreSQL.
 *
 *   onEachEngine((opened) => { test('one winner', async () => { await raise(opened().db, …) }) })
 *
 * `another()` opens the same database once more, as a second process would; `address()` is for a process of its own.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { openStorage, type Storage } from '../../src/storage/index.ts'
import { createDatabase, withPostgres } from './postgres.ts'

interface Place {
  readonly address: string
  remove(): Promise<void>
}

const places: Readonly<Record<Storage['engine'], () => Promise<Place>>> = {
  sqlite: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluis-storage-'))
    return { address: join(folder, 'sluis.db'), remove: async () => rmSync(folder, { recursive: true, force: true }) }
  },
  postgres: async () => {
    const { url, drop } = await createDatabase()
    return { address: url, remove: drop }
  },
}

export function onEachEngine(stories: (opened: () => Storage, another: () => Promise<Storage>, address: () => string) => void): void {
  for (const engine of ['sqlite', 'postgres'] as const)
    describe.skipIf(engine === 'postgres' && !withPostgres)(`on ${engine}`, () => {
      let place: Place
      const open: Storage[] = []
      const another = async (): Promise<Storage> => {
        const storage = await openStorage(place.address)
        open.push(storage)
        return storage
      }
      beforeAll(async () => {
        place = await places[engine]()
        await another()
      })
      afterAll(async () => {
        for (const storage of open) await storage.close()
        await place?.remove()
      })
      stories(
        () => open[0] as Storage,
        another,
        () => place.address,
      )
    })
}

/** How many of them said yes. */
export const winners = async (tries: readonly Promise<boolean>[]): Promise<number> => (await Promise.all(tries)).filter(Boolean).length

export const times = <T>(count: number, make: (place: number) => T): T[] => Array.from({ length: count }, (_, place) => make(place))
