import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Arrived, Browser } from '../support/browser-jar.ts'
import { withClient } from '../support/clients.ts'
import { basic, type CodeFlow, codeFlow } from '../support/code-flow.ts'
import { openTown, type Person, type Town } from '../support/issuer-house.ts'
import type { Question, RelyingParty } from '../support/relying-party.ts'

/* Copied, lured and remembered browsers, through the door for applications (T061 to T066). */

let town: Town
let flow: CodeFlow
let address: string
let count = 0
const day = 86_400

beforeAll(async () => {
  town = await openTown({
    change: (portal) => withClient(portal, 'planning', { refreshTokens: true, scopes: ['openid', 'offline_access'] }),
  })
  flow = await codeFlow(town)
  address = flow.address
})
afterAll(() => town.close())

const somebody = (): Promise<Person> => town.addPerson('c-point', `gijs${++count}`)
const stepOf = ({ text }: Arrived): string => (JSON.parse(text) as { step: string }).step
const ask = async (browser: Browser, party: RelyingParty, more: Record<string, string> = {}): Promise<[Arrived, Question]> => {
  const question = await party.ask(more)
  return [await browser.go(question.location), question]
}
const givePassword = (browser: Browser, { name }: Person): Promise<Arrived> => browser.go(`${address}/sign-in/password`, { username: name })
async function giveCode(browser: Browser, person: Person, remember = false, ahead = 0): Promise<Arrived> {
  await browser.go(`${address}/sign-in/choose`, { method: 'totp' })
  return browser.go(`${address}/sign-in/code`, { code: person.appCode(ahead), ...(remember ? { remember: '1' } : {}) })
}
/** A browser that is remembered at the lenient application, a day later. */
async function remembered(): Promise<[Person, Browser]> {
  const [browser, person] = [town.browser(), await somebody()]
  await ask(browser, flow.planning)
  await givePassword(browser, person)
  expect((await giveCode(browser, person, true)).params.has('code')).toBe(true)
  browser.forget(/(session|flow|interaction|resume)$/)
  town.skip(day + 60)
  return [person, browser]
}
const offline = { scope: 'openid offline_access', prompt: 'consent' }
async function letIn(browser: Browser, person: Person) {
  const [, question] = await ask(browser, flow.planning, offline)
  const answer = await givePassword(browser, person)
  const { body } = await flow.redeem('planning', answer.params.get('code') ?? '', question)
  return { answer, body, step: answer.params.has('code') ? 'done' : stepOf(answer) }
}
const renew = async (token: string | undefined): Promise<number> => {
  const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token ?? '' })
  return (await fetch(`${address}/token`, { method: 'POST', headers: { authorization: basic('planning') }, body })).status
}
const silent = async (browser: Browser): Promise<string | null> =>
  (await ask(browser, flow.planning, { prompt: 'none' }))[0].params.get('error')

describe('a copied browser', () => {
  test.each(['thief', 'owner'] as const)(
    'T063 used with the password by the %s first: when the other comes, all that the copy gave is dead, tokens too',
    async (first) => {
      const [person, own] = await remembered()
      const copy = own.copy()
      const [one, other] = first === 'thief' ? [copy, own] : [own, copy]
      const given = await letIn(one, person)
      expect([given.step, await flow.userInfo(given.body.access_token)]).toEqual(['done', 200])
      const [late, lateQuestion] = await ask(one, flow.planning)
      town.skip(60)
      const refused = await letIn(other, person)
      expect(refused.step).toBe('choose')
      expect(await flow.userInfo(given.body.access_token)).toBe(401)
      expect(await renew(given.body.refresh_token)).toBe(400)
      expect((await flow.redeem('planning', late.params.get('code') ?? '', lateQuestion)).body.error).toBe('invalid_grant')
      expect([await silent(one), await silent(other)]).toEqual(['login_required', 'login_required'])
      const events = await town.house.storage.db.selectFrom('audit').selectAll().where('account_id', '=', person.id).execute()
      expect(events.filter((it) => it.event === 'remembered.theft-suspected')).toHaveLength(1)
    },
  )

  test('T063 the cookie alone opens nothing: no answer without a page, and no page without the password', async () => {
    const [, browser] = await remembered()
    const copy = browser.copy()
    expect(await silent(copy)).toBe('login_required')
    expect(stepOf((await ask(copy, flow.planning))[0])).toBe('password')
  })
})

