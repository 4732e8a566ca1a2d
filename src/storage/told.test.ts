import { beforeAll, expect, test } from 'vitest'
import { onEachEngine, times, winners } from '../../test/support/engines.ts'
import { account, attempt, codes, start } from '../../test/support/rows.ts'
import { systemRandom as random } from '../random.ts'
import {
  addFact,
  addLink,
  addMessage,
  addToWaitingMessage,
  changeAccount,
  changeLinkFacts,
  findAccount,
  findLink,
  findLinkById,
  leaseMessages,
  leftAfterPassword,
  linkToken,
  makeVault,
  messageNumbered,
  type NewRow,
  newestMessage,
  noteGuessed,
  noteHalfTold,
  noteReplaced,
  type Storage,
  shortLinkToken,
  spendLink,
  type Tx,
  wasReferenceSent,
} from './index.ts'

const vault = makeVault(Buffer.alloc(32, 5), random)
const minute = 60_000
const day = 86_400_000

onEachEngine((opened, another) => {
  let other: Storage
  let db: Storage['db']
  beforeAll(async () => {
    db = opened().db
    other = await another()
  })
  const tx = <T>(work: (tx: Tx) => Promise<T>, on = opened()): Promise<T> => on.inTransaction(work)
  const message = async (of: string, given: Partial<NewRow<'message'>> = {}): Promise<string> => {
    const id = random.id()
    const row = { id, portal: 'haven', template: 'M05', channel: 'email', account_id: of, code_id: null, address: 'a@haven.test' } as const
    const rest = { language: 'nl', number: 'BCDF2346', facts: '{}', state: 'queued', next_at: start, leased_until: null } as const
    const moments = { created_at: start, ends_at: start + day, provider_id: null }
    await tx((it) => addMessage(it, { ...row, ...rest, ...moments, ...given }))
    return id
  }

  test('once a day, and once until the password is newer, whoever comes from which side', async () => {
    const of = await account(db)
    const half = (at: number) => (on: Storage) => tx((it) => noteHalfTold(it, of, at), on)
    expect(await winners(times(6, (it) => half(start)(it % 2 ? opened() : other)))).toBe(1)
    expect(await half(start + day - 1)(other)).toBe(false)
    expect(await half(start + day)(other)).toBe(true)
    const guessed = (at: number) => (on: Storage) => tx((it) => noteGuessed(it, of, at), on)
    expect(await winners(times(6, (it) => guessed(start)(it % 2 ? opened() : other)))).toBe(1)
    await changeAccount(db, of, { password_changed_at: start + 1 })
    expect(await guessed(start + 2)(other)).toBe(true)
    expect(await guessed(start + 3)(other)).toBe(false)
    expect(await findAccount(db, 'haven', of)).toMatchObject({ guessed_at: start + 2, half_told_at: start + day, secured_at: null })
  })

  test('left after the password: whole sign-ins of these minutes with nothing else proved, not finished, not begun anew', async () => {
    const of = await account(db)
    const sign = async (at: number, more: readonly string[] = [], given: Parameters<typeof attempt>[2] = {}): Promise<string> => {
      const id = await attempt(db, of, given)
      for (const method of ['password', ...more])
        await addFact(db, random.id(), id, of, { fact: 'proved', method: method as 'password', purpose: 'sign-in', at })
      return id
    }
    const left = await sign(start)
    await sign(start - 1)
    await sign(start + 1)
    await sign(start, ['email'])
    await sign(start, [], { finished_at: start })
    const replaced = await sign(start)
    await tx((it) => noteReplaced(it, replaced, start))
    const found = await leftAfterPassword(db, start - 1, start)
    expect(found.filter((it) => it.account_id === of).map((it) => it.id)).toEqual([left])
  })

  test('what waits for its time can tell of more; what is due, held or sent cannot', async () => {
    const of = await account(db)
    const [waiting, due] = [await message(of, { next_at: start + minute }), await message(of, { template: 'M06' })]
    expect(await tx((it) => addToWaitingMessage(it, waiting, '{"told":[1]}', start))).toBe(true)
    expect(await newestMessage(db, of, { template: 'M05', channel: 'email', address: 'a@haven.test' })).toMatchObject({
      facts: '{"told":[1]}',
    })
    expect(await tx((it) => addToWaitingMessage(it, due, '{}', start))).toBe(false)
    await tx((it) => leaseMessages(it, [waiting], start + 2 * minute, start + minute))
    expect(await tx((it) => addToWaitingMessage(it, waiting, '{}', start))).toBe(false)
    expect(await newestMessage(db, of, { template: 'M05', channel: 'email', address: 'b@haven.test' })).toBeUndefined()
  })

  test('a number and a kenmerk are known at their own portal, a kenmerk for as long as is asked', async () => {
    const made = await codes(db, 1)
    const [code] = made.codes
    await message(made.account, { code_id: code?.id ?? '', number: 'QRTV4678' })
    expect(await messageNumbered(db, 'haven', 'QRTV4678')).toBe(start)
    expect(await messageNumbered(db, 'uitpas', 'QRTV4678')).toBeUndefined()
    expect(await wasReferenceSent(db, 'haven', code?.reference ?? '', start - 1)).toBe(true)
    expect(await wasReferenceSent(db, 'haven', code?.reference ?? '', start)).toBe(false)
    expect(await wasReferenceSent(db, 'uitpas', code?.reference ?? '', start - 1)).toBe(false)
  })

  test('a short link is found by its own value alone, tells what it is told to, and is spent once', async () => {
    const of = await account(db)
    const id = random.id()
    const row = {
      id,
      portal: 'haven',
      account_id: of,
      purpose: 'not-me',
      facts: '{}',
      created_at: start,
      ends_at: start + day,
      used_at: null,
    }
    await tx((it) => addLink(it, vault, row, shortLinkToken(vault, id)))
    expect(shortLinkToken(vault, id)).toMatch(/^[a-z2-9]{14}$/)
    expect(await findLink(db, vault, 'haven', 'not-me', linkToken(vault, id))).toBeUndefined()
    expect(await findLink(db, vault, 'haven', 'reset', shortLinkToken(vault, id))).toBeUndefined()
    await tx((it) => changeLinkFacts(it, id, '{"told":[]}'))
    expect(await findLink(db, vault, 'haven', 'not-me', shortLinkToken(vault, id))).toEqual(await findLinkById(db, id))
    expect(await winners(times(6, (it) => tx((one) => spendLink(one, id, start), it % 2 ? opened() : other)))).toBe(1)
  })
})
