import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withClient } from '../support/clients.ts'
import { basic, type CodeFlow, codeFlow } from '../support/code-flow.ts'
import { applications, clientSecret, openTown, type Town } from '../support/issuer-house.ts'
import { signedJwt } from '../support/jwt.ts'

/** Applications that have to prove who they are (T111), and the one that cannot do PKCE (T107). */
const folder = mkdtempSync(join(tmpdir(), 'sluis-keys-'))
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
let town: Town
let flow: CodeFlow
let address: string

beforeAll(async () => {
  const keysFile = join(folder, 'planning.jwks.json')
  writeFileSync(keysFile, JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig' }] }))
  town = await openTown({
    change: (portal) =>
      withClient(
        withClient(withClient(portal, 'planning', { authentication: 'private-key', keysFile }), 'bestellen', {
          authentication: 'secret-post',
        }),
        'publicatie',
        { pkce: 'not-required', deviations: { pkce: 'Replaced in May.' } },
      ),
  })
  flow = await codeFlow(town)
  address = flow.address
})
afterAll(async () => {
  await town.close()
  rmSync(folder, { recursive: true })
})

interface Answer {
  readonly status: number
  readonly body: Record<string, string>
  readonly headers: Headers
}
async function token(at: string, form: Record<string, string>, headers: Record<string, string> = {}, query = ''): Promise<Answer> {
  const body = new URLSearchParams({ grant_type: 'authorization_code', code: 'x', redirect_uri: 'http://app.localhost/x', ...form })
  const answer = await fetch(`${at}/token${query}`, { method: 'POST', headers, body })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, string> }
}
/** Whether the application was believed: then it hears that its code is wrong, and not that it is. */
const isBelieved = ({ body }: Answer): boolean => body.error === 'invalid_grant'
const code = { code_verifier: 'v'.repeat(43) }

describe('by a secret', () => {
  const strict = clientSecret('ligplaatsen')

  test('T111 the right one in the header is believed', async () => {
    expect(isBelieved(await token(address, code, { authorization: basic('ligplaatsen') }))).toBe(true)
  })

  const noted = async () => {
    const { db } = town.house.storage
    return (await db.selectFrom('audit').select('id').where('event', '=', 'client.refused').execute()).length
  }
  const header = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })
  const other = { client_id: 'planning', client_secret: clientSecret('planning') }

  test.each([
    ['that is wrong', {}, header('ligplaatsen:wrong')],
    ['that is empty', {}, header('ligplaatsen:')],
    ['that is empty, in the form', { client_id: 'ligplaatsen', client_secret: '' }, {}],
    ['that is missing', { client_id: 'ligplaatsen' }, {}],
    ['that is missing, with the name', {}, {}],
    ['of another client', {}, header(`ligplaatsen:${clientSecret('planning')}`)],
    ['in other letters', {}, header(`ligplaatsen:${strict.toUpperCase()}`)],
    ['with more behind it', {}, header(`ligplaatsen:${strict}s`)],
    ['with its beginning alone', {}, header(`ligplaatsen:${strict.slice(0, -1)}`)],
    ['of a client that is not there', {}, header(`nobody:${strict}`)],
    ['in the form, where the portal file says the header', { client_id: 'ligplaatsen', client_secret: strict }, {}],
    ['in the form as well as in the header', { client_secret: strict }, header(`ligplaatsen:${strict}`)],
    ['with another name in the form', { client_id: 'planning' }, header(`ligplaatsen:${strict}`)],
    ['with all of another client in the form', other, header(`ligplaatsen:${strict}`)],
    ['in the address', {}, {}, `?client_id=ligplaatsen&client_secret=${strict}`],
    ['in the address, beside the name', { client_id: 'ligplaatsen' }, {}, `?client_secret=${strict}`],
    ['without a name', {}, header(strict)],
    ['that is no base64', {}, { authorization: 'Basic %%%' }],
    ['with a percent sign and nothing behind it', {}, header(`ligplaatsen:${strict}%`)],
    ['that is encoded twice', {}, header(`ligplaatsen:${strict.replace('s', '%2573')}`)],
    ['as a bearer', {}, { authorization: `Bearer ${strict}` }],
  ])('T111 one %s: 401 invalid_client, and it is noted', async (_, form, headers, query = '') => {
    const before = await noted()
    const answer = await token(address, { ...code, ...form }, headers as Record<string, string>, query)
    expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client'])
    expect(answer.headers.get('www-authenticate') ?? '').toMatch('authorization' in headers ? /^Basic / : /^$/)
    expect(await noted()).toBe(before + 1)
  })

  test('T111 percent-encoded in the header, as the standard asks, it is the same one', async () => {
    expect(isBelieved(await token(address, code, header(`ligplaatsen:${strict.replaceAll('-', '%2D')}`)))).toBe(true)
  })

  test('T111 a request of another shape is no wrong client', async () => {
    const headers = { authorization: basic('ligplaatsen') }
    const json = await fetch(`${address}/token`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{}',
    })
    expect([json.status, ((await json.json()) as { error: string }).error]).toEqual([400, 'invalid_request'])
  })

  test('T111 in the form, for the client of which the portal file says so, and then not in the header', async () => {
    const other = town.portal('profiportaal').address
    expect(isBelieved(await token(other, { ...code, client_id: 'bestellen', client_secret: clientSecret('bestellen') }))).toBe(true)
    expect((await token(other, code, { authorization: basic('bestellen') })).body.error).toBe('invalid_client')
  })
})