describe('a remembered browser', () => {
  test('T064 T050 counts for its own account and its own application alone', async () => {
    const [person, browser] = await remembered()
    const mallory = await somebody()
    const foreign = browser.copy()
    await ask(foreign, flow.planning)
    expect(stepOf(await givePassword(foreign, mallory))).toBe('choose')
    const strict = browser.copy()
    await ask(strict, flow.strict)
    expect(stepOf(await givePassword(strict, person))).toBe('choose')
    const [, question] = await ask(browser, flow.planning)
    const answer = await givePassword(browser, person)
    expect((await flow.planning.redeem(answer.address, question)).claims()).toMatchObject({
      acr: 'urn:sluis:acr:2-remembered',
      amr: ['pwd'],
    })
    // The session that it opened is none for the strict one, whatever that asks for.
    for (const more of [{}, { acr_values: 'urn:sluis:acr:1' }, { max_age: '99999' }] as Record<string, string>[])
      expect(stepOf((await ask(browser, flow.strict, more))[0])).toBe('choose')
    expect((await ask(browser, flow.strict, { prompt: 'none' }))[0].params.get('error')).toBe('login_required')
  })

  test('T066 is none before the second step: a tick with a wrong code, and a sign-in that was left, remember nothing', async () => {
    const [browser, person] = [town.browser(), await somebody()]
    await ask(browser, flow.planning)
    await browser.go(`${address}/sign-in/password`, { username: person.name, remember: '1' })
    await browser.go(`${address}/sign-in/choose`, { method: 'totp', remember: '1' })
    expect((await browser.go(`${address}/sign-in/code`, { code: '000000', remember: '1' })).status).toBe(422)
    browser.forget(/(flow|interaction|resume)$/)
    await ask(browser, flow.planning)
    expect(stepOf(await givePassword(browser, person))).toBe('choose')
    const { db } = town.house.storage
    expect(await db.selectFrom('remembered').selectAll().where('account_id', '=', person.id).execute()).toEqual([])
  })
})

describe('whose sign-in it is', () => {
  test('T061 a step up for an application gives the session another cookie; the one before is nobody’s', async () => {
    const [browser, person] = [town.browser(), await somebody()]
    await ask(browser, flow.planning)
    await givePassword(browser, person)
    await browser.go(`${address}/sign-in/choose`, { method: 'email' })
    await browser.go(`${address}/sign-in/code`, { code: await town.sentCode(browser, 'c-point') })
    const [before, value] = [browser.copy(), browser.valueOf('-session')]
    expect(await silent(before)).toBeNull()
    const [page] = await ask(browser, flow.planning, {
      claims: JSON.stringify({ id_token: { acr: { essential: true, value: 'urn:sluis:acr:2' } } }),
    })
    expect(stepOf(page)).toBe('prove')
    expect((await giveCode(browser, person)).params.has('code')).toBe(true)
    expect(browser.valueOf('-session')).not.toBe(value)
    expect([await silent(browser), await silent(before)]).toEqual([null, 'login_required'])
  })

  test('T061 planted before the sign-in: neither session nor flow is what was planted', async () => {
    const mallory = town.browser()
    await ask(mallory, flow.planning)
    await givePassword(mallory, await somebody())
    const planted = mallory.copy()
    const person = await somebody()
    // The victim signs in with all of the other one’s cookies in the jar.
    const [, question] = await ask(planted, flow.planning, { prompt: 'login' })
    await givePassword(planted, person)
    const answer = await giveCode(planted, person)
    expect((await flow.planning.redeem(answer.address, question)).claims()?.sub).toBe(person.id)
    expect(planted.valueOf('-flow')).not.toBe(mallory.valueOf('-flow'))
    expect(await silent(mallory)).toBe('login_required')
  })

  test('T062 whoever was sent the sign-in page of somebody else’s request ends at the portal, not at that application', async () => {
    const mallory = town.browser()
    const [page] = await ask(mallory, flow.planning)
    const [victim, person] = [town.browser(), await somebody()]
    await victim.go(page.address)
    await givePassword(victim, person)
    const arrived = await giveCode(victim, person)
    expect([arrived.address.origin, stepOf(arrived)]).toEqual([new URL(address).origin, 'done'])
    expect(await silent(mallory)).toBe('login_required')
  })
})
