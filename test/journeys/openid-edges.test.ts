import { createHmac, createPublicKey } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withClient } from '../support/clients.ts'
import { basic, type CodeFlow, codeFlow } from '../support/code-flow.ts'
import { applications, openTown, type Town } from '../support/issuer-house.ts'
import { readJwt, signedByAStranger } from '../support/jwt.ts'
import { relyingParty } from '../support/relying-party.ts'

/* The edges of the protocol that no application should come near (T110, T112, T114 to T116, T118, T121, T122). */

let town: Town
let flow: CodeFlow
let address: string
let koop: string
const callback = `${applications}/c-point/planning/callback`

beforeAll(async () => {
  town = await openTown({
    change: (portal) => withClient(withClient(portal, 'planning', { refreshTokens: true }), 'publicatie', { id: 'planning' }),
  })
  flow = await codeFlow(town)
  address = flow.address
  koop = town.portal('koop-cam').address
})
afterAll(() => town.close())

async function tokens() {
  const coded = await flow.codeFor(flow.planning)
  const { body } = await flow.redeem('planning', coded.code, coded.question)
  return { ...coded, access: body.access_token ?? '', id: body.id_token ?? '', refresh: body.refresh_token ?? '' }
}
const errorOf = async (more: Record<string, string>, browser = town.browser()): Promise<string | null> =>
  (await browser.go((await flow.planning.ask(more)).location)).params.get('error')

describe('parameters', () => {
  test('T112 one that comes twice is invalid_request, whichever it is, and sent ahead too', async () => {
    const { location } = await flow.planning.ask({ nonce: 'n', prompt: 'login', max_age: '60', acr_values: 'x', login_hint: 'x' })
    for (const name of [...location.searchParams.keys()]) {
      const twice = new URL(location)
      twice.searchParams.append(name, twice.searchParams.get(name) ?? '')
      const answer = await town.browser().go(twice)
      if (['client_id', 'redirect_uri'].includes(name)) expect([answer.status, name]).toEqual([400, name])
      else expect([answer.params.get('error'), name]).toEqual(['invalid_request', name])
      const headers = { authorization: basic('planning') }
      const ahead = await fetch(`${address}/par`, { method: 'POST', headers, body: twice.searchParams })
      expect([ahead.status >= 400 && ahead.status < 500, name]).toEqual([true, name])
    }
  })

  test('T112 at the token endpoint too: nothing is given for two codes, two verifiers or two kinds', async () => {
    const { code, question } = await flow.codeFor(flow.planning)
    const form = { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: question.verifier }
    for (const name of Object.keys(form)) {
      const body = new URLSearchParams(form)
      body.append(name, 'x')
      const answer = await fetch(`${address}/token`, { method: 'POST', headers: { authorization: basic('planning') }, body })
      expect([answer.status, ((await answer.json()) as { error: string }).error, name]).toEqual([400, 'invalid_request', name])
    }
  })

  test('T112 a request that was sent ahead is over after a minute', async () => {
    const headers = { authorization: basic('planning') }
    const { location } = await flow.planning.ask()
    const ahead = await fetch(`${address}/par`, { method: 'POST', headers, body: location.searchParams })
    const { request_uri } = (await ahead.json()) as { request_uri: string }
    const { db } = town.house.storage
    const [row] = await db.selectFrom('protocol_record').selectAll().where('model', '=', 'PushedAuthorizationRequest').execute()
    const { exp } = JSON.parse(row?.payload ?? '{}') as { exp: number }
    const payload = (row?.payload ?? '').replace(`"exp":${exp}`, `"exp":${exp - 61}`)
    await db
      .updateTable('protocol_record')
      .set({ payload })
      .where('key', '=', row?.key ?? '')
      .execute()
    const asked = new URLSearchParams({ client_id: 'planning', request_uri })
    expect((await town.browser().go(`${address}/authorize?${asked}`)).status).toBe(400)
  })

  test('T116 prompt=none beside another, and an age that is none: invalid_request', async () => {
    const { browser } = await tokens()
    for (const prompt of ['none login', 'login none', 'none consent', 'none select_account', 'none none login'])
      for (const who of [town.browser(), browser]) expect(await errorOf({ prompt }, who)).toBe('invalid_request')
    for (const max_age of ['-1', '1e309', 'abc', '0x10', '1.5', ' 1', '10000000000000000000000', 'NaN', 'null'])
      expect([await errorOf({ max_age }, browser), max_age]).toEqual(['invalid_request', max_age])
    // As old as there are numbers: any sign-in is younger.
    expect(await errorOf({ max_age: '1000000000000000', prompt: 'none' }, browser)).toBeNull()
    expect(await errorOf({ max_age: '0', prompt: 'none' }, browser)).toBe('login_required')
  })

  test('T116 prompt=none in a remembered browser that is signed out: login_required, and no page', async () => {
    const [browser, person] = [town.browser(), await town.addPerson('c-point', 'sien')]
    await browser.go((await flow.planning.ask()).location)
    await browser.go(`${address}/sign-in/password`, { username: person.name })
    await browser.go(`${address}/sign-in/choose`, { method: 'totp' })
    await browser.go(`${address}/sign-in/code`, { code: person.appCode(), remember: '1' })
    expect(await errorOf({ prompt: 'none' }, browser)).toBeNull()
    browser.forget(/-session$/)
    expect(await errorOf({ prompt: 'none' }, browser)).toBe('login_required')
  })

  test('T122 a state of eight thousand characters comes back byte for byte', async () => {
    const state = 'ab'.repeat(4_000)
    const { params } = await town.browser().go((await flow.planning.ask({ state, prompt: 'none' })).location)
    expect([params.get('error'), params.get('state') === state]).toEqual(['login_required', true])
  })
})

