import { randomBytes } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { onEachEngine, times } from '../../test/support/engines.ts'
import { start } from '../../test/support/rows.ts'
import { systemRandom as random } from '../random.ts'
import { eraseFromAudit, makeVault, type Storage, type Vault } from '../storage/index.ts'
import { passwordAccepted, sealEvents, sessionStarted, verifyChain } from './index.ts'

onEachEngine((opened, another) => {
  const vault = makeVault(randomBytes(32), random)
  let other: Storage
  beforeAll(async () => {
    other = await another()
  })
  const house = (storage = opened(), key: Vault = vault) => ({ storage, vault: key })
  let count = 0

  /** A portal of its own with so many events, not sealed yet. */
  const happened = async (events = 5, accountId = random.id()): Promise<string> => {
    const portal = `portal ${count++}`
    for (const nr of times(events, (it) => it)) {
      const it = { random, portal, at: start + nr, accountId, attemptId: random.id(), address: '192.0.2.7', device: { browser: 'Edge' } }
      await opened().inTransaction((tx) => (nr % 2 ? sessionStarted : passwordAccepted)(tx, it))
    }
    return portal
  }
  const later = start + 60_000
  const sealed = async (events = 5): Promise<string> => {
    const portal = await happened(events)
    expect(await sealEvents(house(), portal, 'one', later)).toBe(events)
    return portal
  }
  const verify = (portal: string, known?: { seq: number; seal: string }) => verifyChain(house(), portal, later, known)
  const problems = async (portal: string, known?: { seq: number; seal: string }) => (await verify(portal, known)).problems
  const at = (portal: string, seq: number) =>
    opened().db.selectFrom('audit').selectAll().where('portal', '=', portal).where('seq', '=', seq)

  test('events get their places in the order in which they happened, and a chain holds', async () => {
    const portal = await happened(7)
    expect(await verify(portal)).toMatchObject({ events: 0, unsealed: 7, problems: [] })
    expect(await sealEvents(house(), portal, 'one', later)).toBe(7)
    expect(await sealEvents(house(), portal, 'one', later)).toBe(0)
    expect(await verify(portal)).toMatchObject({ events: 7, end: { seq: 7 }, unsealed: 0, erased: 0, problems: [] })
    expect((await at(portal, 1).executeTakeFirst())?.at).toBe(start)
  })

  test('what is younger than the sealer needs is not reported yet', async () => {
    const portal = await happened(1)
    expect((await verifyChain(house(), portal, start + 5_000)).unsealed).toBe(0)
    expect((await verifyChain(house(), portal, start + 5_001)).unsealed).toBe(1)
  })

  test('an event that commits later than its moment comes at the end, and nothing before it changes', async () => {
    const portal = await sealed(3)
    const { end } = await verify(portal)
    await opened().inTransaction((tx) => sessionStarted(tx, { random, portal, at: start - 1_000 }))
    expect(await sealEvents(house(), portal, 'one', later)).toBe(1)
    expect(await verify(portal, end)).toMatchObject({ end: { seq: 4 }, problems: [] })
  })

  test('T136 two sealers on two nodes make one chain: who has no lease does nothing until it is over', async () => {
    const portal = await happened(40)
    const turns = await Promise.all(times(6, (it) => sealEvents(house(it % 2 ? other : opened()), portal, `node ${it}`, later)))
    expect(turns.toSorted((a, b) => b - a)).toEqual([40, 0, 0, 0, 0, 0])
    expect(await problems(portal)).toEqual([])
    await opened().inTransaction((tx) => sessionStarted(tx, { random, portal, at: later }))
    expect(await sealEvents(house(other), portal, 'a stranger', later + 9_999)).toBe(0)
    expect(await sealEvents(house(other), portal, 'a stranger', later + 10_000)).toBe(1)
    expect(await problems(portal)).toEqual([])
  })

  test('more than one turn takes', async () => {
    const portal = `portal ${count++}`
    const row = {
      portal,
      at: start,
      event: 'session.started',
      reason: null,
      account_id: null,
      name_hash: null,
      attempt_id: null,
      door: null,
      method: null,
      address: null,
      seq: null,
      seal: null,
    }
    await opened().inTransaction(async (tx) => {
      for (const _ of times(12, () => 0))
        await tx
          .insertInto('audit')
          .values(times(100, () => ({ ...row, id: random.id() })))
          .execute()
    })
    expect(await sealEvents(house(), portal, 'one', later)).toBe(1_200)
    expect(await verify(portal)).toMatchObject({ events: 1_200, problems: [] })
  })

  for (const [what, change] of [
    ['its event', { event: 'session.ended' }],
    ['its moment', { at: start + 9_999 }],
    ['its reason', { reason: 'wrong' }],
    ['its method', { method: 'totp' }],
    ['whom it tells of', { account_id: 'somebody else' }],
    ['the address', { address: '198.51.100.1' }],
    ['whom it tells of, to nobody', { account_id: null }],
    ['the mark that it was erased', { erased_at: later }],
    ['its seal', { seal: 'x' }],
  ] as const)
    test(`T136 a change of ${what} is found`, async () => {
      const portal = await sealed()
      await opened().db.updateTable('audit').set(change).where('portal', '=', portal).where('seq', '=', 3).execute()
      expect(await problems(portal)).toContainEqual({ problem: 'changed', seq: 3 })
    })

  test('T136 an event that was taken out, moved or cut off is found, and so is one that was put in', async () => {
    const { db } = opened()
    const [out, moved, cut, put] = [await sealed(), await sealed(), await sealed(), await sealed()]
    await db.deleteFrom('audit').where('portal', '=', out).where('seq', '=', 2).execute()
    expect(await problems(out)).toEqual([{ problem: 'missing', seq: 2 }])
    for (const [from, to] of [
      [2, 99],
      [3, 2],
      [99, 3],
    ] as const)
      await db.updateTable('audit').set({ seq: to }).where('portal', '=', moved).where('seq', '=', from).execute()
    expect(await problems(moved)).toContainEqual({ problem: 'changed', seq: 2 })
    await db.deleteFrom('audit').where('portal', '=', cut).where('seq', '>', 3).execute()
    expect(await problems(cut)).toEqual([{ problem: 'cut', seq: 4 }])
    const copy = await at(put, 5).executeTakeFirstOrThrow()
    await db
      .insertInto('audit')
      .values({ ...copy, id: random.id(), seq: 6 })
      .execute()
    expect(await problems(put)).toContainEqual({ problem: 'changed', seq: 6 })
  })

  test('T136 a chain that was cut and mended under the same key is found by who noted its end elsewhere', async () => {
    const portal = await sealed()
    const { end } = await verify(portal)
    const { db } = opened()
    await db.deleteFrom('audit').where('portal', '=', portal).where('seq', '>', 3).execute()
    const { seal } = await at(portal, 3).executeTakeFirstOrThrow()
    await db
      .updateTable('audit_chain')
      .set({ seq: 3, seal: seal ?? '' })
      .where('portal', '=', portal)
      .execute()
    expect(await problems(portal)).toEqual([])
    expect(await problems(portal, end)).toEqual([{ problem: 'not-as-known', seq: 5 }])
  })

  test('T136 a chain of which nothing is left, and one that began anew after it, are found by who noted its end', async () => {
    const portal = await sealed()
    const { end } = await verify(portal)
    const { db } = opened()
    await db.deleteFrom('audit').where('portal', '=', portal).execute()
    expect(await problems(portal)).toEqual([{ problem: 'cut', seq: 1 }])
    await db.deleteFrom('audit_chain').where('portal', '=', portal).execute()
    expect(await problems(portal, end)).toEqual([{ problem: 'not-as-known', seq: 5 }])
    for (const nr of times(6, (it) => it)) await opened().inTransaction((tx) => sessionStarted(tx, { random, portal, at: start + nr }))
    await sealEvents(house(), portal, 'one', later)
    expect(await problems(portal)).toEqual([])
    expect(await problems(portal, end)).toEqual([{ problem: 'not-as-known', seq: 5 }])
  })

  test('T136 under another key nothing holds', async () => {
    const portal = await sealed(2)
    const report = await verifyChain(house(opened(), makeVault(randomBytes(32), random)), portal, later)
    expect(report.problems.map((it) => it.problem)).toEqual(['changed', 'changed'])
  })

  test('a person who was deleted is taken out of the events, sealed or not, and the chain still holds', async () => {
    const anna = random.id()
    const portal = await happened(4, anna)
    await sealEvents(house(), portal, 'one', later)
    await opened().inTransaction((tx) => sessionStarted(tx, { random, portal, at: start, accountId: anna, address: '192.0.2.7' }))
    await opened().inTransaction((tx) => eraseFromAudit(tx, anna, later))
    await sealEvents(house(), portal, 'one', later)
    expect(await verify(portal)).toMatchObject({ events: 5, erased: 5, problems: [] })
    const rows = await opened().db.selectFrom('audit').selectAll().where('portal', '=', portal).execute()
    for (const it of rows) expect([it.account_id, it.attempt_id, it.address, it.device]).toEqual([null, null, null, null])
  })
})
