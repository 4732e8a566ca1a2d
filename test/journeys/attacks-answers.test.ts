import { afterAll, beforeAll, expect, test } from 'vitest'
import { getRoutes } from '../../src/http/gets.tsx'
import { postRoutes } from '../../src/http/posts.ts'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'
import { beforeCode, codePage } from '../support/demo-steps.ts'
import { PersonAt } from '../support/person-at.ts'
import { exchange, type Reply, send } from '../support/raw.ts'

/* What an answer says beside its page: headers, caches, policies, and what two machines in a row could read in one request. */

let demo: Demo
/** Somebody who is signed in, so that every page may be drawn. */
let guus: PersonAt
const portal = 'koop-cam'
beforeAll(async () => {
  demo = await openDemo()
  guus = await beforeCode(demo, portal, 'guus')
  expect(await guus.due(await guus.post(codePage, { code: appCode(keyOf('guus')) }))).toBe('/home')
})
afterAll(() => demo.close())

const at = (id = portal): string => demo.portal(id)
const protocol = ['/.well-known/openid-configuration', '/jwks', '/authorize', '/userinfo', '/end-session', '/token', '/par']

interface Crawled extends Reply {
  readonly path: string
}

/** Every page in three states, every post without a form, the protocol, what is no page, and a host alone. */
async function everyAnswer(): Promise<Crawled[]> {
  const flow = await beforeCode(demo, 'profiportaal', 'hana')
  const answers: Crawled[] = []
  const add = async (path: string, asking: Promise<Reply>): Promise<void> => void answers.push({ path, ...(await asking) })
  for (const { path } of getRoutes.filter((it) => it.path !== '/sign-out'))
    for (const person of [guus, flow, new PersonAt(at('uitpas'))]) await add(path, person.get(path))
  for (const { path } of postRoutes) await add(`POST ${path}`, send(at() + path, { method: 'POST' }))
  for (const path of [...protocol, '/nothing', '/sign-in/nothing', '/profile/x.css'])
    for (const method of ['GET', 'POST', 'HEAD']) await add(`${method} ${path}`, send(at() + path, { method }))
  await add('another host', send(at(), { headers: { host: 'evil.example' } }))
  await add('no portal', send(`${new URL(at()).origin}/nobody`))
  return answers
}

test('T078 T082: no answer without the whole policy, none of another type than it says, none with a script or a style in it', async () => {
  for (const { path, status, headers, body } of await everyAnswer()) {
    const policy = String(headers['content-security-policy'])
    for (const part of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "script-src 'self'", "style-src 'self'"])
      expect(policy, `${status} ${path}`).toContain(part)
    expect(policy, path).not.toMatch(/unsafe|\*|data:|https?:\/\/(?!localhost)/)
    expect(headers['x-content-type-options'], path).toBe('nosniff')
    expect(headers['x-frame-options'], path).toBe('DENY')
    expect(headers['cross-origin-opener-policy'], path).toBe('same-origin')
    expect(headers['x-powered-by'] ?? headers.server, path).toBeUndefined()
    if (body === '') continue
    expect(headers['content-type'], `${status} ${path}`).toMatch(
      /^(text\/html|text\/plain|application\/[\w.+-]*json); charset=utf-8$|^image\/png$/,
    )
    if (!headers['content-type']?.startsWith('text/html')) expect(body, path).not.toContain('<html')
    else expect(body, path).not.toMatch(/<style|\sstyle=|<base\b|\son\w+=|<script(?! src="\/assets\/)|javascript:/i)
  }
})

test('T088 T029: nothing personal and no form is ever kept by a cache, whatever its address looks like', async () => {
  for (const { path, headers } of await everyAnswer()) {
    expect(headers['cache-control'], path).toMatch(/\bno-store\b/)
    expect([headers.etag, headers['last-modified'], headers['content-encoding']], path).toEqual([undefined, undefined, undefined])
  }
  for (const path of ['/profile/x.css', '/profile%2fx.css', '/profile;x.css', '/profile/', '/profile.css', '//profile', '/PROFILE'])
    expect((await guus.get(path)).status, path).toBe(404)
  expect((await guus.get('/profile?cb=1')).headers['cache-control']).toBe('no-store')
  const [, script = ''] = /<script src="([^"]+)"/.exec((await guus.get('/profile')).body) ?? []
  const asset = await send(new URL(at()).origin + script, { headers: { cookie: guus.cookie } })
  expect([asset.status, asset.headers['cache-control'], asset.headers['set-cookie']]).toEqual([
    200,
    'public, max-age=31536000, immutable',
    undefined,
  ])
  expect((await send(new URL(at()).origin + script.replace(/-[\w-]+\.js$/, '.js'))).status).toBe(404)
})

