import { expect, test } from 'vitest'
import { onEachEngine, times, winners } from '../../test/support/engines.ts'
import { account, start } from '../../test/support/rows.ts'
import { systemRandom as random } from '../random.ts'
import { addSession, addSessionClient, dueFarewells, endSession, endSessionsOf, farewellsOf, noteFarewell, takeFarewell } from './index.ts'

onEachEngine((opened, another) => {
  const session = async (...clients: string[]): Promise<{ id: string; of: string }> => {
    const [id, of] = [random.id(), await account(opened().db)]
    const more = { ended_at: null, device: null, born_of: null }
    const row = { id, portal: 'haven', token_hash: random.token(), account_id: of, started_at: start, last_seen_at: start, ...more }
    await addSession(opened().db as never, { ...row, ends_at: start + 86_400_000 })
    for (const client_id of clients) await addSessionClient(opened().db, { session_id: id, client_id, sid: `${client_id} sid` }, start)
    return { id, of }
  }
  const due = async (id: string, now = start + 10): Promise<string[]> =>
    (await dueFarewells(opened().db, start - 1, 1_000, now)).filter((it) => it.session_id === id).map((it) => it.client_id)

  test('an application waits to be told from the moment the session ends, by whatever ends it', async () => {
    const [one, other] = [await session('planning', 'berths'), await session('planning')]
    expect([await due(one.id), await due(other.id)]).toEqual([[], []])
    await endSession(opened().db, one.id, start)
    await endSessionsOf(opened().db, other.of, start)
    expect([(await due(one.id)).toSorted(), await due(other.id)]).toEqual([['berths', 'planning'], ['planning']])
    expect(await due(one.id, start - 1)).toEqual([])
  })

  test('an application that is left for later is left at its own portal alone, and the others are not', async () => {
    const { id } = await session('planning', 'berths')
    await endSession(opened().db, id, start)
    const without = async (portal: string, client_id: string): Promise<string[]> => {
      const rows = await dueFarewells(opened().db, start - 1, 1_000, start + 10, [{ portal, client_id }])
      return rows.flatMap((it) => (it.session_id === id ? [it.client_id] : [])).toSorted()
    }
    expect([await without('haven', 'planning'), await without('other', 'planning')]).toEqual([['berths'], ['berths', 'planning']])
  })

  test('one of two nodes tells it, once; a second let-in changes nothing', async () => {
    const { id } = await session('planning')
    await endSession(opened().db, id, start)
    const two = await another()
    const key = { session_id: id, client_id: 'planning' }
    expect(await winners(times(20, (it) => takeFarewell((it % 2 ? opened() : two).db, key, start + 10_000, start)))).toBe(1)
    expect([await due(id), await due(id, start + 10_000)]).toEqual([[], ['planning']])
    await noteFarewell(opened().db, key, { state: 'told', said: null })
    await addSessionClient(opened().db, { ...key, sid: 'other' }, start)
    expect(await due(id, start + 10_000)).toEqual([])
    expect(await takeFarewell(opened().db, key, start, start + 10_000)).toBe(false)
    expect(await farewellsOf(opened().db, 'haven', id)).toMatchObject([{ client_id: 'planning', state: 'told', tries: 1 }])
  })

  test('what became of it is told of an ended session of this portal alone', async () => {
    const { id } = await session('planning')
    expect(await farewellsOf(opened().db, 'haven', id)).toEqual([])
    await endSession(opened().db, id, start)
    expect([(await farewellsOf(opened().db, 'haven', id)).length, (await farewellsOf(opened().db, 'other', id)).length]).toEqual([1, 0])
  })
})
