import { fetchUserInfo } from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Arrived, Browser } from '../support/browser-jar.ts'
import { applications, clientSecret, openTown, type Person, type Town } from '../support/issuer-house.ts'
import { type Question, type RelyingParty, relyingParty } from '../support/relying-party.ts'

/** An application that asks for a user at C-point: what it may believe of the answer, by an independent client. */
let town: Town
let planning: RelyingParty
let strict: RelyingParty
let address: string
let count = 0

beforeAll(async () => {
  town = await openTown()
  address = town.portal('c-point').address
  planning = await partyOf('c-point', 'planning')
  strict = await partyOf('c-point', 'ligplaatsen')
})
afterAll(() => town.close())

const partyOf = (portal: string, name: string): Promise<RelyingParty> =>
  relyingParty(town.portal(portal).address, name, clientSecret(name), `${applications}/${portal}/${name}/callback`)
const somebody = (): Promise<Person> => town.addPerson('c-point', `anna${++count}`)

const withPassword = (browser: Browser, { name }: Person): Promise<Arrived> => browser.go(`${address}/sign-in/password`, { username: name })
async function withApp(browser: Browser, person: Person, ahead = 0): Promise<Arrived> {
  await browser.go(`${address}/sign-in/choose`, { method: 'totp' })
  return browser.go(`${address}/sign-in/code`, { code: person.appCode(ahead) })
}

async function withMail(browser: Browser): Promise<Arrived> {
  await browser.go(`${address}/sign-in/choose`, { method: 'email' })
  return browser.go(`${address}/sign-in/code`, { code: await town.sentCode(browser, 'c-point') })
}

/** The whole sign-in for this question: password and app. */
async function signIn(browser: Browser, person: Person, { location }: Question, ahead = 0): Promise<Arrived> {
  const page = await browser.go(location)
  expect([page.address.pathname, JSON.parse(page.text).step]).toEqual(['/c-point/sign-in', 'password'])
  await withPassword(browser, person)
  return withApp(browser, person, ahead)
}

async function signedIn(party = planning): Promise<{ browser: Browser; person: Person; question: Question; answer: Arrived }> {
  const [browser, person, question] = [town.browser(), await somebody(), await party.ask()]
  return { browser, person, question, answer: await signIn(browser, person, question) }
}

describe('a sign-in that an application asks', () => {
  test('password and app: the id_token says what happened, when, and who', async () => {
    const began = Math.floor(Date.now() / 1000)
    const [browser, person, question] = [town.browser(), await somebody(), await planning.ask({ scope: 'openid profile email' })]
    const answer = await signIn(browser, person, question)
    expect(answer.params.get('iss')).toBe(address)
    const tokens = await planning.redeem(answer.address, question)
    const claims = tokens.claims()
    expect(claims).toMatchObject({ iss: address, aud: 'planning', sub: person.id, acr: 'urn:sluis:acr:2', amr: ['pwd', 'otp', 'mfa'] })
    expect(claims?.auth_time).toBeGreaterThanOrEqual(began)
    expect(claims?.auth_time).toBeLessThanOrEqual(Date.now() / 1000)
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 600 })
    expect(tokens.refresh_token).toBeUndefined()
    expect(await fetchUserInfo(planning.configuration, tokens.access_token, person.id)).toEqual({
      sub: person.id,
      name: 'Anna Jansen',
      given_name: 'Anna',
      family_name: 'Jansen',
      preferred_username: person.name,
      email: `${person.name}@haven.test`,
      email_verified: false,
    })
  })

  test('password and a mailed code: never called mfa', async () => {
    const [browser, person, question] = [town.browser(), await somebody(), await planning.ask()]
    await browser.go(question.location)
    await withPassword(browser, person)
    const answer = await withMail(browser)
    const claims = (await planning.redeem(answer.address, question)).claims()
    expect(claims).toMatchObject({ acr: 'urn:sluis:acr:2-mail', amr: ['pwd', 'email'] })
  })

  test('the page knows the application that asked, and where its answer goes', async () => {
    const [browser, question] = [town.browser(), await planning.ask()]
    const page = await browser.go(question.location)
    expect(JSON.parse(page.text)).toEqual({ step: 'password', title: 'Planning' })
    const asked = await town.connect.asked(
      town.portal('c-point'),
      { headers: { cookie: browser.cookiesFor(`${address}/enrol/app`) } } as never,
      {} as never,
    )
    expect(asked).toMatchObject({ request: { application: 'planning' }, redirectOrigin: applications })
    expect(await town.connect.applicationOf(town.portal('c-point'), asked?.interaction ?? '')).toEqual({
      title: 'Planning',
      redirectOrigin: applications,
    })
    // Its name at another portal opens nothing.
    expect(await town.connect.applicationOf(town.portal('koop-cam'), asked?.interaction ?? '')).toBeUndefined()
  })

  test('id_tokens come in the algorithm of the client, with the key of this portal alone', async () => {
    const keys = async (portal: string) =>
      ((await (await fetch(`${town.portal(portal).address}/jwks`)).json()) as { keys: Record<string, string>[] }).keys
    const [own, other] = [await keys('c-point'), await keys('koop-cam')]
    expect(own.map((it) => it.alg).toSorted()).toEqual(['ES256', 'EdDSA', 'RS256'])
    expect(own.every((it) => it.d === undefined && it.p === undefined)).toBe(true)
    expect(own.filter((it) => other.some((one) => one.kid === it.kid))).toEqual([])
  })
})

