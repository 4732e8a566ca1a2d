import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from '../support/browser-jar.ts'
import { type Asked, leftUri, openSuite, type Suite, type Tokens } from '../support/conformance.ts'
import { signedByAStranger, verifiedJwt } from '../support/jwt.ts'

/**
 * The modules of `oidcc-config-certification-test-plan`, `oidcc-rp-initiated-logout-certification-test-plan` and
 * `oidcc-backchannel-rp-initiated-logout-certification-test-plan`, told by their names, against a real server.
 */
let suite: Suite
beforeAll(async () => {
  suite = await openSuite()
})
afterAll(() => suite.close())

interface SignedIn extends Tokens {
  readonly browser: Browser
}
async function signedIn(): Promise<SignedIn> {
  const browser = suite.browser()
  return { browser, ...(await suite.tokens(await suite.go(browser))) }
}
function out({ browser }: Pick<SignedIn, 'browser'>, asked: Asked) {
  const address = new URL(suite.as.end_session_endpoint ?? '')
  for (const [name, value] of Object.entries(asked)) if (value !== undefined) address.searchParams.set(name, value)
  return browser.go(address)
}
const isSignedIn = async ({ browser }: Pick<SignedIn, 'browser'>): Promise<boolean> =>
  (await browser.go(suite.ask({ prompt: 'none' }))).params.has('code')
/** Our own question; when the person agrees, where they stand then. */
async function agree({ browser }: Pick<SignedIn, 'browser'>, page: Awaited<ReturnType<Browser['go']>>) {
  const fields = [...page.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map((it) => [it[1] ?? '', it[2] ?? ''])
  return browser.go(`${suite.issuer}/sign-out`, Object.fromEntries(fields), { origin: new URL(suite.issuer).origin })
}
const question = '/proef/sign-out'

describe('metadata', () => {
  test('oidcc-discovery-endpoint-verification', async () => {
    const answer = await fetch(`${suite.issuer}/.well-known/openid-configuration`)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining('application/json')])
    const said = (await answer.json()) as Record<string, unknown>
    expect(said).toMatchObject({
      issuer: suite.issuer,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      subject_types_supported: ['public'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      code_challenge_methods_supported: ['S256'],
      claims_parameter_supported: true,
      request_parameter_supported: false,
      request_uri_parameter_supported: false,
      authorization_response_iss_parameter_supported: true,
    })
    for (const [name, value] of Object.entries(said))
      if (name.endsWith('_endpoint') || name === 'jwks_uri') expect(String(value).startsWith(`${suite.issuer}/`), name).toBe(true)
    expect(said.scopes_supported).toEqual(['openid', 'offline_access', 'profile', 'email', 'phone'])
    expect(said.claims_supported).toEqual(expect.arrayContaining(['sub', 'iss', 'acr', 'amr', 'auth_time', 'name', 'email']))
    expect(said.id_token_signing_alg_values_supported).toEqual(['RS256', 'ES256', 'EdDSA'])
    for (const absent of ['registration_endpoint', 'device_authorization_endpoint']) expect(said).not.toHaveProperty(absent)
    const { keys } = (await (await fetch(String(said.jwks_uri))).json()) as { keys: Record<string, string>[] }
    expect(new Set(keys.map((it) => it.kid)).size).toBe(keys.length)
    for (const it of keys) for (const member of ['d', 'p', 'q', 'k']) expect(it).not.toHaveProperty(member)
  })

  test('oidcc-rp-initiated-logout-discovery-endpoint-verification', () => {
    expect(suite.as.end_session_endpoint).toBe(`${suite.issuer}/end-session`)
  })

  test('oidcc-backchannel-logout-discovery-endpoint-verification', () => {
    expect(suite.as).toMatchObject({ backchannel_logout_supported: true, backchannel_logout_session_supported: true })
  })
})

