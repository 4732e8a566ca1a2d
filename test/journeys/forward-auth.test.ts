import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OwnPortal } from '../support/portal.ts'
import { giveMailedCode, openWerf, portalFile, signIn } from '../support/protected.ts'
import { exchange, type Reply } from '../support/raw.ts'
import { Traveller } from '../support/traveller.ts'

/* What a proxy asks and what a browser does at protected hosts, as raw requests. The real proxies: forward-auth-*.test.ts. */

const origins = { desk: 'http://desk.localhost:8001', yard: 'http://yard.localhost:8002', quay: 'http://quay.localhost:8003' }
let own: OwnPortal
beforeAll(async () => {
  own = await openWerf(portalFile(origins))
})
afterAll(() => own.close())

type Host = keyof typeof origins

const traveller = (): Traveller => new Traveller(() => ({ port: own.port }))
/** What the proxy of a host asks for a request of this browser; `about`: what the browser sent, or the proxy told. */
async function check(who: Traveller, at: Host, about: Record<string, string> = {}, door = 'check'): Promise<Reply> {
  const cookie = [...who.jar(`${at}.localhost`)].map(([name, value]) => `${name}=${value}`).join('; ')
  const told = { 'x-forwarded-method': 'GET', 'x-forwarded-uri': '/page?x=1', ...about }
  return new Traveller(() => ({ port: own.port })).ask(`http://127.0.0.1:${own.port}/_sluis/${door}/${new URL(origins[at]).host}`, {
    headers: { ...(cookie ? { cookie } : {}), ...told },
  })
}

/** Opens a page of a host whose browser is not in yet: the proxy leads to the sign-in. */
async function arrive(who: Traveller, at: Host, page = '/page?x=1&y=%2F'): Promise<void> {
  const led = await check(who, at, { 'x-forwarded-uri': page }, 'guard')
  expect(led.status).toBe(303)
  await who.open(led.headers.location ?? '')
}

/** Where the way back ended: the page of the host, which nobody serves here. */
const ended = (who: Traveller): string => who.at.href
const statusOf = async (who: Traveller, at: Host, about?: Record<string, string>): Promise<number> => (await check(who, at, about)).status

async function signedInAt(at: Host, name = 'bea', remember = false): Promise<Traveller> {
  const who = traveller()
  await arrive(who, at)
  await signIn(own, who, name, remember)
  expect(ended(who)).toBe(`${origins[at]}/page?x=1&y=%2F`)
  expect(await statusOf(who, at)).toBe(200)
  return who
}

describe('the way in', () => {
  test('a stranger is led to the sign-in and back to the very page with its query; the application hears who it is', async () => {
    const bea = await signedInAt('desk')
    const { headers } = await check(bea, 'desk')
    expect(headers).toMatchObject({ 'remote-user': 'bea', 'remote-email': 'bea@werf.test', 'remote-name': '', 'remote-groups': '' })
    expect(bea.hops.some((it) => it.startsWith(`${origins.desk}/_sluis/back?code=`))).toBe(true)
  })

  test('the sign-in page lets its form end at the protected host, and at no other', async () => {
    const bea = traveller()
    await arrive(bea, 'desk')
    expect(bea.page.headers['content-security-policy']).toContain(`form-action 'self' ${origins.desk};`)
  })

  test('inside a session another host of the same portal is one redirect away', async () => {
    const bea = await signedInAt('desk')
    await arrive(bea, 'quay', '/')
    expect(ended(bea)).toBe(`${origins.quay}/`)
    expect(await statusOf(bea, 'quay')).toBe(200)
  })

  test('a stricter host asks its own code at the entry; what was proved before does not count there', async () => {
    const bea = await signedInAt('desk')
    await arrive(bea, 'yard')
    expect(bea.at.pathname).toBe('/werf/sign-in/code/email')
    expect(await statusOf(bea, 'yard')).toBe(401)
    await giveMailedCode(own, bea, 'bea')
    expect(ended(bea)).toBe(`${origins.yard}/page?x=1&y=%2F`)
    expect([await statusOf(bea, 'yard'), await statusOf(bea, 'desk')]).toEqual([200, 200])
  })

  test('a remembered browser is enough where the rule says so, and the stricter host asks all the same', async () => {
    const cas = await signedInAt('quay', 'cas', true)
    cas.jar('localhost').delete('sluis-werf-session')
    cas.jar('quay.localhost').clear()
    await arrive(cas, 'quay')
    await cas.submit({ username: 'cas', password: 'zeven natte otters zingen' })
    expect(ended(cas)).toBe(`${origins.quay}/page?x=1&y=%2F`)
    expect(await statusOf(cas, 'quay')).toBe(200)
    await arrive(cas, 'desk')
    expect(cas.at.pathname).toBe('/werf/sign-in/code/email')
    expect(await statusOf(cas, 'desk')).toBe(401)
  })

  test('two tabs that left together both come back', async () => {
    const bea = traveller()
    const [one, two] = [await check(bea, 'desk', { 'x-forwarded-uri': '/one' }), await check(bea, 'desk', { 'x-forwarded-uri': '/two' })]
    await bea.open(one.headers.location ?? '')
    const first = { at: bea.at, page: bea.page }
    await bea.open(two.headers.location ?? '')
    await signIn(own, bea, 'bea')
    expect(ended(bea)).toBe(`${origins.desk}/two`)
    Object.assign(bea, first)
    await bea.open(one.headers.location ?? '')
    expect(ended(bea)).toBe(`${origins.desk}/one`)
  })

  test('T145: the way back opened twice by the same browser leads to the page again', async () => {
    const bea = await signedInAt('desk')
    const back = bea.hops.find((it) => it.includes('/_sluis/back')) ?? ''
    expect((await bea.ask(back)).headers.location).toBe(`${origins.desk}/page?x=1&y=%2F`)
  })
})

