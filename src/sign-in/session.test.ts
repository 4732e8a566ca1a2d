import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import { account as addPerson, start } from '../../test/support/rows.ts'
import type { Request } from '../decision/index.ts'
import { type House, hotp, makePasswords, seedPlace } from '../factors/index.ts'
import { loadPortals, type Portal } from '../portals/index.ts'
import { systemRandom as random } from '../random.ts'
import { addAuthenticator, changeAccount, codesOf, digitsOf, findAccount, makeVault, openStorage, readCounter } from '../storage/index.ts'
import { answerCode, choose, givePassword, givePhone, isSaid, type Moved, postpone, type Said, situationOf, type Visitor } from './index.ts'
import { secondStepKey } from './limits.ts'
import { wantedFrom } from './opt-in.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluis-sign-in-'))
const storage = await openStorage(join(folder, 'sluis.db'))
afterAll(async () => {
  await storage.close()
  rmSync(folder, { recursive: true, force: true })
})

const places = { address: 'http://localhost', applications: 'http://localhost' }
const { portals } = loadPortals([join(import.meta.dirname, '..', '..', 'portals')], places)
const passwords = await makePasswords(random)
const vault = makeVault(Buffer.alloc(32, 7), random)
const log = pino({ enabled: false })
let now = start
const house: House = { storage, vault, random, portals, passwords, log, clock: { now: () => now }, notify: () => undefined }
const password = 'een heel lang wachtwoord'
const hash = await passwords.hash(password)

/** One browser at one portal: it keeps the cookies it is given. */
function browserAt(id: string) {
  const portal = portals.get(id) as Portal
  let visitor: Visitor = { address: '127.0.0.1', language: 'nl' }
  const stand = (asked?: Request) =>
    situationOf(storage.db, house, portal, visitor, now, asked && { interaction: random.id(), request: asked })
  const keep = (moved: Moved | Said): Moved => {
    if (isSaid(moved)) throw new Error(moved.said)
    visitor = { ...visitor, ...moved.cookies }
    return moved
  }
  return {
    portal,
    stand,
    forgetFlow: () => {
      visitor = { ...visitor, flow: undefined }
    },
    signIn: async (name: string, request: Request, wanted = false) => {
      visitor = { ...visitor, flow: undefined, session: undefined }
      const asked = { interaction: random.id(), request }
      const before = await situationOf(storage.db, house, portal, visitor, now, asked)
      return keep(await givePassword(house, wanted ? wantedFrom(before) : before, visitor, { name, password }, asked))
    },
    choose: async (method: string) => keep(await choose(house, await stand(), visitor, method)),
    phone: async (number: string) => keep(await givePhone(house, await stand(), visitor, number, false)),
    later: async () => keep(await postpone(house, await stand(), visitor)),
    type: async (digits: string, remember = false) => {
      const said = await answerCode(house, await stand(), visitor, digits, remember)
      return isSaid(said) ? said.said : keep(said).situation.step.step
    },
    sentCode: async (purpose: 'gate' | 'new-phone' | 'sign-in') => {
      const { attempt } = await stand()
      const [code] = await codesOf(storage.db, attempt?.id ?? '', purpose)
      return digitsOf(vault, code?.id ?? '')
    },
  }
}

const seed = Buffer.alloc(20, 9)
const appCode = (): string => hotp(seed, Math.floor(now / 30_000))

async function person(portal: string, name: string, withApp: boolean): Promise<string> {
  const id = await addPerson(storage.db, { portal, name, shown_name: name, password_hash: hash })
  if (!withApp) return id
  const app = random.id()
  const row = { id: app, account_id: id, method: 'totp' as const, secret: vault.seal(seed, seedPlace(app)), title: null, last_step: 0 }
  await storage.inTransaction((tx) => addAuthenticator(tx, { ...row, bound_at: start, last_used_at: null, disabled_at: null }))
  await changeAccount(storage.db, id, { second_step_since: start })
  return id
}

test('a remembered browser gives nobody fresh tries: the count in a row stays until a second step was really shown', async () => {
  const id = await person('c-point', 'anna', true)
  const browser = browserAt('c-point')
  await browser.signIn('anna', { application: 'planning', at: now })
  await browser.choose('totp')
  expect(await browser.type(appCode(), true)).toBe('done')

  now += 60_000
  await browser.signIn('anna', { application: 'ligplaatsen', at: now })
  await browser.choose('totp')
  for (let tries = 0; tries < 3; tries++) expect(await browser.type('000000')).not.toBe('done')
  now += 60_000
  expect((await browser.signIn('anna', { application: 'planning', at: now })).situation.step).toMatchObject({
    step: 'done',
    acr: 'urn:sluis:acr:2-remembered',
  })
  expect(await readCounter(storage.db, secondStepKey(id))).toEqual({ count: 3 })
})

test('whoever set up SMS is in: no second text message when the application asks once more inside the session', async () => {
  const id = await person('uitpas', 'fleur@voorbeeld.be', false)
  const browser = browserAt('uitpas')
  const request = { application: 'balie', at: now }
  await browser.signIn('fleur@voorbeeld.be', request, true)
  await browser.type(await browser.sentCode('gate'))
  await browser.choose('sms')
  await browser.phone('0470 12 34 56')
  expect(await browser.type(await browser.sentCode('new-phone'))).toBe('done')
  expect(await findAccount(storage.db, 'uitpas', id)).toMatchObject({ phone: '+32470123456', second_step_since: now })

  now += 1_000
  browser.forgetFlow()
  expect((await browser.stand(request)).step).toMatchObject({ step: 'done', acr: 'urn:sluis:acr:2', amr: ['pwd', 'sms', 'mfa'] })
})

test('who has the password and the mailbox adds no phone beside the app that is registered', async () => {
  await person('uitpas', 'bram@voorbeeld.be', true)
  const browser = browserAt('uitpas')
  await browser.signIn('bram@voorbeeld.be', { application: 'balie', at: now })
  await expect(browser.choose('sms')).rejects.toThrow('method.unavailable')
  expect((await browser.stand()).step).toMatchObject({ step: 'prove', method: 'totp', purpose: 'sign-in' })
})

test("'Later' is said once: the application that asks next in the session is not told the date again", async () => {
  const id = await person('c-point', 'cato', false)
  await changeAccount(storage.db, id, { group_name: 'golf-2' })
  now = Date.parse('2026-12-05T12:00Z')
  const browser = browserAt('c-point')
  const request = { application: 'planning', at: now }
  expect((await browser.signIn('cato', request)).situation.step.step).toBe('offer')
  now += 1_000
  expect((await browser.later()).finished).toBeDefined()
  now += 1_000
  browser.forgetFlow()
  expect((await browser.stand(request)).step).toMatchObject({ step: 'done', acr: 'urn:sluis:acr:1' })
})
