import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Demo, openDemo } from '../support/demo.ts'
import { refusals } from '../support/demo-steps.ts'
import { PersonAt } from '../support/person-at.ts'
import type { OwnPortal } from '../support/portal.ts'
import { openWerf, portalFile, secret } from '../support/protected.ts'
import { formType, type Reply, send } from '../support/raw.ts'

/* Cookies that a sibling host plants, a browser doubles or somebody keeps, and what a sign-out leaves (T069, T071). */

describe('a portal on https', () => {
  const address = 'https://login.werf.example'
  let own: OwnPortal
  beforeAll(async () => {
    const origins = { desk: 'https://desk.werf.example', yard: 'https://yard.werf.example', quay: 'https://quay.werf.example' }
    own = await openWerf(`address: ${address}\n${portalFile(origins)}`, { trustedProxies: ['127.0.0.1'] })
  })
  afterAll(() => own.close())

  test('T071 every cookie of a whole visit is of this host alone, for https alone, and no script reads it', async () => {
    const lines: string[] = []
    const jar = new Map<string, string>()
    let csrf = ''
    const ask = async (path: string, fields?: Record<string, string>): Promise<Reply> => {
      const headers = { host: 'login.werf.example', cookie: [...jar].map((it) => it.join('=')).join('; ') }
      const more = { ...headers, origin: address, 'content-type': formType }
      const form = fields && new URLSearchParams({ csrf, ...fields }).toString()
      const reply = await send(
        `http://127.0.0.1:${own.port}${path}`,
        form === undefined ? { headers } : { method: 'POST', headers: more, body: form },
      )
      for (const line of reply.headers['set-cookie'] ?? []) {
        lines.push(line)
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        jar.set(name, value)
      }
      csrf = /name="csrf" value="([^"]+)"/.exec(reply.body)?.[1] ?? csrf
      return reply
    }
    await ask('/sign-in?lang=en')
    await ask('/sign-in')
    await ask('/sign-in', { username: 'bea', password: secret })
    await ask('/sign-in/code/email')
    expect((await ask('/sign-in/code/email', { code: await own.code('bea@werf.test'), remember: '1' })).status).toBe(303)
    expect((await ask('/home')).status).toBe(200)
    await ask('/profile/sessions')
    await ask('/password')
    await ask('/password/new?t=abcdefghijklmnopqrst')
    await ask('/sign-out')
    await ask('/sign-out', {})
    const names = new Set(lines.map((it) => it.split('=')[0]))
    for (const kind of ['form', 'flow', 'session', 'language', 'reset', 'left']) expect([...names]).toContain(`__Host-sluis-werf-${kind}`)
    for (const line of lines) {
      expect(line).toMatch(/^__Host-sluis-werf-[a-z-]+=[\w-]*; Path=\/; HttpOnly; SameSite=Lax; Secure(; Max-Age=\d+)?$/)
      expect(line).not.toMatch(/domain/i)
    }
  })
})

