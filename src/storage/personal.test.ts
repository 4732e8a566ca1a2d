import { expect, test } from 'vitest'
import { onEachEngine } from '../../test/support/engines.ts'
import { account, attempt, start } from '../../test/support/rows.ts'
import { systemRandom as random } from '../random.ts'
import { addAuditRows, addBrowser, addSession, countsOf, deleteAccount, everythingOf, kept, keptOfAccount, type Storage } from './index.ts'

onEachEngine((opened) => {
  const tables = async ({ db }: Storage) =>
    (await db.introspection.getTables()).map((it) => ({ name: it.name, columns: it.columns.map((one) => one.name) }))

  test('every column that can tell of a person is shown to who asks, or hidden on purpose', async () => {
    const found = await tables(opened())
    const about = found.filter((it) => it.columns.includes('account_id') || Object.hasOwn(kept, it.name))
    for (const { name, columns } of about) {
      const { shown = [], hidden = [] } = kept[name] ?? {}
      expect([...shown, ...hidden].toSorted(), `${name} in src/storage/personal.ts`).toEqual(columns.toSorted())
    }
    expect([...keptOfAccount.shown, ...keptOfAccount.hidden].toSorted()).toEqual(
      found.find((it) => it.name === 'account')?.columns.toSorted(),
    )
  })

  const person = async (name: string): Promise<string> => {
    const { db, inTransaction } = opened()
    const id = await account(db, { shown_name: name, password_hash: 'a secret hash' })
    const row = { portal: 'haven', account_id: id, device: null, created_at: start, seen_at: start }
    await attempt(db, id, { application: 'planning' })
    await inTransaction(async (tx) => {
      await addBrowser(tx, { ...row, id: random.id(), token_hash: 'a secret hash' })
      const times = { started_at: start, last_seen_at: start, ends_at: start, ended_at: null, device: null }
      await addSession(tx, { id: random.id(), portal: 'haven', account_id: id, token_hash: random.token(), ...times })
      const event = {
        reason: null,
        name_hash: null,
        attempt_id: 'one',
        door: null,
        method: null,
        address: '192.0.2.7',
        seq: null,
        seal: null,
      }
      await addAuditRows(tx, [{ id: random.id(), portal: 'haven', at: start, event: 'session.started', account_id: id, ...event }])
      for (const key of [`second-step ${id}`, `password ${name}`, `other ${name}`])
        await tx.insertInto('counter').values({ key, count: 1, paused_until: null, first_at: start, last_at: start }).execute()
      const payload = JSON.stringify({ kind: 'Grant', accountId: id })
      await tx
        .insertInto('protocol_record')
        .values({ key: random.id(), model: 'Grant', portal: 'haven', payload, consumed_at: null, ends_at: null })
        .execute()
    })
    return id
  }

  test('everything of one person and nothing of another, without a secret', async () => {
    const [anna] = [await person('Anna Anders'), await person('Bram Borst')]
    const everything = await everythingOf(opened().db, anna)
    expect(everything).toMatchObject({
      account: [{ shown_name: 'Anna Anders' }],
      attempt: [{ application: 'planning' }],
      audit: [{ address: '192.0.2.7' }],
    })
    expect(Object.keys(everything).toSorted()).toEqual(['account', ...Object.keys(kept)].toSorted())
    expect(JSON.stringify(everything)).not.toMatch(/Bram|secret/)
    expect(await countsOf(opened().db, anna)).toEqual({ account: 1, attempt: 1, browser: 1, session: 1, audit: 1 })
  })

  test('a person who is deleted is nowhere any more; what happened stays and tells of nobody, and nobody else is touched', async () => {
    const { db, inTransaction } = opened()
    const [anna, bram] = [await person('Anna Haan'), await person('Bram Haan')]
    const before = await everythingOf(db, bram)
    const dump = async () => {
      const all = await Promise.all(
        (await tables(opened())).map((it) =>
          db
            .selectFrom(it.name as 'session')
            .selectAll()
            .execute(),
        ),
      )
      return JSON.stringify(all)
    }
    expect(await dump()).toContain(anna)
    expect(await inTransaction((tx) => deleteAccount(tx, anna, ['password Anna Haan'], start))).toBe(true)
    const left = await dump()
    for (const it of [anna, 'Anna Haan"', 'password Anna Haan']) expect(left.replace('other Anna Haan', '')).not.toContain(it)
    expect(await everythingOf(db, bram)).toEqual(before)
    expect(left).toContain('password Bram Haan')
    expect(await inTransaction((tx) => deleteAccount(tx, anna, [], start))).toBe(false)
  })
})
