import { pino } from 'pino'
import { expect, test } from 'vitest'
import { onEachEngine, times } from '../../test/support/engines.ts'
import { account, attempt, start } from '../../test/support/rows.ts'
import { type House, hotp } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { systemRandom as random } from '../random.ts'
import { type AccountRow, authenticatorsOf, findAccount, makeVault, type Storage } from '../storage/index.ts'
import { bindPhone, confirmPending, openPending, preparePending } from './index.ts'

const step = start / 30_000
const day = 86_400_000

onEachEngine((opened, another) => {
  const houseOn = (storage: Storage): House => ({
    storage,
    vault: makeVault(Buffer.alloc(32, 7), random),
    clock: { now: () => start },
    random,
    portals: new Map(),
    passwords: {} as House['passwords'],
    log: pino({ enabled: false }),
    notify: () => undefined,
  })
  const house = (): House => houseOn(opened())
  const person = async (): Promise<AccountRow> => (await findAccount(opened().db, 'haven', await account(opened().db))) as AccountRow
  const prepare = (who: AccountRow, sign: string, cookie?: string, now = start, on = opened()): Promise<string | undefined> =>
    on.inTransaction((tx) => preparePending(tx, houseOn(on), { account: who, attempt: sign, cookie }, now))
  const seedOf = async (who: AccountRow, sign: string, now = start): Promise<Buffer | undefined> => {
    const open = await openPending(opened().db, house(), who.id, sign, now)
    return open && Buffer.from(open.seed)
  }
  const confirm = (who: AccountRow, sign: string, code: string, now = start) =>
    opened().inTransaction((tx) => confirmPending(tx, house(), who, sign, code, now))

  test('a secret has twenty bytes, is sealed in its row, and each is another', async () => {
    const [anna, bram] = [await person(), await person()]
    const signs = [await attempt(opened().db, anna.id), await attempt(opened().db, bram.id)] as const
    for (const [who, sign] of [
      [anna, signs[0]],
      [bram, signs[1]],
    ] as const)
      await prepare(who, sign)
    const [one, two] = [await seedOf(anna, signs[0]), await seedOf(bram, signs[1])]
    expect(one).toHaveLength(20)
    expect(one?.equals(two as Buffer)).toBe(false)
    const row = await opened().db.selectFrom('pending_enrolment').selectAll().where('account_id', '=', anna.id).executeTakeFirstOrThrow()
    expect(JSON.stringify(row)).not.toContain(one?.toString('base64url'))
  })

  test('reload, back and a second tab of one sign-in show one secret, also when both come first', async () => {
    const two = await another()
    for (let round = 0; round < 5; round++) {
      const who = await person()
      const sign = await attempt(opened().db, who.id)
      const cookies = await Promise.all(times(6, (it) => prepare(who, sign, undefined, start, it % 2 ? opened() : two)))
      expect(cookies.filter((it) => it !== undefined)).toHaveLength(1)
      const seed = await seedOf(who, sign)
      expect(await prepare(who, sign)).toBeUndefined()
      expect(await seedOf(who, sign, start + 3_600_000)).toEqual(seed)
    }
  })

  test('a later sign-in in the same browser goes on with the secret, and the earlier one shows it no more', async () => {
    const who = await person()
    const [first, later] = [await attempt(opened().db, who.id), await attempt(opened().db, who.id)]
    const cookie = await prepare(who, first)
    const seed = await seedOf(who, first)
    expect(await prepare(who, later, cookie)).toBeUndefined()
    expect(await seedOf(who, later)).toEqual(seed)
    expect(await seedOf(who, first)).toBeUndefined()
  })

  test('another browser cannot see the secret; after a gate of its own it gets a new one, and the old one is dead', async () => {
    const who = await person()
    const [mine, other] = [await attempt(opened().db, who.id), await attempt(opened().db, who.id)]
    await prepare(who, mine)
    const seed = (await seedOf(who, mine)) as Buffer
    expect(await seedOf(who, other)).toBeUndefined()
    expect(await prepare(who, other, 'a cookie of another browser')).toBeDefined()
    expect((await seedOf(who, other))?.equals(seed)).toBe(false)
    expect(await confirm(who, mine, hotp(seed, step))).toEqual({ fact: 'refused', why: 'gone' })
    expect(await confirm(who, other, hotp(seed, step))).toMatchObject({ fact: 'refused' })
  })

  test('what was begun can be finished for a day', async () => {
    const who = await person()
    const sign = await attempt(opened().db, who.id)
    const cookie = await prepare(who, sign)
    const seed = (await seedOf(who, sign, start + day - 1)) as Buffer
    expect(await seedOf(who, sign, start + day)).toBeUndefined()
    expect(await confirm(who, sign, hotp(seed, step + 2880), start + day)).toEqual({ fact: 'refused', why: 'gone' })
    expect(await prepare(who, sign, cookie, start + day)).toBeDefined()
    expect((await seedOf(who, sign, start + day))?.equals(seed)).toBe(false)
  })

  test('the first code links the app, spends itself and ends the secret', async () => {
    const who = await person()
    const sign = await attempt(opened().db, who.id)
    await prepare(who, sign)
    const seed = (await seedOf(who, sign)) as Buffer
    expect(await confirm(who, sign, hotp(seed, step))).toEqual({ fact: 'proved', method: 'totp', purpose: 'enrol', at: start })
    expect(await authenticatorsOf(opened().db, who.id)).toMatchObject([
      { method: 'totp', last_step: step, bound_at: start, disabled_at: null },
    ])
    expect(await findAccount(opened().db, 'haven', who.id)).toMatchObject({ authenticators_changed_at: start })
    expect(await seedOf(who, sign)).toBeUndefined()
    expect(await confirm(who, sign, hotp(seed, step + 1))).toEqual({ fact: 'refused', why: 'gone' })
  })

  test('the first code in ten tabs links one app', async () => {
    const who = await person()
    const sign = await attempt(opened().db, who.id)
    await prepare(who, sign)
    const seed = (await seedOf(who, sign)) as Buffer
    const said = await Promise.all(times(10, () => confirm(who, sign, hotp(seed, step))))
    expect(said.filter((it) => it.fact === 'proved')).toHaveLength(1)
    expect(await authenticatorsOf(opened().db, who.id)).toHaveLength(1)
  })

  test('a clock that is off is named and not believed', async () => {
    const who = await person()
    const sign = await attempt(opened().db, who.id)
    await prepare(who, sign)
    const seed = (await seedOf(who, sign)) as Buffer
    const told = async (away: number): Promise<unknown> => confirm(who, sign, hotp(seed, step + away))
    expect(await told(-2)).toEqual({ fact: 'refused', why: 'clock', minutes: 1, direction: 'behind' })
    expect(await told(10)).toEqual({ fact: 'refused', why: 'clock', minutes: 5, direction: 'ahead' })
    expect(await told(11)).toEqual({ fact: 'refused', why: 'wrong' })
    expect(await authenticatorsOf(opened().db, who.id)).toEqual([])
  })

  const texting = { secondStep: { methods: ['totp', 'sms'] } } as unknown as Portal
  const bind = async (who: AccountRow, phone: string, now: number, portal = texting): Promise<AccountRow> => {
    await opened().inTransaction((tx) => bindPhone(tx, house(), portal, who, phone, now))
    return (await findAccount(opened().db, 'haven', who.id)) as AccountRow
  }

  test('a number that was proven is a second step where the portal texts codes, and only there', async () => {
    const [anna, bram] = [await person(), await person()]
    expect(await bind(anna, '+32470123456', start)).toMatchObject({
      phone: '+32470123456',
      phone_proven_at: start,
      authenticators_changed_at: start,
    })
    expect(await authenticatorsOf(opened().db, anna.id)).toMatchObject([{ method: 'sms' }])
    const appOnly = { secondStep: { methods: ['totp'] } } as unknown as Portal
    expect(await bind(bram, '+32470123456', start, appOnly)).toMatchObject({ phone_proven_at: start, authenticators_changed_at: null })
    expect(await authenticatorsOf(opened().db, bram.id)).toEqual([])
  })

  test('the same number once more changes nothing; another number ends remembered browsers; a disabled one is bound anew', async () => {
    const { db } = opened()
    const first = await bind(await person(), '+32470123456', start)
    const again = await bind(first, '+32470123456', start + 1)
    expect(again.authenticators_changed_at).toBe(start)
    const other = await bind(again, '+32470999999', start + 2)
    expect(other).toMatchObject({ phone: '+32470999999', authenticators_changed_at: start + 2 })
    await db
      .updateTable('authenticator')
      .set({ disabled_at: start + 3 })
      .where('account_id', '=', first.id)
      .execute()
    await bind(other, '+32470999999', start + 4)
    expect(await authenticatorsOf(db, first.id)).toMatchObject([{ method: 'sms', disabled_at: null, bound_at: start + 4 }])
  })
})
