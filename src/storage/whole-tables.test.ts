import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  applicationsIn,
  browsersOf,
  codesOf,
  codesSince,
  countAccountsAt,
  dueFarewells,
  dueMessages,
  endedUntold,
  endOpenAttempts,
  endWhatStands,
  factsOf,
  factsOfSession,
  farewellsOf,
  findAccountByName,
  findAttempt,
  findHostSession,
  findRecord,
  findSession,
  leftAfterPassword,
  messageNumbered,
  newestMessage,
  openStorage,
  rememberedOf,
  type Storage,
  sessionsOf,
  sweepSome,
  type Tx,
  unsealedRows,
  wasReferenceSent,
} from './index.ts'

/*
 * T038 A stranger may leave as many rows as he likes: what is asked at each page, each second and each sweep reads its own rows and never
 * a whole table, which on the embedded engine holds up everybody.
 */

let folder: string
let storage: Storage
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluis-plans-'))
  storage = await openStorage(join(folder, 'sluis.db'))
})
afterAll(async () => {
  await storage.close()
  rmSync(folder, { recursive: true, force: true })
})

const to = { template: 'M05', channel: 'email', address: 'a@haven.test' } as const
const who = { id: 'a', authenticators_changed_at: 0, password_changed_at: 0 }
const questions: Readonly<Record<string, (tx: Tx) => Promise<unknown>>> = {
  'a page of a sign-in': (tx) => findAttempt(tx, 'haven', 'x', 0),
  'its facts': (tx) => factsOf(tx, 'x'),
  'its codes': (tx) => codesOf(tx, 'x', 'sign-in'),
  'a name': (tx) => findAccountByName(tx, 'haven', 'anna'),
  'a page inside a session': (tx) => findSession(tx, 'haven', 'x', 0, 0),
  'what a session stands on': (tx) => factsOfSession(tx, 's', 'a'),
  'what a session was for': (tx) => applicationsIn(tx, ['s', 't']),
  'a protected host': (tx) => findHostSession(tx, 'haven', 'planning', 'x'),
  'a record of the protocol': (tx) => findRecord(tx, 'x', 0),
  'codes of an hour, before the next one': (tx) => codesSince(tx, 'a', 0),
  'who shares a mailbox': (tx) => countAccountsAt(tx, 'haven', 'a@haven.test'),
  'a kenmerk that anybody may ask about': (tx) => wasReferenceSent(tx as never, 'haven', 'W7K', 0),
  'a number that anybody may ask about': (tx) => messageNumbered(tx as never, 'haven', 'BCDF2346'),
  'what was told before': (tx) => newestMessage(tx, 'a', to),
  'sessions of a person': (tx) => sessionsOf(tx, 'haven', 'a', 0, 0),
  'browsers of a person': (tx) => browsersOf(tx, 'a'),
  'remembered browsers of a person': (tx) => rememberedOf(tx, who, 0),
  'a password that is chosen anew': async (tx) => {
    await endWhatStands(tx, 'a', 0)
    await endOpenAttempts(tx, 'a', 'b', 0)
  },
  'each second: messages': (tx) => dueMessages(tx as never, 'email', 10, [], 0),
  'each second: sessions that ended': (tx) => dueFarewells(tx as never, 0, 10, 0),
  'each sign-out: who heard of it': (tx) => farewellsOf(tx as never, 'haven', 's'),
  'each minute: apps that ended by time alone': (tx) => endedUntold(tx as never, 0, 1),
  'each minute: passwords without a code': (tx) => leftAfterPassword(tx as never, 0, 1),
}

/** What was asked meanwhile, and how the engine would find it. */
async function plansOf(work: () => Promise<unknown>): Promise<string[]> {
  const { prototype } = DatabaseSync
  const { prepare } = prototype
  const asked: string[] = []
  prototype.prepare = function (text: string) {
    asked.push(text)
    return prepare.call(this, text)
  }
  await work().finally(() => {
    prototype.prepare = prepare
  })
  using file = new DatabaseSync(join(folder, 'sluis.db'), { readOnly: true })
  return asked
    .filter((it) => /^\s*(select|update|delete)/i.test(it))
    .flatMap((it) => file.prepare(`explain query plan ${it}`).all() as { detail: string }[])
    .map((it) => it.detail)
}

/** `(portal=?)` alone is all of a portal. */
const isWhole = (detail: string): boolean => /^SCAN |\(portal=\?\)$/.test(detail)

test.each(Object.entries(questions))('T038 %s reads no whole table', async (_, ask) => {
  const plans = await plansOf(() => storage.inTransaction(ask))
  expect(plans.length).toBeGreaterThan(0)
  expect(plans.filter(isWhole)).toEqual([])
})

test('T038 the sealer takes what waits in its order, without sorting what else waits', async () => {
  expect(await plansOf(() => unsealedRows(storage.db, 'haven', 50))).toEqual(['SEARCH audit USING INDEX audit_waiting (portal=?)'])
})

test('T038 the sweep of the tables that grow fastest reads no more than it takes away', async () => {
  const plans = await plansOf(() => sweepSome(storage.db, 0))
  for (const table of ['attempt', 'protocol_record', 'message', 'link', 'session', 'retired_value'])
    expect(plans.filter((it) => isWhole(it) && it.split(' ')[1] === table)).toEqual([])
})
