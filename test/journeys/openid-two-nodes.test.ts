import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signedJwt } from '../support/jwt.ts'
import { withPostgres } from '../support/postgres.ts'
import { formType, type Reply, send } from '../support/raw.ts'
import { type Question, type RelyingParty, relyingParty } from '../support/relying-party.ts'
import type { Traveller } from '../support/traveller.ts'
import { basic, callback, openTwoNodes, secretOf, type TwoNodes } from '../support/what-stands.ts'

/* What works once works once on two processes that share a database (T109, T111 to T113). */

const keys = mkdtempSync(join(tmpdir(), 'sluis-two-nodes-'))
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
writeFileSync(join(keys, 'keys.json'), JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig' }] }))
afterAll(() => rmSync(keys, { recursive: true }))
const signing = `  sleutel:
    title: Sleutel
    secondStep: session
    client: { id: sleutel, redirectUris: ["${callback}"], authentication: private-key, keysFile: "${join(keys, 'keys.json')}" }
`

describe.each(['sqlite', 'postgres'] as const)('on %s, two processes', (engine) => {
  if (engine === 'postgres' && !withPostgres) return test.skip('no PostgreSQL here', () => undefined)
  let house: TwoNodes
  let party: RelyingParty
  let bea: Traveller
  beforeAll(async () => {
    house = await openTwoNodes(engine, signing)
    party = await relyingParty(house.own.address, 'kantoor', secretOf('kantoor'), callback)
    bea = await house.signIn('bea')
  })
  afterAll(() => house.close())

  const post = (
    node: number,
    path: string,
    form: Record<string, string>,
    more: Record<string, string> = {},
    from?: string,
  ): Promise<Reply> =>
    send(`http://localhost:${house.nodes[node % 2]}/werf${path}`, {
      method: 'POST',
      from,
      headers: { host: new URL(house.own.address).host, 'content-type': formType, ...more },
      body: new URLSearchParams(form).toString(),
      patienceSeconds: 30,
    })
  const own = { authorization: basic('kantoor') }
  const errorOf = ({ body }: Reply): string | undefined => (JSON.parse(body) as { error?: string }).error
  async function code(): Promise<[string, Question]> {
    const question = await party.ask({ scope: 'openid offline_access', prompt: 'consent' })
    let at = question.location.href
    while (!at.startsWith(callback)) at = new URL((await bea.ask(at)).headers.location ?? '', at).href
    return [new URL(at).searchParams.get('code') ?? '', question]
  }
  const formOf = (given: string, { verifier }: Question) => ({
    grant_type: 'authorization_code',
    code: given,
    redirect_uri: callback,
    code_verifier: verifier,
  })
  const atOnce = (times: number, ask: (nr: number) => Promise<Reply>): Promise<Reply[]> =>
    Promise.all(Array.from({ length: times }, (_, nr) => ask(nr)))

  test('T109 a code that a hundred redeem at once, half of them at each: one wins, and what it won is dead', async () => {
    const [given, question] = await code()
    const answers = await atOnce(100, (nr) => post(nr, '/token', formOf(given, question), own))
    const won = answers.filter((it) => it.status === 200)
    expect(won).toHaveLength(1)
    expect(answers.filter((it) => it.status === 400 && errorOf(it) === 'invalid_grant')).toHaveLength(99)
    const tokens = JSON.parse(won[0]?.body ?? '{}') as { access_token: string; refresh_token: string }
    for (const node of [0, 1]) {
      const who = await post(node, '/userinfo', {}, { authorization: `Bearer ${tokens.access_token}` })
      expect(who.status).toBe(401)
      expect((await post(node, '/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }, own)).status).toBe(400)
    }
  })

  test('T113 a refresh token that forty use at once, half of them at each: one wins, and goes on', async () => {
    const [given, question] = await code()
    const first = JSON.parse((await post(0, '/token', formOf(given, question), own)).body) as { refresh_token: string }
    const form = { grant_type: 'refresh_token', refresh_token: first.refresh_token }
    const answers = await atOnce(40, (nr) => post(nr, '/token', form, own))
    const won = answers.filter((it) => it.status === 200)
    expect([won.length, answers.filter((it) => it.status === 400).length]).toEqual([1, 39])
    const { refresh_token } = JSON.parse(won[0]?.body ?? '{}') as { refresh_token: string }
    expect((await post(1, '/token', { grant_type: 'refresh_token', refresh_token }, own)).status).toBe(200)
  })

  test('T111 an assertion that is shown at both at once is believed at one', async () => {
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: 'sleutel', sub: 'sleutel', aud: house.own.address, jti: randomUUID(), iat: now, exp: now + 60 }
    const form = {
      ...{ grant_type: 'authorization_code', code: 'x', redirect_uri: callback, code_verifier: 'v'.repeat(43) },
      client_assertion: signedJwt(privateKey, claims),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    }
    const answers = await atOnce(20, (nr) => post(nr, '/token', form))
    expect(answers.filter((it) => errorOf(it) === 'invalid_grant')).toHaveLength(1)
    expect(answers.filter((it) => it.status === 401 && errorOf(it) === 'invalid_client')).toHaveLength(19)
  })

  test('T112 a request that was sent ahead to one is opened at the other, and by both at once it is answered once', async () => {
    const question = await party.ask()
    const pushed = await post(0, '/par', Object.fromEntries(question.location.searchParams), own)
    const { request_uri } = JSON.parse(pushed.body) as { request_uri: string }
    const asked = new URLSearchParams({ client_id: 'kantoor', request_uri })
    const cookie = [...bea.jar('localhost')].map((it) => it.join('=')).join('; ')
    const headers = { host: new URL(house.own.address).host, cookie }
    const answers = await atOnce(10, (nr) => send(`http://localhost:${house.nodes[nr % 2]}/werf/authorize?${asked}`, { headers }))
    expect(answers.filter((it) => it.headers.location?.includes('code='))).toHaveLength(1)
  })

  test('T069 who signs out at one is out at the other at once: no page, no silent answer, no token of hers', async () => {
    const cas = await house.signIn('cas')
    const cookie = [...cas.jar('localhost')].map((it) => it.join('=')).join('; ')
    const question = await party.ask()
    let at = question.location.href
    while (!at.startsWith(callback)) at = new URL((await cas.ask(at)).headers.location ?? '', at).href
    const given = new URL(at).searchParams.get('code') ?? ''
    const tokens = JSON.parse((await post(0, '/token', formOf(given, question), own)).body) as Record<string, string>
    const seen = async (node: number) => {
      const headers = { host: new URL(house.own.address).host, cookie }
      const get = (path: string) => send(`http://localhost:${house.nodes[node]}/werf${path}`, { headers })
      const silent = await get(`/authorize?${(await party.ask({ prompt: 'none' })).location.searchParams}`)
      const bearer = { authorization: `Bearer ${tokens.access_token}` }
      return [(await get('/home')).status, /code=/.test(silent.headers.location ?? ''), (await post(node, '/userinfo', {}, bearer)).status]
    }
    expect([await seen(0), await seen(1)]).toEqual(Array(2).fill([200, true, 200]))
    await cas.open(`${house.own.address}/end-session?id_token_hint=${tokens.id_token}`)
    expect(cas.at.pathname).toBe('/werf/signed-out')
    expect([await seen(1), await seen(0)]).toEqual(Array(2).fill([303, false, 401]))
    for (const node of [1, 0])
      expect((await post(node, '/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' }, own)).status).toBe(400)
  })

  test('T111 guesses at one count at the other; the application, elsewhere, goes on at both', async () => {
    const form = { grant_type: 'authorization_code', code: 'x', redirect_uri: callback, code_verifier: 'v'.repeat(43) }
    const shown = (node: number, secret: string, from: string): Promise<Reply> =>
      post(node, '/token', form, { authorization: `Basic ${Buffer.from(`kantoor:${secret}`).toString('base64')}` }, from)
    const evil = '127.0.9.9'
    const guesses = await atOnce(60, (nr) => shown(nr, `guess-${nr}`.padEnd(40, 'x'), evil))
    expect(guesses.filter((it) => it.status !== 401)).toEqual([])
    for (const node of [0, 1]) {
      expect(errorOf(await shown(node, secretOf('kantoor'), evil))).toBe('invalid_client')
      expect(errorOf(await shown(node, secretOf('kantoor'), '127.0.9.10'))).toBe('invalid_grant')
    }
  })
})
