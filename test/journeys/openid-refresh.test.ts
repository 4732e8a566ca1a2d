import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeAccount, endSessionsOf } from '../../src/storage/index.ts'
import { withClient } from '../support/clients.ts'
import { basic, type Coded, type CodeFlow, codeFlow, type Redeemed } from '../support/code-flow.ts'
import { openTown, type Town, type TownSettings } from '../support/issuer-house.ts'
import { readJwt } from '../support/jwt.ts'
import { createDatabase, withPostgres } from '../support/postgres.ts'
import { openWire } from '../support/wire.ts'

/** Refresh tokens (T113). */
const change: TownSettings['change'] = (portal) =>
  withClient(withClient(portal, 'planning', { refreshTokens: true, scopes: ['openid', 'email', 'offline_access'] }), 'ligplaatsen', {
    refreshTokens: true,
  })
let town: Town
let flow: CodeFlow

beforeAll(async () => {
  town = await openTown({ change })
  flow = await codeFlow(town)
})
afterAll(() => town.close())

interface Renewable extends Coded {
  readonly first: Redeemed['body']
}
async function renewable(more: Record<string, string> = {}, { codeFor, planning, redeem } = flow): Promise<Renewable> {
  const coded = await codeFor(planning, more)
  const { body } = await redeem('planning', coded.code, coded.question)
  return { ...coded, first: body }
}
async function renew(token: string | undefined, more: Record<string, string> = {}, client = 'planning', { address } = flow) {
  const answer = await fetch(`${address}/token`, {
    method: 'POST',
    headers: { authorization: basic(client) },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token ?? '', ...more }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, string> }
}
const claimsIn = (token: string | undefined) => readJwt(token).claims
const offline = { scope: 'openid email offline_access', prompt: 'consent' }

describe('a refresh token', () => {
  test('T113 gives new tokens with the same strength and time, and a new one of its kind', async () => {
    const { first } = await renewable()
    const { status, body } = await renew(first.refresh_token)
    expect(status).toBe(200)
    expect(body.refresh_token).not.toBe(first.refresh_token)
    const [before, after] = [claimsIn(first.id_token), claimsIn(body.id_token)]
    for (const claim of ['iss', 'sub', 'aud', 'acr', 'amr', 'auth_time']) expect(after[claim]).toEqual(before[claim])
    expect(await flow.userInfo(body.access_token)).toBe(200)
  })

  test('T113 is not given to a client that does not say so in the portal file, whatever it asks', async () => {
    const plain = await openTown()
    const own = await codeFlow(plain)
    const { first } = await renewable(offline, own)
    expect(first.access_token).toBeTruthy()
    expect([first.refresh_token, first.scope]).toEqual([undefined, 'openid email'])
    expect((await renew('x', {}, 'planning', own)).status).toBe(400)
    await plain.close()
  })

  test('T113 of another client, or for more than was given, is refused and still its owner’s', async () => {
    const { first } = await renewable({ scope: 'openid' })
    expect((await renew(first.refresh_token, {}, 'ligplaatsen')).body.error).toBe('invalid_grant')
    expect((await renew(first.refresh_token, { scope: 'openid email' })).body.error).toBe('invalid_scope')
    expect((await renew(first.refresh_token)).status).toBe(200)
  })

  test('T113 used twice at once by twenty: one winner', async () => {
    const { first } = await renewable()
    const answers = await Promise.all(Array.from({ length: 20 }, () => renew(first.refresh_token)))
    expect(answers.filter((it) => it.status === 200)).toHaveLength(1)
    expect(answers.filter((it) => it.body.error === 'invalid_grant')).toHaveLength(19)
    expect((await renew(answers.find((it) => it.status === 200)?.body.refresh_token)).status).toBe(200)
  })

  test('T113 sent again within ten seconds, because the answer was lost, gets no second token and harms nobody', async () => {
    const { first, browser } = await renewable()
    const { body } = await renew(first.refresh_token)
    expect((await renew(first.refresh_token)).body.error).toBe('invalid_grant')
    expect((await renew(body.refresh_token)).status).toBe(200)
    expect((await browser.go((await flow.planning.ask({ prompt: 'none' })).location)).params.has('code')).toBe(true)
  })

  test('T113 that comes back later was stolen: the whole family is dead, and the session behind it has ended', async () => {
    const { first, browser, person } = await renewable()
    const thief = await renew(first.refresh_token)
    town.skip(11)
    expect((await renew(first.refresh_token)).body.error).toBe('invalid_grant')
    expect((await renew(thief.body.refresh_token)).body.error).toBe('invalid_grant')
    expect(await flow.userInfo(thief.body.access_token)).toBe(401)
    expect((await browser.go((await flow.planning.ask({ prompt: 'none' })).location)).params.get('error')).toBe('login_required')
    const events = await town.house.storage.db.selectFrom('audit').selectAll().where('account_id', '=', person.id).execute()
    expect(events.filter((it) => it.event === 'session.ended').map((it) => it.reason)).toEqual(['token-reused'])
  })
})

