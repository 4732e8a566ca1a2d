import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openConnect } from '../../src/connect/index.ts'
import { basic, type CodeFlow, codeFlow } from '../support/code-flow.ts'
import { applications, openTown, type Town } from '../support/issuer-house.ts'

/** Requests that no application should send (T050, T051, T110, T112, T119). */
let town: Town
let flow: CodeFlow
let address: string

beforeAll(async () => {
  town = await openTown()
  flow = await codeFlow(town)
  address = flow.address
})
afterAll(() => town.close())

describe('requests of another shape (T110, T112)', () => {
  test('HEAD mints nothing, not even inside a session', async () => {
    const { browser } = await flow.codeFor(flow.planning)
    const codes = () => town.house.storage.db.selectFrom('protocol_record').select('key').execute()
    const before = (await codes()).length
    const { location } = await flow.planning.ask()
    const answer = await fetch(location, { method: 'HEAD', redirect: 'manual', headers: { cookie: browser.cookiesFor(location) } })
    expect([answer.status, answer.headers.get('location'), (await codes()).length]).toEqual([405, null, before])
  })

  test('a form posted from the application enters again as a GET, which brings the cookies', async () => {
    const { browser } = await flow.codeFor(flow.planning)
    const { location } = await flow.planning.ask()
    const form = Object.fromEntries(location.searchParams)
    expect((await browser.postFromElsewhere(`${address}/authorize`, form)).params.get('code')).toBeTruthy()
    expect((await browser.postFromElsewhere(`${address}/authorize`, { ...form, state: 'x'.repeat(9_000) })).status).toBe(400)
    const json = await fetch(`${address}/authorize`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
    expect(json.status).toBe(400)
  })

  test.each(['token', 'id_token', 'code id_token', 'none', 'code token'])('response_type=%s is not spoken', async (response_type) => {
    const answer = await town.browser().go((await flow.planning.ask({ response_type })).location)
    const params = answer.params.get('error') ? answer.params : new URLSearchParams(answer.address.hash.slice(1))
    expect(params.get('error')).toBe('unsupported_response_type')
  })

  test.each(['fragment', 'form_post', 'web_message', 'jwt', 'x'])('response_mode=%s is not spoken', async (response_mode) => {
    const answer = await town.browser().go((await flow.planning.ask({ response_mode })).location)
    expect([answer.params.get('error'), answer.address.hash]).toEqual(['unsupported_response_mode', ''])
  })

  test('request objects are not spoken, by value or by reference', async () => {
    const asked = async (more: Record<string, string>) =>
      (await town.browser().go((await flow.planning.ask(more)).location)).params.get('error')
    expect(await asked({ request: 'eyJhbGciOiJub25lIn0.e30.' })).toBe('request_not_supported')
    expect(await asked({ request_uri: 'https://evil.test/request' })).toBe('request_uri_not_supported')
    expect(await asked({ request_uri: 'urn:ietf:params:oauth:request_uri:x' })).toBe('invalid_request_uri')
  })

  const push = async (more: Record<string, string> = {}): Promise<Record<string, string>> => {
    const { location } = await flow.planning.ask(more)
    const headers = { authorization: basic('planning') }
    const answer = await fetch(`${address}/par`, { method: 'POST', headers, body: location.searchParams })
    return (await answer.json()) as Record<string, string>
  }

  test('a pushed request is held to the same', async () => {
    expect((await push({ response_mode: 'form_post' })).error).toBe('unsupported_response_mode')
    expect((await push({ redirect_uri: 'https://evil.test' })).error).toBe('invalid_request')
    expect((await push({ code_challenge_method: 'plain' })).error).toBe('invalid_request')
  })

  test('a pushed request answers once', async () => {
    const { request_uri = '' } = await push()
    const at = `${address}/authorize?${new URLSearchParams({ client_id: 'planning', request_uri })}`
    const { browser } = await flow.codeFor(flow.planning)
    const answers = await Promise.all([browser.go(at), browser.go(at), browser.go(at)])
    expect(answers.filter((it) => it.params.get('code'))).toHaveLength(1)
    const other = await browser.go(at.replace('client_id=planning', 'client_id=ligplaatsen'))
    expect(other.params.get('code')).toBeNull()
  })

  test('discovery names the portal and nobody else, whatever Host and X-Forwarded-Host say', async () => {
    const said = await fetch(`${address}/.well-known/openid-configuration`, {
      headers: { 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'https', forwarded: 'host=evil.test' },
    })
    const text = await said.text()
    expect(text).not.toContain('evil')
    expect(await rawGet('evil.test', '/c-point/.well-known/openid-configuration')).not.toContain('evil')
    expect(JSON.parse(text)).toMatchObject({
      issuer: address,
      authorization_endpoint: `${address}/authorize`,
      token_endpoint: `${address}/token`,
      jwks_uri: `${address}/jwks`,
      end_session_endpoint: `${address}/end-session`,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      code_challenge_methods_supported: ['S256'],
      grant_types_supported: ['authorization_code'],
      request_parameter_supported: false,
      request_uri_parameter_supported: false,
      authorization_response_iss_parameter_supported: true,
      acr_values_supported: ['urn:sluis:acr:2', 'urn:sluis:acr:2-mail', 'urn:sluis:acr:2-remembered', 'urn:sluis:acr:1'],
    })
  })

  test('no other method, and no other spelling of a path', async () => {
    for (const [path, method] of [
      ['token', 'GET'],
      ['par', 'GET'],
      ['authorize', 'PUT'],
      ['jwks', 'POST'],
    ] as const)
      expect((await fetch(`${address}/${path}`, { method })).status).toBe(405)
    for (const path of ['/TOKEN', '/token/', '/authorize/', '/authorize/..', '/reg', '/end-session/confirm'])
      expect(await town.connect.handle(town.portal('c-point'), path, {} as never, {} as never)).toBe(false)
  })

  test('the headers that were set before are still there, on answers and on errors', async () => {
    for (const path of ['jwks', 'authorize', 'token', 'userinfo', '.well-known/openid-configuration']) {
      const { headers } = await fetch(`${address}/${path}`, { method: path === 'token' ? 'POST' : 'GET' })
      expect([headers.get('x-content-type-options'), headers.get('content-security-policy')]).toEqual(['nosniff', "default-src 'none'"])
    }
  })

  test('errors of the token endpoint cannot be read from any origin', async () => {
    for (const headers of [{}, { authorization: 'Basic eDp5' }, { authorization: basic('planning') }]) {
      const answer = await fetch(`${address}/token`, {
        method: 'POST',
        headers: { ...headers, origin: 'https://evil.test' },
        body: new URLSearchParams({ grant_type: 'authorization_code', code: 'x', code_verifier: 'y', redirect_uri: 'z' }),
      })
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    }
  })
})

describe('a portal with a host of its own on https', () => {
  test('has addresses and cookies of that host, whatever the proxy speaks to us', async () => {
    const portal = { ...town.portal('c-point'), address: 'https://c-point.test' }
    const connect = openConnect(town.house, {
      secrets: {},
      visitorOf: () => ({ address: '127.0.0.1', language: 'nl' }),
      signInAddress: () => `${portal.address}/sign-in`,
      signOutAddress: () => `${portal.address}/sign-out`,
      signedOutAddress: () => `${portal.address}/signed-out`,
      signOut: () => Promise.resolve(true),
      renderError: (_portal, _request, response, trouble) => void response.writeHead(trouble.status).end(),
    })
    const server = createServer(
      (request, response) => void connect.handle(portal, (request.url ?? '').split('?')[0] ?? '', request, response),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { location } = await flow.planning.ask()
    const here = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const answer = await fetch(`${here}/authorize${location.search}`, { redirect: 'manual' })
    const said = (await (await fetch(`${here}/.well-known/openid-configuration`)).json()) as Record<string, unknown>
    server.close()
    const addresses = Object.entries(said).filter(([name]) => /_endpoint$|^jwks_uri$|^issuer$/.test(name))
    expect(addresses.filter(([, it]) => !String(it).startsWith('https://c-point.test'))).toEqual([])
    expect(addresses).toHaveLength(8)
    expect(answer.headers.get('location')).toBe('https://c-point.test/sign-in')
    const cookies = answer.headers.getSetCookie().map((it) =>
      it
        .replace(/=[\w-]{43};/, '=*;')
        .replace(/[\w-]{43}/, '*')
        .replace(/ expires=[^;]*;/, ''),
    )
    expect(cookies).toEqual([
      '__Secure-sluis-c-point-interaction=*; path=/; samesite=lax; secure; httponly',
      '__Secure-sluis-c-point-resume=*; path=/authorize/*; samesite=lax; secure; httponly',
    ])
  })
})

describe('strength (T051)', () => {
  const essential = (...values: string[]): Record<string, string> => ({
    claims: JSON.stringify({ id_token: { acr: { essential: true, values } } }),
  })

  test('T051 an essential acr that this portal cannot reach is refused once, before any page', async () => {
    const answer = await town.browser().go((await flow.planning.ask(essential('urn:sluis:acr:phr'))).location)
    expect(answer.params.get('error')).toBe('unmet_authentication_requirements')
  })

  test('T051 an essential acr that was not reached is an error after one sign-in, and an answer when it was', async () => {
    const reached = await flow.codeFor(flow.planning, essential('urn:sluis:acr:2'))
    expect(reached.code).not.toBe('')
    const missed = await flow.codeFor(flow.planning, essential('urn:sluis:acr:2-remembered'))
    expect(Object.fromEntries(missed.answer.params)).toMatchObject({
      error: 'unmet_authentication_requirements',
      state: missed.question.state,
    })
  })

  test('T051 an essential acr in another spelling is another one', async () => {
    for (const values of [['URN:SLUIS:ACR:2'], [' urn:sluis:acr:2'], ['urn:sluis:acr:2 '], ['urn:sluis:acr:2 urn:sluis:acr:1'], ['']]) {
      const answer = await town.browser().go((await flow.planning.ask(essential(...values))).location)
      expect([answer.params.get('error'), values]).toEqual(['unmet_authentication_requirements', values])
    }
  })

  test('T051 cookies that speak of strength, and an id_token of somebody stronger as a hint, make nothing stronger', async () => {
    const strong = await flow.codeFor(flow.planning)
    const { body } = await flow.redeem('planning', strong.code, strong.question)
    const person = await town.addPerson('c-point', 'mieke')
    const browser = town.browser()
    await browser.go((await flow.planning.ask()).location)
    await browser.go(`${address}/sign-in/password`, { username: person.name })
    await browser.go(`${address}/sign-in/choose`, { method: 'email' })
    await browser.go(`${address}/sign-in/code`, { code: await town.sentCode(browser, 'c-point') })
    const hint = { id_token_hint: body.id_token ?? '', prompt: 'none' }
    expect((await browser.go((await flow.planning.ask(hint)).location)).params.get('error')).toBe('login_required')
    const planted = 'acr=urn:sluis:acr:2; sluis-c-point-acr=urn:sluis:acr:2; amr=otp; auth_time=9999999999'
    const question = await flow.planning.ask({ prompt: 'none' })
    const headers = { cookie: `${browser.cookiesFor(question.location)}; ${planted}` }
    const answer = await fetch(question.location, { redirect: 'manual', headers })
    const tokens = await flow.planning.redeem(new URL(answer.headers.get('location') ?? ''), question)
    expect(tokens.claims()).toMatchObject({ acr: 'urn:sluis:acr:2-mail', amr: ['pwd', 'email'] })
    expect(tokens.claims()?.auth_time).toBeLessThan(9_999_999_999)
  })

  test('T051 fields in the request make nothing stronger; unknown acr_values change nothing', async () => {
    const { code, question } = await flow.codeFor(flow.planning, {
      acr: 'urn:sluis:acr:phr',
      amr: 'hwk',
      auth_time: '1',
      acr_values: 'urn:sluis:acr:phr URN:SLUIS:ACR:2',
      claims: JSON.stringify({ id_token: { auth_time: { value: 1 }, amr: { value: 'hwk' } } }),
    })
    const { body } = await flow.redeem('planning', code, question)
    const claims = JSON.parse(Buffer.from(body.id_token?.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
    expect(claims).toMatchObject({ acr: 'urn:sluis:acr:2', amr: ['pwd', 'otp', 'mfa'] })
    expect(claims.auth_time).toBeGreaterThan(1)
  })

  test('cookies, fields and a hint of somebody’s own making make nothing stronger', async () => {
    const { browser } = await flow.codeFor(flow.planning)
    const forged = { acr: 'urn:sluis:acr:phr', amr: ['hwk', 'mfa'], auth_time: 4_000_000_000, sub: 'x', iss: address, aud: 'planning' }
    const part = (it: object): string => Buffer.from(JSON.stringify(it)).toString('base64url')
    const hint = `${part({ alg: 'none' })}.${part(forged)}.`
    const hinted = await browser.go((await flow.planning.ask({ id_token_hint: hint, prompt: 'none' })).location)
    expect([hinted.params.get('error'), hinted.params.get('code')]).toEqual(['invalid_request', null])

    const question = await flow.planning.ask({ prompt: 'none', ...essential('urn:sluis:acr:phr') })
    const cookie = `${browser.cookiesFor(address)}; acr=urn:sluis:acr:phr; amr=hwk; loa=4; sluis-c-point-acr=urn:sluis:acr:phr`
    const unmet = await fetch(question.location, { redirect: 'manual', headers: { cookie, acr: 'urn:sluis:acr:phr' } })
    expect(new URL(unmet.headers.get('location') ?? '').searchParams.get('error')).toBe('unmet_authentication_requirements')
    const plain = await flow.planning.ask({ prompt: 'none', acr: 'urn:sluis:acr:phr', amr: 'hwk', level: '4', loa: '4' })
    const met = await fetch(plain.location, { redirect: 'manual', headers: { cookie, acr: 'urn:sluis:acr:phr' } })
    const claims = (await flow.planning.redeem(new URL(met.headers.get('location') ?? ''), plain)).claims()
    expect(claims).toMatchObject({ acr: 'urn:sluis:acr:2', amr: ['pwd', 'otp', 'mfa'] })
  })

  test.each([
    '[]',
    'null',
    '{',
    '{"id_token":5}',
    '{"id_token":{"acr":5}}',
    '{"id_token":{"acr":{"essential":true,"values":"x"}}}',
    '{"id_token":{"acr":{"essential":true,"value":{}}}}',
    '{"id_token":{"sub":"x"}}',
  ])('claims=%s is invalid_request, never 500', async (claims) => {
    const answer = await town.browser().go((await flow.planning.ask({ claims })).location)
    expect(answer.params.get('error')).toBe('invalid_request')
  })

  test('T050 the session of one portal is none at another, nor do its cookies, code or client open anything there', async () => {
    const { browser, code, question } = await flow.codeFor(flow.planning)
    const koop = town.portal('koop-cam').address
    const ask = (client_id: string, redirect_uri: string) => {
      const asked = new URL(`${koop}/authorize`)
      asked.search = question.location.search
      for (const [name, value] of Object.entries({ client_id, redirect_uri, prompt: 'none' })) asked.searchParams.set(name, value)
      return browser.go(asked)
    }
    const own = `${applications}/koop-cam/publicatie/callback`
    expect((await ask('publicatie', own)).params.get('error')).toBe('login_required')
    // A client of the other portal, or its address with a client of this one, is no client and no address.
    expect((await ask('planning', `${applications}/c-point/planning/callback`)).status).toBe(400)
    expect((await ask('publicatie', `${applications}/c-point/planning/callback`)).status).toBe(400)
    expect((await flow.redeem('ligplaatsen', code, question)).body.error).toBe('invalid_grant')
    // Under the names of the other portal the cookies of this one are worth nothing either.
    const moved = browser.cookiesFor(address).replaceAll('sluis-c-point-', 'sluis-koop-cam-')
    expect(moved).toContain('sluis-koop-cam-session=')
    const asked = new URL(`${koop}/authorize`)
    asked.search = question.location.search
    for (const [name, value] of Object.entries({ client_id: 'publicatie', redirect_uri: own, prompt: 'none' }))
      asked.searchParams.set(name, value)
    const answer = await fetch(asked, { redirect: 'manual', headers: { cookie: moved } })
    expect(new URL(answer.headers.get('location') ?? '').searchParams.get('error')).toBe('login_required')
  })

  test('a session of the application with a remembered browser is no second step for the strict one', async () => {
    const { browser } = await flow.codeFor(flow.planning)
    expect(
      (await browser.go((await flow.strict.ask({ prompt: 'none', acr_values: 'urn:sluis:acr:1' })).location)).params.get('error'),
    ).toBe('login_required')
  })

  test('T083 names of a prototype in the query, in claims, in a form or in cookies change no object and no later answer', async () => {
    const names = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', '__proto__[client_id]', 'constructor.prototype.scope']
    const usual = await flow.planning.ask()
    const before = Object.keys(Object.prototype)
    for (const name of names) {
      for (const more of [
        { [name]: 'evil' },
        { claims: `{"${name}":{"evil":{"essential":true}},"id_token":{"${name}":{"essential":true,"value":"evil"}}}` },
      ]) {
        const location = new URL(usual.location)
        for (const [key, value] of Object.entries(more)) location.searchParams.append(key, value)
        expect((await fetch(location, { redirect: 'manual', headers: { cookie: `${name}=evil` } })).status, name).toBeLessThan(500)
      }
      const body = new URLSearchParams([
        ['grant_type', name],
        [name, 'evil'],
        ['client_id', name],
      ])
      for (const door of ['token', 'request', 'introspect', 'end_session'])
        expect((await fetch(`${address}/${door}`, { method: 'POST', body, redirect: 'manual' })).status, `${door} ${name}`).toBeLessThan(
          500,
        )
    }
    expect([Object.keys(Object.prototype), ({} as { evil?: unknown }).evil]).toEqual([before, undefined])
    const { answer } = await flow.codeFor(flow.planning)
    expect(answer.params.get('code')).toBeTruthy()
  })
})

/** A request with a Host of its own, which fetch does not allow. */
async function rawGet(host: string, path: string): Promise<string> {
  const { request } = await import('node:http')
  const [name, port] = town.host.split(':')
  return new Promise((resolve, reject) => {
    request({ host: name, port, path, headers: { host } }, async (answer) => resolve((await answer.toArray()).join('')))
      .once('error', reject)
      .end()
  })
}