describe('sign-out that an application asks', () => {
  test('oidcc-rp-initiated-logout', async () => {
    const it = await signedIn()
    const { address } = await out(it, { id_token_hint: it.idToken, post_logout_redirect_uri: leftUri, state: 'state-2' })
    expect(address.href).toBe(`${leftUri}?state=state-2`)
    expect(await isSignedIn(it)).toBe(false)
  })

  test('oidcc-rp-initiated-logout-no-state', async () => {
    const it = await signedIn()
    expect((await out(it, { id_token_hint: it.idToken, post_logout_redirect_uri: leftUri })).address.href).toBe(leftUri)
    expect(await isSignedIn(it)).toBe(false)
  })

  test('oidcc-rp-initiated-logout-no-post-logout-redirect-uri', async () => {
    const it = await signedIn()
    const page = await out(it, { id_token_hint: it.idToken, state: 'state-2' })
    expect([page.address.pathname, page.status]).toEqual(['/proef/signed-out', 200])
    expect(page.text).toContain('Je bent afgemeld')
    expect(await isSignedIn(it)).toBe(false)
  })

  test.each([
    ['oidcc-rp-initiated-logout-bad-post-logout-redirect-uri', (hint: string) => [hint, `${leftUri}-other`]],
    ['oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri', (hint: string) => [hint, `${leftUri}?foo=bar`]],
    ['oidcc-rp-initiated-logout-modified-id-token-hint', (hint: string) => [`${hint.slice(0, -8)}AAAAAAAA`, leftUri]],
    ['oidcc-rp-initiated-logout-bad-id-token-hint', (hint: string) => [signedByAStranger(hint), leftUri]],
    ['oidcc-rp-initiated-logout-no-id-token-hint', () => [undefined, leftUri]],
    ['oidcc-rp-initiated-logout-no-params', () => [undefined, undefined]],
  ] as [string, (hint: string) => (string | undefined)[]][])('%s', async (_, made) => {
    const it = await signedIn()
    const [id_token_hint, post_logout_redirect_uri] = made(it.idToken)
    const page = await out(it, { id_token_hint, post_logout_redirect_uri, ...(post_logout_redirect_uri ? { state: 'state-2' } : {}) })
    expect([page.address.pathname, page.status]).toEqual([question, 200])
    expect(await isSignedIn(it)).toBe(true)
    expect((await agree(it, page)).address.pathname).toBe('/proef/signed-out')
    expect(await isSignedIn(it)).toBe(false)
  })

  test('oidcc-rp-initiated-logout-only-state', async () => {
    const it = await signedIn()
    const page = await out(it, { state: 'state-2' })
    expect(page.address.pathname).toBe(question)
    expect((await agree(it, page)).address.href).toBe(`${suite.issuer}/signed-out`)
    expect(await isSignedIn(it)).toBe(false)
  })

  test('with its name and a registered address, but no hint: the question, and after it that address (ours)', async () => {
    const it = await signedIn()
    const page = await out(it, { client_id: 'client', post_logout_redirect_uri: leftUri, state: '"><script>' })
    expect(page.address.pathname).toBe(question)
    expect(page.text).not.toContain('"><script>')
    const fields = { client_id: 'client', post_logout_redirect_uri: leftUri, state: 's' }
    const again = await out(it, fields)
    expect((await agree(it, again)).address.href).toBe(`${leftUri}?state=s`)
    expect(await isSignedIn(it)).toBe(false)
  })
})

describe('whose sign-out it is (ours)', () => {
  test('the hint of another person leaves the session of who sits here alone', async () => {
    const [it, browser] = [await signedIn(), suite.browser()]
    const page = await browser.go(suite.ask())
    expect((await suite.signInAt(browser, page, 'suus2')).params.has('code')).toBe(true)
    const answer = await out({ browser }, { id_token_hint: it.idToken, post_logout_redirect_uri: leftUri })
    expect(answer.address.pathname).toBe(question)
    expect([await isSignedIn({ browser }), await isSignedIn(it)]).toEqual([true, true])
  })

  test('the page names the application that did not take it, to this browser alone; the session has ended all the same', async () => {
    suite.deafen(true)
    const it = await signedIn()
    const page = await out(it, { id_token_hint: it.idToken })
    suite.deafen(false)
    expect(page.address.pathname).toBe('/proef/signed-out')
    expect(page.text.replace(/<\/?bdi>/g, '')).toContain('The client antwoordde niet. Sluit die toepassing zelf.')
    expect(await isSignedIn(it)).toBe(false)
    expect((await suite.browser().go(`${suite.issuer}/signed-out`)).text).not.toContain('antwoordde niet')
  })
})

test('oidcc-backchannel-rp-initiated-logout', async () => {
  const it = await signedIn()
  suite.heard.length = 0
  const { address } = await out(it, { id_token_hint: it.idToken, post_logout_redirect_uri: leftUri, state: 'state-2' })
  expect(address.href).toBe(`${leftUri}?state=state-2`)
  for (let waited = 0; suite.heard.length === 0 && waited < 5_000; waited += 50) await pause(50)
  await pause(500)
  expect(suite.heard).toHaveLength(1)
  const [heard] = suite.heard
  expect([heard?.type, [...(heard?.form.keys() ?? [])]]).toEqual(['application/x-www-form-urlencoded', ['logout_token']])
  const { header, claims } = await verifiedJwt(suite.issuer, heard?.form.get('logout_token') ?? '')
  expect(header.typ).toBe('logout+jwt')
  const { sub, sid } = it.claims
  expect(claims).toMatchObject({ iss: suite.issuer, aud: 'client', sub, sid })
  expect(claims.events).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} })
  for (const name of ['iat', 'exp', 'jti']) expect(claims[name]).toBeTruthy()
  expect(claims).not.toHaveProperty('nonce')
  expect(await isSignedIn(it)).toBe(false)
})
