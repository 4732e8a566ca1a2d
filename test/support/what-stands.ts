/*
 * Everything that can stand open of one person, at a portal that runs as two processes on one database, with the demo's own relying party:
 *
 *   const house = await openTwoNodes('sqlite')
 *   const bea = await house.standing('bea')        one session to act in, one with tokens and hosts, one remembered, one half-way
 *   await bea.alive()                              what still opens something, by name, as both nodes say it
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import jsqr from 'jsqr'
import { PNG } from 'pngjs'
import { demoPortals, startApplications } from '../../demo/application/index.ts'
import { openStorage, type Storage } from '../../src/storage/index.ts'
import { appCode } from './demo.ts'
import { type OwnPortal, openPortal } from './portal.ts'
import { createDatabase } from './postgres.ts'
import { werfFile } from './protected.ts'
import { relyingParty } from './relying-party.ts'
import { Traveller } from './traveller.ts'

export const password = 'zeven natte otters zingen'
const key = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const [host, lenient] = ['http://desk.localhost:8001', 'http://quay.localhost:8002']
export const callback = 'http://app.localhost/callback'
export const secretOf = (client: string): string => `${client}-secret-that-nobody-guesses-here`

const portalFile = (applications: string, more: string): string =>
  werfFile(
    'totp, email',
    `  desk: { title: Balie, secondStep: session, protects: "${host}" }
  quay: { title: Kaai, secondStep: remembered, protects: "${lenient}" }
  loket:
    title: Loket
    secondStep: session
    client: { id: loket, redirectUris: ["${applications}/callback"], backchannelLogoutUri: "${applications}/ended" }
  kantoor:
    title: Kantoor
    secondStep: session
    client: { id: kantoor, redirectUris: ["${callback}"], refreshTokens: true, scopes: [openid, offline_access] }
${more}`,
  )

export interface TwoNodes {
  /** Where the two listen, whatever the address of the portal. */
  readonly nodes: readonly number[]
  readonly own: OwnPortal
  readonly storage: Storage
  standing(name: string): Promise<Standing>
  /** A new person, signed in at the portal. */
  signIn(name: string): Promise<Traveller>
  close(): Promise<void>
}

export interface Standing {
  readonly name: string
  /** In which the person acts; signed in last. */
  readonly acting: Traveller
  /** The picture of a new app, as the acting session sees it. */
  picture(): Promise<Buffer>
  /** A browser of somebody else. */
  stranger(): Traveller
  readonly portal: string
  /** The acting session, by the cookie that it has now, on both nodes. */
  isActing(): Promise<readonly boolean[]>
  /** What still lets somebody in, asked of both nodes. */
  alive(): Promise<string[]>
  /** Whether the relying party of the demo still knows who is there. */
  isKnownAtApplication(): Promise<boolean>
  /** What must not open anything any more, tried for good: it is spent by the try. */
  opensStill(nextPassword?: string): Promise<string[]>
}

/** `more`: applications beside those, as they stand in the portal file. */
export async function openTwoNodes(engine: 'sqlite' | 'postgres', more = ''): Promise<TwoNodes> {
  const database = engine === 'postgres' ? await createDatabase() : undefined
  const applications = await startApplications(0, Date.now)
  const loket = `http://localhost:${applications.port}/werf/loket`
  const own = await openPortal('werf', portalFile(loket, more), {
    ...(database ? { database: database.url } : {}),
    applications: { secrets: { 'werf/loket': secretOf('loket'), 'werf/kantoor': secretOf('kantoor') } },
  })
  const nodes = [own.port, await own.another()]
  applications.register([
    {
      path: 'werf/loket',
      title: 'Loket',
      portalName: 'Werf',
      issuer: own.address,
      clientId: 'loket',
      clientSecret: secretOf('loket'),
      words: demoPortals['c-point']?.words ?? (undefined as never),
    },
  ])
  const storage = await openStorage(database?.url ?? join(own.folder, 'sluis.db'))
  return {
    own,
    nodes,
    storage,
    signIn: async (name) => {
      const who = new Traveller(() => ({ port: own.port }))
      await addPerson(own, name)
      await who.open(`${own.address}/sign-in`)
      await signIn(own, who, name)
      return who
    },
    standing: (name) => standing(own, nodes, applications.port, loket, name),
    close: async () => {
      await storage.close()
      await own.close()
      await applications.close()
      await database?.drop()
    },
  }
}

