import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postRoutes } from '../../src/http/posts.ts'
import { type Demo, openDemo } from '../support/demo.ts'
import { formType, openForm, type Reply, type Sending, send } from '../support/raw.ts'

/* What a stranger sends to every door: each answer is calm, says nothing, changes nothing. */

let demo: Demo
let portal: string
let origin: string
beforeAll(async () => {
  demo = await openDemo()
  portal = demo.portal('c-point')
  origin = new URL(portal).origin
})
afterAll(() => demo.close())

const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString()

async function post(
  path: string,
  fields: Record<string, string>,
  more: Record<string, string> = {},
  sending: Sending = {},
): Promise<Reply> {
  const { cookie, csrf } = await openForm(`${portal}/sign-in`)
  return send(portal + path, {
    method: 'POST',
    headers: { origin, cookie, 'content-type': formType, ...more },
    body: form({ csrf, ...fields }),
    ...sending,
  })
}

describe('forms of other sites (T076)', () => {
  const strangers: readonly [string, Record<string, string>][] = [
    ['from another origin', { origin: 'https://evil.example' }],
    ['with Origin: null', { origin: 'null' }],
  ]
  for (const [what, headers] of strangers)
    test(`a form ${what} is refused at every door`, async () => {
      for (const { path } of postRoutes) expect((await post(path, {}, headers)).status, path).toBe(403)
    })

  test('without Origin, without csrf, or with the csrf of another browser: refused at every door', async () => {
    const other = await openForm(`${portal}/sign-in`)
    for (const { path } of postRoutes) {
      const own = await openForm(`${portal}/sign-in`)
      const headers = { cookie: own.cookie, 'content-type': formType }
      expect((await send(portal + path, { method: 'POST', headers, body: form({ csrf: own.csrf }) })).status, path).toBe(403)
      expect((await send(portal + path, { method: 'POST', headers: { ...headers, origin } })).status, path).toBe(403)
      const foreign = { method: 'POST', headers: { ...headers, origin }, body: form({ csrf: other.csrf }) }
      expect((await send(portal + path, foreign)).status, path).toBe(403)
    }
  })

  test('as text, JSON or multipart: 415; by GET nothing happens', async () => {
    for (const type of ['text/plain', 'application/json', 'multipart/form-data; boundary=x'])
      expect((await post('/sign-in', {}, { 'content-type': type })).status).toBe(415)
    expect((await send(`${portal}/sign-in/resend`)).status).toBe(405)
  })
})

describe('malformed requests', () => {
  test('T083 T084: undeclared fields, prototypes, duplicates and a query beside the form are 400', async () => {
    for (const name of ['__proto__', 'constructor.prototype', 'accountId', 'acr', 'code[]', 'portal'])
      expect((await post('/sign-in', { username: 'anna', password: 'x', [name]: '1' })).status, name).toBe(400)
    const { cookie, csrf } = await openForm(`${portal}/sign-in`)
    const headers = { origin, cookie, 'content-type': formType }
    const twice = `${form({ csrf, username: 'anna', password: 'x' })}&username=bram`
    expect((await send(`${portal}/sign-in`, { method: 'POST', headers, body: twice })).status).toBe(400)
    expect((await send(`${portal}/sign-in?username=a`, { method: 'POST', headers, body: form({ csrf, password: 'x' }) })).status).toBe(400)
    expect({}).not.toHaveProperty('polluted')
  })

  test('T085 T086: too large, badly encoded, packed: a calm 4xx, never a 500, and the next person is served', async () => {
    const { cookie, csrf } = await openForm(`${portal}/sign-in`)
    const headers = { origin, cookie, 'content-type': formType }
    const sends: readonly [number, Sending][] = [
      [413, { method: 'POST', headers, body: `csrf=${csrf}&password=${'x'.repeat(1_000_000)}` }],
      [400, { method: 'POST', headers, body: `csrf=${csrf}&username=%ff%fe&password=x` }],
      [400, { method: 'POST', headers, body: Buffer.from([0x63, 0x73, 0x72, 0x66, 0x3d, 0xff]) }],
      [400, { method: 'POST', headers: { ...headers, 'content-encoding': 'gzip' }, body: form({ csrf }) }],
      [431, { headers: { 'x-long': 'x'.repeat(40_000) } }],
    ]
    for (const [status, sending] of sends) expect((await send(`${portal}/sign-in`, sending)).status).toBe(status)
    expect((await send(`${portal}/sign-in`)).status).toBe(200)
  })

  test('T019: other spellings of a page are no page, and a page of the profile asks for a sign-in', async () => {
    for (const path of ['//profile', '/./profile', '/%70rofile', '/PROFILE', '/profile;x', '/profile/', '/nl/profile', '/../profile'])
      expect((await send(portal + path)).status, path).toBe(404)
    for (const path of ['/profile', '/home', '/enrol/app', '/sign-in/code/app', '/enrol/done', '/sign-in/where']) {
      const reply = await send(portal + path, { headers: { 'x-original-url': '/c-point/profile' } })
      expect([reply.status, reply.headers.location], path).toEqual([303, '/c-point/sign-in'])
    }
    expect((await send(`${portal}/enrol/picture`)).status).toBe(404)
  })

  test('T091: a foreign Host gets nothing, whatever else it says', async () => {
    for (const host of ['evil.example', 'localhost', `localhost:${new URL(portal).port}.evil.example`])
      expect((await send(`${portal}/sign-in`, { headers: { host } })).status, host).toBe(421)
    const forwarded = await send(`${portal}/.well-known/openid-configuration`, {
      headers: { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' },
    })
    expect(forwarded.body).not.toContain('evil')
  })
})

test('T021: a wrong password, a disabled account with the right one, and nobody: the same bytes but for the csrf value', async () => {
  const answers = await Promise.all(
    [
      ['anna', 'wrong wrong wrong'],
      ['joop', demo.password],
      ['nobody', 'wrong wrong wrong'],
    ].map(async ([username = '', password = '']) => {
      const reply = await post('/sign-in', { username, password })
      const body = reply.body.replace(/name="csrf" value="[^"]+"/g, '').replaceAll(`value="${username}"`, '')
      return { status: reply.status, body, names: Object.keys(reply.headers).filter((it) => it !== 'content-length') }
    }),
  )
  expect(answers[0]?.status).toBe(422)
  expect(answers[1]).toEqual(answers[0])
  expect(answers[2]).toEqual(answers[0])
})

test('every answer carries the strict policy, also errors and the protocol', async () => {
  for (const path of ['', '/sign-in', '/nothing', '/.well-known/openid-configuration', '/authorize', '/sign-in/resend']) {
    const { headers } = await send(portal + path)
    expect(headers['content-security-policy'], path).toContain("default-src 'none'")
    expect(headers['x-content-type-options'], path).toBe('nosniff')
    expect(headers['cache-control'], path).toContain('no-store')
  }
})