test('T111 T089 a client without a secret shows none: with one it is not believed; pages of its own origin may read the answers, and no others', async () => {
  const open = await openTown({ withoutSecretOf: 'balie' })
  const at = open.portal('uitpas').address
  const shown = 'a-secret-that-nobody-gave-to-anybody-here'
  expect(isBelieved(await token(at, { ...code, client_id: 'balie' }))).toBe(true)
  for (const it of [
    await token(at, { ...code, client_id: 'balie', client_secret: shown }),
    await token(at, code, { authorization: `Basic ${Buffer.from(`balie:${shown}`).toString('base64')}` }),
  ])
    expect([it.status, it.body.error]).toEqual([401, 'invalid_client'])
  // A page of its own origin reads the answers, also those that refuse; of any other origin, and of an application with a secret, nobody.
  const readable = async (client: Record<string, string>, origin: string, headers = {}): Promise<string | null> => {
    const answer = await token(
      open.portal(client.client_id === 'balie' ? 'uitpas' : 'c-point').address,
      { ...code, ...client },
      { origin, ...headers },
    )
    return answer.headers.get('access-control-allow-origin')
  }
  expect(await readable({ client_id: 'balie' }, applications)).toBe(applications)
  for (const origin of ['http://evil.test', 'null', `${applications}.evil.test`, 'http://localhost'])
    expect(await readable({ client_id: 'balie' }, origin), origin).toBeNull()
  expect(await readable({}, applications, { authorization: basic('ligplaatsen') })).toBeNull()
  await open.close()
})

test('T089 a page without a server redeems its code and reads who it is, from its own origin; another origin gets nothing', async () => {
  const open = await openTown({ withoutSecretOf: 'planning' })
  const { address: at, planning, codeFor } = await codeFlow(open)
  const redeem = async (origin: string) => {
    const { code: given, question, person } = await codeFor(planning)
    const form = { client_id: 'planning', code: given, code_verifier: question.verifier, redirect_uri: planning.redirectUri }
    return { person, ...(await token(at, form, { origin })) }
  }
  const mayRead = ({ headers }: { headers: Headers }) => headers.get('access-control-allow-origin')
  const foreign = await redeem('http://evil.test')
  expect([foreign.status, foreign.body.access_token, mayRead(foreign)]).toEqual([400, undefined, null])
  const own = await redeem(applications)
  const ask = (origin: string): Promise<Response> =>
    fetch(`${at}/userinfo`, {
      method: 'POST',
      headers: { origin },
      body: new URLSearchParams({ access_token: own.body.access_token ?? '' }),
    })
  const who = await ask(applications)
  expect([mayRead(own), mayRead(who), ((await who.json()) as { sub: string }).sub]).toEqual([applications, applications, own.person.id])
  expect(mayRead(await ask('http://evil.test'))).toBeNull()
  // A header of its own would need a question beforehand, which nobody answers: the token goes in the form.
  for (const path of ['token', 'userinfo'])
    expect((await fetch(`${at}/${path}`, { method: 'OPTIONS', headers: { origin: applications } })).status).toBe(405)
  await open.close()
})

describe('by a secret that is being changed', () => {
  const file = join(folder, 'balie.secret')
  const [fresh, old] = ['the-new-secret-of-many-characters-here', 'the-old-secret-of-many-characters-here']
  // This portal names no secret elsewhere.
  const changing = async (lines: string) => {
    writeFileSync(file, lines)
    return openTown({ change: (portal) => withClient(portal, 'balie', { secretFile: file }), withoutSecretOf: 'balie' })
  }
  const shown = (at: string, secret: string) =>
    token(at, code, { authorization: `Basic ${Buffer.from(`balie:${secret}`).toString('base64')}` })

  test('T122 both are right while both stand in the file, and the old one no longer when it is gone', async () => {
    const both = await changing(`${fresh}\n${old}\n`)
    const at = both.portal('uitpas').address
    expect([isBelieved(await shown(at, fresh)), isBelieved(await shown(at, old))]).toEqual([true, true])
    expect((await shown(at, `${old}x`)).body.error).toBe('invalid_client')
    await both.close()
    const one = await changing(`${fresh}\n`)
    const then = one.portal('uitpas').address
    expect([isBelieved(await shown(then, fresh)), (await shown(then, old)).body.error]).toEqual([true, 'invalid_client'])
    await one.close()
  })

  test('a short one, a third or none is refused before anybody can come in', async () => {
    for (const lines of [`${fresh}\nshort`, `${fresh}\n${old}\n${old}`, 'short', ''])
      await expect(changing(lines)).rejects.toThrow(/secretFile/)
  })
})

