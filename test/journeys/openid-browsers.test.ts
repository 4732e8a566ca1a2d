import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AtApplications, atApplications, stepOf } from '../support/at-applications.ts'
import { withClient } from '../support/clients.ts'
import { type CodeFlow, codeFlow } from '../support/code-flow.ts'
import { openTown, type Town } from '../support/issuer-house.ts'

/* Copied, lured and remembered browsers, through the door for applications (T061 to T066). */

let town: Town
let flow: CodeFlow
let address: string
let at: AtApplications

beforeAll(async () => {
  town = await openTown({
    change: (portal) => withClient(portal, 'planning', { refreshTokens: true, scopes: ['openid', 'offline_access'] }),
  })
  flow = await codeFlow(town)
  at = atApplications(town, flow)
  address = flow.address
})
afterAll(() => town.close())

describe('a copied browser', () => {
  test.each(['thief', 'owner'] as const)(
    'T063 used with the password by the %s first: when the other comes, all that the copy gave is dead, tokens too',
    async (first) => {
      const [person, own] = await at.remembered()
      const copy = own.copy()
      const [one, other] = first === 'thief' ? [copy, own] : [own, copy]
      const given = await at.letIn(one, person)
      expect([given.step, await flow.userInfo(given.body.access_token)]).toEqual(['done', 200])
      const [late, lateQuestion] = await at.ask(one, flow.planning)
      town.skip(60)
      const refused = await at.letIn(other, person)
      expect(refused.step).toBe('choose')
      expect(await flow.userInfo(given.body.access_token)).toBe(401)
      expect(await at.renew(given.body.refresh_token)).toBe(400)
      expect((await flow.redeem('planning', late.params.get('code') ?? '', lateQuestion)).body.error).toBe('invalid_grant')
      expect([await at.silent(one), await at.silent(other)]).toEqual(['login_required', 'login_required'])
      expect((await at.events(person)).filter((it) => it === 'remembered.theft-suspected')).toHaveLength(1)
    },
  )

  test('T063 the cookie alone opens nothing: no answer without a page, and no page without the password', async () => {
    const [, browser] = await at.remembered()
    const copy = browser.copy()
    expect(await at.silent(copy)).toBe('login_required')
    expect(stepOf((await at.ask(copy, flow.planning))[0])).toBe('password')
  })
})

describe('a remembered browser', () => {
  test('T064 T050 counts for its own account and its own application alone', async () => {
    const [person, browser] = await at.remembered()
    const mallory = await at.somebody()
    const foreign = browser.copy()
    await at.ask(foreign, flow.planning)
    expect(stepOf(await at.givePassword(foreign, mallory))).toBe('choose')
    const strict = browser.copy()
    await at.ask(strict, flow.strict)
    expect(stepOf(await at.givePassword(strict, person))).toBe('choose')
    const [, question] = await at.ask(browser, flow.planning)
    const answer = await at.givePassword(browser, person)
    expect((await flow.planning.redeem(answer.address, question)).claims()).toMatchObject({
      acr: 'urn:sluis:acr:2-remembered',
      amr: ['pwd'],
    })
    // The session that it opened is none for the strict one, whatever that asks for.
    for (const more of [{}, { acr_values: 'urn:sluis:acr:1' }, { max_age: '99999' }] as Record<string, string>[])
      expect(stepOf((await at.ask(browser, flow.strict, more))[0])).toBe('choose')
    expect((await at.ask(browser, flow.strict, { prompt: 'none' }))[0].params.get('error')).toBe('login_required')
  })

  test('T066 is none before the second step: a tick with a wrong code, and a sign-in that was left, remember nothing', async () => {
    const [browser, person] = [town.browser(), await at.somebody()]
    await at.ask(browser, flow.planning)
    await browser.go(`${address}/sign-in/password`, { username: person.name, remember: '1' })
    await browser.go(`${address}/sign-in/choose`, { method: 'totp', remember: '1' })
    expect((await browser.go(`${address}/sign-in/code`, { code: '000000', remember: '1' })).status).toBe(422)
    browser.forget(/(flow|interaction|resume)$/)
    await at.ask(browser, flow.planning)
    expect(stepOf(await at.givePassword(browser, person))).toBe('choose')
    const { db } = town.house.storage
    expect(await db.selectFrom('remembered').selectAll().where('account_id', '=', person.id).execute()).toEqual([])
  })
})

describe('whose sign-in it is', () => {
  test('T061 a step up for an application gives the session another cookie; the one before is nobody’s', async () => {
    const [browser, person] = [town.browser(), await at.somebody()]
    await at.ask(browser, flow.planning)
    await at.givePassword(browser, person)
    await browser.go(`${address}/sign-in/choose`, { method: 'email' })
    await browser.go(`${address}/sign-in/code`, { code: await town.sentCode(browser, 'c-point') })
    const [before, value] = [browser.copy(), browser.valueOf('-session')]
    expect(await at.silent(before)).toBeNull()
    const [page] = await at.ask(browser, flow.planning, {
      claims: JSON.stringify({ id_token: { acr: { essential: true, value: 'urn:sluis:acr:2' } } }),
    })
    expect(stepOf(page)).toBe('prove')
    expect((await at.giveCode(browser, person)).params.has('code')).toBe(true)
    expect(browser.valueOf('-session')).not.toBe(value)
    expect([await at.silent(browser), await at.silent(before)]).toEqual([null, 'login_required'])
  })

  test('T061 planted before the sign-in: neither session nor flow is what was planted', async () => {
    const mallory = town.browser()
    await at.ask(mallory, flow.planning)
    await at.givePassword(mallory, await at.somebody())
    const planted = mallory.copy()
    const person = await at.somebody()
    // The victim signs in with all of the other one’s cookies in the jar.
    const [, question] = await at.ask(planted, flow.planning, { prompt: 'login' })
    await at.givePassword(planted, person)
    const answer = await at.giveCode(planted, person)
    expect((await flow.planning.redeem(answer.address, question)).claims()?.sub).toBe(person.id)
    expect(planted.valueOf('-flow')).not.toBe(mallory.valueOf('-flow'))
    expect(await at.silent(mallory)).toBe('login_required')
  })

  test('T062 whoever was sent the sign-in page of somebody else’s request ends at the portal, not at that application', async () => {
    const mallory = town.browser()
    const [page] = await at.ask(mallory, flow.planning)
    const [victim, person] = [town.browser(), await at.somebody()]
    await victim.go(page.address)
    await at.givePassword(victim, person)
    const arrived = await at.giveCode(victim, person)
    expect([arrived.address.origin, stepOf(arrived)]).toEqual([new URL(address).origin, 'done'])
    expect(await at.silent(mallory)).toBe('login_required')
  })
})