async function standing(own: OwnPortal, nodes: readonly number[], applications: number, loket: string, name: string): Promise<Standing> {
  await addPerson(own, name)
  const traveller = (node = nodes[0] ?? 0): Traveller =>
    new Traveller(({ hostname, port }) => ({ port: hostname === 'localhost' && Number(port) === applications ? applications : node }))

  const halfWay = traveller(nodes[1])
  await halfWay.open(`${own.address}/sign-in`)
  await givePassword(halfWay, name)
  const itsCode = await own.code(`${name}@werf.test`)

  const remembered = traveller(nodes[1])
  await enter(own, remembered, lenient)
  await signIn(own, remembered, name, true)

  const other = traveller()
  await other.open(loket)
  await other.submit({}, '/werf/loket/sign-in')
  await signIn(own, other, name)
  await enter(own, other, host)
  const party = await relyingParty(own.address, 'kantoor', secretOf('kantoor'), callback)
  const question = await party.ask({ scope: 'openid offline_access', prompt: 'consent' })
  let at = question.location.href
  while (!at.startsWith(callback)) at = new URL((await other.ask(at)).headers.location ?? '', at).href
  const tokens = await party.redeem(new URL(at), question)

  const acting = traveller()
  await acting.open(`${own.address}/sign-in`)
  await signIn(own, acting, name)
  const before = new Map(acting.jar('localhost'))
  await other.open(`${own.address}/profile/add`)
  await other.submit({ method: 'totp' })
  if (other.page.status !== 200 || other.at.pathname !== '/werf/profile/add/app')
    throw new Error(`no picture: ${other.at} ${other.page.body}`)

  const cookiesOf = (jar: ReadonlyMap<string, string>): string => [...jar].map(([it, value]) => `${it}=${value}`).join('; ')
  const statusAt = async (node: number, address: string, headers: Record<string, string>, body?: string): Promise<number> =>
    (await new Traveller(() => ({ port: node })).ask(address, body === undefined ? { headers } : { method: 'POST', headers, body })).status
  const opens = {
    'the session': async (node: number) =>
      (await statusAt(node, `${own.address}/home`, { cookie: cookiesOf(other.jar('localhost')) })) === 200,
    'the session of the remembered browser': async (node: number) =>
      (await statusAt(node, `${own.address}/home`, { cookie: cookiesOf(remembered.jar('localhost')) })) === 200,
    'the acting session by its old cookie': async (node: number) =>
      (await statusAt(node, `${own.address}/home`, { cookie: cookiesOf(before) })) === 200,
    'the access token': async (node: number) =>
      (await statusAt(node, `${own.address}/userinfo`, { authorization: `Bearer ${tokens.access_token}` })) === 200,
    'the refresh token': async (node: number) => {
      const headers = { authorization: basic('kantoor'), 'content-type': 'application/x-www-form-urlencoded' }
      const body = new URLSearchParams({ token: tokens.refresh_token ?? '', token_type_hint: 'refresh_token' }).toString()
      const asked = await new Traveller(() => ({ port: node })).ask(`${own.address}/introspect`, { method: 'POST', headers, body })
      return (JSON.parse(asked.body) as { active: boolean }).active
    },
    'the protected host': async (node: number) =>
      (await statusAt(node, `http://127.0.0.1:${node}/_sluis/check/desk.localhost:8001`, {
        cookie: cookiesOf(other.jar('desk.localhost')),
        'x-forwarded-method': 'GET',
        'x-forwarded-uri': '/',
      })) === 200,
    'the lenient protected host': async (node: number) =>
      (await statusAt(node, `http://127.0.0.1:${node}/_sluis/check/quay.localhost:8002`, {
        cookie: cookiesOf(remembered.jar('quay.localhost')),
        'x-forwarded-method': 'GET',
        'x-forwarded-uri': '/',
      })) === 200,
    'the half-way sign-in': async (node: number) =>
      (await statusAt(node, `${own.address}/sign-in/code/email`, { cookie: cookiesOf(halfWay.jar('localhost')) })) === 200,
    'the picture of a new app': async (node: number) =>
      (await statusAt(node, `${own.address}/profile/add/picture`, { cookie: cookiesOf(other.jar('localhost')) })) === 200,
  }
  return {
    name,
    acting,
    stranger: () => traveller(),
    picture: async () => {
      const headers = { cookie: cookiesOf(acting.jar('localhost')) }
      return Buffer.from(await (await fetch(`${own.address}/profile/add/picture`, { headers })).arrayBuffer())
    },
    portal: own.address,
    isActing: () =>
      Promise.all(
        nodes.map(async (it) => (await statusAt(it, `${own.address}/home`, { cookie: cookiesOf(acting.jar('localhost')) })) === 200),
      ),
    async alive() {
      const asked = nodes.flatMap((node, nr) =>
        Object.entries(opens).map(async ([what, is]) => ((await is(node)) ? [`${what} (N${nr + 1})`] : [])),
      )
      return (await Promise.all(asked)).flat()
    },
    isKnownAtApplication: async () => (await other.ask(loket)).body.includes('Je bent aangelogd.'),
    async opensStill(next = password) {
      const left: string[] = []
      const grant = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' }
      const headers = { authorization: basic('kantoor'), 'content-type': 'application/x-www-form-urlencoded' }
      if ((await statusAt(nodes[1] ?? 0, `${own.address}/token`, headers, new URLSearchParams(grant).toString())) !== 400)
        left.push('refresh')
      await halfWay.submit({ code: itsCode }, '/werf/sign-in/code/email')
      if (halfWay.page.body.includes('<h1>Je bent') || halfWay.at.pathname === '/werf/home') left.push('the half-way sign-in')
      for (const it of ['localhost', 'quay.localhost'])
        for (const kind of remembered.jar(it).keys()) if (!kind.endsWith('-browser')) remembered.jar(it).delete(kind)
      await enter(own, remembered, lenient)
      if (remembered.at.origin === lenient) left.push('the remembered browser without a password')
      else await givePassword(remembered, name, next, false)
      if (remembered.at.origin === lenient) left.push('the remembered browser')
      return left
    },
  }
}

