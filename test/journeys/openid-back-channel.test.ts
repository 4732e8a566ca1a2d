import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addSessionClient, endSessionsOf, farewellsOf } from '../../src/storage/index.ts'
import { withClient } from '../support/clients.ts'
import { type Coded, type CodeFlow, codeFlow } from '../support/code-flow.ts'
import { clientSecret, openTown, type Town } from '../support/issuer-house.ts'
import { readJwt, verifiedJwt } from '../support/jwt.ts'

/** The end of a session, told to the servers of applications (T120). */
interface Call {
  readonly path: string
  readonly type: string | undefined
  readonly form: URLSearchParams
}
type Answering = (response: ServerResponse) => void
const answers: Record<string, Answering> = {
  '/planning': (response) => void response.writeHead(200).end(),
  '/ligplaatsen': (response) => void response.writeHead(204).end(),
}
const calls: Call[] = []
const server = createServer(async (request: IncomingMessage, response) => {
  const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString())
  calls.push({ path: request.url ?? '', type: request.headers['content-type'], form })
  const answer = answers[request.url ?? '']
  if (answer) answer(response)
  else response.writeHead(404).end()
})
const usual = { ...answers }
let town: Town
let flow: CodeFlow
let relying: string

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  relying = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const told = (name: string) => ({ backchannelLogoutUri: `${relying}/${name}` })
  town = await openTown({
    change: (portal) => withClient(withClient(portal, 'planning', told('planning')), 'ligplaatsen', told('ligplaatsen')),
  })
  flow = await codeFlow(town)
})
afterAll(async () => {
  await town.close()
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  calls.length = 0
  Object.assign(answers, usual)
})

async function signedIn(): Promise<Coded & { hint: string; claims: Record<string, unknown>; session: string }> {
  const coded = await flow.codeFor(flow.planning)
  const { body } = await flow.redeem('planning', coded.code, coded.question)
  const hint = body.id_token ?? ''
  const [row] = await town.house.storage.db.selectFrom('session').select('id').where('account_id', '=', coded.person.id).execute()
  return { ...coded, hint, claims: readJwt(hint).claims, session: row?.id ?? '' }
}
async function until(isSo: () => boolean | Promise<boolean>, milliseconds = 8_000): Promise<void> {
  for (let waited = 0; waited < milliseconds; waited += 20) {
    if (await isSo()) return
    await pause(20)
  }
  throw new Error('it did not happen in time')
}
const of = (path: string): Call[] => calls.filter((it) => it.path === path)
const stateOf = async (session: string) => (await farewellsOf(town.house.storage.db, 'c-point', session)).map((it) => [it.state, it.said])
const end = (account: string) => endSessionsOf(town.house.storage.db, account, town.house.clock.now())

describe('the token', () => {
  test('T120 one post with one field; it says who and which session, to this client alone, for two minutes, and is no id_token', async () => {
    const { browser, hint, claims } = await signedIn()
    await browser.go(`${flow.address}/end-session?id_token_hint=${hint}`)
    await until(() => calls.length > 0)
    await pause(300)
    expect(calls).toHaveLength(1)
    const [call] = calls as [Call]
    expect([call.type, [...call.form.keys()]]).toEqual(['application/x-www-form-urlencoded', ['logout_token']])
    const { header, claims: payload } = await verifiedJwt(flow.address, call.form.get('logout_token') ?? '')
    expect(header.typ).toBe('logout+jwt')
    expect(payload).toEqual({
      iss: flow.address,
      aud: 'planning',
      sub: claims.sub,
      sid: claims.sid,
      iat: expect.any(Number),
      exp: Number(payload.iat) + 120,
      jti: expect.any(String),
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    })
    expect(claims.sid).toBeTruthy()
  })

  test('T120 is no hint and no token at our own doors', async () => {
    const { person, browser } = await signedIn()
    await end(person.id)
    await until(() => calls.length > 0)
    const token = calls[0]?.form.get('logout_token') ?? ''
    expect(await flow.userInfo(token)).toBe(401)
    expect((await browser.go(`${flow.address}/end-session?id_token_hint=${token}`)).address.pathname).toBe('/c-point/sign-out')
  })
})