describe('the way out', () => {
  test('T069: signing out at the portal closes the host at once, also for a cookie kept by hand', async () => {
    const bea = await signedInAt('desk')
    await bea.open(`${origins.desk}/_sluis/sign-out`)
    expect(bea.at.pathname).toBe('/werf/sign-out')
    expect(await statusOf(bea, 'desk')).toBe(200)
    await bea.submit({})
    expect(bea.at.pathname).toBe('/werf/signed-out')
    expect(await statusOf(bea, 'desk')).toBe(401)
  })

  test('T069: a form of the application itself ends the session everywhere; a form of another site ends nothing', async () => {
    const bea = await signedInAt('desk')
    await arrive(bea, 'quay', '/')
    const foreign = { method: 'POST', headers: { origin: 'https://evil.example' } }
    expect((await bea.ask(`${origins.desk}/_sluis/sign-out`, foreign)).status).toBe(403)
    expect((await bea.ask(`${origins.desk}/_sluis/sign-out`, { method: 'POST' })).status).toBe(403)
    expect(await statusOf(bea, 'desk')).toBe(200)
    const kept = new Map(bea.jar('desk.localhost'))
    await bea.open(`${origins.desk}/_sluis/sign-out`, { method: 'POST', headers: { origin: origins.desk } })
    expect(bea.at.pathname).toBe('/werf/signed-out')
    expect([...bea.jar('desk.localhost').keys()]).toEqual([])
    for (const [name, value] of kept) bea.jar('desk.localhost').set(name, value)
    expect([await statusOf(bea, 'desk'), await statusOf(bea, 'quay')]).toEqual([401, 401])
  })

  test('T068: an account that is disabled is outside within five seconds', async () => {
    await own.add('dirk@werf.test', 'zeven natte otters zingen')
    const dirk = await signedInAt('desk', 'dirk')
    await own.sluis(['account', 'disable', '--portal', 'werf', '--username', 'dirk'])
    expect(await statusOf(dirk, 'desk')).toBe(401)
  })
})