async function addPerson(own: OwnPortal, name: string): Promise<void> {
  const people = join(own.folder, `${name}.csv`)
  writeFileSync(people, `username,email,password,totp_secret\n${name},${name}@werf.test,${password},${key}\n`)
  await own.sluis(['account', 'import', people, '--portal', 'werf'])
}

export const basic = (client: string): string => `Basic ${Buffer.from(`${client}:${secretOf(client)}`).toString('base64')}`

/** The proxy of a protected host leads a browser that is not in yet to the sign-in. */
async function enter(own: OwnPortal, who: Traveller, origin: string): Promise<void> {
  const told = { 'x-forwarded-method': 'GET', 'x-forwarded-uri': '/' }
  const led = await who.ask(`http://127.0.0.1:${own.port}/_sluis/guard/${new URL(origin).host}`, { headers: told })
  await who.open(led.headers.location ?? '')
}

/** The password, and mail as the method; the code page stands open then. */
async function givePassword(who: Traveller, name: string, typed = password, mayChoose = true): Promise<void> {
  await who.submit({ username: name, password: typed })
  if (mayChoose && !who.at.pathname.endsWith('/code/email')) {
    await who.open(new URL('/werf/sign-in/choose', who.at))
    await who.submit({ method: 'email' })
  }
}

async function signIn(own: OwnPortal, who: Traveller, name: string, remember = false): Promise<void> {
  await givePassword(who, name)
  if (!who.at.pathname.endsWith('/sign-in/code/email')) throw new Error(`no code page: ${who.at} ${who.page.body.slice(0, 3_000)}`)
  await who.submit({ code: await own.code(`${name}@werf.test`), ...(remember ? { remember: '1' } : {}) })
}

/** What an app shows for the key in a picture, by an independent decoder. */
export function codeOfPicture(png: Buffer): string {
  const { data, width, height } = PNG.sync.read(png)
  const found = jsqr.default(Uint8ClampedArray.from(data), width, height)
  return appCode(new URL(found?.data ?? '').searchParams.get('secret') ?? '')
}
