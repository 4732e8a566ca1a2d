import { calculatePKCECodeChallenge, randomPKCECodeVerifier } from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Portal } from '../../src/portals/index.ts'
import { signOut } from '../../src/sign-in/index.ts'
import { changeAccount, changePayload } from '../../src/storage/index.ts'
import { withClient } from '../support/clients.ts'
import { basic, type CodeFlow, codeFlow } from '../support/code-flow.ts'
import { applications, openTown, type Town } from '../support/issuer-house.ts'
import { createDatabase, withPostgres } from '../support/postgres.ts'

/** Proofs and codes in the hands of strangers (T107 to T109). Addresses: openid-redirects.test.ts. */
let town: Town
let flow: CodeFlow
let address: string
let count = 0

beforeAll(async () => {
  town = await openTown({ change: (portal) => withClient(portal, 'planning', { refreshTokens: true }) })
  flow = await codeFlow(town)
  address = flow.address
})
afterAll(() => town.close())

test.skipIf(!withPostgres)('on PostgreSQL a code has one winner as well, and a session lets in without a page', async () => {
  const { url, drop } = await createDatabase()
  const other = await openTown({ database: url })
  const { planning, codeFor, redeem } = await codeFlow(other)
  const { browser, code, question } = await codeFor(planning)
  const answers = await Promise.all(Array.from({ length: 20 }, () => redeem('planning', code, question)))
  expect(answers.map((it) => it.status).toSorted()).toEqual([200, ...Array.from({ length: 19 }, () => 400)])
  const again = await planning.ask()
  expect((await planning.redeem((await browser.go(again.location)).address, again)).claims()).toMatchObject({ acr: 'urn:sluis:acr:2' })
  await other.close()
  await drop()
})

describe('PKCE (T107)', () => {
  test.each([
    ['none at all', { code_challenge: '', code_challenge_method: '' }],
    ['plain', { code_challenge_method: 'plain' }],
    ['no method', { code_challenge_method: '' }],
    ['a challenge of 42 characters', { code_challenge: 'a'.repeat(42) }],
    ['a challenge of 129 characters', { code_challenge: 'a'.repeat(129) }],
  ] as [string, Record<string, string>][])('%s is an error before any page', async (_, more) => {
    const answer = await town.browser().go((await flow.planning.ask(more)).location)
    expect(Object.fromEntries(answer.params)).toMatchObject({ error: 'invalid_request', iss: address })
  })

  test.each(['', 'x', randomPKCECodeVerifier()])(
    'the code with the verifier %j gives nothing, and is dead afterwards',
    async (verifier) => {
      const { code, question } = await flow.codeFor(flow.planning)
      expect((await flow.redeem('planning', code, { verifier })).status).toBe(400)
      const right = await flow.redeem('planning', code, question)
      // A verifier of no known form is refused as such, before the code is looked at.
      if (verifier === 'x') expect(right.status).toBe(200)
      else expect(right.body.error).toBe('invalid_grant')
    },
  )
})

