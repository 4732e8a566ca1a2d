import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Unpacked, unpacked } from '../support/debian.ts'
import { freePort, type OwnPortal } from '../support/portal.ts'
import { giveMailedCode, openWerf, portalFile, signIn } from '../support/protected.ts'
import { proxies, type Running, type Seen, startApplication, startProxy } from '../support/proxies.ts'
import type { Reply } from '../support/raw.ts'
import { Traveller } from '../support/traveller.ts'

/* nginx and Caddy as Debian ships them, with the very examples of the manual, over TLS. The application behind them knows nothing. */

const origins = { desk: 'https://planning.example.org', yard: 'https://yard.example.org', quay: 'https://quay.example.org' }
let found: Unpacked
let own: OwnPortal
let application: Awaited<ReturnType<typeof startApplication>>

beforeAll(async () => {
  found = await proxies()
  application = await startApplication()
  own = await openWerf(`address: https://login.example.org\n${portalFile(origins)}`, { trustedProxies: ['127.0.0.1'] })
}, 240_000)
afterAll(async () => {
  await application.close()
  await own.close()
})

describe.each(['nginx', 'caddy'] as const)('behind %s', (name) => {
  let proxy: Running | undefined
  beforeAll(async () => {
    if (!('folder' in found)) return
    const more = [origins.yard, origins.quay].map((it) => new URL(it).host)
    proxy = await startProxy(name, found.folder, { sluis: own.port, application: application.port, more })
  })
  afterAll(() => proxy?.close())

  const story = (sentence: string, tell: () => Promise<void>): void =>
    test(sentence, async (context) => {
      unpacked(found, context)
      await tell()
    })
  const traveller = (): Traveller => new Traveller(() => ({ port: proxy?.port ?? 0 }))
  const seenBy = (reply: Reply): Seen => JSON.parse(reply.body) as Seen
  const page = `${origins.desk}/week/7?day=ma&to=%2Fx%3F&n=1`

  async function inside(who = traveller()): Promise<Traveller> {
    await who.open(page)
    await signIn(own, who, 'bea')
    expect(who.at.href).toBe(page)
    return who
  }

  story('a stranger signs in and returns to the very page with its query; the application hears who it is', async () => {
    const before = application.seen.length
    const bea = traveller()
    await bea.open(page)
    expect(bea.at.href).toBe('https://login.example.org/sign-in')
    expect(application.seen.length).toBe(before)
    await signIn(own, bea, 'bea')
    expect(bea.at.href).toBe(page)
    const { url, headers } = seenBy(bea.page)
    expect(url).toBe('/week/7?day=ma&to=%2Fx%3F&n=1')
    expect(headers).toMatchObject({ 'remote-user': 'bea', 'remote-email': 'bea@werf.test' })
    expect([...bea.jar('planning.example.org').keys()].sort()).toEqual(['__Host-sluis-werf-desk-host', '__Host-sluis-werf-desk-state'])
  })

  story(
    'T075: identity headers that a client sends are replaced, in every spelling; what is not known of a person is not sent',
    async () => {
      const bea = await inside()
      const forged = {
        'remote-user': 'admin',
        'REMOTE-NAME': 'The Boss',
        'Remote-Groups': ['staff', 'admins'],
        Remote_User: 'admin',
        REMOTE_GROUPS: 'x',
      }
      const { headers, rawHeaders } = seenBy(await bea.ask(page, { headers: forged }))
      expect(headers['remote-user']).toBe('bea')
      expect(headers['remote-name'] ?? '').toBe('')
      expect(headers['remote-groups'] ?? '').toBe('')
      expect(rawHeaders.join(' ')).not.toMatch(/admin|Boss|staff/)
      expect(rawHeaders.filter((it) => /^remote_/i.test(it))).toEqual([])
    },
  )

  story('a client that names an identity header as one of its connection takes it from nobody', async () => {
    const bea = await inside()
    for (const connection of [
      'keep-alive, Remote-User',
      'close, remote-user, remote-email',
      'Upgrade, REMOTE-USER',
      ['close', 'Remote-User'],
    ]) {
      const reply = await bea.ask(page, { headers: { connection } })
      expect(reply.status === 400 || !/remote/i.test(seenBy(reply).headers.connection ?? '')).toBe(true)
      expect(reply.status === 400 || seenBy(reply).headers['remote-user'] === 'bea', `${connection}: ${reply.body}`).toBe(true)
    }
  })

  story('T075: no path, method, agent or forwarded header of a client brings a stranger to the application', async () => {
    const before = application.seen.length
    const who = traveller()
    const paths = [
      '/',
      '//',
      '/%2e%2e/x',
      '/_sluis/../x',
      '/x;/_sluis/',
      '/_sluis%2f..%2fx',
      '/x/../_sluis/../y',
      '/.well-known/x',
      '/health',
    ]
    for (const path of paths) {
      const { status } = await who.ask(origins.desk + path)
      expect(status, path).toBeGreaterThanOrEqual(300)
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      const reply = await who.ask(page, { method })
      expect([reply.status, reply.headers.location], method).toEqual([401, undefined])
    }
    const told = {
      'x-forwarded-method': 'GET',
      'x-forwarded-host': 'quay.example.org',
      'x-forwarded-uri': '/_sluis/x',
      'x-original-url': '/open',
    }
    const reply = await who.ask(page, {
      headers: { ...told, 'x-rewrite-url': '/open', 'user-agent': 'kube-probe/1.0', 'remote-user': 'bea' },
    })
    expect(reply.status).toBe(303)
    expect(new URL(reply.headers.location ?? '').searchParams.get('to')).toBe(page.slice(origins.desk.length))
    expect((await who.ask(page, { method: 'HEAD' })).status).toBe(303)
    expect(application.seen.length).toBe(before)
  })

  story('what a page fetches by itself and a socket get 401 outside, and pass inside', async () => {
    const [stranger, bea] = [traveller(), await inside()]
    const socket = { upgrade: 'websocket', connection: 'Upgrade', 'sec-fetch-mode': 'websocket' }
    for (const headers of [{ 'sec-fetch-mode': 'cors' }, socket]) {
      const reply = await stranger.ask(page, { headers })
      expect([reply.status, reply.headers.location]).toEqual([401, undefined])
    }
    expect((await bea.ask(page, { headers: { 'sec-fetch-mode': 'cors' } })).status).toBe(200)
    const posted = await bea.ask(page, { method: 'POST', body: 'a=1' })
    expect([posted.status, seenBy(posted).method]).toEqual([200, 'POST'])
    expect((await bea.ask(page, { headers: socket })).status).toBe(101)
  })

  story('a host with a stricter rule asks a code of its own at the entry; another host is one redirect away', async () => {
    const bea = await inside()
    await bea.open(`${origins.quay}/a`)
    expect([bea.at.href, bea.page.status]).toEqual([`${origins.quay}/a`, 200])
    await bea.open(`${origins.yard}/b?c=d`)
    await giveMailedCode(own, bea, 'bea')
    expect([bea.at.href, seenBy(bea.page).headers['remote-user']]).toEqual([`${origins.yard}/b?c=d`, 'bea'])
  })

  story('T069: who signs out is outside at once, with the old cookie as well', async () => {
    const bea = await inside()
    const kept = new Map(bea.jar('planning.example.org'))
    await bea.open(`${origins.desk}/_sluis/sign-out`)
    expect(bea.at.href).toBe('https://login.example.org/sign-out')
    await bea.submit({})
    expect(bea.at.pathname).toBe('/signed-out')
    for (const [cookie, value] of kept) bea.jar('planning.example.org').set(cookie, value)
    expect((await bea.ask(page)).status).toBe(303)
    expect((await bea.ask(page, { method: 'POST' })).status).toBe(401)
  })

  story('a form of the application signs out in one step', async () => {
    const bea = await inside()
    await bea.open(`${origins.desk}/_sluis/sign-out`, { method: 'POST', headers: { origin: origins.desk } })
    expect(bea.at.href).toBe('https://login.example.org/signed-out')
    expect((await bea.ask(page)).status).toBe(303)
  })

  story('a long address is the very page as well; one that would not fit the headers of a proxy is the first page', async () => {
    const long = `${page}&filter=${'x'.repeat(2_500)}`
    const bea = traveller()
    await bea.open(long)
    await signIn(own, bea, 'bea')
    expect(bea.at.href).toBe(long)
    bea.jar('planning.example.org').clear()
    await bea.open(`${page}&filter=${'x'.repeat(5_000)}`)
    expect(bea.at.href).toBe(`${origins.desk}/`)
  })

  story('when Sluis does not answer nobody comes in', async () => {
    const bea = await inside()
    const behind = { sluis: await freePort(), application: application.port, more: [] }
    const alone = await startProxy(name, 'folder' in found ? found.folder : '', behind)
    const before = application.seen.length
    const lost = new Traveller(() => ({ port: alone.port }))
    for (const [cookie, value] of bea.jar('planning.example.org')) lost.jar('planning.example.org').set(cookie, value)
    for (const method of ['GET', 'POST', 'HEAD']) expect((await lost.ask(page, { method })).status).toBeGreaterThanOrEqual(500)
    expect(application.seen.length).toBe(before)
    await alone.close()
    expect((await bea.ask(page)).status).toBe(200)
  })

  story('T087: a request that can be read in two ways gets one answer, and the application sees nothing of it', async () => {
    const before = application.seen.length
    const head = 'Host: planning.example.org'
    const twoWays = [
      `POST /a HTTP/1.1\r\n${head}\r\nContent-Length: 44\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /b HTTP/1.1\r\n${head}\r\n\r\n`,
      `POST /a HTTP/1.1\r\n${head}\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\nGET /b HTTP/1.1\r\n${head}\r\n\r\n`,
      `POST /a HTTP/1.1\r\n${head}\r\nContent-Length : 4\r\n\r\nabcd`,
      `GET /a HTTP/1.1\r\n${head}\r\nHost: quay.example.org\r\n\r\n`,
    ]
    for (const bytes of twoWays) {
      const said = await exchange(proxy?.port ?? 0, bytes)
      expect(said.match(/HTTP\/1\.1 \d+/g)?.length ?? 0, said).toBeLessThanOrEqual(2)
      expect(said, said).not.toMatch(/HTTP\/1\.1 2/)
    }
    expect(application.seen.length).toBe(before)
  })
})

/** Exactly these bytes, over TLS; all that comes back within a second. */
function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let said = ''
    const socket = connect({ host: '127.0.0.1', port, servername: 'planning.example.org', rejectUnauthorized: false }, () =>
      socket.write(bytes),
    )
    socket.on('data', (it) => {
      said += it
    })
    socket.on('error', () => resolve(said)).on('close', () => resolve(said))
    socket.setTimeout(1_000, () => socket.destroy())
  })
}