test('T088: two people by turns over one connection pool each see their own page alone', async () => {
  const bea = await beforeCode(demo, 'profiportaal', 'hana')
  for (let turn = 0; turn < 5; turn++) {
    expect((await guus.get('/home')).body).not.toContain('hana')
    expect((await bea.get(codePage)).body).not.toContain('guus')
  }
})

test('T089: no page can be read from another origin; a preflight opens nothing', async () => {
  const own = new URL(at()).origin
  for (const origin of [
    'https://evil.example',
    'null',
    `${own}.evil.example`,
    own.replace('localhost', 'sub.localhost'),
    'http://localhost',
  ]) {
    const headers = { origin, cookie: guus.cookie }
    for (const path of ['/home', '/profile', '/sign-in', '/nothing', ...protocol]) {
      const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' }
      for (const reply of [
        await send(at() + path, { headers }),
        await send(at() + path, { method: 'OPTIONS', headers: { ...headers, ...asked } }),
        await send(at() + path, { method: 'POST', headers: { ...headers, 'content-type': 'text/plain' }, body: '{}' }),
      ]) {
        expect(reply.headers['access-control-allow-credentials'], path).toBeUndefined()
        const allowed = reply.headers['access-control-allow-origin']
        if (!['/.well-known/openid-configuration', '/jwks'].includes(path)) expect(allowed, `${origin} ${path}`).toBeUndefined()
      }
    }
  }
})

test('T080: a line break in any value makes no header of its own', async () => {
  const split = 'x\r\nSet-Cookie: evil=1\r\nX-Evil: 1'
  for (const text of [split, 'x\nSet-Cookie: evil=1', 'x\u2028Set-Cookie: evil=1']) {
    const value = encodeURIComponent(text)
    const authorize = `/authorize?client_id=publicatie&response_type=code&scope=openid&redirect_uri=${value}&state=${value}&nonce=${value}&ui_locales=${value}`
    for (const path of [`/sign-in?lang=${value}`, authorize, `/end-session?state=${value}`, `/?${value}=${value}`]) {
      const { status, headers } = await send(at() + path)
      expect(status, path).toBeLessThan(500)
      expect(headers['x-evil'], path).toBeUndefined()
      expect(String(headers['set-cookie'] ?? ''), path).not.toMatch(/(^|,)evil=/)
    }
    const person = new PersonAt(at())
    await person.get('/sign-in')
    const reply = await person.post('/sign-in', { username: text })
    expect([reply.headers['x-evil'], person.jar.has('evil')]).toEqual([undefined, false])
  }
})

