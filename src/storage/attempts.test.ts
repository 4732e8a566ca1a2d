import { expect, test } from 'vitest'
import { onEachEngine, times, winners } from '../../test/support/engines.ts'
import { account, attempt, start } from '../../test/support/rows.ts'
import type { Fact, SecondStep } from '../decision/index.ts'
import { systemRandom as random } from '../random.ts'
import {
  addAuthenticator,
  addFact,
  adoptPendingEnrolment,
  authenticatorsOf,
  disableAuthenticators,
  factsOf,
  factsOfSession,
  findAttempt,
  findPendingEnrolment,
  finishAttempt,
  moveLastStepTo,
  notePictureSaved,
  removeAuthenticator,
  replacePendingEnrolment,
  type Storage,
  spendPendingEnrolment,
  sweepSome,
} from './index.ts'

const hour = 3_600_000

onEachEngine((opened, another) => {
  test('a sign-in is found by its cookie, at its portal, for an hour', async () => {
    const { db } = opened()
    const id = await attempt(db, null, { token_hash: 'cookie' })
    expect(await findAttempt(db, 'haven', 'cookie', start + hour - 1)).toMatchObject({ id })
    expect(await findAttempt(db, 'haven', 'cookie', start + hour)).toBeUndefined()
    expect(await findAttempt(db, 'kade', 'cookie', start)).toBeUndefined()
  })

  test('of fifty tabs that finish one sign-in one wins', async () => {
    const { db, inTransaction } = opened()
    const id = await attempt(db, await account(db))
    expect(await winners(times(50, (it) => inTransaction((tx) => finishAttempt(tx, id, `session ${it}`, start))))).toBe(1)
  })

  test('facts come back whole, in the order in which they were added, also those of one moment', async () => {
    const { db } = opened()
    const who = await account(db)
    const id = await attempt(db, who)
    const facts: Fact[] = [
      { fact: 'named', at: start },
      { fact: 'proved', method: 'password', purpose: 'sign-in', at: start },
      ...times(40, (it): Fact => ({ fact: 'chose', method: (['totp', 'email', 'sms'] as SecondStep[])[it % 3] as SecondStep, at: start })),
      { fact: 'chose', method: 'totp', way: 'browser', at: start },
      { fact: 'gave-phone', at: start },
      { fact: 'withdrew-phone', at: start },
    ]
    for (const fact of facts) await addFact(db, random.id(), id, who, fact)
    expect(await factsOf(db, id)).toEqual(facts)
  })

  test('the last choice stays the last, also when the other node is a second behind', async () => {
    const { db } = opened()
    const id = await attempt(db, await account(db))
    await addFact(db, random.id(), id, null, { fact: 'chose', method: 'totp', at: start })
    await addFact(db, random.id(), id, null, { fact: 'chose', method: 'email', at: start - 1_000 })
    expect((await factsOf(db, id)).at(-1)).toMatchObject({ method: 'email' })
  })

  test('two processes that add facts at once lose none', async () => {
    const two = await another()
    const id = await attempt(opened().db, await account(opened().db))
    const add = (it: number, storage: Storage): Promise<void> =>
      storage.inTransaction((tx) => addFact(tx, random.id(), id, null, { fact: 'wanted', at: start + it }))
    await Promise.all(times(20, (it) => add(it, it % 2 ? opened() : two)))
    expect(new Set((await factsOf(opened().db, id)).map((it) => it.at)).size).toBe(20)
  })

  test('a session stands on what was proved in it: no choice, no gate, nothing half-way and nothing of another account', async () => {
    const { db, inTransaction } = opened()
    const who = await account(db)
    const [whole, half, foreign] = [await attempt(db, who), await attempt(db, who, { session_id: 's' }), await attempt(db, who)]
    const proved = (
      method: 'password' | 'totp' | 'email' | 'sms',
      purpose: 'sign-in' | 'gate' | 'enrol' | 'new-phone' | 'change',
    ): Fact => ({
      fact: 'proved',
      method,
      purpose,
      at: start,
    })
    const stays = [proved('password', 'sign-in'), proved('totp', 'enrol'), proved('sms', 'new-phone'), proved('email', 'sign-in')]
    const goes: Fact[] = [proved('email', 'gate'), proved('totp', 'change'), { fact: 'chose', method: 'totp', at: start }]
    for (const fact of [...stays, ...goes]) await addFact(db, random.id(), whole, who, fact)
    await addFact(db, random.id(), half, who, proved('totp', 'sign-in'))
    await addFact(db, random.id(), foreign, await account(db), proved('sms', 'sign-in'))
    for (const it of [whole, foreign]) await inTransaction((tx) => finishAttempt(tx, it, 's', start))
    expect(await factsOfSession(db, 's', who)).toEqual(stays)
  })

  test('old sign-ins are swept away with their facts; those that a session stands on stay', async () => {
    const { db, inTransaction } = opened()
    const who = await account(db)
    const [old, kept] = [await attempt(db, who), await attempt(db, who)]
    for (const it of [old, kept]) await addFact(db, random.id(), it, who, { fact: 'wanted', at: start })
    await inTransaction((tx) => finishAttempt(tx, kept, 'stays', start))
    await sweepSome(db, start + 26 * hour)
    expect([await factsOf(db, old), await factsOf(db, kept)]).toEqual([[], [{ fact: 'wanted', at: start }]])
  })

  const app = async ({ db, inTransaction }: Storage, step = 100): Promise<{ who: string; id: string }> => {
    const [who, id] = [await account(db), random.id()]
    const row = { id, account_id: who, method: 'totp' as const, secret: 'sealed', title: null, last_step: step }
    await inTransaction((tx) => addAuthenticator(tx, { ...row, bound_at: start, last_used_at: null, disabled_at: null }))
    return { who, id }
  }
  const move = (storage: Storage, id: string, step: number): Promise<boolean> =>
    storage.inTransaction((tx) => moveLastStepTo(tx, id, step, start))

  test('an app code works once, also when fifty tabs send it to two processes', async () => {
    const two = await another()
    const { id } = await app(opened())
    expect(await winners(times(50, (it) => move(it % 2 ? opened() : two, id, 101)))).toBe(1)
  })

  test('the step of an app never goes back', async () => {
    const { id, who } = await app(opened())
    expect([await move(opened(), id, 101), await move(opened(), id, 100), await move(opened(), id, 101)]).toEqual([true, false, false])
    await Promise.all(times(20, (it) => move(opened(), id, 102 + ((it * 7) % 20))))
    expect((await authenticatorsOf(opened().db, who))[0]?.last_step).toBe(121)
  })

  test('a disabled app spends no step', async () => {
    const { id, who } = await app(opened())
    await opened().inTransaction((tx) => disableAuthenticators(tx, who, 'totp', start))
    expect(await move(opened(), id, 500)).toBe(false)
    expect(await authenticatorsOf(opened().db, who)).toMatchObject([{ disabled_at: start, last_step: 100 }])
  })

  test('an app is removed once, and only by its own account', async () => {
    const [mine, other] = [await app(opened()), await app(opened())]
    const remove = (who: string): Promise<boolean> => opened().inTransaction((tx) => removeAuthenticator(tx, who, mine.id))
    expect(await remove(other.who)).toBe(false)
    expect(await winners(times(5, () => remove(mine.who)))).toBe(1)
  })

  const pending = (who: string, sign: string, id = random.id()) => {
    const row = { id, account_id: who, attempt_id: sign, browser: 'b', secret: 'sealed', created_at: start, ends_at: start + 24 * hour }
    return { row, id }
  }

  test('an account has one pending enrolment, also when two processes begin one', async () => {
    const [two, { db }] = [await another(), opened()]
    const who = await account(db)
    const sign = await attempt(db, who)
    const begin = (storage: Storage): Promise<void> => storage.inTransaction((tx) => replacePendingEnrolment(tx, pending(who, sign).row))
    await Promise.all(times(10, (it) => begin(it % 2 ? opened() : two)))
    const first = await findPendingEnrolment(db, who, start)
    await notePictureSaved(db, first?.id ?? '', start)
    // Another secret takes its place: of that one there is no file.
    await begin(two)
    expect(await findPendingEnrolment(db, who, start)).toMatchObject({ picture_saved_at: null })
    expect(await db.selectFrom('pending_enrolment').select('id').where('account_id', '=', who).execute()).toHaveLength(1)
  })

  test('a pending enrolment lives a day, moves to the sign-in that goes on with it, and is confirmed once', async () => {
    const { db, inTransaction } = opened()
    const who = await account(db)
    const { row, id } = pending(who, await attempt(db, who))
    await inTransaction((tx) => replacePendingEnrolment(tx, row))
    expect(await findPendingEnrolment(db, who, start + 24 * hour - 1)).toMatchObject({ id })
    expect(await findPendingEnrolment(db, who, start + 24 * hour)).toBeUndefined()

    await notePictureSaved(db, id, start + 5)
    await notePictureSaved(db, id, start + 6)
    const next = await attempt(db, who)
    await inTransaction((tx) => adoptPendingEnrolment(tx, id, next))
    expect(await findPendingEnrolment(db, who, start)).toMatchObject({ attempt_id: next, picture_saved_at: start + 5 })
    expect(await winners(times(20, () => inTransaction((tx) => spendPendingEnrolment(tx, id))))).toBe(1)
  })
})
