import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from '../support/browser-jar.ts'
import { type CodeFlow, codeFlow } from '../support/code-flow.ts'
import { openTown, type Person, type Town } from '../support/issuer-house.ts'
import type { Question } from '../support/relying-party.ts'

/** An application that asks for more than was shown (T117, RFC 9470). */
let town: Town
let flow: CodeFlow
let address: string
let count = 0
const [app, mail] = ['urn:sluis:acr:2', 'urn:sluis:acr:2-mail']

beforeAll(async () => {
  town = await openTown()
  flow = await codeFlow(town)
  address = flow.address
})
afterAll(() => town.close())

/** Signed in at the first application with a code by mail. */
async function withMail(has: 'app' | 'nothing' = 'app'): Promise<{ browser: Browser; person: Person }> {
  const [browser, person] = [town.browser(), await town.addPerson('c-point', `cas${++count}`, has)]
  await browser.go((await flow.planning.ask()).location)
  await browser.go(`${address}/sign-in/password`, { username: person.name })
  await browser.go(`${address}/sign-in/choose`, { method: 'email' })
  const arrived = await browser.go(`${address}/sign-in/code`, { code: await town.sentCode(browser, 'c-point') })
  expect(arrived.params.get('code')).toBeTruthy()
  return { browser, person }
}
const essential = (...values: string[]) => ({ claims: JSON.stringify({ id_token: { acr: { essential: true, values } } }) })
const stepAt = async (browser: Browser, question: Question): Promise<string> =>
  (JSON.parse((await browser.go(question.location)).text) as { step: string }).step
async function withApp(browser: Browser, person: Person, question: Question) {
  await browser.go(`${address}/sign-in/choose`, { method: 'totp' })
  const { address: back } = await browser.go(`${address}/sign-in/code`, { code: person.appCode(1) })
  return (await flow.planning.redeem(back, question)).claims()
}

describe('the session shows less', () => {
  test.each([
    ['acr_values', { acr_values: app }],
    ['an essential acr', essential(app)],
    ['both, and one that nobody knows', { acr_values: `urn:x ${app}`, ...essential('urn:x', app) }],
  ])('T117 %s: the code of the app alone is asked, once, and then it is so', async (_, more: Record<string, string>) => {
    const { browser, person } = await withMail()
    const question = await flow.planning.ask(more)
    expect(await stepAt(browser, question)).toBe('prove')
    expect(await withApp(browser, person, question)).toMatchObject({ acr: app, sub: person.id, amr: ['pwd', 'otp', 'mfa'] })
    const again = await flow.planning.ask(more)
    const silent = await browser.go(again.location)
    expect((await flow.planning.redeem(silent.address, again)).claims()?.acr).toBe(app)
  })

  test('T117 whoever has no app yet is led to linking one, and not let in meanwhile', async () => {
    const { browser } = await withMail('nothing')
    expect(await stepAt(browser, await flow.planning.ask({ acr_values: app }))).toBe('not-registered')
    expect(await stepAt(browser, await flow.planning.ask(essential(app)))).toBe('not-registered')
  })

  test('T116 prompt=none draws no page: a wish gets what is there, a must an error', async () => {
    const { browser } = await withMail()
    const wish = await flow.planning.ask({ prompt: 'none', acr_values: app })
    expect((await flow.planning.redeem((await browser.go(wish.location)).address, wish)).claims()?.acr).toBe(mail)
    const must = await browser.go((await flow.planning.ask({ prompt: 'none', ...essential(app) })).location)
    expect(must.params.get('error')).toBe('login_required')
  })
})

describe('the session shows as much, or more', () => {
  test('T117 a wish for less, or for this: nobody is asked', async () => {
    for (const acr_values of [mail, 'urn:sluis:acr:2-remembered', 'urn:sluis:acr:1', `${app} ${mail}`, 'urn:sluis:acr:phr']) {
      const { browser } = await withMail()
      const question = await flow.planning.ask({ acr_values })
      expect((await flow.planning.redeem((await browser.go(question.location)).address, question)).claims()?.acr).toBe(mail)
    }
  })

  test('T117 it must be another, weaker one: asked once, and the answer says that one alone', async () => {
    const [browser, person] = [town.browser(), await town.addPerson('c-point', `cas${++count}`)]
    const first = await flow.planning.ask()
    await browser.go(first.location)
    await browser.go(`${address}/sign-in/password`, { username: person.name })
    await browser.go(`${address}/sign-in/choose`, { method: 'totp' })
    await browser.go(`${address}/sign-in/code`, { code: person.appCode() })
    const question = await flow.planning.ask(essential(mail))
    expect(await stepAt(browser, question)).toBe('prove')
    await browser.go(`${address}/sign-in/choose`, { method: 'email' })
    const { address: back } = await browser.go(`${address}/sign-in/code`, { code: await town.sentCode(browser, 'c-point') })
    expect((await flow.planning.redeem(back, question)).claims()).toMatchObject({ acr: mail, amr: ['pwd', 'email'] })
  })
})