describe('two portals', () => {
  test('T110 T122 in one browser each keeps its own; the same client id in both is two clients', async () => {
    const [browser, person] = [town.browser(), await town.addPerson('koop-cam', 'kim')]
    const uri = `${applications}/koop-cam/publicatie/callback`
    const party = await relyingParty(koop, 'planning', 'publicatie-'.padEnd(40, 's'), uri)
    const own = await party.ask()
    const first = await flow.planning.ask()
    const here = await town.addPerson('c-point', 'kim')
    await browser.go(own.location)
    await browser.go(first.location)
    await browser.go(`${address}/sign-in/password`, { username: here.name })
    await browser.go(`${koop}/sign-in/password`, { username: person.name })
    await browser.go(`${address}/sign-in/choose`, { method: 'totp' })
    const [mine, theirs] = [
      await browser.go(`${address}/sign-in/code`, { code: here.appCode() }),
      await browser.go(`${koop}/sign-in/code`, { code: person.appCode() }),
    ]
    expect([mine.params.get('iss'), theirs.params.get('iss')]).toEqual([address, koop])
    const [one, other] = [await flow.planning.redeem(mine.address, first), await party.redeem(theirs.address, own)]
    expect([one.claims()?.sub, other.claims()?.sub]).toEqual([here.id, person.id])
    // Each refuses what is of the other: a secret, a code, a hint, a token.
    const askedAt = async (at: string, secret: string): Promise<unknown> => {
      const headers = { authorization: `Basic ${Buffer.from(`planning:${secret}`).toString('base64')}` }
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        code: 'x',
        redirect_uri: callback,
        code_verifier: 'v'.repeat(43),
      })
      return ((await (await fetch(`${at}/token`, { method: 'POST', headers, body })).json()) as { error: string }).error
    }
    const secrets = ['planning-'.padEnd(40, 's'), 'publicatie-'.padEnd(40, 's')] as const
    expect(await Promise.all([askedAt(address, secrets[1]), askedAt(koop, secrets[0])])).toEqual(['invalid_client', 'invalid_client'])
    expect((await fetch(`${koop}/userinfo`, { headers: { authorization: `Bearer ${one.access_token}` } })).status).toBe(401)
    const asHint = await party.ask({ id_token_hint: one.id_token ?? '', prompt: 'none' })
    expect((await browser.go(asHint.location)).params.get('error')).toBe('invalid_request')
    const client = (token: string | undefined) => readJwt(token).claims
    expect([client(one.id_token).iss, client(other.id_token).iss]).toEqual([address, koop])
  })

  test('T118 one person at two portals has two subjects', async () => {
    const [one, other] = [await town.addPerson('c-point', 'lou@haven.test'), await town.addPerson('koop-cam', 'lou@haven.test')]
    expect(one.id).not.toBe(other.id)
  })

  test('T110 T121 no key of one portal is a key of another', async () => {
    const keysAt = async (at: string) => ((await (await fetch(`${at}/jwks`)).json()) as { keys: Record<string, string>[] }).keys
    const [mine, theirs] = [await keysAt(address), await keysAt(koop)]
    for (const member of ['kid', 'n', 'x']) {
      const known = new Set(mine.flatMap((it) => it[member] ?? []))
      expect(theirs.filter((it) => known.has(it[member] ?? ''))).toEqual([])
    }
  })
})

