import { beforeAll, expect, test } from 'vitest'
import { onEachEngine, times, winners } from '../../test/support/engines.ts'
import { account, attempt, start } from '../../test/support/rows.ts'
import { systemRandom as random } from '../random.ts'
import {
  addTicket,
  drawTicket,
  dropPendingEnrolment,
  endOpenAttempts,
  findAttempt,
  findPendingEnrolment,
  makeVault,
  readTicket,
  replacePendingEnrolment,
  resetPassword,
  type Storage,
  spendTicket,
} from './index.ts'

onEachEngine((opened, another) => {
  const vault = makeVault(random.bytes(32), random)
  let other: Storage
  beforeAll(async () => {
    other = await another()
  })
  const give = async (who: string, code: string, endsAt = start + 86_400_000): Promise<void> =>
    opened().inTransaction((tx) => addTicket(tx, vault, { id: random.id(), portal: 'haven', account: who, code, endsAt }, start))
  const spend = (storage: Storage, who: string, code: string, now = start + 1, portal = 'haven'): Promise<boolean> =>
    storage.inTransaction((tx) => spendTicket(tx, vault, portal, who, code, now))

  test('a ticket is spent once, also by twenty at once on two connections; its code stands in no row', async () => {
    const [who, code] = [await account(opened().db), drawTicket(random)]
    await give(who, code)
    expect(await winners(times(20, (it) => spend(it % 2 ? other : opened(), who, code)))).toBe(1)
    const rows = await opened().db.selectFrom('link').selectAll().where('account_id', '=', who).execute()
    expect(JSON.stringify(rows)).not.toContain(code)
  })

  test('a ticket is worth nothing at another account or portal, after its day, or when a newer one was given', async () => {
    const [who, stranger] = [await account(opened().db), await account(opened().db)]
    const [code, newer] = [drawTicket(random), drawTicket(random)]
    await give(who, code)
    expect(await spend(opened(), stranger, code)).toBe(false)
    expect(await spend(opened(), who, code, start + 1, 'elders')).toBe(false)
    expect(await spend(opened(), who, code, start + 86_400_000)).toBe(false)
    await give(who, newer)
    expect([await spend(opened(), who, code), await spend(opened(), who, newer)]).toEqual([false, true])
  })

  test('what is typed of a ticket is read as it was given', () => {
    const code = drawTicket(random)
    expect(code).toMatch(/^[BCDFGHJKMNPQRTVWXYZ2346789]{20}$/)
    expect(readTicket(` ${code.slice(0, 10).toLowerCase()}-${code.slice(10)}\n`)).toBe(code)
    for (const it of ['', code.slice(1), `${code}B`, `${code.slice(1)}0`, 'x'.repeat(10_000)]) expect(readTicket(it)).toBeUndefined()
  })

  test('a password is changed by a link only while address and password are those of when it was asked', async () => {
    const asked = { email: 'fleur@voorbeeld.be', at: start }
    const reset = (who: string, at = asked): Promise<boolean> =>
      opened().inTransaction((tx) => resetPassword(tx, who, 'nieuw', at, start + 10))
    const [fresh, changed, before] = [
      await account(opened().db),
      await account(opened().db, { password_changed_at: start + 1 }),
      await account(opened().db, { password_changed_at: start - 1 }),
    ]
    expect(await reset(fresh, { ...asked, email: 'elders@voorbeeld.be' })).toBe(false)
    expect([await reset(fresh), await reset(changed), await reset(before)]).toEqual([true, false, true])
    expect(await reset(fresh)).toBe(false)
    const row = await opened().db.selectFrom('account').selectAll().where('id', '=', fresh).executeTakeFirstOrThrow()
    expect(row).toMatchObject({
      password_hash: 'nieuw',
      password_changed_at: start + 10,
      mailbox_reset_at: start + 10,
      proven_email: asked.email,
    })
  })

  test('open sign-ins and what was being linked end with the account they belong to; finished ones stay', async () => {
    const { db } = opened()
    const [who, stranger] = [await account(db), await account(db)]
    const rows = { open: `t${random.id()}`, finished: `t${random.id()}`, foreign: `t${random.id()}` }
    const sign = await attempt(db, who, { token_hash: rows.open })
    await attempt(db, who, { token_hash: rows.finished, finished_at: start })
    await attempt(db, stranger, { token_hash: rows.foreign })
    const pending = { id: random.id(), attempt_id: sign, browser: 'b', secret: 's', created_at: start, ends_at: start + 60_000 }
    await opened().inTransaction((tx) => replacePendingEnrolment(tx, { ...pending, account_id: who }))
    await opened().inTransaction(async (tx) => {
      await endOpenAttempts(tx, who, undefined, start + 1)
      await dropPendingEnrolment(tx, who)
    })
    const found = await Promise.all(Object.values(rows).map((it) => findAttempt(db, 'haven', it, start + 1)))
    expect(found.map((it) => it !== undefined)).toEqual([false, true, true])
    expect(await findPendingEnrolment(db, who, start + 1)).toBeUndefined()
  })
})
