import { expect, test } from 'vitest'
import { onEachEngine, times } from '../../test/support/engines.ts'
import { start } from '../../test/support/rows.ts'
import { mayAttempt } from '../decision/index.ts'
import { clearCounter, countInWindow, raise, readCounter, takeBackTry } from './index.ts'

const rule = { failures: 10, pauseSeconds: 900, longestSeconds: 86_400 }
const day = 86_400_000

onEachEngine((opened, another) => {
  test('fifty parallel tries below the limit are counted exactly', async () => {
    const two = await another()
    const raised = await Promise.all(
      times(50, (it) => raise((it % 2 ? opened() : two).db, 'password exact', { ...rule, failures: 60 }, start)),
    )
    expect(raised.map((it) => it.count).toSorted((a, b) => a - b)).toEqual(times(50, (it) => it + 1))
    expect(raised.every((it) => it.raised && it.pausedUntil === undefined)).toBe(true)
  })

  test('of a hundred parallel tries on two processes ten are looked at; then the pause stands', async () => {
    const two = await another()
    const tries = await Promise.all(times(100, (it) => raise((it % 2 ? opened() : two).db, 'password guessed', rule, start)))
    expect(tries.filter((it) => it.raised)).toHaveLength(10)
    expect(await readCounter(opened().db, 'password guessed')).toEqual({ count: 10, pausedUntil: start + 900_000 })
  })

  test('the pause begins with the try that reaches the limit, and that one is still looked at', async () => {
    const { db } = opened()
    for (const count of times(9, (it) => it + 1)) expect(await raise(db, 'password tenth', rule, start)).toEqual({ raised: true, count })
    expect(await raise(db, 'password tenth', rule, start)).toEqual({ raised: true, count: 10, pausedUntil: start + 900_000 })
    expect(await raise(db, 'password tenth', rule, start + 899_999)).toEqual({ raised: false, count: 10, pausedUntil: start + 900_000 })
    expect(await raise(db, 'password tenth', rule, start + 900_000)).toEqual({ raised: true, count: 11 })
  })

  test('each pause is twice the one before, up to a day, and comes exactly at each limit; also for a hundred failures and more', async () => {
    const { db } = opened()
    const hours = [0.25, 0.5, 1, 2, 4, 8, 16]
    let now = start
    for (let count = 1; count <= 300; count++) {
      const milliseconds = count % 10 === 0 ? (hours[count / 10 - 1] ?? 24) * 3_600_000 : 0
      const tried = await raise(db, 'password grows', rule, now)
      expect(tried).toEqual({ raised: true, count, ...(milliseconds > 0 ? { pausedUntil: now + milliseconds } : {}) })
      expect(mayAttempt(tried, rule, now).may).toBe(milliseconds === 0)
      now += milliseconds
    }
  })

  test('a pause after every other try, a hundred times, stays the longest one', async () => {
    const { db } = opened()
    const strict = { failures: 2, pauseSeconds: 1, longestSeconds: 100 }
    let now = start
    for (let pause = 1; pause <= 100; pause++) {
      await raise(db, 'password strict', strict, now)
      const { pausedUntil = 0 } = await raise(db, 'password strict', strict, now)
      expect((pausedUntil - now) / 1000).toBe(Math.min(2 ** (pause - 1), 100))
      now = pausedUntil
    }
  })

  test('a cleared counter begins anew, and only that one', async () => {
    const { db, inTransaction } = opened()
    for (const key of ['password mine', 'password other'] as const) await raise(db, key, rule, start)
    await inTransaction((tx) => clearCounter(tx, 'password mine'))
    expect([await readCounter(db, 'password mine'), await readCounter(db, 'password other')]).toEqual([{ count: 0 }, { count: 1 }])
  })

  test('a try that is given back takes its pause with it, and never goes below nothing', async () => {
    const { db, inTransaction } = opened()
    for (const it of times(10, (place) => place)) await raise(db, 'password back', rule, start + it)
    await inTransaction((tx) => takeBackTry(tx, 'password back', start + 9))
    expect(await readCounter(db, 'password back')).toEqual({ count: 9 })
    for (const _ of times(12, () => 0)) await inTransaction((tx) => takeBackTry(tx, 'password back', start))
    expect(await readCounter(db, 'password back')).toEqual({ count: 0 })
  })

  test('a try that is given back does not end the pause that another try began', async () => {
    const { db, inTransaction } = opened()
    for (const it of times(10, (place) => place)) await raise(db, 'password other pause', rule, start + it)
    await inTransaction((tx) => takeBackTry(tx, 'password other pause', start + 8))
    expect(await readCounter(db, 'password other pause')).toEqual({ count: 9, pausedUntil: start + 9 + 900_000 })
  })

  test('the long count goes on through successes and begins anew after thirty days', async () => {
    const { db } = opened()
    const count = (at: number, many?: number): Promise<number> => countInWindow(db, 'password long', 30 * 86_400, at, many)
    expect(await Promise.all(times(20, () => count(start))).then((it) => Math.max(...it))).toBe(20)
    expect(await count(start + 30 * day - 1)).toBe(21)
    expect(await count(start + 30 * day)).toBe(1)
    expect(await count(start + 60 * day - 1)).toBe(2)
    expect([await count(start + 60 * day - 1, 3), await count(start + 60 * day, 2)]).toEqual([5, 2])
  })
})

test('a count says how many tries are left, and a pause until when', () => {
  expect(mayAttempt({ count: 0 }, rule, start)).toEqual({ may: true, left: 10 })
  expect(mayAttempt({ count: 9 }, rule, start)).toEqual({ may: true, left: 1 })
  expect(mayAttempt({ count: 10, pausedUntil: start + 1 }, rule, start)).toEqual({ may: false, until: start + 1 })
  expect(mayAttempt({ count: 10, pausedUntil: start }, rule, start)).toEqual({ may: true, left: 10 })
})
