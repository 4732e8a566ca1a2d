import { expect, test } from 'vitest'
import { onEachEngine, times, winners } from '../../test/support/engines.ts'
import { account, start } from '../../test/support/rows.ts'
import { systemRandom as random } from '../random.ts'
import {
  addAttemptOnce,
  addAuthenticator,
  addFormerAddress,
  addSession,
  authenticatorsOf,
  changeAccount,
  endAuthenticatorAt,
  endedUntold,
  endOtherSessions,
  findAttempt,
  findSession,
  moveLastStepTo,
  noteEndTold,
  removeAuthenticator,
  renameAuthenticator,
  type Storage,
  sweepSome,
  type Tx,
  takeFormerAddress,
  workingAuthenticatorsOf,
} from './index.ts'

const day = 86_400_000

onEachEngine((opened, another) => {
  const app = async ({ inTransaction }: Storage, who: string): Promise<string> => {
    const id = random.id()
    const row = { id, account_id: who, method: 'totp' as const, secret: 'sealed', title: null, last_step: 100, bound_at: start }
    await inTransaction((tx) => addAuthenticator(tx, { ...row, last_used_at: null, disabled_at: null }))
    return id
  }

  test('T056 what belongs to somebody else is not changed by its id', async () => {
    const { db, inTransaction } = opened()
    const [anna, mallory] = [await account(db), await account(db)]
    const [id, before] = [await app(opened(), anna), await authenticatorsOf(db, anna)]
    const tries = [
      (tx: Tx) => removeAuthenticator(tx, mallory, id),
      (tx: Tx) => renameAuthenticator(tx, mallory, id, 'mijn'),
      (tx: Tx) => endAuthenticatorAt(tx, mallory, id, { endsAt: start, by: id }),
    ]
    for (const change of tries) expect(await inTransaction(change)).toBe(false)
    expect(await authenticatorsOf(db, anna)).toEqual([{ ...before[0] }])
    expect(await inTransaction((tx) => removeAuthenticator(tx, anna, id))).toBe(true)
  })

  test('an app whose place another took works until its moment and not after it; its codes neither', async () => {
    const { db, inTransaction } = opened()
    const who = await account(db)
    const [old, fresh] = [await app(opened(), who), await app(opened(), who)]
    const endsAt = start + 7 * day
    expect(await inTransaction((tx) => endAuthenticatorAt(tx, who, old, { endsAt, by: fresh }))).toBe(true)
    expect(await workingAuthenticatorsOf(db, who, endsAt - 1)).toHaveLength(2)
    expect((await workingAuthenticatorsOf(db, who, endsAt)).map((it) => it.id)).toEqual([fresh])
    expect(await authenticatorsOf(db, who)).toHaveLength(2)
    const move = (step: number, at: number) => inTransaction((tx) => moveLastStepTo(tx, old, step, at))
    expect([await move(101, endsAt - 1), await move(102, endsAt)]).toEqual([true, false])
    expect((await authenticatorsOf(db, who)).map((it) => Number(it.uses)).toSorted()).toEqual([0, 1])
    expect(await inTransaction((tx) => endAuthenticatorAt(tx, who, old, undefined))).toBe(true)
    expect(await move(102, endsAt)).toBe(true)
    await inTransaction((tx) => endAuthenticatorAt(tx, who, old, { endsAt, by: fresh }))
    await sweepSome(db, endsAt + 7 * 86_400_000)
    expect(await authenticatorsOf(db, who)).toHaveLength(2)
    await sweepSome(db, endsAt + 1 + 7 * 86_400_000)
    expect((await authenticatorsOf(db, who)).map((it) => it.id)).toEqual([fresh])
  })

  test('that an app has ended is told once, of two nodes by one, and anew only when it worked meanwhile', async () => {
    const { db, inTransaction } = opened()
    const two = await another()
    const who = await account(db)
    const [old, fresh] = [await app(opened(), who), await app(opened(), who)]
    const endsAt = start + 7 * day
    await inTransaction((tx) => endAuthenticatorAt(tx, who, old, { endsAt, by: fresh }))
    const found = async (since: number, at: number) => (await endedUntold(db, since, at)).filter((it) => it.account_id === who)
    expect([await found(start, endsAt - 1), await found(endsAt, endsAt)]).toEqual([[], []])
    expect(await found(start, endsAt)).toEqual([{ id: old, account_id: who, portal: 'haven' }])
    expect(await inTransaction((tx) => noteEndTold(tx, old, endsAt - 1))).toBe(false)
    expect(await winners(times(6, (it) => (it % 2 ? two : opened()).inTransaction((tx) => noteEndTold(tx, old, endsAt))))).toBe(1)
    expect(await found(start, endsAt)).toEqual([])
    await inTransaction((tx) => endAuthenticatorAt(tx, who, old, undefined))
    expect(await inTransaction((tx) => noteEndTold(tx, old, endsAt))).toBe(false)
    await inTransaction((tx) => endAuthenticatorAt(tx, who, old, { endsAt, by: fresh }))
    expect(await found(start, endsAt)).toHaveLength(1)
    await changeAccount(db, who, { disabled_at: start })
    expect(await found(start, endsAt)).toEqual([])
  })

  test("nobody names or ends somebody else's app", async () => {
    const { db, inTransaction } = opened()
    const [mine, theirs] = [await account(db), await account(db)]
    const id = await app(opened(), theirs)
    expect(await renameAuthenticator(db, mine, id, 'van mij')).toBe(false)
    expect(await inTransaction((tx) => endAuthenticatorAt(tx, mine, id, { endsAt: start, by: id }))).toBe(false)
    expect(await renameAuthenticator(db, theirs, id, 'op het werk')).toBe(true)
    expect(await authenticatorsOf(db, theirs)).toMatchObject([{ title: 'op het werk', ends_at: null }])
  })

  test('the row of a session for its changes is made once, also by many tabs and two processes', async () => {
    const [one, two] = [opened(), await another()]
    const who = await account(one.db)
    const token_hash = random.token()
    const row = () => ({
      id: random.id(),
      portal: 'haven',
      token_hash,
      application: null,
      interaction: null,
      request: '{}',
      typed_name: null,
      account_id: who,
      phone: null,
      language: 'nl',
      help_number: '0042',
      session_id: null,
      created_at: start,
      ends_at: start + day,
      finished_at: null,
    })
    await Promise.all(times(20, (place) => (place % 2 ? one : two).inTransaction((tx) => addAttemptOnce(tx, row()))))
    const found = await one.db.selectFrom('attempt').select('id').where('token_hash', '=', token_hash).execute()
    expect(found).toHaveLength(1)
    expect((await findAttempt(one.db, 'haven', token_hash, start))?.id).toBe(found[0]?.id)
  })

  test('all sessions of an account end but one, and nobody else loses theirs', async () => {
    const { db, inTransaction } = opened()
    const [mine, theirs] = [await account(db), await account(db)]
    const session = async (of: string): Promise<{ id: string; token_hash: string }> => {
      const [id, token_hash] = [random.id(), random.token()]
      const times = { started_at: start, last_seen_at: start, ends_at: start + day, ended_at: null }
      await inTransaction((tx) => addSession(tx, { id, portal: 'haven', token_hash, account_id: of, device: null, ...times }))
      return { id, token_hash }
    }
    const [kept, one, two, other] = [await session(mine), await session(mine), await session(mine), await session(theirs)]
    const ended = await inTransaction((tx) => endOtherSessions(tx, mine, kept.id, start + 1))
    expect(ended.toSorted()).toEqual([one.id, two.id].toSorted())
    const lives = async ({ token_hash }: { token_hash: string }) =>
      (await findSession(db, 'haven', token_hash, start - 1, start + 1)) !== undefined
    expect([await lives(kept), await lives(one), await lives(two), await lives(other)]).toEqual([true, false, false, true])
  })

  test('what was there before a change comes back once, in time, to its own account', async () => {
    const [one, two] = [opened(), await another()]
    const [mine, theirs] = [await account(one.db), await account(one.db)]
    const [id, undo_until] = [random.id(), start + 7 * day]
    const row = {
      id,
      portal: 'haven',
      account_id: mine,
      channel: 'email' as const,
      address: 'oud@haven.test',
      name: null,
      shown_name: null,
    }
    await one.inTransaction((tx) => addFormerAddress(tx, { ...row, replaced_at: start, undo_until, undone_at: null }))
    const take = (storage: Storage, of: string, at: number) => storage.inTransaction((tx) => takeFormerAddress(tx, of, id, at))
    expect(await take(one, theirs, start)).toBeUndefined()
    expect(await take(one, mine, undo_until)).toBeUndefined()
    const taken = await winners(times(10, async (place) => (await take(place % 2 ? one : two, mine, undo_until - 1)) !== undefined))
    expect(taken).toBe(1)
  })
})