describe('what cannot be had', () => {
  test('T117 an acr that this portal never says is refused at once, a hundred of them too', async () => {
    for (const values of [['urn:sluis:acr:phr'], Array.from({ length: 100 }, (_, nr) => `urn:x:${nr}`)]) {
      const answer = await town.browser().go((await flow.planning.ask(essential(...values))).location)
      expect(Object.fromEntries(answer.params)).toMatchObject({ error: 'unmet_authentication_requirements', iss: address })
    }
  })

  test('T050 weaker acr_values than the rule of the application change nothing', async () => {
    const { browser } = await withMail()
    const { location } = await flow.strict.ask({ acr_values: `urn:sluis:acr:1 ${mail}` })
    expect((JSON.parse((await browser.go(location)).text) as { step: string }).step).toBe('choose')
  })

  test('T049 the weaker method chosen by hand is refused where the application must have more, and nothing is sent', async () => {
    for (const method of ['email', 'sms', 'remembered-browser', 'none', '', 'totp,email']) {
      const { browser } = await withMail()
      const messages = async () => (await town.house.storage.db.selectFrom('message').select('id').execute()).length
      const before = await messages()
      expect(await stepAt(browser, await flow.planning.ask(essential(app)))).toBe('prove')
      expect([(await browser.go(`${address}/sign-in/choose`, { method })).status, method]).toEqual([422, method])
      expect(await messages()).toBe(before)
    }
  })

  test('T117 a person who comes back without having shown it: one error, and no loop', async () => {
    const { browser } = await withMail()
    const question = await flow.planning.ask(essential(app))
    expect(await stepAt(browser, question)).toBe('prove')
    const [, uid = ''] = /interaction=([^;]+)/.exec(browser.cookiesFor(`${address}/`)) ?? []
    const early = await browser.go(`${address}/authorize/${uid}`)
    expect(Object.fromEntries(early.params)).toMatchObject({ error: 'unmet_authentication_requirements', state: question.state })
  })
})

describe('the rule of the strict application on the way (T052)', () => {
  test('T052 it is lost by no other application in the same browser, no early way back and no beginning anew', async () => {
    const [browser, person] = [town.browser(), await town.addPerson('c-point', `cas${++count}`)]
    const password = () => browser.go(`${address}/sign-in/password`, { username: person.name })
    const interaction = () => /interaction=([^;]+)/.exec(browser.cookiesFor(`${address}/`))?.[1] ?? ''
    await browser.go((await flow.planning.ask()).location)
    await password()
    await browser.go(`${address}/sign-in/choose`, { method: 'totp' })
    const remembered = await browser.go(`${address}/sign-in/code`, { code: person.appCode(-1), remember: '1' })
    expect(remembered.params.get('code')).toBeTruthy()
    browser.forget(/session|flow/)

    await browser.go((await flow.strict.ask()).location)
    const waiting = interaction()
    expect(JSON.parse((await password()).text)).toEqual({ step: 'choose' })
    // The one that a remembered browser is enough for comes in between, and is let in for itself alone.
    const weak = await flow.planning.ask()
    await browser.go(weak.location)
    const { address: back } = await password()
    expect((await flow.planning.redeem(back, weak)).claims()?.acr).toBe('urn:sluis:acr:2-remembered')
    const early = await browser.go(`${address}/authorize/${waiting}`)
    expect([early.params.get('code'), early.params.get('error')]).toEqual([null, 'unmet_authentication_requirements'])

    const anew = await flow.strict.ask()
    expect(await stepAt(browser, anew)).toBe('choose')
    await browser.go(`${address}/sign-in/choose`, { method: 'totp' })
    const { address: done } = await browser.go(`${address}/sign-in/code`, { code: person.appCode() })
    expect((await flow.strict.redeem(done, anew)).claims()).toMatchObject({ acr: app, amr: ['pwd', 'otp', 'mfa'] })
  })
})
