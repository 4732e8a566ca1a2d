import { randomPKCECodeVerifier } from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signOut } from '../../src/sign-in/index.ts'
import { changeAccount, findRecord } from '../../src/storage/index.ts'
import { basic, type CodeFlow, codeFlow } from '../support/code-flow.ts'
import { applications, openTown, type Town } from '../support/issuer-house.ts'
import { createDatabase, withPostgres } from '../support/postgres.ts'

/** Addresses, proofs and codes in the hands of strangers (T106 to T109). */
let town: Town
let flow: CodeFlow
let address: string

beforeAll(async () => {
  town = await openTown()
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

describe('redirect_uri (T106)', () => {
  const good = `${applications}/c-point/planning/callback`
  const bad = [
    `${good}/`,
    `${good}?x=1`,
    `${good}#x`,
    `${good}/../x`,
    good.replace('planning', 'PLANNING'),
    good.replace('/callback', '/%63allback'),
    good.replace('http://', 'https://'),
    good.replace('app.localhost', 'app.localhost.evil.test'),
    good.replace('http://', 'http://evil.test@'),
    good.replace('app.localhost', 'app.localhost:81'),
    'javascript:alert(1)',
    `${applications}/c-point/ligplaatsen/callback`,
    `${good}${'x'.repeat(5_000)}`,
    '',
  ]
  test.each(bad)('one that is not registered gets a page of ours, 400, and goes nowhere: %s', async (redirect_uri) => {
    const { location } = await flow.planning.ask({ redirect_uri })
    const page = await town.browser().go(location)
    expect([page.status, page.address.pathname]).toEqual([400, '/c-point/authorize'])
    expect(page.text).not.toContain('evil')
  })

  test('a missing one is no address either, although only one is registered; the page knows the application by its registered name', async () => {
    const { location } = await flow.planning.ask()
    location.searchParams.delete('redirect_uri')
    expect((await town.browser().go(location)).status).toBe(400)
    expect(town.troubles.at(-1)).toEqual({ error: 'invalid_request', status: 400, parameter: 'redirect_uri', clientTitle: 'Planning' })
    location.searchParams.set('client_id', 'nobody')
    expect((await town.browser().go(location)).status).toBe(400)
    expect(town.troubles.at(-1)?.clientTitle).toBeUndefined()
  })

  test('a registered one that comes twice is none', async () => {
    const { location } = await flow.planning.ask()
    location.searchParams.append('redirect_uri', good)
    expect((await town.browser().go(location)).status).toBe(400)
  })
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

describe('a code (T108, T109)', () => {
  test('that twenty redeem at once has one winner, and what the winner got is revoked', async () => {
    const { code, question } = await flow.codeFor(flow.planning)
    const answers = await Promise.all(Array.from({ length: 20 }, () => flow.redeem('planning', code, question)))
    const won = answers.filter((it) => it.status === 200)
    expect(won).toHaveLength(1)
    expect(answers.filter((it) => it.status === 400 && it.body.error === 'invalid_grant')).toHaveLength(19)
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

  test('lives 60 seconds', async () => {
    const { code, question } = await flow.codeFor(flow.planning)
    const { db } = town.house.storage
    const rows = await db.selectFrom('protocol_record').selectAll().where('model', '=', 'AuthorizationCode').execute()
    const own = rows.find(
      (it) => (JSON.parse(it.payload) as { codeChallenge: string }).codeChallenge === question.location.searchParams.get('code_challenge'),
    )
    const { exp, iat } = JSON.parse(own?.payload ?? '{}') as { exp: number; iat: number }
    expect(exp - iat).toBe(60)
    await db
      .updateTable('protocol_record')
      .set({ payload: (own?.payload ?? '').replace(`"exp":${exp}`, `"exp":${exp - 90}`) })
      .where('key', '=', own?.key ?? '')
      .execute()
    expect((await flow.redeem('planning', code, question)).body.error).toBe('invalid_grant')
    expect(await findRecord(db, own?.key ?? '', town.house.clock.now())).toBeUndefined()
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