describe('who is told', () => {
  test('T120 every application that the session let in and no other, once, each with a token of its own', async () => {
    const { browser, person, session } = await signedIn()
    const question = await flow.strict.ask()
    await browser.go(question.location)
    await browser.go(`${flow.address}/sign-in/choose`, { method: 'totp' })
    expect((await browser.go(`${flow.address}/sign-in/code`, { code: person.appCode(1) })).params.has('code')).toBe(true)
    const bystander = await signedIn()
    await end(person.id)
    await until(async () => (await stateOf(session)).every(([state]) => state === 'told'))
    await pause(300)
    expect(calls.map((it) => it.path).toSorted()).toEqual(['/ligplaatsen', '/planning'])
    const subjects = calls.map((it) => readJwt(it.form.get('logout_token') ?? '').claims)
    expect(subjects.map((it) => it.aud).toSorted()).toEqual(['ligplaatsen', 'planning'])
    expect(new Set(subjects.map((it) => it.sid)).size).toBe(2)
    expect(subjects.some((it) => it.sub === bystander.person.id)).toBe(false)
    const events = await town.house.storage.db.selectFrom('audit').selectAll().where('account_id', '=', person.id).execute()
    expect(events.filter((it) => it.event === 'logout.sent')).toHaveLength(2)
  })

  test('T120 also when a fresh sign-in takes the place of the session, or nobody pressed anything here', async () => {
    const { browser, person, session } = await signedIn()
    await browser.go((await flow.planning.ask({ prompt: 'login' })).location)
    await browser.go(`${flow.address}/sign-in/password`, { username: person.name })
    await browser.go(`${flow.address}/sign-in/choose`, { method: 'totp' })
    await browser.go(`${flow.address}/sign-in/code`, { code: person.appCode(1) })
    await until(async () => (await stateOf(session)).join() === 'told,')
  })

  test.each([
    ['an hour without a page', 3_700],
    ['a day', 90_000],
  ])(
    'T068 T120 a session that ran out after %s throws nobody out of an application; what ends everything later does',
    async (_, seconds) => {
      const { person, session } = await signedIn()
      town.skip(seconds)
      await pause(2_500)
      expect(calls).toEqual([])
      await end(person.id)
      await until(async () => (await stateOf(session)).join() === 'told,')
      expect(calls.map((it) => it.path)).toEqual(['/planning'])
    },
  )
})

describe('an application that does not take it', () => {
  test('T120 a redirect is not followed, an error is not the end: it is tried again, with another number', async () => {
    for (const answer of [
      (response: ServerResponse) => void response.writeHead(302, { location: `${relying}/elsewhere` }).end(),
      (response: ServerResponse) => void response.writeHead(500).end('x'.repeat(10_000)),
    ]) {
      calls.length = 0
      answers['/planning'] = answer
      const { person, session } = await signedIn()
      await end(person.id)
      await until(async () => (await stateOf(session)).some(([, said]) => said !== null))
      expect(await stateOf(session)).toEqual([['joined', expect.stringMatching(/^http-(302|500)$/)]])
      expect(of('/elsewhere')).toEqual([])
      answers['/planning'] = usual['/planning'] as Answering
      town.skip(6)
      await until(async () => (await stateOf(session)).join() === 'told,')
      const numbers = of('/planning').map((it) => readJwt(it.form.get('logout_token') ?? '').claims.jti)
      expect(new Set(numbers).size).toBe(2)
    }
  })

  test('T120 one that says nothing, or talks without end, is left after five seconds; the person is out at once and reads its name', async () => {
    answers['/planning'] = () => undefined
    const { browser, hint, session } = await signedIn()
    const began = Date.now()
    await browser.go(`${flow.address}/end-session?id_token_hint=${hint}`)
    expect(Date.now() - began).toBeLessThan(1_000)
    expect((await browser.go((await flow.planning.ask({ prompt: 'none' })).location)).params.get('error')).toBe('login_required')
    expect(await town.connect.silentOf(town.portal('c-point'), session)).toEqual(['Planning'])
    expect(await stateOf(session)).toEqual([['joined', 'timeout']])
    expect(Date.now() - began).toBeLessThan(7_000)

    answers['/planning'] = (response) => {
      response.writeHead(200)
      const talking = setInterval(() => response.write('x'.repeat(1_000)), 1)
      response.once('close', () => clearInterval(talking))
    }
    const next = await signedIn()
    await end(next.person.id)
    await until(async () => (await stateOf(next.session)).join() === 'told,')
  })

  test('T120 a port where nobody listens is known at once, and given up after the last try', async () => {
    const { person, session } = await signedIn()
    const { db } = town.house.storage
    await db.updateTable('session_client').set({ tries: 8 }).where('session_id', '=', session).execute()
    answers['/planning'] = (response) => void response.destroy()
    await end(person.id)
    await until(async () => (await stateOf(session)).join() === 'failed,no-connection')
    const events = await db.selectFrom('audit').select('event').where('account_id', '=', person.id).execute()
    expect(events.map((it) => it.event)).toContain('logout.failed')
  })
})