describe('a code that was asked without PKCE, by the written exception (T107)', () => {
  const callback = `${applications}/koop-cam/publicatie/callback`
  let old: Town
  let koop: string
  beforeAll(async () => {
    old = await openTown({
      change: (portal) => withClient(portal, 'publicatie', { pkce: 'not-required', deviations: { pkce: 'Replaced in May.' } }),
    })
    koop = old.portal('koop-cam').address
  })
  afterAll(() => old.close())
  const redeem = async (code: string, more: Record<string, string> = {}): Promise<unknown[]> => {
    const form = { grant_type: 'authorization_code', code, redirect_uri: callback, ...more }
    const headers = { authorization: basic('publicatie') }
    const answer = await fetch(`${koop}/token`, { method: 'POST', headers, body: new URLSearchParams(form) })
    return [answer.status, ((await answer.json()) as { error?: string }).error]
  }
  const codes = async (...asked: Record<string, string>[]): Promise<string[]> => {
    const [browser, person] = [old.browser(), await old.addPerson('koop-cam', `fee${++count}`)]
    const given: string[] = []
    for (const more of asked) {
      const usual = { client_id: 'publicatie', redirect_uri: callback, response_type: 'code', scope: 'openid' }
      let at = await browser.go(`${koop}/authorize?${new URLSearchParams({ ...usual, ...more })}`)
      if (!at.params.has('code')) {
        if (JSON.parse(at.text).step !== 'prove') await browser.go(`${koop}/sign-in/password`, { username: person.name })
        at = await browser.go(`${koop}/sign-in/code`, { code: person.appCode(given.length) })
      }
      given.push(at.params.get('code') ?? '')
    }
    return given
  }

  test('T107 a verifier that no challenge stands for is refused, so a challenge cannot be taken away on the way', async () => {
    const verifier = randomPKCECodeVerifier()
    const [plain = '', downgraded = ''] = await codes({}, {})
    expect(await redeem(plain)).toEqual([200, undefined])
    expect(await redeem(downgraded, { code_verifier: verifier })).toEqual([400, 'invalid_grant'])
  })

  test('T107 the exception is for who has a secret: without one nobody can even start', async () => {
    const change = (portal: Portal) => withClient(portal, 'publicatie', { pkce: 'not-required', deviations: { pkce: 'Replaced in May.' } })
    await expect(openTown({ change, withoutSecretOf: 'publicatie' })).rejects.toThrow(/publicatie\.client\.pkce: .*needs PKCE/)
  })

  test('T107 a challenge that was sent holds: without its verifier the code gives nothing', async () => {
    const verifier = randomPKCECodeVerifier()
    const challenge = { code_challenge: await calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' }
    const [without = '', right = ''] = await codes(challenge, challenge)
    expect(await redeem(without)).toEqual([400, 'invalid_grant'])
    expect(await redeem(right, { code_verifier: verifier })).toEqual([200, undefined])
  })
})

describe('a code (T108, T109)', () => {
  test('T107 T108 with the verifier of another request, or none at all, gives nothing: a code of somebody else cannot be put in', async () => {
    const [mallory, anna] = [await flow.codeFor(flow.planning), await flow.codeFor(flow.planning)]
    expect((await flow.redeem('planning', mallory.code, anna.question)).body.error).toBe('invalid_grant')
    const form = { grant_type: 'authorization_code', code: anna.code, redirect_uri: `${applications}/c-point/planning/callback` }
    const headers = { authorization: basic('planning') }
    const bare = await fetch(`${address}/token`, { method: 'POST', headers, body: new URLSearchParams(form) })
    expect([bare.status, ((await bare.json()) as { error: string }).error]).toEqual([400, 'invalid_grant'])
    for (const it of [mallory, anna]) expect((await flow.redeem('planning', it.code, it.question)).body.error).toBe('invalid_grant')
  })

  test('T108 that another client shows takes with it what it gave, and that is written down', async () => {
    const { code, question, person } = await flow.codeFor(flow.planning)
    const { body } = await flow.redeem('planning', code, question)
    expect(await flow.userInfo(body.access_token)).toBe(200)
    expect((await flow.redeem('ligplaatsen', code, question)).body.error).toBe('invalid_grant')
    expect(await flow.userInfo(body.access_token)).toBe(401)
    const { db } = town.house.storage
    const written = () => db.selectFrom('audit').selectAll().where('event', '=', 'code.refused').execute()
    expect((await written()).filter((it) => it.account_id === person.id)).toHaveLength(1)
    const before = (await written()).length
    await flow.redeem('planning', 'a-code-that-nobody-gave', question)
    expect((await written()).length).toBe(before)
  })

  test('T109 that comes again half a minute later ends access and refresh tokens', async () => {
    const { code, question } = await flow.codeFor(flow.planning)
    const { body } = await flow.redeem('planning', code, question)
    town.skip(30)
    expect(await flow.userInfo(body.access_token)).toBe(200)
    expect((await flow.redeem('planning', code, question)).body.error).toBe('invalid_grant')
    expect(await flow.userInfo(body.access_token)).toBe(401)
    const headers = { authorization: basic('planning') }
    const refresh = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: body.refresh_token ?? '' })
    expect(body.refresh_token).toBeTruthy()
    expect((await fetch(`${address}/token`, { method: 'POST', headers, body: refresh })).status).toBe(400)
  })

  test('that a hundred redeem at once has one winner, and what the winner got is revoked', async () => {
    const { code, question } = await flow.codeFor(flow.planning)
    const answers = await Promise.all(Array.from({ length: 100 }, () => flow.redeem('planning', code, question)))
    const won = answers.filter((it) => it.status === 200)
    expect(won).toHaveLength(1)
    expect(answers.filter((it) => it.status === 400 && it.body.error === 'invalid_grant')).toHaveLength(99)
    expect(await flow.userInfo(won[0]?.body.access_token)).toBe(401)
  })

  test('that is used again ends what it gave', async () => {
    const { code, question } = await flow.codeFor(flow.planning)
    const first = await flow.redeem('planning', code, question)
    expect(await flow.userInfo(first.body.access_token)).toBe(200)
    expect((await flow.redeem('planning', code, question)).body.error).toBe('invalid_grant')
    expect(await flow.userInfo(first.body.access_token)).toBe(401)
  })

  test('of one client is worth nothing to another, and nothing to anybody afterwards', async () => {
    const { code, question } = await flow.codeFor(flow.planning)
    const stolen = await flow.redeem('ligplaatsen', code, question)
    expect([stolen.status, stolen.body.error]).toEqual([400, 'invalid_grant'])
    expect(stolen.headers.get('content-type')).toContain('application/json')
    expect((await flow.redeem('planning', code, question)).body.error).toBe('invalid_grant')
  })

  test('with another redirect_uri gives nothing', async () => {
    const { code, question } = await flow.codeFor(flow.planning)
    const answer = await flow.redeem('planning', code, question, { redirect_uri: `${applications}/c-point/planning/callback/` })
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_grant'])
  })

  test('of one portal is no code at another', async () => {
    const { code, question } = await flow.codeFor(flow.planning)
    const koop = town.portal('koop-cam').address
    const answer = await fetch(`${koop}/token`, {
      method: 'POST',
      headers: { authorization: basic('publicatie') },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: `${applications}/koop-cam/publicatie/callback`,
        code_verifier: question.verifier,
      }),
    })
    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([400, 'invalid_grant'])
  })

  test('from before a sign-out dies with the session, and so do its tokens', async () => {
    const before = await flow.codeFor(flow.planning)
    const tokens = await flow.redeem('planning', before.code, before.question)
    const later = await flow.planning.ask()
    const code = (await before.browser.go(later.location)).params.get('code') ?? ''
    await endSessionsOf(before.person.id)
    expect((await flow.redeem('planning', code, later)).body.error).toBe('invalid_grant')
    expect(await flow.userInfo(tokens.body.access_token)).toBe(401)
    expect((await before.browser.go((await flow.planning.ask({ prompt: 'none' })).location)).params.get('error')).toBe('login_required')
  })

  test('of an account that was switched off meanwhile gives nothing', async () => {
    const { code, question, person } = await flow.codeFor(flow.planning)
    await changeAccount(town.house.storage.db, person.id, { disabled_at: town.house.clock.now() })
    expect((await flow.redeem('planning', code, question)).body.error).toBe('invalid_grant')
  })

  test('lives 60 seconds; who comes too late has ended it', async () => {
    const { code, question } = await flow.codeFor(flow.planning)
    const { db } = town.house.storage
    const rows = await db.selectFrom('protocol_record').selectAll().where('model', '=', 'AuthorizationCode').execute()
    const own = rows.find(
      (it) => (JSON.parse(it.payload) as { codeChallenge: string }).codeChallenge === question.location.searchParams.get('code_challenge'),
    )
    const { exp, iat } = JSON.parse(own?.payload ?? '{}') as { exp: number; iat: number }
    expect(exp - iat).toBe(60)
    const endingAt = async (end: number): Promise<unknown> => {
      const payload = (own?.payload ?? '').replace(`"exp":${exp}`, `"exp":${end}`)
      await changePayload(db, own?.key ?? '', payload, town.house.clock.now())
      return (await flow.redeem('planning', code, question)).body.error
    }
    expect(await endingAt(exp - 90)).toBe('invalid_grant')
    expect(await endingAt(exp)).toBe('invalid_grant')
  })

  test('and every token stands in the database as a keyed hash alone', async () => {
    const { code, question } = await flow.codeFor(flow.planning)
    const { body } = await flow.redeem('planning', code, question)
    const all = JSON.stringify(await town.house.storage.db.selectFrom('protocol_record').selectAll().execute())
    for (const secret of [code, body.access_token ?? '', question.verifier]) expect(all).not.toContain(secret)
  })
})

async function endSessionsOf(account: string): Promise<void> {
  const { db } = town.house.storage
  for (const row of await db.selectFrom('session').selectAll().where('account_id', '=', account).execute())
    await signOut(db, row, town.house.clock.now())
}