describe('the demo', () => {
  let demo: Demo
  const cookie = 'sluis-c-point-session'
  beforeAll(async () => {
    demo = await openDemo()
  })
  afterAll(() => demo.close())

  async function inside(): Promise<PersonAt> {
    const bram = new PersonAt(demo.portal('c-point'))
    await bram.password('bram', demo.password)
    await bram.choose('email')
    const reply = await bram.post('/sign-in/code/email', { code: await demo.code('bram@haven.test') })
    expect(await bram.due(reply)).toBe('/home')
    return bram
  }
  const withCookie = (value: string, path = '/home') => send(demo.portal('c-point') + path, { headers: { cookie: value } })

  test('T071 a session in any other cookie than its own, or in two of that name, is none; two are written down', async () => {
    const bram = await inside()
    const value = bram.jar.get(cookie) ?? ''
    expect((await withCookie(`${cookie}=${value}`)).status).toBe(200)
    const before = refusals(demo, 'cookie')
    for (const planted of [
      `${cookie}=${value}; ${cookie}=${value}`,
      `${cookie}=planted; ${cookie}=${value}`,
      `${cookie}=${value};${cookie}=`,
      ` ${cookie} =${value}; x=1;  ${cookie}= ${value}`,
    ])
      expect((await withCookie(planted)).headers.location, planted).toBe('/c-point/sign-in')
    await expect.poll(() => refusals(demo, 'cookie'), { timeout: 3_000 }).toBe(before + 4)
    for (const other of [
      `__Host-${cookie}=${value}`,
      `__host-${cookie}=${value}`,
      `${cookie.toUpperCase()}=${value}`,
      `${cookie}="${value}"`,
      `${cookie}=${value}x`,
      `${cookie}=${value.toLowerCase()}`,
      `sluis-c-point-flow=${value}`,
      `sluis-c-point-browser=${value}`,
      `x=${cookie}=${value}`,
      `${cookie}%3D${value}`,
    ])
      expect((await withCookie(other)).headers.location, other).toBe('/c-point/sign-in')
    expect(refusals(demo, 'cookie')).toBe(before + 4)
  })

  test('T071 two session cookies at the door for applications are none too', async () => {
    const bram = await inside()
    const value = bram.jar.get(cookie) ?? ''
    const asked = new URL(
      (await fetch(`${demo.app('c-point/planning')}/sign-in`, { method: 'POST', redirect: 'manual' })).headers.get('location') ?? '',
    )
    asked.searchParams.set('prompt', 'none')
    const answer = async (header: string) => (await send(asked.href, { headers: { cookie: header } })).headers.location ?? ''
    expect(await answer(`${cookie}=${value}`)).toContain('code=')
    expect(await answer(`${cookie}=${value}; ${cookie}=${value}`)).toContain('error=login_required')
  })

  test('T071 four portals on one host: the cookie of one under the name of another is none', async () => {
    const value = (await inside()).jar.get(cookie) ?? ''
    for (const portal of ['koop-cam', 'profiportaal', 'uitpas']) {
      const reply = await send(`${demo.portal(portal)}/home`, {
        headers: { cookie: `${cookie}=${value}; sluis-${portal}-session=${value}` },
      })
      expect([reply.status, reply.headers.location]).toEqual([303, `/${portal}/sign-in`])
    }
  })

  test('T071 plain http is for this machine alone: at another address than its own nothing of the demo listens', async () => {
    const others = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).filter((it) => !it.internal && it.family === 'IPv4'))
    for (const host of ['127.0.0.2', ...others.map((it) => it.address)])
      for (const place of [demo.portal('c-point'), demo.app('c-point/planning')]) {
        const socket = connect(Number(new URL(place).port), host)
        const isOpen = await new Promise((resolve) => socket.once('connect', () => resolve(true)).once('error', () => resolve(false)))
        expect([isOpen, host, place]).toEqual([false, host, place])
        socket.destroy()
      }
    expect((await send(`${demo.portal('c-point')}/sign-in`)).status).toBe(200)
  })

  test('T071 three hundred cookies of a sibling host do not push the session out, and too many are told so', async () => {
    const value = (await inside()).jar.get(cookie) ?? ''
    const others = Array.from({ length: 300 }, (_, nr) => `planted-${nr}=${'x'.repeat(20)}`).join('; ')
    expect((await withCookie(`${others}; ${cookie}=${value}`)).status).toBe(200)
    expect((await withCookie(`${others}; ${others}; ${cookie}=${value}`)).status).toBe(431)
  })

  test('T070 how long a cookie says that it lives changes nothing', async () => {
    const value = (await inside()).jar.get(cookie) ?? ''
    using file = new DatabaseSync(`${demo.data}/sluis.db`)
    const id = file.prepare('select id from session where ended_at is null order by started_at desc limit 1').get()?.id ?? ''
    for (const [column, over] of [
      ['last_seen_at', Date.now() - 3_601_000],
      ['ends_at', Date.now() - 1_000],
    ] as const) {
      const before = file.prepare(`select ${column} as it from session where id = ?`).get(id)?.it ?? 0
      file.prepare(`update session set ${column} = ? where id = ?`).run(over, id)
      const kept = `${cookie}=${value}; Max-Age=99999999; Expires=Fri, 31 Dec 9999 23:59:59 GMT`
      expect((await withCookie(kept)).headers.location, column).toBe('/c-point/sign-in')
      file.prepare(`update session set ${column} = ? where id = ?`).run(before, id)
      expect((await withCookie(kept)).status).toBe(200)
    }
  })

  test('T069 after a sign-out: the server has ended it, and nothing kept from before opens anything', async () => {
    const bram = await inside()
    const kept = new PersonAt(bram.portal)
    for (const [name, value] of bram.jar) kept.jar.set(name, value)
    const pages = ['/home', '/profile', '/profile/browsers', '/profile/sessions', '/profile/activity']
    for (const page of pages) {
      const { status, headers } = await bram.get(page)
      expect([status, headers['cache-control']], page).toEqual([200, 'no-store'])
    }
    kept.csrf = bram.csrf
    // GET only asks, from wherever it comes.
    for (const headers of [{}, { 'sec-fetch-site': 'cross-site', referer: 'https://evil.test/' }, { 'sec-fetch-dest': 'image' }] as Record<
      string,
      string
    >[])
      expect((await bram.get('/sign-out', { headers })).status).toBe(200)
    expect((await bram.get('/home')).status).toBe(200)

    await bram.get('/sign-out')
    const out = await bram.post('/sign-out')
    expect([out.status, out.headers.location, out.headers['clear-site-data']]).toEqual([303, '/c-point/signed-out', '"cache"'])
    expect(out.headers['set-cookie']?.some((it) => it.startsWith(`${cookie}=;`) && it.includes('Max-Age=0'))).toBe(true)
    using file = new DatabaseSync(`${demo.data}/sluis.db`, { readOnly: true })
    expect(file.prepare('select ended_at from session order by started_at desc limit 1').get()?.ended_at).not.toBeNull()
    // Back, reload, another tab, the old cookie by hand, and a form of a page that was open before.
    for (const page of pages) expect((await kept.get(page)).headers.location, page).toBe('/c-point/sign-in')
    for (const [path, fields] of [
      ['/profile/sessions/end-all', {}],
      ['/profile/browsers/forget-all', {}],
      ['/profile/password', { password: demo.password, new_password: 'veertien ganzen vliegen laag' }],
      ['/profile/email', { email: 'dief@elders.test' }],
    ] as [string, Record<string, string>][]) {
      const reply = await kept.post(path, fields)
      expect([reply.status, reply.headers.location ?? ''], path).toEqual([303, '/c-point/sign-in'])
    }
  })
})