describe('inside a live session', () => {
  test('a second application is let in without a page, with the time of the real sign-in', async () => {
    const { browser, person, question, answer } = await signedIn()
    const first = (await planning.redeem(answer.address, question)).claims()
    town.skip(5)
    const again = await planning.ask()
    const silent = await browser.go(again.location)
    const claims = (await planning.redeem(silent.address, again)).claims()
    expect(claims).toMatchObject({ sub: person.id, acr: 'urn:sluis:acr:2', auth_time: first?.auth_time })
  })

  test('the application with a rule of its own asks a code each time', async () => {
    const { browser, person } = await signedIn()
    const question = await strict.ask()
    expect(JSON.parse((await browser.go(question.location)).text).step).toBe('choose')
    const answer = await withApp(browser, person, 1)
    expect((await strict.redeem(answer.address, question)).claims()).toMatchObject({ acr: 'urn:sluis:acr:2', sub: person.id })
    expect(JSON.parse((await browser.go((await strict.ask()).location)).text).step).toBe('choose')
  })

  test('T116 prompt=none: an answer or login_required, never a page', async () => {
    const stranger = await town.browser().go((await planning.ask({ prompt: 'none' })).location)
    expect(Object.fromEntries(stranger.params)).toMatchObject({ error: 'login_required', iss: address })
    const { browser } = await signedIn()
    expect((await browser.go((await planning.ask({ prompt: 'none' })).location)).params.get('code')).toBeTruthy()
    expect((await browser.go((await strict.ask({ prompt: 'none' })).location)).params.get('error')).toBe('login_required')
    expect((await browser.go((await planning.ask({ prompt: 'none login' })).location)).params.get('error')).toBe('invalid_request')
  })

  test('T116 prompt=login and max_age=0 ask everything again; what was proved before does not count', async () => {
    for (const more of [{ prompt: 'login' }, { max_age: '0' }, { prompt: 'select_account' }]) {
      const { browser, person, question, answer } = await signedIn()
      const before = (await planning.redeem(answer.address, question)).claims()?.auth_time ?? 0
      town.skip(2)
      const again = await planning.ask(more as Record<string, string>)
      expect(JSON.parse((await browser.go(again.location)).text).step).toBe('password')
      await withPassword(browser, person)
      const claims = (await planning.redeem((await withApp(browser, person, 1)).address, { ...again })).claims()
      expect(claims?.auth_time).toBeGreaterThan(before)
    }
  })

  test('an acr that the session lacks and the application must have is asked for, and then given', async () => {
    const [browser, person] = [town.browser(), await somebody()]
    await browser.go((await planning.ask()).location)
    await withPassword(browser, person)
    await withMail(browser)
    const question = await planning.ask({ claims: JSON.stringify({ id_token: { acr: { essential: true, value: 'urn:sluis:acr:2' } } }) })
    expect(JSON.parse((await browser.go(question.location)).text).step).toBe('prove')
    const answer = await withApp(browser, person)
    expect((await planning.redeem(answer.address, question)).claims()).toMatchObject({ acr: 'urn:sluis:acr:2', amr: ['pwd', 'otp', 'mfa'] })
  })

  test('T116 max_age: a younger sign-in is enough, an older one is asked again', async () => {
    const { browser } = await signedIn()
    town.skip(100)
    expect((await browser.go((await planning.ask({ max_age: '200' })).location)).params.get('code')).toBeTruthy()
    expect(JSON.parse((await browser.go((await planning.ask({ max_age: '50' })).location)).text).step).toBe('password')
    for (const max_age of ['-1', 'abc', '1e309'])
      expect((await browser.go((await planning.ask({ max_age })).location)).params.get('error')).toBe('invalid_request')
  })

  test('T116 another account in this browser is never switched to: the hint of somebody else asks for a sign-in', async () => {
    const anna = await signedIn()
    const tokens = await planning.redeem(anna.answer.address, anna.question)
    const bram = await signedIn()
    const hinted = { id_token_hint: tokens.id_token ?? '' }
    expect((await bram.browser.go((await planning.ask({ ...hinted, prompt: 'none' })).location)).params.get('error')).toBe('login_required')
    const question = await planning.ask(hinted)
    const answer = await signIn(bram.browser, bram.person, question, 1)
    expect(Object.fromEntries(answer.params)).toMatchObject({ error: 'login_required', state: question.state })
  })

  test('T073 of two people who signed in one after the other in one browser, the first answer is not given for the second', async () => {
    const [browser, anna, bram] = [town.browser(), await somebody(), await somebody()]
    const question = await planning.ask()
    await browser.go(question.location)
    const { interaction = '' } =
      (await town.connect.asked(
        town.portal('c-point'),
        { headers: { cookie: browser.cookiesFor(`${address}/`) } } as never,
        {} as never,
      )) ?? {}
    const back = await town.connect.resume(town.portal('c-point'), interaction, { id: 'her session', accountId: anna.id })
    browser.forget(/interaction$/)
    await withPassword(browser, bram)
    await withApp(browser, bram)
    expect((await browser.go(back ?? '')).params.get('error')).toBe('login_required')
  })
})

