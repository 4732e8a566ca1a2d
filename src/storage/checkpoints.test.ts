import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openStorage, type Storage } from './index.ts'

/* The embedded engine alone: what is in its journal comes into the database while it is used, not by whoever commits. */

let folder: string
let storage: Storage
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluis-checkpoints-'))
  storage = await openStorage(join(folder, 'sluis.db'))
})
afterAll(async () => {
  await storage.close()
  rmSync(folder, { recursive: true, force: true })
})

const megabytes = (name: string): number => statSync(join(folder, name)).size / 1e6
const write = (key: string): Promise<unknown> =>
  storage.db
    .insertInto('setting')
    .values({ key, value: 'x'.repeat(1_000_000) })
    .execute()

test('a short journal is left alone; a long one goes into the database, and new commits come in meanwhile', async () => {
  await write('a')
  expect(megabytes('sluis.db')).toBeLessThan(0.1)
  for (const key of 'bcdefgh') await write(key)
  expect(megabytes('sluis.db-wal')).toBeGreaterThan(4)
  let number = 0
  const wholeDatabase = async (): Promise<void> => {
    await storage.db
      .insertInto('setting')
      .values({ key: `n${number++}`, value: 'x' })
      .execute()
    expect(megabytes('sluis.db')).toBeGreaterThan(7)
  }
  await vi.waitFor(wholeDatabase, { timeout: 20_000, interval: 100 })
  const { count } = await storage.db
    .selectFrom('setting')
    .select((it) => it.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  expect(Number(count)).toBe(8 + number)
})
