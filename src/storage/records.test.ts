import { expect, test } from 'vitest'
import { onEachEngine, times, winners } from '../../test/support/engines.ts'
import { account, codes, start } from '../../test/support/rows.ts'
import { systemRandom as random } from '../random.ts'
import {
  addAuditRows,
  addMessage,
  addNextSigningKey,
  addRecord,
  addSigningKeys,
  auditRowsOf,
  consumeRecord,
  dropRecord,
  dropSigningKeys,
  findRecord,
  keepLease,
  leaseMessages,
  putRecord,
  type Storage,
  signingKeysOf,
  sweepSome,
} from './index.ts'

onEachEngine((opened, another) => {
  const record = async (key: string, more: object = {}): Promise<void> =>
    putRecord(opened().db, {
      key,
      model: 'AuthorizationCode',
      portal: 'haven',
      payload: '{}',
      consumed_at: null,
      ends_at: start + 60_000,
      ...more,
    })

  test('what may be shown once is added once, also by fifty at once on two processes', async () => {
    const two = await another()
    const row = { key: 'shown', model: 'ReplayDetection', portal: 'haven', payload: '{}', consumed_at: null }
    const tries = times(50, (it) => addRecord((it % 2 ? opened() : two).db, { ...row, ends_at: start + 60_000 }))
    expect(await winners(tries)).toBe(1)
  })

  test('a code of the protocol is redeemed once, also by fifty at once on two processes', async () => {
    const two = await another()
    await record('once')
    expect(await winners(times(50, (it) => consumeRecord((it % 2 ? opened() : two).db, 'once', start)))).toBe(1)
    expect(await findRecord(opened().db, 'once', start)).toMatchObject({ consumed_at: start })
    expect(await consumeRecord(opened().db, 'nothing', start)).toBe(false)
  })

  test('a record is there up to its end, and one without an end stays', async () => {
    await record('ends')
    await record('stays', { ends_at: null })
    const at = (key: string, now: number): Promise<unknown> => findRecord(opened().db, key, now)
    expect(await at('ends', start + 59_999)).toBeDefined()
    expect(await at('ends', start + 60_000)).toBeUndefined()
    expect(await at('stays', start + 1e12)).toBeDefined()
  })

  test('a record that is written again has the new content', async () => {
    await record('again')
    await record('again', { payload: '{"new":1}' })
    expect(await findRecord(opened().db, 'again', start)).toMatchObject({ payload: '{"new":1}' })
  })

  test('what was dropped is gone; what is old is swept away', async () => {
    const { db } = opened()
    await record('dropped')
    await dropRecord(db, 'dropped')
    expect(await findRecord(db, 'dropped', start)).toBeUndefined()

    await record('old', { ends_at: start - 1 })
    await record('endless', { ends_at: null })
    await sweepSome(db, start + 86_400_000)
    const left = await db.selectFrom('protocol_record').select('key').where('key', 'in', ['old', 'endless']).execute()
    expect(left).toEqual([{ key: 'endless' }])
  })

  test('two processes that start at once make one set of signing keys', async () => {
    const two = await another()
    const keys = () => times(3, (it) => ({ id: random.id(), portal: 'haven', algorithm: `A${it}`, jwk: 'sealed', created_at: start }))
    const make = (storage: Storage): Promise<void> => storage.inTransaction((tx) => addSigningKeys(tx, 'haven', keys()))
    await Promise.all(times(8, (it) => make(it % 2 ? opened() : two)))
    expect(await signingKeysOf(opened().db, 'haven')).toHaveLength(3)
    expect(await signingKeysOf(opened().db, 'kade')).toEqual([])
  })

  test('of two that make the next signing key one adds it; what is over can go', async () => {
    const two = await another()
    const key = (jwk: string) => ({ id: 'kade RS256 2', portal: 'kade', algorithm: 'RS256', jwk, created_at: start })
    await Promise.all(times(8, (it) => addNextSigningKey((it % 2 ? opened() : two).db, key(`sealed ${it}`))))
    expect(await signingKeysOf(opened().db, 'kade')).toHaveLength(1)
    await dropSigningKeys(opened().db, ['kade RS256 2'])
    await dropSigningKeys(opened().db, [])
    expect(await signingKeysOf(opened().db, 'kade')).toEqual([])
  })

  const message = async ({ db, inTransaction }: Storage): Promise<string> => {
    const id = random.id()
    const { account: who, codes: made } = await codes(db, 1)
    await inTransaction((tx) =>
      addMessage(tx, {
        id,
        portal: 'haven',
        template: 'M01',
        channel: 'email',
        account_id: who,
        code_id: made[0]?.id ?? null,
        address: 'fleur@voorbeeld.be',
        language: 'nl',
        number: 'BCDFGHJK',
        facts: '{}',
        state: 'queued',
        next_at: start,
        leased_until: null,
        created_at: start,
        ends_at: start + 600_000,
        provider_id: null,
      }),
    )
    return id
  }
  const lease = async (storage: Storage, ids: string[], until: number, now = start): Promise<string[]> =>
    (await storage.inTransaction((tx) => leaseMessages(tx, ids, until, now))).map((it) => it.id)

  test('two workers never hold one message, and together they hold all', async () => {
    const two = await another()
    const ids = await Promise.all(times(10, () => message(opened())))
    const held = await Promise.all(times(10, (it) => lease(it % 2 ? opened() : two, ids, start + 1_000 + it)))
    expect(held.flat().toSorted()).toEqual(ids.toSorted())
  })

  test('a lease that ran out lets another worker take the message, and the first no longer keeps it', async () => {
    const { inTransaction } = opened()
    const id = await message(opened())
    expect(await lease(opened(), [id], start + 1_000)).toEqual([id])
    expect(await lease(opened(), [id], start + 2_000, start + 999)).toEqual([])
    expect(await lease(opened(), [id], start + 2_000, start + 1_000)).toEqual([id])
    const keep = (until: number): Promise<boolean> => inTransaction((tx) => keepLease(tx, { id, leasedUntil: until }, start + 9_000))
    expect([await keep(start + 1_000), await keep(start + 2_000)]).toEqual([false, true])
  })

  test('what happened to an account is told newest first, and of nobody else', async () => {
    const { db } = opened()
    const [who, other] = [await account(db), await account(db)]
    const row = { portal: 'haven', reason: null, name_hash: null, attempt_id: null, door: null, method: null, address: null, seq: null }
    const event = (it: number, of: string) => ({ ...row, id: random.id(), at: start + it, event: `e${it}`, account_id: of, seal: null })
    await addAuditRows(db, [event(1, who), event(3, who), event(2, who), event(4, other)])
    expect((await auditRowsOf(db, who, 2)).map((it) => it.event)).toEqual(['e3', 'e2'])
  })
})
