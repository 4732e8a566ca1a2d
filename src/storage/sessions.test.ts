import { expect, test } from 'vitest'
import { onEachEngine, times, winners } from '../../test/support/engines.ts'
import { account, attempt, start } from '../../test/support/rows.ts'
import { systemRandom as random } from '../random.ts'
import {
  addAuditRows,
  addSession,
  applicationsIn,
  auditRowsSince,
  endOpenAttempts,
  endOwnSession,
  endSession,
  findAttempt,
  findSession,
  findSessionById,
  keepNewestSessions,
  type Storage,
  sessionsOf,
} from './index.ts'

const hour = 3_600_000

onEachEngine((opened) => {
  const session = async ({ inTransaction }: Storage, who: string, seen = start, more = {}): Promise<string> => {
    const id = random.id()
    const row = { id, portal: 'haven', account_id: who, token_hash: random.token(), started_at: start, last_seen_at: seen }
    await inTransaction((tx) => addSession(tx, { ...row, ends_at: start + 24 * hour, ended_at: null, device: null, ...more }))
    return id
  }
  const idsOf = async (who: string, now = start + 1): Promise<string[]> =>
    (await sessionsOf(opened().db, 'haven', who, now - hour, now)).map((it) => it.id)

  test('the live sessions of an account, the one seen last first: none of others, of another portal, idle or over', async () => {
    const [anna, bram] = [await account(opened().db), await account(opened().db)]
    const [old, fresh] = [await session(opened(), anna, start - hour + 2), await session(opened(), anna)]
    for (const more of [{ ended_at: start }, { ends_at: start }, { portal: 'kade' }, { last_seen_at: start - hour }])
      await session(opened(), anna, start, more)
    await session(opened(), bram)
    expect(await idsOf(anna)).toEqual([fresh, old])
  })

  test('T050 a session and a half-way sign-in are found at their own portal alone', async () => {
    const { db } = opened()
    const who = await account(db)
    const [token_hash, flow] = [random.token(), random.token()]
    const id = await session(opened(), who, start, { token_hash })
    const sign = await attempt(db, who, { token_hash: flow })
    const found = async (portal: string) => [
      (await findSession(db, portal, token_hash, start - hour, start + 1))?.id,
      (await findSessionById(db, portal, id, start - hour, start + 1))?.id,
      (await findAttempt(db, portal, flow, start + 1))?.id,
    ]
    expect(await found('haven')).toEqual([id, id, sign])
    expect(await found('kade')).toEqual([undefined, undefined, undefined])
  })

  test('a session is ended by its own account and once', async () => {
    const { db, inTransaction } = opened()
    const [anna, bram] = [await account(db), await account(db)]
    const id = await session(opened(), anna)
    expect(await inTransaction((tx) => endOwnSession(tx, bram, id, start))).toBe(false)
    expect(await idsOf(anna)).toEqual([id])
    expect(await winners(times(6, () => inTransaction((tx) => endOwnSession(tx, anna, id, start))))).toBe(1)
    expect(await endSession(db, id, start)).toBe(false)
  })

  test('of too many sessions those fall off that were not seen for the longest time', async () => {
    const { db, inTransaction } = opened()
    const [anna, bram] = [await account(db), await account(db)]
    const made: string[] = []
    for (const nr of times(7, (it) => it)) made.push(await session(opened(), anna, start - nr))
    const other = await session(opened(), bram)
    await inTransaction((tx) => keepNewestSessions(tx, anna, 4, start))
    expect(await idsOf(anna)).toEqual(made.slice(0, 4))
    expect(await idsOf(bram)).toEqual([other])
  })

  test('what was opened with a session, each application once', async () => {
    const { db } = opened()
    const anna = await account(db)
    const [one, other] = [await session(opened(), anna), await session(opened(), anna)]
    for (const [of, application] of [
      [one, 'planning'],
      [one, 'planning'],
      [one, 'balie'],
      [other, null],
    ] as const)
      await attempt(db, anna, { session_id: of, application })
    expect(await applicationsIn(db, [one, other])).toEqual(
      new Map([
        [one, ['balie', 'planning']],
        [other, []],
      ]),
    )
    expect(await applicationsIn(db, [])).toEqual(new Map())
  })

  test('half-way sign-ins of an account end, but the one that goes on', async () => {
    const { db, inTransaction } = opened()
    const [anna, bram] = [await account(db), await account(db)]
    const tokens = times(3, () => random.token())
    const [goesOn] = [await attempt(db, anna, { token_hash: tokens[0] as string })]
    await attempt(db, anna, { token_hash: tokens[1] as string })
    await attempt(db, bram, { token_hash: tokens[2] as string })
    await inTransaction((tx) => endOpenAttempts(tx, anna, goesOn, start + 1))
    const lives = await Promise.all(tokens.map(async (it) => (await findAttempt(db, 'haven', it, start + 1)) !== undefined))
    expect(lives).toEqual([true, false, true])
  })

  test('events of some kinds since a moment, newest first, of one account at one portal', async () => {
    const { db } = opened()
    const [anna, bram] = [random.id(), random.id()]
    const empty = { reason: null, name_hash: null, attempt_id: null, door: null, method: null, address: null, seq: null, seal: null }
    const row = (event: string, at: number, who = anna, portal = 'haven') => ({
      id: random.id(),
      portal,
      at,
      event,
      account_id: who,
      ...empty,
    })
    await addAuditRows(db, [
      row('one', start),
      row('two', start + 1),
      row('other', start + 2),
      row('one', start - hour),
      row('one', start, bram),
      row('one', start, anna, 'kade'),
    ])
    const found = (limit: number) => auditRowsSince(db, 'haven', anna, { events: ['one', 'two'], since: start - 1, limit })
    expect((await found(10)).map((it) => it.event)).toEqual(['two', 'one'])
    expect(await found(1)).toHaveLength(1)
  })
})