describe('the end of the session is the end of its refresh tokens', () => {
  test.each([
    ['a sign-out', {}],
    ['a sign-out, also with offline_access', offline],
  ])('T069 %s', async (_, more) => {
    const { first, person } = await renewable(more)
    expect((await renew(first.refresh_token)).status).toBe(200)
    const next = await renewable(more)
    await endSessionsOf(town.house.storage.db, next.person.id, town.house.clock.now())
    expect((await renew(next.first.refresh_token)).body.error).toBe('invalid_grant')
    expect(person.id).not.toBe(next.person.id)
  })

  test('T113 a disabled account', async () => {
    const { first, person } = await renewable(offline)
    await changeAccount(town.house.storage.db, person.id, { disabled_at: town.house.clock.now() })
    expect((await renew(first.refresh_token)).body.error).toBe('invalid_grant')
  })

  test('T070 an hour without a person: only offline_access goes on; after a day that ends too', async () => {
    const [plain, lasting] = [await renewable(), await renewable(offline)]
    expect(lasting.first.scope).toBe('openid email offline_access')
    town.skip(3_700)
    expect((await renew(plain.first.refresh_token)).body.error).toBe('invalid_grant')
    const again = await renew(lasting.first.refresh_token)
    expect([again.status, await flow.userInfo(again.body.access_token)]).toEqual([200, 200])
    town.skip(23 * 3_600)
    expect((await renew(again.body.refresh_token)).body.error).toBe('invalid_grant')
  })
})

test.skipIf(!withPostgres)('T113 on PostgreSQL a refresh token has one winner as well', async () => {
  const { url, drop } = await createDatabase()
  const other = await openTown({ database: url, change })
  const own = await codeFlow(other)
  const { first } = await renewable({}, own)
  const answers = await Promise.all(Array.from({ length: 20 }, () => renew(first.refresh_token, {}, 'planning', own)))
  expect(answers.filter((it) => it.status === 200)).toHaveLength(1)
  await other.close()
  await drop()
})

test.skipIf(!withPostgres)(
  'T113 a database server that goes away and comes back changes nothing: the newest works, the one before stays dead',
  async () => {
    const { url, drop } = await createDatabase()
    const through = new URL(url)
    const wire = await openWire({ host: through.hostname, port: Number(through.port) })
    through.port = String(wire.port)
    const other = await openTown({ database: through.href, change })
    const own = await codeFlow(other)
    const { first } = await renewable({}, own)
    const { body } = await renew(first.refresh_token, {}, 'planning', own)
    wire.is('cut')
    const away = await fetch(`${own.address}/token`, {
      method: 'POST',
      headers: { authorization: basic('planning') },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: body.refresh_token ?? '' }),
    })
    expect(away.status).toBe(503)
    wire.is('whole')
    expect((await renew(first.refresh_token, {}, 'planning', own)).body.error).toBe('invalid_grant')
    const next = await renew(body.refresh_token, {}, 'planning', own)
    expect([next.status, await own.userInfo(next.body.access_token)]).toEqual([200, 200])
    await other.close()
    await wire.close()
    await drop()
  },
)
