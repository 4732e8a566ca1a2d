import { expect, test } from 'vitest'
import { onEachEngine, times, winners } from '../../test/support/engines.ts'
import { account, attempt, start } from '../../test/support/rows.ts'
import { systemRandom as random } from '../random.ts'
import {
  addBrowser,
  addRemembered,
  addSession,
  changeAccount,
  countAccountsAt,
  endSession,
  endSessionsOf,
  findAccount,
  findAccountByName,
  findBrowser,
  findRemembered,
  findSession,
  findSessionById,
  forgetRememberedOf,
  isEmpty,
  proveEmail,
  provePhone,
  readSetting,
  renewBrowser,
  renewSession,
  replacePasswordHash,
  type Storage,
  settleSetting,
  touchSession,
} from './index.ts'

const hour = 3_600_000

onEachEngine((opened) => {
  test('a house without people is empty, and then it is not', async () => {
    expect(await isEmpty(opened().db)).toBe(true)
    await account(opened().db)
    expect(await isEmpty(opened().db)).toBe(false)
  })

  test('a name exists once in a portal: of many that add it at once one wins', async () => {
    const { db } = opened()
    const added = await Promise.all(times(20, () => account(db, { name: 'anna' })))
    expect(added.filter(Boolean)).toHaveLength(1)
    expect((await findAccountByName(db, 'haven', 'anna'))?.id).toBe(added.find(Boolean))
  })

  test('the portal is a part of every look-up', async () => {
    const { db } = opened()
    const here = await account(db, { name: 'bram' })
    const there = await account(db, { name: 'bram', portal: 'kade' })
    expect([here, there].every(Boolean)).toBe(true)
    expect((await findAccountByName(db, 'kade', 'bram'))?.id).toBe(there)
    expect(await findAccount(db, 'haven', there)).toBeUndefined()
    expect(await findAccountByName(db, 'elders', 'bram')).toBeUndefined()
    expect(await countAccountsAt(db, 'kade', 'fleur@voorbeeld.be')).toBe(1)
  })

  test('a change touches that account and no other', async () => {
    const { db, inTransaction } = opened()
    const [one, other] = [await account(db), await account(db)]
    await changeAccount(db, one, { second_step_since: start })
    await inTransaction((tx) => provePhone(tx, one, '+32470123456', start))
    await inTransaction((tx) => proveEmail(tx, one, 'een@voorbeeld.be'))
    expect(await findAccount(db, 'haven', one)).toMatchObject({ second_step_since: start, phone: '+32470123456', phone_proven_at: start })
    expect([(await findAccount(db, 'haven', one))?.proven_email, (await findAccount(db, 'haven', other))?.proven_email]).toEqual([
      'een@voorbeeld.be',
      null,
    ])
    expect(await findAccount(db, 'haven', other)).toMatchObject({ second_step_since: null, phone: null, phone_proven_at: null })
  })

  test('an imported hash is replaced only while it is the one that was checked', async () => {
    const { db } = opened()
    const id = await account(db, { password_hash: 'old' })
    expect(await winners(times(5, (it) => replacePasswordHash(db, id, 'old', `new ${it}`)))).toBe(1)
    expect(await replacePasswordHash(db, id, 'old', 'newer')).toBe(false)
  })

  const session = async ({ db, inTransaction }: Storage, more: object = {}): Promise<{ id: string; account: string; token: string }> => {
    const row = { id: random.id(), portal: 'haven', account_id: await account(db), token_hash: random.token() }
    const dates = { started_at: start, last_seen_at: start, ends_at: start + 24 * hour, ended_at: null }
    await inTransaction((tx) => addSession(tx, { ...row, ...dates, ...more }))
    return { id: row.id, account: row.account_id, token: row.token_hash }
  }
  const lives = async (token: string, now: number, portal = 'haven'): Promise<boolean> =>
    (await findSession(opened().db, portal, token, now - hour, now)) !== undefined

  test('a session ends an hour after it was last seen', async () => {
    const { id, token } = await session(opened())
    expect([await lives(token, start + hour - 1), await lives(token, start + hour)]).toEqual([true, false])
    await touchSession(opened().db, id, start + hour - 1)
    expect(await lives(token, start + hour)).toBe(true)
    expect(await findSessionById(opened().db, 'haven', id, start, start + hour)).toMatchObject({ id })
  })

  test('a session ends after a day however busy it was', async () => {
    const { id, token } = await session(opened())
    await touchSession(opened().db, id, start + 24 * hour - 1)
    expect([await lives(token, start + 24 * hour - 1), await lives(token, start + 24 * hour)]).toEqual([true, false])
  })

  test('a session is a session of its own portal only', async () => {
    const { id, token } = await session(opened())
    expect(await lives(token, start, 'kade')).toBe(false)
    expect(await findSessionById(opened().db, 'kade', id, start - hour, start)).toBeUndefined()
  })

  test('a new cookie value kills the old one', async () => {
    const { id, token } = await session(opened())
    expect(await opened().inTransaction((tx) => renewSession(tx, id, 'fresh value', start))).toBe(true)
    expect([await lives(token, start), await lives('fresh value', start)]).toEqual([false, true])
  })

  test('an ended session is ended for good: not touched, not renewed, not ended twice', async () => {
    const { id, token } = await session(opened())
    expect(await winners(times(5, () => endSession(opened().db, id, start)))).toBe(1)
    await touchSession(opened().db, id, start + 1)
    expect(await opened().inTransaction((tx) => renewSession(tx, id, 'revived', start))).toBe(false)
    expect([await lives(token, start), await lives('revived', start)]).toEqual([false, false])
  })

  test('all sessions of an account end together, and of nobody else', async () => {
    const [one, other] = [await session(opened()), await session(opened())]
    await session(opened(), { account_id: one.account })
    expect(await endSessionsOf(opened().db, one.account, start)).toBe(2)
    expect([await lives(one.token, start), await lives(other.token, start)]).toEqual([false, true])
  })

  const browser = async ({ db, inTransaction }: Storage, token: string, who: string, portal = 'haven'): Promise<string> => {
    const id = random.id()
    const row = { id, portal, account_id: who, token_hash: token, seen_at: start, created_at: start }
    await inTransaction((tx) => addBrowser(tx, row))
    expect(await findBrowser(db, portal, token, who)).toMatchObject({ id })
    return id
  }

  test('a browser is known to an account of a portal, and its new value replaces the old for all of them', async () => {
    const { db, inTransaction } = opened()
    const [anna, bram] = [await account(db), await account(db)]
    for (const who of [anna, bram]) await browser(opened(), 'shared computer', who)
    await browser(opened(), 'shared computer', anna, 'kade')
    expect(await findBrowser(db, 'haven', 'shared computer', await account(db))).toBeUndefined()

    await inTransaction((tx) => renewBrowser(tx, 'haven', 'shared computer', 'new value', 'proof', start))
    expect(await findBrowser(db, 'haven', 'shared computer', anna)).toBeUndefined()
    for (const who of [anna, bram]) expect(await findBrowser(db, 'haven', 'new value', who)).toBeDefined()
    expect(await findBrowser(db, 'kade', 'shared computer', anna)).toBeDefined()
  })

  test('a browser is remembered for one application, newest mark last, until the account forgets it', async () => {
    const { db, inTransaction } = opened()
    const who = await account(db)
    const id = await browser(opened(), random.token(), who)
    const mark = { browser_id: id, account_id: who, portal: 'haven', application: 'planning', revoked_at: null }
    for (const at of [start, start + 1])
      await inTransaction((tx) => addRemembered(tx, { ...mark, id: random.id(), proved_at: at, ends_at: at + 24 * hour }))
    expect(await findRemembered(db, id, 'planning')).toMatchObject({ proved_at: start + 1, revoked_at: null })
    expect(await findRemembered(db, id, 'ligplaatsen')).toBeUndefined()

    await forgetRememberedOf(db, who, start + 2)
    expect(await findRemembered(db, id, 'planning')).toMatchObject({ revoked_at: start + 2 })
  })

  test('a setting is settled by whoever is first', async () => {
    const { db } = opened()
    const said = await Promise.all(times(20, (it) => settleSetting(db, 'key', `value ${it}`)))
    expect(new Set(said).size).toBe(1)
    expect(await readSetting(db, 'key')).toBe(said[0])
    expect(await readSetting(db, 'other')).toBeUndefined()
  })

  test('what belongs to an account goes with it', async () => {
    const { db } = opened()
    const { account: who, token } = await session(opened())
    await attempt(db, who)
    await db.deleteFrom('account').where('id', '=', who).execute()
    expect(await lives(token, start)).toBe(false)
    expect(await db.selectFrom('attempt').select('id').where('account_id', '=', who).execute()).toEqual([])
  })
})
