import { expect, test } from 'vitest'
import { onEachEngine, times, winners } from '../../test/support/engines.ts'
import { attempt, codes, start } from '../../test/support/rows.ts'
import type { Purpose } from '../decision/index.ts'
import { systemRandom as random } from '../random.ts'
import {
  type CodeRow,
  changeAttempt,
  chargeTry,
  codeHolderOf,
  codesOf,
  codesSince,
  digitsOf,
  endCodes,
  findTwin,
  makeVault,
  noteTwinsReplaced,
  type Storage,
  spendCode,
} from './index.ts'

const soon = start + 60_000
const vault = makeVault(Buffer.alloc(32, 7), random)

onEachEngine((opened, another) => {
  const charge = (storage: Storage, sign: string, now = soon, purpose: Purpose = 'sign-in'): Promise<CodeRow[]> =>
    chargeTry(storage.db, sign, purpose, 5, now)
  const spend = (storage: Storage, code: CodeRow, now = soon): Promise<boolean> => storage.inTransaction((tx) => spendCode(tx, code, now))
  const newest = async (sign: string): Promise<CodeRow> => (await codesOf(opened().db, sign, 'sign-in'))[0] as CodeRow

  test('a hundred parallel guesses on two processes get five looks at a code, and no sixth later', async () => {
    const two = await another()
    const { attempt } = await codes(opened().db, 1)
    const looks = await Promise.all(times(100, (it) => charge(it % 2 ? opened() : two, attempt)))
    expect(looks.filter((it) => it.length > 0)).toHaveLength(5)
    expect(await charge(opened(), attempt)).toEqual([])
    expect(await newest(attempt)).toMatchObject({ tries: 5 })
  })

  test('a try is charged to every live code of this sign-in and purpose, and to no other', async () => {
    const { db } = opened()
    const [mine, other, gate] = [await codes(db, 3), await codes(db, 1), await codes(db, 1, 'gate')]
    expect((await charge(opened(), mine.attempt)).map((it) => it.tries)).toEqual([1, 1, 1])
    expect(await charge(opened(), gate.attempt)).toEqual([])
    expect(await newest(other.attempt)).toMatchObject({ tries: 0 })
  })

  test('the other click on one button is found by its form, while its code waits and within seconds', async () => {
    const { db, inTransaction } = opened()
    const { attempt: first, account: who } = await codes(db, 1, 'gate')
    await db.updateTable('attempt').set({ form_hash: 'form' }).where('id', '=', first).execute()
    const second = { id: await attempt(db, who, { form_hash: 'form' }), account_id: who, form_hash: 'form' }
    const find = (it: Parameters<typeof findTwin>[1], purpose: Purpose, now: number) =>
      inTransaction((tx) => findTwin(tx, it, purpose, 10, now))
    expect([await find(second, 'gate', start + 9_999), await find(second, 'gate', start - 9_999)]).toEqual([first, first])
    const { account: stranger } = await codes(db, 1, 'gate')
    for (const [it, purpose, now] of [
      [second, 'gate', start + 10_000],
      [second, 'sign-in', start],
      [{ ...second, form_hash: 'another' }, 'gate', start],
      [{ ...second, form_hash: null }, 'gate', start],
      [{ ...second, account_id: stranger }, 'gate', start],
      [{ ...second, id: first }, 'gate', start],
    ] as const)
      expect(await find(it, purpose, now)).toBeUndefined()
    await changeAttempt(db, second.id, { codes_of: first })
    expect(codeHolderOf({ id: second.id, codes_of: first })).toBe(first)
    await inTransaction((tx) => noteTwinsReplaced(tx, { id: first, codes_of: null }, start))
    const replaced = await db.selectFrom('attempt').select(['id', 'replaced_at']).where('account_id', '=', who).execute()
    expect(replaced).toEqual(
      expect.arrayContaining([
        { id: first, replaced_at: null },
        { id: second.id, replaced_at: start },
      ]),
    )
    await inTransaction((tx) => noteTwinsReplaced(tx, { id: second.id, codes_of: first }, start + 1))
    expect((await db.selectFrom('attempt').select('replaced_at').where('id', '=', first).executeTakeFirst())?.replaced_at).toBe(start + 1)
    await inTransaction((tx) => endCodes(tx, first, 'gate', start))
    expect(await find(second, 'gate', start)).toBeUndefined()
  })

  test('a code works up to its end, not at it', async () => {
    const { db } = opened()
    const { attempt } = await codes(db, 1)
    const code = await newest(attempt)
    expect(await charge(opened(), attempt, code.ends_at)).toEqual([])
    expect(await spend(opened(), code, code.ends_at)).toBe(false)
    expect(await charge(opened(), attempt, code.ends_at - 1)).toHaveLength(1)
    expect(await spend(opened(), code, code.ends_at - 1)).toBe(true)
  })

  test('a code is spent once, also when fifty tabs on two processes send it', async () => {
    const two = await another()
    const { attempt } = await codes(opened().db, 1)
    const code = await newest(attempt)
    expect(await winners(times(50, (it) => spend(it % 2 ? opened() : two, code)))).toBe(1)
    expect(await charge(opened(), attempt)).toEqual([])
  })

  test('the first of three codes works in its own time, and the others end with it', async () => {
    const { db } = opened()
    const { attempt } = await codes(db, 3)
    const [third, second, first] = (await codesOf(db, attempt, 'sign-in')) as [CodeRow, CodeRow, CodeRow]
    expect([third.created_at, second.created_at, first.created_at]).toEqual([start + 2, start + 1, start])
    expect(await spend(opened(), first)).toBe(true)
    expect([await spend(opened(), second), await spend(opened(), third)]).toEqual([false, false])
    expect(await codesOf(db, attempt, 'sign-in')).toMatchObject([{ ended_at: soon }, { ended_at: soon }, { used_at: soon, ended_at: null }])
  })

  test('siblings that are sent at once: one of them works', async () => {
    const two = await another()
    for (let round = 0; round < 10; round++) {
      const { attempt } = await codes(opened().db, 3)
      const all = await codesOf(opened().db, attempt, 'sign-in')
      expect(await winners(all.map((it, place) => spend(place % 2 ? opened() : two, it)))).toBe(1)
    }
  })

  test('a withdrawn code is over', async () => {
    const { db, inTransaction } = opened()
    const { attempt } = await codes(db, 2)
    await inTransaction((tx) => endCodes(tx, attempt, 'sign-in', soon))
    expect(await charge(opened(), attempt)).toEqual([])
    expect(await spend(opened(), await newest(attempt))).toBe(false)
  })

  test('the kenmerk of a code is unlike that of every live code to the same address', async () => {
    const { db } = opened()
    const narrow = { ...random, below: () => random.below(3) }
    const { codes: made } = await codes(db, 27, 'sign-in', 'info@voorbeeld.be', narrow)
    expect(new Set(made.map((it) => it.reference)).size).toBe(27)
    await expect(codes(db, 1, 'gate', 'info@voorbeeld.be', narrow)).rejects.toThrow('no free reference')
    await codes(db, 1, 'gate', 'balie@voorbeeld.be', narrow)
    for (const { reference } of (await codes(db, 50)).codes)
      expect(reference).toMatch(/^[BCDFGHJKMNPQRTVWXYZ][BCDFGHJKMNPQRTVWXYZ2346789]{2}$/)
  })

  test('what an account was sent in the last hour is counted over all its sign-ins', async () => {
    const { db, inTransaction } = opened()
    const { account, attempt } = await codes(db, 3)
    const since = (at: number): Promise<unknown[]> => inTransaction((tx) => codesSince(tx, account, at))
    expect(await since(start - 1)).toEqual(times(3, (it) => ({ attempt_id: attempt, created_at: start + 2 - it })))
    expect(await since(start)).toHaveLength(2)
  })
})

test('the digits of a code stand in no column: they follow from its id under the master key', async () => {
  const ids = times(2_000, () => random.id())
  for (const id of ids) expect(digitsOf(vault, id)).toMatch(/^[0-9]{6}$/)
  expect(digitsOf(vault, 'a')).toBe(digitsOf(makeVault(Buffer.alloc(32, 7), random), 'a'))
  expect(ids.filter((it) => digitsOf(vault, it) === digitsOf(makeVault(Buffer.alloc(32, 8), random), it)).length).toBeLessThan(3)
  expect(new Set(ids.map((it) => digitsOf(vault, it))).size).toBeGreaterThan(1_950)
  const firsts = times(10, (digit) => ids.filter((it) => digitsOf(vault, it).startsWith(String(digit))).length)
  for (const count of firsts) expect(count).toBeGreaterThan(120)
})
