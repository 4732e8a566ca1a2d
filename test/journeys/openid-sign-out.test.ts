import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from '../support/browser-jar.ts'
import { type Coded, type CodeFlow, codeFlow } from '../support/code-flow.ts'
import { applications, openTown, type Town } from '../support/issuer-house.ts'

/** Sign-out by an application (T119). */
let town: Town
let flow: CodeFlow
let address: string
const home = `${applications}/c-point/planning`

beforeAll(async () => {
  town = await openTown()
  flow = await codeFlow(town)
  address = flow.address
})
afterAll(() => town.close())

async function signedIn(): Promise<Coded & { hint: string }> {
  const coded = await flow.codeFor(flow.planning)
  const { body } = await flow.redeem('planning', coded.code, coded.question)
  return { ...coded, hint: body.id_token ?? '' }
}
const out = (browser: Browser, params: Record<string, string>) => browser.go(`${address}/end-session?${new URLSearchParams(params)}`)
const isSignedIn = async (browser: Browser): Promise<boolean> =>
  (await browser.go((await flow.planning.ask({ prompt: 'none' })).location)).params.has('code')

describe('with a right hint', () => {
  test('T119 nobody is asked: the session has ended, and the person stands at the registered address with the same state', async () => {
    const { browser, hint } = await signedIn()
    const arrived = await out(browser, { id_token_hint: hint, post_logout_redirect_uri: home, state: 's <&> \u00e9' })
    expect(arrived.address.origin + arrived.address.pathname).toBe(home)
    expect(arrived.params.get('state')).toBe('s <&> \u00e9')
    expect(await isSignedIn(browser)).toBe(false)
  })

  test('T119 alone: signed out, on our own page', async () => {
    const { browser, hint } = await signedIn()
    expect((await out(browser, { id_token_hint: hint })).address.href).toBe(`${address}/signed-out`)
    expect(await isSignedIn(browser)).toBe(false)
  })

  test('T119 and no session, or a hint that has run out: still a hint', async () => {
    const { browser, hint } = await signedIn()
    town.skip(7_200)
    expect((await out(town.browser(), { id_token_hint: hint, post_logout_redirect_uri: home })).address.href).toBe(home)
    expect((await out(browser, { id_token_hint: hint, post_logout_redirect_uri: home })).address.href).toBe(home)
  })

  test('T119 by a form, which comes without cookies: it is entered again', async () => {
    const { browser, hint } = await signedIn()
    const arrived = await browser.postFromElsewhere(`${address}/end-session`, { id_token_hint: hint, post_logout_redirect_uri: home })
    expect(arrived.address.href).toBe(home)
    expect(await isSignedIn(browser)).toBe(false)
  })

  test.each([`${home}/`, `${home}?foo=bar`, 'https://evil.test', 'javascript:alert(1)', ''])(
    'T119 and the address %j that is not registered: our question, and the session lives',
    async (post_logout_redirect_uri) => {
      const { browser, hint } = await signedIn()
      const arrived = await out(browser, { id_token_hint: hint, post_logout_redirect_uri, state: 's' })
      expect(arrived.address.href).toBe(`${address}/sign-out`)
      expect(await isSignedIn(browser)).toBe(true)
    },
  )

  test('T119 of another person: the session of who sits here is untouched', async () => {
    const [anna, bram] = [await signedIn(), await signedIn()]
    const arrived = await out(bram.browser, { id_token_hint: anna.hint, post_logout_redirect_uri: home })
    expect(arrived.address.pathname).toBe('/c-point/sign-out')
    expect(await isSignedIn(bram.browser)).toBe(true)
    expect(await isSignedIn(anna.browser)).toBe(true)
  })
})

describe('without one', () => {
  const forged = ['{"alg":"RS256"}', JSON.stringify({ aud: 'planning', iss: 'x', sub: 'y' }), 'z']
    .map((it) => Buffer.from(it).toString('base64url'))
    .join('.')

  test('T119 it leads to our own question, with the registered address and nothing else', async () => {
    const { browser } = await signedIn()
    const { address: at } = await out(browser, { client_id: 'planning', post_logout_redirect_uri: home, state: 's' })
    expect([at.pathname, [...at.searchParams.keys()]]).toEqual(['/c-point/sign-out', ['client_id', 'post_logout_redirect_uri', 'state']])
    expect(town.connect.signOutAsked(town.portal('c-point'), at.searchParams)).toEqual({
      clientTitle: 'Planning',
      returnTo: `${home}?state=s#`,
      returnOrigins: [applications],
    })
    expect(await isSignedIn(browser)).toBe(true)
  })

  test.each([
    { client_id: 'planning', post_logout_redirect_uri: `${home}/` },
    { client_id: 'planning', post_logout_redirect_uri: 'https://evil.test' },
    { post_logout_redirect_uri: home },
    { id_token_hint: forged, post_logout_redirect_uri: home },
    { id_token_hint: 'x.y.z', client_id: 'planning', post_logout_redirect_uri: home },
    { client_id: 'ligplaatsen', post_logout_redirect_uri: home },
    { state: 's' },
    {},
  ] as Record<string, string>[])('T119 %j: the question alone', async (params) => {
    const { browser } = await signedIn()
    expect((await out(browser, params)).address.href).toBe(`${address}/sign-out`)
    expect(await isSignedIn(browser)).toBe(true)
  })

  test('T119 a hint that was changed, of another portal, or named beside another client is none', async () => {
    const { browser, hint } = await signedIn()
    const [head = '', body = '', signature = ''] = hint.split('.')
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object
    const changed = Buffer.from(JSON.stringify({ ...claims, sid: 'x' })).toString('base64url')
    for (const it of [`${head}.${changed}.${signature}`, `${head}.${body}.`, `${head}.${body}.${signature.slice(4)}`])
      expect((await out(browser, { id_token_hint: it, post_logout_redirect_uri: home })).address.href).toBe(`${address}/sign-out`)
    expect((await out(browser, { id_token_hint: hint, client_id: 'ligplaatsen' })).address.href).toBe(`${address}/sign-out`)
    const other = town.portal('koop-cam').address
    expect((await browser.go(`${other}/end-session?id_token_hint=${hint}`)).address.href).toBe(`${other}/sign-out`)
    expect(await isSignedIn(browser)).toBe(true)
  })
})