describe('what is read of others', () => {
  const encoded = (it: object | string): string => Buffer.from(typeof it === 'string' ? it : JSON.stringify(it)).toString('base64url')

  test('T115 an id_token as a hint that was made by somebody else, in any way: refused, and nobody is signed out', async () => {
    const { id, browser } = await tokens()
    const [head = '', body = '', signature = ''] = id.split('.')
    const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string }
    const { keys } = (await (await fetch(`${address}/jwks`)).json()) as { keys: Record<string, string>[] }
    const known = keys.find((it) => it.kid === kid) ?? {}
    const pem = createPublicKey({ key: known as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' }) as string
    const hmac = (header: object, secret: string): string => {
      const signed = `${encoded(header)}.${body}`
      return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
    }
    const forged = [
      `${encoded({ alg: 'none' })}.${body}.`,
      `${encoded({ alg: 'none', kid })}.${body}.${signature}`,
      hmac({ alg: 'HS256', kid }, pem),
      hmac({ alg: 'HS256', kid }, JSON.stringify(known)),
      hmac({ alg: 'HS256', kid }, known.n ?? ''),
      hmac({ alg: 'HS256' }, 'planning-'.padEnd(40, 's')),
      `${encoded({ alg: 'RS256', kid: '../../etc/passwd' })}.${body}.${signature}`,
      `${encoded({ alg: 'RS256', kid: `${kid}' or '1'='1` })}.${body}.${signature}`,
      `${encoded({ alg: 'RS256', kid, jku: `${applications}/keys` })}.${body}.${signature}`,
      `${encoded({ alg: 'RS256', kid, jwk: known })}.${body}.${signature}`,
      `${encoded({ alg: 'RS256', kid, x5u: 'https://evil.test/x' })}.${body}.${signature}`,
      `${encoded({ alg: 'RS256', kid, crit: ['exp'], exp: 1 })}.${body}.${signature}`,
      signedByAStranger(id),
      `${id}.${signature}`,
      `${id}.`,
      id.slice(0, -4),
      `${head}.${encoded({ ...readJwt(id).claims, sub: 'x' })}.${signature}`,
      'x'.repeat(6_000),
      '..',
    ]
    for (const hint of forged) {
      expect([await errorOf({ id_token_hint: hint, prompt: 'none' }, browser), hint.slice(0, 60)]).toEqual([
        'invalid_request',
        hint.slice(0, 60),
      ])
      const out = await browser.go(`${address}/end-session?${new URLSearchParams({ id_token_hint: hint })}`)
      expect([out.address.pathname, hint.slice(0, 60)]).toEqual(['/c-point/sign-out', hint.slice(0, 60)])
    }
    expect(await errorOf({ prompt: 'none', id_token_hint: id }, browser)).toBeNull()
  })

  test('T114 an access token ends after ten minutes', async () => {
    const { access } = await tokens()
    expect(await flow.userInfo(access)).toBe(200)
    town.skip(601)
    const answer = await fetch(`${address}/userinfo`, { headers: { authorization: `Bearer ${access}` } })
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer .*error="invalid_token"/)])
  })

  test('T114 without openid there is no id_token, and the access token tells nothing of anybody', async () => {
    const { browser } = await tokens()
    for (const scope of ['email', 'profile email']) {
      const question = await flow.planning.ask({ scope })
      question.location.searchParams.delete('nonce')
      const { code = '' } = Object.fromEntries((await browser.go(question.location)).params)
      const { status, body } = await flow.redeem('planning', code, question)
      expect([status, body.id_token, scope]).toEqual([200, undefined, scope])
      const answer = await fetch(`${address}/userinfo`, { headers: { authorization: `Bearer ${body.access_token}` } })
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
        403,
        expect.stringMatching(/^Bearer .*error="insufficient_scope"/),
      ])
      expect(await answer.text()).not.toContain('@')
    }
    // What only an id_token can answer is refused then.
    const { params } = await town.browser().go((await flow.planning.ask({ scope: 'email' })).location)
    expect(params.get('error')).toBe('invalid_request')
  })

  test('T112 a request for nothing, or for nothing that is known here, is invalid_scope before anybody signs in', async () => {
    for (const scope of ['', 'address', 'openid2 Email']) {
      const { location } = await flow.planning.ask({ scope })
      location.searchParams.delete('nonce')
      if (scope === '') location.searchParams.delete('scope')
      const { params } = await town.browser().go(location)
      expect([params.get('error'), params.get('iss'), scope]).toEqual(['invalid_scope', address, scope])
    }
  })
})

