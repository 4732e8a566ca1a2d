import { expect, test } from 'vitest'
import { onEachEngine, times, winners } from '../../test/support/engines.ts'
import { account, start } from '../../test/support/rows.ts'
import { systemRandom as random } from '../random.ts'
import {
  addBrowser,
  addRemembered,
  addSession,
  dropBrowser,
  endSessionsBornOf,
  findBrowser,
  findByRetiredValue,
  findRemembered,
  forgetRememberedOf,
  ownersOfBrowser,
  proveBrowser,
  rememberedOf,
  renewBrowser,
  type Storage,
  sweepSome,
  touchBrowser,
  useRemembered,
} from './index.ts'

const day = 86_400_000

onEachEngine((opened) => {
  const browser = async ({ inTransaction }: Storage, who: string, token = random.token()): Promise<{ id: string; token: string }> => {
    const id = random.id()
    await inTransaction((tx) =>
      addBrowser(tx, { id, portal: 'haven', account_id: who, token_hash: token, seen_at: start, created_at: start }),
    )
    return { id, token }
  }
  const mark = async ({ inTransaction }: Storage, who: string, of: string, application = 'planning'): Promise<string> => {
    const id = random.id()
    const row = { id, browser_id: of, account_id: who, portal: 'haven', application, proved_at: start, ends_at: start + day }
    await inTransaction((tx) => addRemembered(tx, { ...row, revoked_at: null }))
    return id
  }

  test('a value that was replaced is told apart from one that nobody gave out, for its own account and portal alone', async () => {
    const { db, inTransaction } = opened()
    const [anna, bram] = [await account(db), await account(db)]
    const { id, token } = await browser(opened(), anna)
    expect(await inTransaction((tx) => renewBrowser(tx, 'haven', token, `${token} 2`, 'use', start + 5))).toBe(true)
    expect(await findByRetiredValue(db, 'haven', token, anna)).toMatchObject({
      browser: { id, token_hash: `${token} 2`, value_at: start + 5 },
      value: { retired_at: start + 5, retired_by: 'use' },
    })
    for (const [portal, hash, who] of [
      ['haven', `${token} 2`, anna],
      ['haven', token, bram],
      ['kade', token, anna],
      ['haven', 'never given', anna],
    ] as const)
      expect(await findByRetiredValue(db, portal, hash, who)).toBeUndefined()
    await sweepSome(db, start + 6 + 90 * 86_400_000)
    expect(await findByRetiredValue(db, 'haven', token, anna)).toBeUndefined()
  })

  test('of many tabs one replaces the value, and the others see that it has gone', async () => {
    const { db, inTransaction } = opened()
    const anna = await account(db)
    const { id, token } = await browser(opened(), anna)
    expect(await winners(times(8, () => inTransaction((tx) => renewBrowser(tx, 'haven', token, 'successor', 'use', start))))).toBe(1)
    expect(await inTransaction((tx) => touchBrowser(tx, id, token, start + 1))).toBe(false)
    expect(await inTransaction((tx) => touchBrowser(tx, id, 'successor', start + 1))).toBe(true)
    expect(await findBrowser(db, 'haven', 'successor', anna)).toMatchObject({ seen_at: start + 1, proved_at: 0 })
    await inTransaction((tx) => proveBrowser(tx, id, start + 2))
    expect(await findBrowser(db, 'haven', 'successor', anna)).toMatchObject({ seen_at: start + 2, proved_at: start + 2 })
  })

  test('a mark that was revoked since it was read lets nobody in', async () => {
    const { db, inTransaction } = opened()
    const anna = await account(db)
    const { id } = await browser(opened(), anna)
    const [planning, other] = [await mark(opened(), anna, id), await mark(opened(), anna, (await browser(opened(), anna)).id)]
    expect(await inTransaction((tx) => useRemembered(tx, planning, start + 1))).toBe(true)
    expect(await findRemembered(db, id, 'planning')).toMatchObject({ used_at: start + 1, proved_at: start })
    expect(await forgetRememberedOf(db, anna, start + 2, id)).toBe(1)
    expect(await inTransaction((tx) => useRemembered(tx, planning, start + 3))).toBe(false)
    expect(await inTransaction((tx) => useRemembered(tx, other, start + 3))).toBe(true)
  })

  test('the browsers that are remembered now, the one seen last first', async () => {
    const { db, inTransaction } = opened()
    const anna = await account(db)
    const [old, fresh, bare] = [await browser(opened(), anna), await browser(opened(), anna), await browser(opened(), anna)]
    for (const [of, application] of [
      [old, 'planning'],
      [old, 'balie'],
      [fresh, 'planning'],
    ] as const)
      await mark(opened(), anna, of.id, application)
    await inTransaction((tx) => touchBrowser(tx, fresh.id, fresh.token, start + 1))
    const unchanged = { id: anna, authenticators_changed_at: null, password_changed_at: null }
    const found = await rememberedOf(db, unchanged, start)
    expect(found.map((it) => [it.browser.id, it.marks.length])).toEqual([
      [fresh.id, 1],
      [old.id, 2],
    ])
    expect(found.map((it) => it.browser.id)).not.toContain(bare.id)
    expect(await rememberedOf(db, unchanged, start + day)).toEqual([])
    for (const changed of [{ authenticators_changed_at: start + 1 }, { password_changed_at: start + 1 }])
      expect(await rememberedOf(db, { ...unchanged, ...changed }, start + 2)).toEqual([])
  })

  test('a browser goes with its marks and old values, once and by its own account; what it let in ends and nothing else', async () => {
    const { db, inTransaction } = opened()
    const [anna, bram] = [await account(db), await account(db)]
    const { id, token } = await browser(opened(), anna)
    await browser(opened(), bram, token)
    await mark(opened(), anna, id)
    await inTransaction((tx) => renewBrowser(tx, 'haven', token, `${token} 2`, 'proof', start))
    const session = {
      portal: 'haven',
      account_id: anna,
      started_at: start,
      last_seen_at: start,
      ends_at: start + day,
      ended_at: null,
      device: null,
    }
    for (const born of [id, id, null])
      await inTransaction((tx) => addSession(tx, { ...session, id: random.id(), token_hash: random.token(), born_of: born }))
    expect(await inTransaction((tx) => dropBrowser(tx, bram, id))).toBe(false)
    expect(await winners(times(4, () => inTransaction((tx) => dropBrowser(tx, anna, id))))).toBe(1)
    expect(await findByRetiredValue(db, 'haven', token, anna)).toBeUndefined()
    expect(await ownersOfBrowser(db, `${token} 2`)).toEqual([{ portal: 'haven', account_id: bram }])
    expect(await findRemembered(db, id, 'planning')).toBeUndefined()
    expect(await inTransaction((tx) => endSessionsBornOf(tx, bram, id, start))).toBe(0)
    expect(await inTransaction((tx) => endSessionsBornOf(tx, anna, id, start))).toBe(2)
  })
})