test('T120 fifty people leave while ten of their applications are dead: the others hear of it within seconds', async () => {
  let heard = 0
  answers['/planning'] = (response) => {
    heard++
    if (heard > 10) response.writeHead(200).end()
  }
  const people: Awaited<ReturnType<typeof signedIn>>[] = []
  for (let count = 0; count < 50; count++) people.push(await signedIn())
  await Promise.all(people.map((it) => end(it.person.id)))
  await until(async () => {
    const states = await Promise.all(people.map((it) => stateOf(it.session)))
    return states.filter((it) => it.join() === 'told,').length >= 40
  }, 20_000)
})

test('T120 one person leaves fifty applications of which ten are dead: forty hear of it at once, and the ten are named', {
  timeout: 60_000,
}, async () => {
  const names = Array.from({ length: 50 }, (_, nr) => `app-${nr}`)
  const isDead = (name: string): boolean => name.endsWith('5') || name.endsWith('6')
  for (const name of names) answers[`/${name}`] = (response) => void (isDead(name) ? undefined : response.writeHead(200).end())
  const many = await openTown({
    change: (portal) => {
      const { planning } = portal.applications
      if (!planning?.client) return portal
      const { client } = planning
      const clientOf = (id: string) => ({ ...client, id, secret: clientSecret(id), backchannelLogoutUri: `${relying}/${id}` })
      const fifty = names.map((id) => [id, { ...planning, title: `Loket ${id}`, client: clientOf(id) }] as const)
      return { ...portal, applications: { ...portal.applications, ...Object.fromEntries(fifty) } }
    },
  })
  const own = await codeFlow(many)
  const { browser, person } = await own.codeFor(own.planning)
  for (const id of names) {
    const { location } = await own.planning.ask({ client_id: id, prompt: 'none' })
    expect((await browser.go(location)).params.has('code'), id).toBe(true)
  }
  const { db } = many.house.storage
  const { id } = await db.selectFrom('session').select('id').where('account_id', '=', person.id).executeTakeFirstOrThrow()
  await endSessionsOf(db, person.id, many.house.clock.now())
  await until(() => names.every((it) => of(`/${it}`).length > 0))
  const told = async () => (await farewellsOf(db, 'c-point', id)).filter((it) => it.state === 'told')
  await until(async () => (await told()).length >= 40)
  const silent = await many.connect.silentOf(many.portal('c-point'), id)
  expect(silent.filter((it) => it !== 'Planning').toSorted()).toEqual(
    names
      .filter(isDead)
      .map((it) => `Loket ${it}`)
      .toSorted(),
  )
  await many.close()
})

test('T120 T068 three hundred sessions end whose application is silent: another application hears of its own within seconds', async () => {
  answers['/planning'] = () => undefined
  const { db } = town.house.storage
  const { person: crowd, session } = await signedIn()
  const [row] = await db.selectFrom('session').selectAll().where('id', '=', session).execute()
  const ids = Array.from({ length: 300 }, (_, nr) => `${session}-${nr}`)
  for (const id of ids) {
    await db
      .insertInto('session')
      .values({ ...(row as NonNullable<typeof row>), id, token_hash: id })
      .execute()
    await addSessionClient(db, { session_id: id, client_id: 'planning', sid: id }, town.house.clock.now())
  }
  const other = await flow.codeFor(flow.strict)
  const [own] = await db.selectFrom('session').select('id').where('account_id', '=', other.person.id).execute()
  await end(crowd.id)
  await until(() => of('/planning').length > 0)
  await end(other.person.id)
  const began = Date.now()
  await until(async () => (await stateOf(own?.id ?? '')).join() === 'told,', 40_000)
  expect(Date.now() - began).toBeLessThan(10_000)
  await db.deleteFrom('session_client').where('session_id', 'in', ids).execute()
}, 60_000)
