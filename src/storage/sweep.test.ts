import { expect, test } from 'vitest'
import { onEachEngine, times } from '../../test/support/engines.ts'
import { account, attempt, start } from '../../test/support/rows.ts'
import { systemRandom as random } from '../random.ts'
import {
  addHostSession,
  addLink,
  addMessage,
  addSession,
  countInWindow,
  findHostSession,
  makeVault,
  noteNetwork,
  notSwept,
  putRecord,
  raise,
  type Storage,
  sweepSome,
  sweeps,
} from './index.ts'

const day = 86_400_000
const vault = makeVault(random.bytes(32), random)

onEachEngine((opened, another) => {
  const count = async ({ db }: Storage, table: Parameters<Storage['db']['selectFrom']>[0]): Promise<number> =>
    Number(
      (
        await db
          .selectFrom(table as 'attempt')
          .select((it) => it.fn.countAll<number>().as('n'))
          .executeTakeFirstOrThrow()
      ).n,
    )

  test('T038 every table is swept, or stands there with the reason why it cannot grow', async () => {
    const tables = (await opened().db.introspection.getTables()).map((it) => it.name).filter((it) => !it.startsWith('kysely_'))
    expect([...new Set([...sweeps.map((it) => it.table), ...notSwept])].toSorted()).toEqual(tables.toSorted())
    for (const { table, key, after } of sweeps) {
      const columns = (await opened().db.introspection.getTables()).find((it) => it.name === table)?.columns.map((it) => it.name)
      expect(columns, table).toEqual(expect.arrayContaining([key, after]))
    }
  })

  test('T038 what strangers leave behind goes by itself: sign-ins without an account, requests, counts; what still counts stays', async () => {
    const storage = opened()
    const { db } = storage
    const who = await account(db)
    const rule = { failures: 10, pauseSeconds: 60, longestSeconds: 900 }
    const leave = async (at: number): Promise<void> => {
      await attempt(db, null, { created_at: at, ends_at: at + 3_600_000 })
      const record = { model: 'Interaction', portal: 'haven', payload: '{}', grant_id: null, uid: null, consumed_at: null }
      await putRecord(db, { ...record, key: random.id(), ends_at: at + 7_200_000 })
      for (const kind of ['password', 'network password', 'reset', 'sent number'] as const)
        await raise(db, `${kind} ${random.id()}`, rule, at)
      await raise(db, `second-step ${random.id()}`, rule, at)
      await countInWindow(db, `second-step-30d ${random.id()}`, 30 * 86_400, at)
    }
    await leave(start - 40 * day)
    await leave(start)
    await sweepSome(db, start + 3_600_000)
    const keys = (await db.selectFrom('counter').select(['key', 'first_at']).execute()).map((it) => [
      it.key.split(' ')[0],
      Number(it.first_at) === start,
    ])
    expect(keys.filter(([, isNew]) => isNew)).toHaveLength(6)
    // Time alone never clears the wrong codes in a row.
    expect(keys.filter(([, isNew]) => !isNew)).toEqual([['second-step', false]])
    expect(await count(storage, 'attempt')).toBe(1)
    expect(await count(storage, 'protocol_record')).toBe(1)
    await sweepSome(db, start + 10 * day)
    expect([await count(storage, 'attempt'), await count(storage, 'protocol_record')]).toEqual([0, 0])
    expect(await db.selectFrom('account').select('id').where('id', '=', who).executeTakeFirst()).toBeDefined()
  })

  test('T038 a session goes thirty days after its end, with what hangs on it; a live one keeps the sign-in that it stands on', async () => {
    const { db, inTransaction } = opened()
    const who = await account(db)
    const session = async (endsAt: number): Promise<string> => {
      const id = random.id()
      const row = { id, portal: 'haven', token_hash: random.token(), account_id: who, started_at: endsAt - day, last_seen_at: endsAt - day }
      await inTransaction((tx) => addSession(tx, { ...row, ends_at: endsAt, ended_at: null, device: null }))
      const host = { portal: 'haven', application: 'loket', browser_id: null, asked_at: endsAt - day, created_at: endsAt - day }
      await inTransaction((tx) => addHostSession(tx, { ...host, token_hash: id, session_id: id }))
      await attempt(db, who, { session_id: id, finished_at: endsAt - day, ends_at: endsAt - day + 3_600_000 })
      return id
    }
    const [long, over, alive] = [await session(start - 31 * day), await session(start - 2 * day), await session(start + day / 2)]
    await sweepSome(db, start)
    const left = await db.selectFrom('session').select('id').where('id', 'in', [long, over, alive]).execute()
    expect(left.map((it) => it.id).toSorted()).toEqual([over, alive].toSorted())
    expect((await Promise.all([long, alive].map((it) => findHostSession(db, 'haven', 'loket', it)))).map((it) => it?.session_id)).toEqual([
      undefined,
      alive,
    ])
    expect(await db.selectFrom('attempt').select('id').where('session_id', '=', alive).execute()).toHaveLength(1)
    expect(await db.selectFrom('attempt').select('id').where('session_id', '=', long).execute()).toHaveLength(0)
  })

  test('old messages go with their timeline, old links and networks too', async () => {
    const { db, inTransaction } = opened()
    const who = await account(db)
    const message = {
      portal: 'haven',
      template: 'M09',
      channel: 'email',
      account_id: who,
      code_id: null,
      address: 'a@b.test',
      language: 'nl',
    } as const
    const row = { ...message, number: 'BCDFGHJK', facts: '{}', state: 'accepted', leased_until: null, provider_id: null } as const
    for (const at of [start - 91 * day, start - day])
      await inTransaction((tx) => addMessage(tx, { ...row, id: random.id(), next_at: at, created_at: at, ends_at: at + day }))
    const link = { portal: 'haven', account_id: who, purpose: 'reset', facts: '{}', used_at: null }
    for (const at of [start - 31 * day, start - day])
      await inTransaction((tx) => addLink(tx, vault, { ...link, id: random.id(), created_at: at, ends_at: at }))
    for (const at of [start - 91 * day, start - day]) await inTransaction((tx) => noteNetwork(tx, who, `net ${at}`, at))
    await sweepSome(db, start)
    for (const table of ['message', 'link', 'known_network'] as const)
      expect(await db.selectFrom(table).select('account_id').where('account_id', '=', who).execute(), table).toHaveLength(1)
  })

  test('T038 a flood is taken away in small pieces, on two nodes at once', async () => {
    const { db } = opened()
    const two = (await another()).db
    const rows = times(2_500, (it) => ({
      key: `password flood ${it}`,
      count: 1,
      paused_until: null,
      first_at: start - 9 * day,
      last_at: start - 9 * day,
    }))
    for (let at = 0; at < rows.length; at += 500)
      await db
        .insertInto('counter')
        .values(rows.slice(at, at + 500))
        .execute()
    expect(await sweepSome(db, start, 500)).toEqual({ rows: 500, hasMore: true })
    await Promise.all([sweepSome(db, start, 500), sweepSome(two, start, 500)])
    let pieces = 0
    while ((await sweepSome(db, start, 500)).hasMore) expect(pieces++).toBeLessThan(6)
    expect(await db.selectFrom('counter').select('key').where('key', 'like', 'password flood %').execute()).toEqual([])
    expect((await sweepSome(db, start, 500, () => true)).rows).toBe(0)
  })
})