describe('what no person did', () => {
  test('T070 silent questions of applications keep no session alive', async () => {
    const { browser } = await signedIn()
    for (let minutes = 0; minutes < 60; minutes += 15) {
      expect((await browser.go((await planning.ask({ prompt: 'none' })).location)).params.has('code')).toBe(true)
      town.skip(15 * 60 + 5)
    }
    expect((await browser.go((await planning.ask({ prompt: 'none' })).location)).params.get('error')).toBe('login_required')
  })

  test('T070 a person who goes on is signed in for a day at most', async () => {
    const { browser } = await signedIn()
    for (let hours = 0; hours < 24; hours += 0.75) {
      expect((await browser.go((await planning.ask()).location)).params.has('code')).toBe(true)
      town.skip(45 * 60)
    }
    town.skip(5)
    expect((await browser.go((await planning.ask({ prompt: 'none' })).location)).params.get('error')).toBe('login_required')
  })
})

describe('two requests in one browser', () => {
  test('T052 each finishes with its own state, client and rule', async () => {
    const [browser, person] = [town.browser(), await somebody()]
    const [first, second] = [await planning.ask(), await strict.ask()]
    await browser.go(first.location)
    await withPassword(browser, person)
    await browser.go(second.location)
    const flowOfFirst = browser.cookiesFor(`${address}/sign-in`)
    expect(flowOfFirst).toContain('flow=')
    const one = await withApp(browser, person)
    expect((await planning.redeem(one.address, first)).claims()?.aud).toBe('planning')
    await withPassword(browser, person)
    const two = await withApp(browser, person, 1)
    expect((await strict.redeem(two.address, second)).claims()?.aud).toBe('ligplaatsen')
  })

  test('T052 a sign-in that is under way for the strict one does not stand in the way of the other', async () => {
    const { browser, person } = await signedIn()
    const slow = await strict.ask()
    await browser.go(slow.location)
    await browser.go(`${address}/sign-in/choose`, { method: 'totp' })
    expect((await browser.go((await planning.ask()).location)).params.get('code')).toBeTruthy()
    const late = await browser.go(`${address}/sign-in/code`, { code: person.appCode(1) })
    expect((await strict.redeem(late.address, slow)).claims()?.aud).toBe('ligplaatsen')
  })

  test('T062 an answer belongs to the browser that asked: its way back is worth nothing in another', async () => {
    const [browser, person, question] = [town.browser(), await somebody(), await planning.ask()]
    await browser.go(question.location)
    const [, uid = ''] = /interaction=([^;]+)/.exec(browser.cookiesFor(`${address}/`)) ?? []
    const victim = await signedIn()
    const page = await victim.browser.go(`${address}/authorize/${uid}`)
    expect([page.status, town.troubles.at(-1)?.isOver]).toEqual([400, true])
    expect((await signIn(browser, person, await planning.ask())).params.get('code')).toBeTruthy()
  })

  test('coming back before the sign-in is done is an error for the application, once, and no loop', async () => {
    const [browser, question] = [town.browser(), await planning.ask()]
    await browser.go(question.location)
    const [, uid = ''] = /interaction=([^;]+)/.exec(browser.cookiesFor(`${address}/`)) ?? []
    const early = await browser.go(`${address}/authorize/${uid}`)
    expect(Object.fromEntries(early.params)).toMatchObject({ error: 'unmet_authentication_requirements', state: question.state })
    expect(await town.connect.resume(town.portal('c-point'), uid, { id: 's', accountId: 'a' })).toBeUndefined()
  })

  test('no cookie of the protocol is a session: it keeps none beside ours', async () => {
    const { browser } = await signedIn()
    expect(browser.names().filter((it) => it.includes('oidc'))).toEqual([])
    const kept = await town.house.storage.db.selectFrom('protocol_record').select('model').where('model', '=', 'Session').execute()
    expect(kept).toEqual([])
  })
})