test('T077: a foreign page cannot sign somebody in: without the form of this very browser a password is not even looked at', async () => {
  const own = new URL(at('c-point')).origin
  const stranger = new PersonAt(at('c-point'))
  await stranger.get('/sign-in')
  const victim = new PersonAt(at('c-point'))
  await victim.get('/sign-in')
  const fields = { username: 'anna', password: demo.password }
  const refused = [
    await victim.post('/sign-in', fields, { origin: 'https://evil.example' }),
    await victim.post('/sign-in', { ...fields, csrf: stranger.csrf }),
    await victim.post('/sign-in', new URLSearchParams(fields).toString()),
    await send(`${at('c-point')}/sign-in`, {
      method: 'POST',
      headers: { origin: own, 'content-type': 'text/plain' },
      body: new URLSearchParams({ ...fields, csrf: stranger.csrf }).toString(),
    }),
  ]
  expect(refused.map((it) => it.status)).toEqual([403, 403, 403, 415])
  expect(victim.jar.has('sluis-c-point-flow')).toBe(false)
  expect((await guus.get('/home')).body).toContain('guus')
})

const bytes = (text: string): Promise<string> => exchange(Number(new URL(at()).port), text, 1_500)

test('T087: a request that two machines could read in two ways is answered once, with 400, and the connection is closed', async () => {
  const host = `Host: ${new URL(at()).host}`
  const hidden = `GET /${portal}/profile HTTP/1.1\r\n${host}\r\n\r\n`
  const post = `POST /${portal}/sign-in HTTP/1.1\r\n${host}\r\n`
  const smuggled = {
    'length and chunks': `${post}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
    'chunks and length': `${post}Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n${hidden}`,
    'two lengths': `${post}Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
    'lengths in one line': `${post}Content-Length: 0, ${hidden.length}\r\n\r\n${hidden}`,
    'chunks by another name': `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`,
    'chunks twice': `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${hidden}`,
    'a blank before the colon': `${post}Content-Length : 0\r\n\r\n${hidden}`,
    'a folded header': `${post}X-A: b\r\n c: d\r\nContent-Length: 0\r\n\r\n${hidden}`,
    'a bare line feed': `GET /${portal}/sign-in HTTP/1.1\n${host}\n\n`,
    'a length that is none': `${post}Content-Length: +5\r\n\r\nabcde`,
    'a broken chunk': `${post}Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n`,
    'a control in a header': `GET /${portal}/sign-in HTTP/1.1\r\n${host}\r\nX-A: a\u0001b\rc\r\n\r\n`,
  }
  for (const [what, text] of Object.entries(smuggled)) {
    const said = await bytes(text)
    expect(said.match(/HTTP\/1\.1 \d{3}/g), what).toEqual(['HTTP/1.1 400'])
  }
  // The good case beside it: two whole requests in a row are two answers.
  const fine = `GET /${portal}/sign-in HTTP/1.1\r\n${host}\r\n\r\n`
  expect((await bytes(fine + fine)).match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200'])
})

test('T092: no address that a stranger names is ever fetched', async () => {
  const heard: string[] = []
  const { createServer } = await import('node:http')
  const ear = createServer((request, response) => {
    heard.push(request.url ?? '')
    response.end('{}')
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => ear.once('listening', resolve))
  const here = `http://127.0.0.1:${(ear.address() as { port: number }).port}/x`
  try {
    for (const place of [here, 'http://169.254.169.254/latest', 'http://[::1]/', 'http://0x7f.1/', 'file:///etc/passwd']) {
      const it = encodeURIComponent(place)
      const common = '/authorize?client_id=publicatie&response_type=code&scope=openid'
      for (const path of [
        `${common}&request_uri=${it}`,
        `${common}&redirect_uri=${it}`,
        `${common}&registration=${encodeURIComponent(JSON.stringify({ jwks_uri: place, sector_identifier_uri: place, logo_uri: place }))}`,
        `/authorize?client_id=${it}&response_type=code&scope=openid&redirect_uri=${it}`,
        `/end-session?post_logout_redirect_uri=${it}`,
      ]) {
        const { status, headers } = await send(at() + path)
        expect(status, path).toBeLessThan(500)
        expect(headers.location ?? '', path).not.toContain(place)
      }
      expect((await send(`${at()}/reg`, { method: 'POST', body: '{}' })).status).toBe(404)
    }
    expect(heard).toEqual([])
  } finally {
    ear.close()
  }
})
