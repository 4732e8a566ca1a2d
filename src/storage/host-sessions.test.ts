import { expect, test } from 'vitest'
import { onEachEngine } from '../../test/support/engines.ts'
import { account, start } from '../../test/support/rows.ts'
import { systemRandom as random } from '../random.ts'
import { addBrowser, addHostSession, addSession, findBrowserById, findHostSession, settleSetting } from './index.ts'

onEachEngine((opened, another) => {
  const session = async (endsAt: number): Promise<string> => {
    const id = random.id()
    const moments = { started_at: start, last_seen_at: start, ends_at: endsAt, ended_at: null }
    const of = await account(opened().db)
    await addSession(opened().db as never, { id, portal: 'haven', token_hash: random.id(), account_id: of, device: null, ...moments })
    return id
  }
  const comeIn = async (id: string, hash: string): Promise<void> =>
    addHostSession(opened().db as never, {
      token_hash: hash,
      portal: 'haven',
      application: 'loket',
      session_id: id,
      browser_id: null,
      asked_at: start,
      created_at: start,
    })

  test('who came in at a protected host is found there, and at no other application or portal', async () => {
    const { db } = opened()
    const id = await session(start + 1_000)
    await comeIn(id, 'here')
    expect((await findHostSession(db, 'haven', 'loket', 'here'))?.session_id).toBe(id)
    expect(await findHostSession(db, 'haven', 'kade', 'here')).toBeUndefined()
    expect(await findHostSession(db, 'werf', 'loket', 'here')).toBeUndefined()
  })

  test('a known browser is found by its row for its own account alone', async () => {
    const { db } = opened()
    const [one, two] = [await account(db), await account(db)]
    const row = {
      id: random.id(),
      portal: 'haven',
      account_id: one,
      token_hash: random.id(),
      seen_at: start,
      created_at: start,
      device: null,
    }
    await addBrowser(db as never, row)
    expect((await findBrowserById(db, row.id, one))?.id).toBe(row.id)
    expect(await findBrowserById(db, row.id, two)).toBeUndefined()
  })

  test('the version moves with every commit of this process and of another, and stands still in between', async () => {
    const two = await another()
    const nextTurn = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve))
    const before = opened().version()
    if (before === undefined) return expect(opened().engine).toBe('postgres')
    expect(opened().version()).toBe(before)
    await settleSetting(opened().db, 'by-us', '1')
    await nextTurn()
    const after = opened().version()
    expect(after).not.toBe(before)
    await settleSetting(two.db, 'by-others', '1')
    await nextTurn()
    expect(opened().version()).not.toBe(after)
  })
})
