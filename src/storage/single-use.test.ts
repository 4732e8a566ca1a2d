import { expect, test } from 'vitest'
import { onEachEngine, times, winners } from '../../test/support/engines.ts'
import { account, attempt, codes, start } from '../../test/support/rows.ts'
import { systemRandom as random } from '../random.ts'
import * as storage from './index.ts'

/* T141: everything that works once stands in this one table, and of many that come at once, on two connections, one wins. */

type Storage = storage.Storage
type Try = (on: Storage) => Promise<boolean>
const vault = storage.makeVault(Buffer.alloc(32, 5), random)
const later = start + 1_000
const transacted =
  (work: (tx: storage.Tx) => Promise<boolean>): Try =>
  (on) =>
    on.inTransaction(work)
/** Each try would leave something else behind. */
const another = (): string => random.token()

async function app({ db }: Storage): Promise<{ who: string; id: string }> {
  const [who, id] = [await account(db), random.id()]
  const row = { account_id: who, method: 'totp' as const, secret: 'sealed', title: null, last_step: 100, bound_at: start }
  await storage.addAuthenticator(db, { ...row, id, last_used_at: null, disabled_at: null })
  return { who, id }
}
const record = { model: 'X', portal: 'haven', payload: '{}', consumed_at: null, ends_at: start + 60_000 }

/** By the function that takes it. */
const once: Readonly<Record<string, (on: Storage) => Promise<Try>>> = {
  moveLastStepTo: async (on) => {
    const { id } = await app(on)
    return transacted((tx) => storage.moveLastStepTo(tx, id, 101, later))
  },
  spendCode: async ({ db }) => {
    const [code] = (await codes(db, 2)).codes
    return transacted((tx) => storage.spendCode(tx, { ...code, tries: 0 } as storage.CodeRow, later))
  },
  spendLink: async (on) => {
    const [who, id] = [await account(on.db), random.id()]
    const row = { id, portal: 'haven', account_id: who, purpose: 'reset', facts: '{}', created_at: start, ends_at: start + 60_000 }
    await on.inTransaction((tx) => storage.addLink(tx, vault, { ...row, used_at: null }))
    return transacted((tx) => storage.spendLink(tx, id, later))
  },
  spendTicket: async (on) => {
    const [who, code] = [await account(on.db), storage.drawTicket(random)]
    const ticket = { id: random.id(), portal: 'haven', account: who, code, endsAt: start + 60_000 }
    await on.inTransaction((tx) => storage.addTicket(tx, vault, ticket, start))
    return transacted((tx) => storage.spendTicket(tx, vault, 'haven', who, code, later))
  },
  spendPendingEnrolment: async (on) => {
    const [who, id] = [await account(on.db), random.id()]
    const row = { id, account_id: who, attempt_id: await attempt(on.db, who), browser: 'b', secret: 'sealed', created_at: start }
    await on.inTransaction((tx) => storage.replacePendingEnrolment(tx, { ...row, ends_at: start + 60_000 }))
    return transacted((tx) => storage.spendPendingEnrolment(tx, id))
  },
  finishAttempt: async ({ db }) => {
    const id = await attempt(db, await account(db))
    return transacted((tx) => storage.finishAttempt(tx, id, another(), later))
  },
  /** Codes and refresh tokens of the protocol, requests that were sent ahead. */
  consumeRecord: async ({ db }) => {
    const key = another()
    await storage.putRecord(db, { ...record, key })
    return (on) => storage.consumeRecord(on.db, key, later)
  },
  /** Signatures of a client, hand-overs to a host. */
  addRecord: async () => {
    const key = another()
    return (on) => storage.addRecord(on.db, { ...record, key })
  },
  renewBrowser: async (on) => {
    const [who, token] = [await account(on.db), another()]
    const row = { id: random.id(), portal: 'haven', account_id: who, token_hash: token, seen_at: start, created_at: start }
    await on.inTransaction((tx) => storage.addBrowser(tx, row))
    return transacted((tx) => storage.renewBrowser(tx, 'haven', token, another(), 'use', later))
  },
  dropBrowser: async (on) => {
    const [who, id] = [await account(on.db), random.id()]
    const row = { id, portal: 'haven', account_id: who, token_hash: another(), seen_at: start, created_at: start }
    await on.inTransaction((tx) => storage.addBrowser(tx, row))
    return transacted((tx) => storage.dropBrowser(tx, who, id))
  },
  resetPassword: async ({ db }) => {
    const who = await account(db, { email: 'fleur@voorbeeld.be' })
    return transacted((tx) => storage.resetPassword(tx, who, another(), { email: 'fleur@voorbeeld.be', at: start }, later))
  },
  replacePasswordHash: async ({ db }) => {
    const who = await account(db, { password_hash: 'old' })
    return (on) => storage.replacePasswordHash(on.db, who, 'old', another())
  },
  takeFormerAddress: async (on) => {
    const [who, id] = [await account(on.db), random.id()]
    const row = { id, portal: 'haven', account_id: who, channel: 'email' as const, address: 'a@b.be', name: null, shown_name: null }
    await on.inTransaction((tx) =>
      storage.addFormerAddress(tx, { ...row, replaced_at: start, undo_until: start + 60_000, undone_at: null }),
    )
    return transacted(async (tx) => (await storage.takeFormerAddress(tx, who, id, later)) !== undefined)
  },
  takeFarewell: async (on) => {
    const [who, id] = [await account(on.db), random.id()]
    const row = { id, portal: 'haven', token_hash: another(), account_id: who, started_at: start, last_seen_at: start, ends_at: later }
    await on.inTransaction((tx) => storage.addSession(tx, { ...row, ended_at: start }))
    await storage.addSessionClient(on.db, { session_id: id, client_id: 'loket', sid: 's' }, start)
    return (at) => storage.takeFarewell(at.db, { session_id: id, client_id: 'loket' }, later + 60_000, later)
  },
  noteEndTold: async (on) => {
    const { who, id } = await app(on)
    await on.inTransaction((tx) => storage.endAuthenticatorAt(tx, who, id, { endsAt: start, by: id }))
    return transacted((tx) => storage.noteEndTold(tx, id, later))
  },
  noteHalfTold: async ({ db }) => {
    const who = await account(db)
    return transacted((tx) => storage.noteHalfTold(tx, who, later))
  },
}

/** They take something as well, but not once: room in a count, a try that is given back. */
const manyTimes = ['spendAllowance', 'takeBackTry', 'takenOf']

test('T141 whatever takes a thing of one use is in the table', () => {
  const taking = Object.keys(storage).filter((it) => /^(spend|consume|finish|take|redeem|claim)/.test(it))
  expect(taking.filter((it) => !manyTimes.includes(it) && !(it in once))).toEqual([])
})

onEachEngine((opened, open) => {
  test.each(Object.entries(once))('T141 %s: of twenty at once on two connections one wins, and nobody afterwards', async (_, prepare) => {
    const two = await open()
    for (let round = 0; round < (process.env.SLUIS_TEST_LONG ? 50 : 3); round++) {
      const take = await prepare(opened())
      expect(await winners(times(20, (it) => take(it % 2 ? opened() : two)))).toBe(1)
      expect(await take(two)).toBe(false)
    }
  })
})
