import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeAccount, endSessionsOf } from '../../src/storage/index.ts'
import { withClient } from '../support/clients.ts'
import { basic, type CodeFlow, codeFlow } from '../support/code-flow.ts'
import { openTown, type Town } from '../support/issuer-house.ts'

/** Access tokens at userinfo and at the door for services (T114). */
let town: Town
let flow: CodeFlow
let address: string

beforeAll(async () => {
  town = await openTown({ change: (portal) => withClient(portal, 'planning', { refreshTokens: true }) })
  flow = await codeFlow(town)
  address = flow.address
})
afterAll(() => town.close())

async function tokens() {
  const coded = await flow.codeFor(flow.planning)
  const { body } = await flow.redeem('planning', coded.code, coded.question)
  return { ...coded, access: body.access_token ?? '', id: body.id_token ?? '', refresh: body.refresh_token ?? '' }
}
async function asked(token: string, client = 'planning', at = address) {
  const answer = await fetch(`${at}/introspect`, {
    method: 'POST',
    headers: { authorization: basic(client) },
    body: new URLSearchParams({ token }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

describe('userinfo', () => {
  test('T114 an id_token, a refresh token, nonsense, a token of another portal or of an ended session: 401, and how to ask', async () => {
    const it = await tokens()
    const koop = town.portal('koop-cam').address
    for (const [at, token] of [
      [address, it.id],
      [address, it.refresh],
      [address, 'x'],
      [address, ''],
      [koop, it.access],
    ] as const) {
      const answer = await fetch(`${at}/userinfo`, { headers: { authorization: `Bearer ${token}` } })
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([token === '' ? 400 : 401, expect.stringMatching(/^Bearer /)])
    }
    expect(await flow.userInfo(it.access)).toBe(200)
    await endSessionsOf(town.house.storage.db, it.person.id, town.house.clock.now())
    expect(await flow.userInfo(it.access)).toBe(401)
  })

  test('T072 what stands in the tables of the protocol is no token, no code and no secret', async () => {
    await tokens()
    const { db } = town.house.storage
    const rows = await db.selectFrom('protocol_record').select(['key', 'payload']).execute()
    const ids = rows.flatMap((it) => [it.key, (JSON.parse(it.payload) as { grantId?: string }).grantId ?? ''])
    expect(ids.length).toBeGreaterThan(5)
    const redeemed = async (form: Record<string, string>): Promise<number> => {
      const headers = { authorization: basic('planning') }
      return (await fetch(`${address}/token`, { method: 'POST', headers, body: new URLSearchParams(form) })).status
    }
    const code = { grant_type: 'authorization_code', redirect_uri: 'http://app.localhost/c-point/planning/callback' }
    for (const id of new Set(ids.filter(Boolean))) {
      expect(await flow.userInfo(id)).toBe(401)
      expect(await redeemed({ grant_type: 'refresh_token', refresh_token: id })).toBe(400)
      expect(await redeemed({ ...code, code: id, code_verifier: 'v'.repeat(43) })).toBe(400)
      expect((await asked(id)).body).toEqual({ active: false })
    }
  })

  test('T114 a token in the address is not looked at, and twice is once too often', async () => {
    const { access } = await tokens()
    expect((await fetch(`${address}/userinfo?access_token=${access}`)).status).toBe(400)
    const body = new URLSearchParams({ access_token: access })
    expect((await fetch(`${address}/userinfo`, { method: 'POST', body, headers: { authorization: `Bearer ${access}` } })).status).toBe(400)
  })

  test('T118 what is not allowed cannot be asked for, and what was not asked is not told', async () => {
    const { location } = await flow.planning.ask({ scope: 'openid phone' })
    expect((await town.browser().go(location)).params.get('error')).toBe('invalid_scope')
    const claims = JSON.stringify({ userinfo: { phone_number: { essential: true }, birthdate: null } })
    const { code, question, person } = await flow.codeFor(flow.planning, { claims })
    await changeAccount(town.house.storage.db, person.id, { phone: '+32470123456' })
    const { body } = await flow.redeem('planning', code, question)
    const answer = await fetch(`${address}/userinfo`, { headers: { authorization: `Bearer ${body.access_token}` } })
    expect(await answer.json()).toEqual({ sub: person.id })
  })
})

describe('a service behind an application', () => {
  test('hears of its own token who, until when and how certain (RFC 9470, section 6.2)', async () => {
    const { access, person } = await tokens()
    const { status, body } = await asked(access)
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({
        active: true,
        client_id: 'planning',
        sub: person.id,
        acr: 'urn:sluis:acr:2',
        auth_time: expect.any(Number),
        exp: expect.any(Number),
      }),
    ])
  })

  test('T114 of the token of another client, of another portal, of an ended session, of no token: inactive, and nothing else', async () => {
    const it = await tokens()
    expect((await asked(it.access, 'ligplaatsen')).body).toEqual({ active: false })
    expect((await asked(it.access, 'publicatie', town.portal('koop-cam').address)).body).toEqual({ active: false })
    expect((await asked(it.id)).body).not.toHaveProperty('sub')
    expect((await asked('x')).body).toEqual({ active: false })
    await endSessionsOf(town.house.storage.db, it.person.id, town.house.clock.now())
    expect((await asked(it.access)).body).toEqual({ active: false })
    expect((await asked(it.refresh)).body).toEqual({ active: false })
  })

  test('T114 who does not prove who it is hears nothing', async () => {
    const { access } = await tokens()
    const nobody = await fetch(`${address}/introspect`, {
      method: 'POST',
      body: new URLSearchParams({ token: access, client_id: 'planning' }),
    })
    expect(nobody.status).toBe(401)
    expect((await fetch(`${address}/introspect?token=${access}`)).status).toBe(405)
  })

  test('a renewed token says the same', async () => {
    const { refresh } = await tokens()
    const answer = await fetch(`${address}/token`, {
      method: 'POST',
      headers: { authorization: basic('planning') },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refresh }),
    })
    const { access_token } = (await answer.json()) as { access_token: string }
    expect((await asked(access_token)).body).toMatchObject({ active: true, acr: 'urn:sluis:acr:2' })
  })
})
