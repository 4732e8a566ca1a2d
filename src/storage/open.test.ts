import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { onEachEngine, times, winners } from '../../test/support/engines.ts'
import { createDatabase, withPostgres } from '../../test/support/postgres.ts'
import { account, attempt, start } from '../../test/support/rows.ts'
import { finishAttempt, openStorage, probeWriting, raise, readCounter, readSetting, settleSetting } from './index.ts'

const rule = { failures: 10, pauseSeconds: 900, longestSeconds: 86_400 }

onEachEngine((opened, another) => {
  test('a transaction that fails leaves nothing', async () => {
    const failing = opened().inTransaction(async (tx) => {
      await settleSetting(tx, 'half', 'done')
      throw new Error('power cut')
    })
    await expect(failing).rejects.toThrow('power cut')
    expect(await readSetting(opened().db, 'half')).toBeUndefined()
  })

  test('a row that belongs to nobody is refused', async () => {
    await expect(attempt(opened().db, 'nobody')).rejects.toThrow()
  })

  test('an id that is named twice is refused', async () => {
    const id = await account(opened().db)
    await expect(account(opened().db, { id, name: 'another' })).rejects.toThrow()
  })

  test('opening it once more changes nothing and loses nothing', async () => {
    await settleSetting(opened().db, 'kept', 'yes')
    expect(await readSetting((await another()).db, 'kept')).toBe('yes')
  })

  test('whether it takes what is written is asked by writing', async () => {
    for (const now of [start, start + 1]) await probeWriting(opened().db, now)
    expect(await readSetting(opened().db, 'probed-at')).toBe(String(start + 1))
  })

  test('two processes count together and lose no try', async () => {
    const two = await another()
    await Promise.all(times(40, (it) => raise((it % 2 ? opened() : two).db, 'password shared', { ...rule, failures: 1_000 }, start)))
    expect((await readCounter(opened().db, 'password shared')).count).toBe(40)
  })

  test('of two processes that finish one sign-in one wins', async () => {
    const two = await another()
    const { db } = opened()
    for (let round = 0; round < 10; round++) {
      const sign = await attempt(db, await account(db))
      const finish = (storage: typeof two, session: string): Promise<boolean> =>
        storage.inTransaction(async (tx) => {
          const won = await finishAttempt(tx, sign, session, start)
          await pause(1)
          return won
        })
      expect(await winners([finish(opened(), 'a'), finish(two, 'b'), finish(two, 'c'), finish(opened(), 'd')])).toBe(1)
    }
  })

  test('T002 two that stand in each other’s way are both done: what was broken off is done again, and nobody hears of it', async () => {
    const two = await another()
    const [one, other] = [await account(opened().db), await account(opened().db)]
    const crosswise = (storage: typeof two, ids: readonly string[], name: string): Promise<void> =>
      storage.inTransaction(async (tx) => {
        for (const id of ids) {
          await tx.updateTable('account').set({ given_name: name }).where('id', '=', id).execute()
          await pause(100)
        }
      })
    await Promise.all([crosswise(opened(), [one, other], 'Anna'), crosswise(two, [other, one], 'Bram')])
    const names = await opened().db.selectFrom('account').select('given_name').where('id', 'in', [one, other]).execute()
    expect(new Set(names.map((it) => it.given_name)).size).toBe(1)
  })

  test('a write that finds the database held by another process waits for its turn', async () => {
    const two = await another()
    const account_ = await account(opened().db)
    const holding = two.inTransaction(async (tx) => {
      await tx.updateTable('account').set({ language: 'nl' }).where('id', '=', account_).execute()
      await pause(300)
    })
    await pause(20)
    const waiting = Promise.all([
      raise(opened().db, 'password waits', rule, start),
      opened().inTransaction((tx) => settleSetting(tx, 'waits', 'too')),
    ])
    await holding
    expect((await waiting)[0]).toEqual({ raised: true, count: 1 })
  })
})

describe('a database that nobody made yet', () => {
  const makeAtOnce = async (address: string): Promise<void> => {
    const opened = await Promise.all(times(4, () => openStorage(address)))
    for (const { db } of opened) expect(await readCounter(db, 'password x')).toEqual({ count: 0 })
    await Promise.all(opened.map((it) => it.close()))
  }

  test('is made once when four processes start together, in a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluis-open-'))
    await makeAtOnce(join(folder, 'sluis.db')).finally(() => rmSync(folder, { recursive: true, force: true }))
  })

  test.skipIf(!withPostgres)('is made once when four processes start together, in PostgreSQL', async () => {
    const { url, drop } = await createDatabase()
    await makeAtOnce(url).finally(drop)
  })
})

describe('a file of node:sqlite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluis-open-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('belongs to this user alone, and so does its folder', async () => {
    const file = join(folder, 'new', 'sluis.db')
    await (await openStorage(file)).close()
    expect([statSync(file).mode & 0o777, statSync(join(folder, 'new')).mode & 0o777]).toEqual([0o600, 0o700])
  })

  test('is opened also while another process makes it', async () => {
    const file = join(folder, 'busy.db')
    const other = new DatabaseSync(file)
    other.exec('begin exclusive')
    const opening = openStorage(file)
    await pause(200)
    other.exec('commit')
    other.close()
    await (await opening).close()
  })

  test('what is no database is a fault with its name', async () => {
    const faulty = openStorage(folder)
    await expect(faulty).rejects.toMatchObject({ name: 'Fault', code: 'database-unreadable' })
  })
})

test('a database that does not answer is a fault that tells no password', async () => {
  const faulty = openStorage('postgres://haven:geheim-woord@127.0.0.1:1/none')
  await expect(faulty).rejects.toMatchObject({ code: 'database-unreadable' })
  await expect(openStorage('postgres://haven:geheim-woord@127.0.0.1:1/none')).rejects.not.toThrow('geheim-woord')
})