describe('by a signature', () => {
  const now = () => Math.floor(Date.now() / 1000)
  const claims = (more: object = {}) => ({
    iss: 'planning',
    sub: 'planning',
    aud: address,
    jti: randomUUID(),
    iat: now(),
    exp: now() + 60,
    ...more,
  })
  const assertion = (client_assertion: string) => ({
    ...code,
    client_assertion,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  })

  test('T111 the right one is believed, and the whole flow goes with it', async () => {
    const { code: given, question } = await flow.codeFor(flow.planning)
    const form = { ...assertion(signedJwt(privateKey, claims())), code: given, code_verifier: question.verifier }
    const { status, body } = await token(address, { ...form, redirect_uri: `${applications}/c-point/planning/callback` })
    expect(status).toBe(200)
    expect(await flow.userInfo(body.access_token)).toBe(200)
  })

  test('T111 the same one is believed once, also by twenty at once', async () => {
    const form = assertion(signedJwt(privateKey, claims()))
    const answers = await Promise.all(Array.from({ length: 20 }, () => token(address, form)))
    expect(answers.filter(isBelieved)).toHaveLength(1)
    expect(answers.filter((it) => it.status === 401 && it.body.error === 'invalid_client')).toHaveLength(19)
  })

  test.each([
    ['signed by nobody', () => signedJwt(privateKey, claims(), { alg: 'none' })],
    ['signed by nobody, and empty', () => `${signedJwt(privateKey, claims(), { alg: 'none' }).split('.').slice(0, 2).join('.')}.`],
    ['with HS256', () => signedJwt(privateKey, claims(), { alg: 'HS256' })],
    ['signed by a stranger', () => signedJwt(stranger, claims())],
    ['with the key of a stranger in its header', () => signedJwt(stranger, claims(), { jwk: stranger.export({ format: 'jwk' }) })],
    ['that points elsewhere for its key', () => signedJwt(stranger, claims(), { jku: 'http://evil.test/keys', kid: '../one' })],
    ['with a part that must be understood', () => signedJwt(privateKey, claims(), { crit: ['x'], x: 1 })],
    ['that has run out', () => signedJwt(privateKey, claims({ iat: now() - 120, exp: now() - 60 }))],
    ['from the future', () => signedJwt(privateKey, claims({ iat: now() + 60, exp: now() + 120 }))],
    ['that begins in the future', () => signedJwt(privateKey, claims({ nbf: now() + 60 }))],
    ['that is good for a year', () => signedJwt(privateKey, claims({ exp: now() + 31_536_000 }))],
    ['without an end', () => signedJwt(privateKey, claims({ exp: undefined }))],
    ['without a number of its own', () => signedJwt(privateKey, claims({ jti: undefined }))],
    ['for somebody else', () => signedJwt(privateKey, claims({ aud: town.portal('koop-cam').address }))],
    ['for many', () => signedJwt(privateKey, claims({ aud: [address, 'http://evil.test'] }))],
    ['of another client', () => signedJwt(privateKey, claims({ iss: 'ligplaatsen', sub: 'ligplaatsen' }))],
  ])('T111 T115 one %s is not believed', async (_, made) => {
    const answer = await token(address, assertion(made()))
    expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client'])
  })

  test('T111 what is no token is no request', async () => {
    for (const it of ['x.y.z', '', 'x', '.'.repeat(5_000)]) expect([400, 401]).toContain((await token(address, assertion(it))).status)
  })

  test('T111 a secret instead, or nothing at all, is not believed', async () => {
    expect((await token(address, code, { authorization: basic('planning') })).body.error).toBe('invalid_client')
    expect((await token(address, { ...code, client_id: 'planning' })).body.error).toBe('invalid_client')
  })
})

describe('a written exception from PKCE', () => {
  const koop = () => town.portal('koop-cam').address
  const ask = (more: Record<string, string>) =>
    `${koop()}/authorize?${new URLSearchParams({
      client_id: 'publicatie',
      redirect_uri: `${applications}/koop-cam/publicatie/callback`,
      response_type: 'code',
      scope: 'openid',
      ...more,
    })}`

  test('T107 is for that client alone: it comes in without a challenge, others do not', async () => {
    expect((await town.browser().go(ask({}))).address.pathname).toBe('/koop-cam/sign-in')
    const { location } = await flow.planning.ask()
    for (const name of ['code_challenge', 'code_challenge_method']) location.searchParams.delete(name)
    expect((await town.browser().go(location)).params.get('error')).toBe('invalid_request')
  })

  test('T107 and does not make plain or half a challenge right', async () => {
    for (const more of [
      { code_challenge: 'a'.repeat(43), code_challenge_method: 'plain' },
      { code_challenge: 'a'.repeat(43) },
      { code_challenge: 'a'.repeat(42), code_challenge_method: 'S256' },
      { code_challenge_method: 'S256' },
    ] as Record<string, string>[])
      expect((await town.browser().go(ask(more))).params.get('error')).toBe('invalid_request')
  })
})
