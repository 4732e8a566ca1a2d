import { setTimeout as pause } from 'node:timers/promises'
import { expectNoNonce } from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { basic, callbackUri, openSuite, person, type Suite } from '../support/conformance.ts'
import { readJwt } from '../support/jwt.ts'

/** The 38 modules of `oidcc-basic-certification-test-plan`, told by their names, against a real server. */
let suite: Suite
beforeAll(async () => {
  suite = await openSuite()
})
afterAll(() => suite.close())

const post = (address: string | undefined, init: RequestInit) => fetch(address ?? '', { method: 'POST', ...init })
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
async function signedIn(asked: Parameters<Suite['go']>[1] = {}) {
  const browser = suite.browser()
  return { browser, ...(await suite.tokens(await suite.go(browser, asked))) }
}

describe('the code flow', () => {
  test('oidcc-server', async () => {
    const browser = suite.browser()
    const arrived = await suite.go(browser)
    expect(arrived.params.get('iss')).toBe(suite.issuer)
    const { claims, accessToken } = await suite.tokens(arrived)
    expect(claims).toMatchObject({ iss: suite.issuer, aud: 'client', nonce: 'nonce-1', acr: 'urn:sluis:acr:1', amr: ['pwd'] })
    expect(claims.exp - claims.iat).toBeLessThanOrEqual(600)
    expect((await suite.userInfo(accessToken)).sub).toBe(claims.sub)
  })

  test('oidcc-response-type-missing', async () => {
    const arrived = await suite.browser().go(suite.ask({ response_type: undefined }))
    expect(Object.fromEntries(arrived.params)).toMatchObject({ error: 'invalid_request', state: 'state-1', iss: suite.issuer })
  })

  test('oidcc-idtoken-signature', async () => {
    const { header } = readJwt((await signedIn()).idToken)
    const { keys } = (await (await fetch(suite.as.jwks_uri ?? '')).json()) as { keys: { kid: string }[] }
    expect(header.alg).toBe('RS256')
    expect(keys.map((it) => it.kid)).toContain(header.kid)
  })

  test('oidcc-idtoken-unsigned', () => {
    expect(suite.as.id_token_signing_alg_values_supported).not.toContain('none')
    expect(suite.as.id_token_signing_alg_values_supported).toContain('RS256')
  })

  test('oidcc-ensure-request-without-nonce-succeeds-for-code-flow', async () => {
    const { claims } = await suite.tokens(await suite.go(suite.browser(), { nonce: undefined }), { nonce: expectNoNonce })
    expect(claims.nonce).toBeUndefined()
  })

  test('oidcc-ensure-request-with-unknown-parameter-succeeds', async () => {
    expect((await signedIn({ extra: 'foobar' })).claims.sub).toBeTruthy()
  })

  test('oidcc-display-page and oidcc-display-popup', async () => {
    for (const display of ['page', 'popup']) expect((await signedIn({ display })).claims.sub).toBeTruthy()
  })

  test('oidcc-ensure-request-with-valid-pkce-succeeds', async () => {
    const verifier = 'verifier-of-at-least-forty-three-characters-x'
    const { createHash } = await import('node:crypto')
    const challenge = { code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' }
    const arrived = await suite.go(suite.browser(), challenge)
    expect((await suite.tokens(arrived, { verifier })).claims.sub).toBeTruthy()
    const other = await suite.go(suite.browser(), challenge)
    const refused = await suite.redeem(other.params.get('code') ?? '', 'client', { code_verifier: `${verifier}x` })
    expect([refused.status, ((await refused.json()) as { error: string }).error]).toEqual([400, 'invalid_grant'])
    expect((await suite.go(suite.browser(), { client_id: 'strict' })).params.get('error')).toBe('invalid_request')
  })

  test('oidcc-server-client-secret-post', async () => {
    const arrived = await suite.go(suite.browser(), { client_id: 'client3' })
    expect((await suite.tokens(arrived, { client: 'client3' })).claims.aud).toBe('client3')
    const other = await suite.go(suite.browser(), { client_id: 'client3' })
    expect((await suite.redeem(other.params.get('code') ?? '', 'client3')).status).toBe(401)
  })

  test('oidcc-ensure-registered-redirect-uri', async () => {
    const arrived = await suite.browser().go(suite.ask({ redirect_uri: `${callbackUri}-other` }))
    expect([arrived.status, arrived.address.origin]).toEqual([400, new URL(suite.issuer).origin])
  })

  test('oidcc-ensure-post-request-succeeds', async () => {
    const browser = suite.browser()
    const post = () => browser.postFromElsewhere(suite.as.authorization_endpoint ?? '', Object.fromEntries(suite.ask().searchParams))
    const page = await post()
    expect(page.address.pathname).toBe('/proef/sign-in')
    const { claims } = await suite.tokens(await suite.signInAt(browser, page))
    // The form brings no cookie; the session that is there now is found all the same.
    expect((await suite.tokens(await post())).claims).toMatchObject({ sub: claims.sub, auth_time: claims.auth_time })
  })
})

describe('userinfo', () => {
  test('oidcc-userinfo-get', async () => {
    const { accessToken, claims } = await signedIn()
    const answer = await fetch(suite.as.userinfo_endpoint ?? '', { headers: bearer(accessToken) })
    expect(answer.headers.get('content-type')).toContain('application/json')
    expect(await answer.json()).toEqual({ sub: claims.sub })
  })

  test('oidcc-userinfo-post-header', async () => {
    const { accessToken, claims } = await signedIn()
    const answer = await post(suite.as.userinfo_endpoint, { headers: bearer(accessToken) })
    expect(await answer.json()).toEqual({ sub: claims.sub })
  })

  test('oidcc-userinfo-post-body', async () => {
    const { accessToken, claims } = await signedIn()
    const body = new URLSearchParams({ access_token: accessToken })
    expect(await (await post(suite.as.userinfo_endpoint, { body })).json()).toEqual({ sub: claims.sub })
    expect((await post(suite.as.userinfo_endpoint, { body, headers: bearer(accessToken) })).status).toBe(400)
  })
})

describe('scopes and claims', () => {
  const profile = { name: 'Suus De Wit', given_name: 'Suus', family_name: 'De Wit', preferred_username: person.username, locale: 'nl' }
  const email = { email: 'suus@proef.example', email_verified: false }
  const phone = { phone_number: '+32470123456', phone_number_verified: false }

  test.each([
    ['oidcc-scope-profile', 'openid profile', profile],
    ['oidcc-scope-email', 'openid email', email],
    ['oidcc-scope-phone', 'openid phone', phone],
    ['oidcc-scope-all', 'openid profile email phone', { ...profile, ...email, ...phone }],
    ['oidcc-ensure-other-scope-order-succeeds', 'email openid', email],
  ])('%s', async (_, scope, expected) => {
    const { claims, accessToken } = await signedIn({ scope })
    expect(await suite.userInfo(accessToken)).toEqual({ sub: claims.sub, ...expected })
    for (const name of Object.keys(expected)) expect(claims).not.toHaveProperty(name)
  })

  test('oidcc-ensure-other-scope-order-succeeds: nor does the order of the parameters play a part', async () => {
    const browser = suite.browser()
    const asked = suite.ask({ scope: 'email openid' })
    asked.search = new URLSearchParams([...asked.searchParams].reverse()).toString()
    const { claims, accessToken } = await suite.tokens(await suite.signInAt(browser, await browser.go(asked)))
    expect(await suite.userInfo(accessToken)).toEqual({ sub: claims.sub, ...email })
  })

  test('oidcc-scope-address: it is not announced, and asked for in vain', async () => {
    expect(suite.as.scopes_supported).not.toContain('address')
    const { accessToken, claims } = await signedIn({ scope: 'openid address' })
    expect(await suite.userInfo(accessToken)).toEqual({ sub: claims.sub })
  })

  test('oidcc-claims-essential', async () => {
    const { claims, accessToken } = await signedIn({
      scope: 'openid profile',
      claims: JSON.stringify({ userinfo: { name: { essential: true } } }),
    })
    expect((await suite.userInfo(accessToken)).name).toBe('Suus De Wit')
    expect(claims).not.toHaveProperty('name')
  })

  test('oidcc-ensure-request-with-acr-values-succeeds', async () => {
    const { claims } = await signedIn({ acr_values: 'urn:sluis:acr:1 urn:other:1 urn:other:2' })
    expect(claims.acr).toBe('urn:sluis:acr:1')
  })
})

describe('a second request', () => {
  test('oidcc-prompt-login', async () => {
    const { browser, claims } = await signedIn()
    await pause(1_100)
    const again = await suite.go(browser, { prompt: 'login' })
    expect(again.wasAsked).toBe(true)
    expect((await suite.tokens(again)).claims.auth_time).toBeGreaterThan(claims.auth_time ?? 0)
  })

  test('oidcc-prompt-none-not-logged-in', async () => {
    const arrived = await suite.browser().go(suite.ask({ prompt: 'none' }))
    expect(Object.fromEntries(arrived.params)).toMatchObject({ error: 'login_required', state: 'state-1', iss: suite.issuer })
    expect(arrived.address.href.split('?')[0]).toBe(callbackUri)
  })

  test('oidcc-prompt-none-logged-in', async () => {
    const { browser, claims } = await signedIn()
    const silent = await suite.go(browser, { prompt: 'none' })
    const again = await suite.tokens(silent)
    expect([silent.wasAsked, again.claims.sub, again.claims.auth_time]).toEqual([false, claims.sub, claims.auth_time])
  })

  test('oidcc-max-age-1', async () => {
    const { browser, claims } = await signedIn()
    await pause(2_100)
    const again = await suite.go(browser, { max_age: '1' })
    expect(again.wasAsked).toBe(true)
    const { auth_time = 0 } = (await suite.tokens(again)).claims
    expect(auth_time).toBeGreaterThan(claims.auth_time ?? 0)
    expect(Date.now() / 1000 - auth_time).toBeLessThan(30)
  })

  test('oidcc-max-age-10000', async () => {
    const { browser, claims } = await signedIn()
    const again = await suite.go(browser, { max_age: '10000' })
    expect([again.wasAsked, (await suite.tokens(again)).claims.auth_time]).toEqual([false, claims.auth_time])
    expect(claims.auth_time).toBeGreaterThan(Date.now() / 1000 - 60)
  })

  test('oidcc-id-token-hint', async () => {
    const { browser, idToken, claims } = await signedIn()
    const silent = await suite.go(browser, { prompt: 'none', id_token_hint: idToken })
    const again = await suite.tokens(silent)
    expect([again.claims.sub, again.claims.auth_time]).toEqual([claims.sub, claims.auth_time])
  })

  test('oidcc-login-hint', async () => {
    const pages = []
    for (const login_hint of [person.username, 'nobody <b>"here"']) pages.push(await suite.browser().go(suite.ask({ login_hint })))
    const [known, unknown] = pages.map((it) => it.text.replace(/name="csrf" value="[^"]+"/, ''))
    expect(known).toContain('value="suus"')
    expect(unknown).toContain('value="nobody &lt;b>&quot;here&quot;"')
    expect(known?.replace('value="suus"', '')).toBe(unknown?.replace('value="nobody &lt;b>&quot;here&quot;"', ''))
  })

  test('oidcc-ui-locales and oidcc-claims-locales', async () => {
    const english = await suite.browser().go(suite.ask({ ui_locales: 'fr en' }))
    expect(english.text).toContain('<html lang="en"')
    const dutch = await suite.browser().go(suite.ask({ ui_locales: 'se', claims_locales: 'se' }))
    expect(dutch.text).toContain('<html lang="nl"')
    expect((await signedIn({ ui_locales: 'se', claims_locales: 'se' })).claims.sub).toBeTruthy()
  })
})

describe('what works once, and what is not served', () => {
  test('oidcc-codereuse and oidcc-codereuse-30seconds', async () => {
    const arrived = await suite.go(suite.browser())
    const { accessToken } = await suite.tokens(arrived)
    const again = await suite.redeem(arrived.params.get('code') ?? '')
    const said = (await again.json()) as { error: string; error_description?: string }
    expect([again.status, again.headers.get('content-type'), said.error]).toEqual([
      400,
      expect.stringContaining('application/json'),
      'invalid_grant',
    ])
    expect(said.error_description ?? '').toMatch(/^[\x20-\x7e]*$/)
    // The suite waits thirty seconds and only warns: here the tokens are dead at once, and stay so.
    expect((await fetch(suite.as.userinfo_endpoint ?? '', { headers: bearer(accessToken) })).status).toBe(401)
  })

  test('oidcc-refresh-token', async () => {
    const arrived = await suite.go(suite.browser(), { scope: 'openid offline_access', prompt: 'consent' })
    const { refreshToken = '', claims } = await suite.tokens(arrived)
    const stolen = await suite.refresh(refreshToken, 'client2')
    expect([stolen.status, ((await stolen.json()) as { error: string }).error]).toEqual([400, 'invalid_grant'])
    const answer = (await (await suite.refresh(refreshToken)).json()) as Record<string, string>
    const renewed = readJwt(answer.id_token).claims
    for (const claim of ['iss', 'sub', 'aud', 'auth_time'] as const) expect(renewed[claim]).toEqual(claims[claim])
    expect(answer.access_token).toBeTruthy()
  })

  test('oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported', async () => {
    const arrived = await suite.browser().go(suite.ask({ request_uri: 'https://suite.test/request.jwt' }))
    expect(arrived.params.get('error')).toBe('request_uri_not_supported')
  })

  test('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported', async () => {
    const request = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"nonce":"x"}').toString('base64url')}.`
    expect((await suite.browser().go(suite.ask({ request }))).params.get('error')).toBe('request_not_supported')
  })

  test('oidcc-ensure-request-object-with-redirect-uri', async () => {
    const inside = Buffer.from(JSON.stringify({ redirect_uri: `${callbackUri}-other` })).toString('base64url')
    const request = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${inside}.`
    expect((await suite.browser().go(suite.ask({ request }))).params.get('error')).toBe('request_not_supported')
  })

  test('a secret of another client redeems nothing, and the code is dead then (ours)', async () => {
    const code = (await suite.go(suite.browser())).params.get('code') ?? ''
    expect((await suite.redeem(code, 'client2')).status).toBe(400)
    const late = await post(suite.as.token_endpoint, {
      headers: { authorization: basic('client') },
      body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: callbackUri }),
    })
    expect(late.status).toBe(400)
  })
})