describe('who only asks', () => {
  test('T075: a form, a script, a socket or an odd verb gets 401 and is led nowhere', async () => {
    const who = traveller()
    for (const method of ['POST', 'PUT', 'OPTIONS', 'TRACE', 'get', ''])
      expect([(await check(who, 'desk', { 'x-forwarded-method': method }, 'guard')).headers.location, method]).toEqual([undefined, method])
    for (const about of [
      { 'sec-fetch-mode': 'cors' },
      { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
      { upgrade: 'websocket', connection: 'Upgrade' },
    ]) {
      const reply = await check(who, 'desk', about, 'guard')
      expect([reply.status, reply.headers.location, reply.headers['www-authenticate']]).toEqual([401, undefined, 'Sluis'])
    }
    expect((await check(who, 'desk', { 'x-forwarded-method': 'HEAD' }, 'guard')).status).toBe(303)
  })

  test('T075: an address that is no page of the host is never where people return to', async () => {
    const bea = await signedInAt('quay')
    for (const page of ['//evil.example/', '/\\evil.example', 'https://evil.example/', 'evil', '/a b', '/_sluis/sign-out', '/x\u00e9', ''])
      for (const at of [
        (await check(traveller(), 'desk', { 'x-forwarded-uri': page })).headers.location ?? '',
        `${origins.desk}/_sluis/sign-in?to=${encodeURIComponent(page)}`,
      ]) {
        await bea.open(at)
        expect(ended(bea), page).toBe(`${origins.desk}/`)
      }
  })

  test('T075: a host without a rule is denied, whatever the cookie and the other headers say', async () => {
    const bea = await signedInAt('desk')
    const cookie = [...bea.jar('desk.localhost')].map(([name, value]) => `${name}=${value}`).join('; ')
    for (const host of ['evil.example', 'desk.localhost', 'constructor', 'localhost']) {
      const headers = { cookie, 'x-forwarded-host': 'desk.localhost:8001', host: 'desk.localhost:8001' }
      expect((await bea.ask(`http://127.0.0.1:${own.port}/_sluis/check/${host}`, { headers })).status, host).toBe(403)
    }
  })

  test('T091: the doors of a host are open under its own name alone', async () => {
    for (const host of ['evil.example', `localhost:${own.port}`, 'desk.localhost', ''])
      for (const door of ['sign-in', 'back', 'sign-out'])
        expect((await traveller().ask(`http://127.0.0.1:${own.port}/_sluis/${door}`, { headers: { host } })).status, host).toBe(421)
    // Of two a proxy may have read the other one.
    const named = new URL(origins.desk).host
    for (const hosts of [
      [named, named],
      [named, 'evil.example'],
      ['evil.example', named],
    ]) {
      const lines = ['GET /_sluis/sign-in HTTP/1.1', ...hosts.map((it) => `Host: ${it}`), 'Connection: close']
      expect(await exchange(own.port, `${lines.join('\r\n')}\r\n\r\n`), hosts.join()).toMatch(/^HTTP\/1\.1 4(00|21)/)
    }
    for (const path of ['/werf/sign-in', '/', '/_sluis', '/_sluis/check', '/_sluis/SIGN-IN', '/_sluis/sign-in/', '/_sluis/__proto__'])
      expect((await traveller().ask(`${origins.desk}${path}`)).status, path).toBeGreaterThan(403)
  })

  test('T019 T020: with a password alone, the cookie of the portal, another host or another door: never a yes', async () => {
    const half = traveller()
    await arrive(half, 'desk')
    await half.submit({ username: 'bea', password: 'zeven natte otters zingen' })
    expect(half.at.pathname).toBe('/werf/sign-in/code/email')
    expect(await statusOf(half, 'desk')).toBe(401)
    await own.code('bea@werf.test')

    const bea = await signedInAt('desk')
    const session = bea.jar('localhost').get('sluis-werf-session') ?? ''
    const host = bea.jar('desk.localhost').get('sluis-werf-desk-host') ?? ''
    const tries: [Host, Record<string, string>][] = [
      ['desk', { cookie: `sluis-werf-desk-host=${session}` }],
      ['desk', { cookie: `sluis-werf-session=${session}` }],
      ['quay', { cookie: `sluis-werf-quay-host=${host}` }],
      ['yard', { cookie: `sluis-werf-desk-host=${host}; sluis-werf-yard-host=${host}`, 'x-forwarded-host': 'desk.localhost:8001' }],
      ['desk', { cookie: `sluis-werf-desk-host=${host}; sluis-werf-desk-host=${host}x` }],
      ['desk', { authorization: `Bearer ${host}` }],
      ['desk', { authorization: `Basic ${btoa('bea:zeven natte otters zingen')}`, 'remote-user': 'bea' }],
      ['desk', { 'x-forwarded-uri': `/?sluis-werf-desk-host=${host}`, 'user-agent': 'GoogleHC/1.0' }],
    ]
    for (const [at, about] of tries) expect(await statusOf(traveller(), at, about), JSON.stringify(about)).toBe(401)
    expect(await statusOf(bea, 'desk')).toBe(200)
  })

  test('a code of the way back is worth nothing in another browser, at another host, or twice; its owner still comes in', async () => {
    const bea = traveller()
    await arrive(bea, 'desk')
    await bea.submit({ username: 'bea', password: 'zeven natte otters zingen' })
    const state = bea.jar('desk.localhost').get('sluis-werf-desk-state') ?? ''
    bea.jar('desk.localhost').clear()
    await giveMailedCode(own, bea, 'bea')
    expect([bea.at.pathname, bea.page.status]).toEqual(['/werf/sign-in/for/nobody', 400])
    expect(bea.page.body).toContain('Sta cookies toe voor desk.localhost:8001')
    expect(bea.page.body).toContain(`action="${origins.desk}/"`)
    expect(bea.page.headers['content-security-policy']).toContain(`form-action 'self' ${origins.desk};`)
    const back = bea.hops.find((it) => it.includes('/_sluis/back')) ?? ''
    const thief = traveller()
    thief.jar('desk.localhost').set('sluis-werf-desk-state', 'A'.repeat(43))
    thief.jar('quay.localhost').set('sluis-werf-quay-state', state)
    for (const at of [back, back.replace(origins.desk, origins.quay)]) await thief.open(at)
    expect([await statusOf(thief, 'desk'), await statusOf(thief, 'quay')]).toEqual([401, 401])
    bea.jar('desk.localhost').set('sluis-werf-desk-state', state)
    await bea.open(back)
    expect(await statusOf(bea, 'desk')).toBe(200)
    thief.jar('desk.localhost').set('sluis-werf-desk-state', state)
    await thief.open(back)
    expect(await statusOf(thief, 'desk')).toBe(401)
    expect(thief.page.body).toContain('Deze pagina stond te lang open')
    const foreign = await thief.open(`${own.address}/sign-in/for/nobody?application=evil`)
    expect([foreign.status, foreign.body.includes('evil')]).toEqual([400, false])
  })

  test('T052: a rule that was raised while somebody was on the way back holds: what was proved is not enough, and the code is spent', async () => {
    const bea = await signedInAt('desk')
    bea.jar('desk.localhost').clear()
    let at = (await check(bea, 'desk', {}, 'guard')).headers.location ?? ''
    while (!at.includes('/_sluis/back')) at = (await bea.ask(at)).headers.location ?? ''
    const file = join(own.folder, 'portals', 'werf.yaml')
    const before = readFileSync(file, 'utf8')
    writeFileSync(file, before.replace('Balie, secondStep: session', 'Balie, secondStep: every-time'))
    await own.restart('SIGTERM')
    await bea.open(at)
    expect([bea.at.pathname, bea.page.status, await statusOf(bea, 'desk')]).toEqual(['/werf/sign-in/for/nobody', 400, 401])
    expect([...bea.jar('desk.localhost').keys()]).toEqual(['sluis-werf-desk-state'])
    writeFileSync(file, before)
    await own.restart('SIGTERM')
    await bea.open(at)
    expect([bea.page.status, await statusOf(bea, 'desk')]).toEqual([400, 401])
    await arrive(bea, 'desk')
    expect(await statusOf(bea, 'desk')).toBe(200)
  })

  test('T071: the cookies of a host are HttpOnly and Lax, and belong to no other host', async () => {
    const who = traveller()
    const reply = await who.ask(`${origins.desk}/_sluis/sign-in?to=/`)
    const [state = ''] = reply.headers['set-cookie'] ?? []
    expect(state).toMatch(/^sluis-werf-desk-state=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=7200$/)
  })

  test('T088 T089: no answer is kept by a cache, and no other site may read it', async () => {
    for (const reply of [
      await check(await signedInAt('desk'), 'desk'),
      await check(traveller(), 'desk', { origin: 'https://evil.example' }),
    ]) {
      expect(reply.headers['cache-control']).toBe('no-store')
      expect(Object.keys(reply.headers).filter((it) => it.startsWith('access-control'))).toEqual([])
    }
  })
})