test('T115 an id_token of another application, or a token that is none, is no hint of this one', async () => {
  const { browser, access, refresh, person } = await tokens()
  const question = await flow.strict.ask()
  await browser.go(question.location)
  await browser.go(`${address}/sign-in/choose`, { method: 'totp' })
  const answer = await browser.go(`${address}/sign-in/code`, { code: person.appCode(1) })
  const { body } = await flow.redeem('ligplaatsen', answer.params.get('code') ?? '', question)
  for (const id_token_hint of [body.id_token ?? '', access, refresh])
    expect(await errorOf({ id_token_hint, prompt: 'none' }, browser)).toBe('invalid_request')
  expect(await errorOf({ prompt: 'none' }, browser)).toBeNull()
})

describe('what is offered', () => {
  test('T121 nothing is announced that is not served: no registration, no other grant, no revocation, no other kind of answer', async () => {
    const said = (await (await fetch(`${address}/.well-known/openid-configuration`)).json()) as Record<string, unknown>
    for (const name of ['registration_endpoint', 'revocation_endpoint', 'device_authorization_endpoint', 'check_session_iframe'])
      expect(said).not.toHaveProperty(name)
    expect(said.grant_types_supported).toEqual(['authorization_code', 'refresh_token'])
    expect(JSON.stringify(said)).not.toMatch(/"none"\]?,"HS|HS256|"plain"|implicit|password"/)
    for (const path of ['reg', 'register', 'revoke', 'token/revocation', 'token/introspection', 'device', 'session/end', 'me', 'auth'])
      expect([(await fetch(`${address}/${path}`, { method: 'POST' })).status, path]).not.toEqual([200, path])
    for (const grant_type of ['password', 'client_credentials', 'implicit', 'urn:ietf:params:oauth:grant-type:device_code', 'x', '']) {
      const body = new URLSearchParams({ grant_type, username: 'anna', password: 'x', scope: 'openid' })
      const answer = await fetch(`${address}/token`, { method: 'POST', headers: { authorization: basic('planning') }, body })
      expect([answer.status, grant_type]).toEqual([400, grant_type])
      expect(await answer.json()).not.toHaveProperty('access_token')
    }
  })
})

test('a failure of ours is 503 in JSON, says when to come again and nothing of what failed, and all goes on afterwards', async () => {
  const { access, question } = await tokens()
  const { db } = town.house.storage
  const headers = { authorization: basic('planning') }
  const ask = (path: string, form: Record<string, string>, more = {}) =>
    fetch(`${address}/${path}`, { method: 'POST', headers: { ...headers, ...more }, body: new URLSearchParams(form) })
  const code = { grant_type: 'authorization_code', code: 'x', redirect_uri: callback, code_verifier: question.verifier }
  const all = () => [
    ask('token', code),
    ask('par', Object.fromEntries(question.location.searchParams)),
    ask('introspect', { token: access }),
    ask('userinfo', {}, { authorization: `Bearer ${access}` }),
  ]
  await db.schema.alterTable('protocol_record').renameTo('gone').execute()
  for (const answer of await Promise.all(all())) {
    const said = await answer.text()
    expect([answer.status, answer.headers.get('retry-after'), (JSON.parse(said) as { error: string }).error]).toEqual([
      503,
      '10',
      'server_error',
    ])
    expect(said).not.toMatch(/protocol_record|SQL|no such/i)
  }
  await db.schema
    .alterTable('gone' as 'protocol_record')
    .renameTo('protocol_record')
    .execute()
  expect((await Promise.all(all())).map((it) => it.status)).toEqual([400, 201, 200, 200])
})

describe('people who go and come', () => {
  test('T118 email_verified is true from the moment that a code came back from that very address, and false again after another', async () => {
    const [browser, person] = [town.browser(), await town.addPerson('c-point', 'vera')]
    const { db } = town.house.storage
    const said = async (): Promise<unknown[]> => {
      const question = await flow.planning.ask({ scope: 'openid email' })
      const { code } = Object.fromEntries((await browser.go(question.location)).params)
      const { body } = await flow.redeem('planning', code ?? '', question)
      const answer = await fetch(`${address}/userinfo`, { headers: { authorization: `Bearer ${body.access_token}` } })
      const { email, email_verified } = (await answer.json()) as Record<string, unknown>
      return [email, email_verified]
    }
    await browser.go((await flow.planning.ask()).location)
    await browser.go(`${address}/sign-in/password`, { username: person.name })
    await browser.go(`${address}/sign-in/choose`, { method: 'totp' })
    await browser.go(`${address}/sign-in/code`, { code: person.appCode() })
    expect(await said()).toEqual(['vera@haven.test', false])
    await browser.go((await flow.planning.ask({ prompt: 'login' })).location)
    await browser.go(`${address}/sign-in/password`, { username: person.name })
    await browser.go(`${address}/sign-in/choose`, { method: 'email' })
    await browser.go(`${address}/sign-in/code`, { code: await town.sentCode(browser, 'c-point') })
    expect(await said()).toEqual(['vera@haven.test', true])
    await db.updateTable('account').set({ email: 'vera@elders.test' }).where('id', '=', person.id).execute()
    expect(await said()).toEqual(['vera@elders.test', false])
  })

  test('T118 a name that is given again is another subject; the old one’s tokens open nothing', async () => {
    const { person, access, refresh, browser } = await tokens()
    await town.house.storage.db.deleteFrom('account').where('id', '=', person.id).execute()
    expect(await flow.userInfo(access)).toBe(401)
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refresh })
    const renewed = await fetch(`${address}/token`, { method: 'POST', headers: { authorization: basic('planning') }, body })
    expect(renewed.status).toBe(400)
    expect(await errorOf({ prompt: 'none' }, browser)).toBe('login_required')
    expect((await town.addPerson('c-point', person.name)).id).not.toBe(person.id)
  })
})
