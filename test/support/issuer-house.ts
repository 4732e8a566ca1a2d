/*
 * A house with its four portals on one real socket, for tests of the protocol.
 *
 *   const town = await openTown()
 *   const anna = await town.addPerson('c-point', 'anna')
 *   const browser = town.browser()             one jar of cookies; follows redirects until an application's address
 *
 * The sign-in pages are left out: the server tells the stories of src/sign-in directly, as src/http does.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pino } from 'pino'
import { type Connect, openConnect, type Trouble } from '../../src/connect/index.ts'
import { type House, hotp, makePasswords, seedPlace, stepSeconds } from '../../src/factors/index.ts'
import { loadPortals, type Portal } from '../../src/portals/index.ts'
import { systemRandom } from '../../src/random.ts'
import {
  answerCode,
  choose,
  findLiveSession,
  givePassword,
  givePhone,
  isSaid,
  type Moved,
  postpone,
  type Said,
  signOut,
  situationOf,
  type Visitor,
} from '../../src/sign-in/index.ts'
import { addAccount, addAuthenticator, codesOf, digitsOf, makeVault, openStorage, type Storage } from '../../src/storage/index.ts'
import { Browser } from './browser-jar.ts'

export const applications = 'http://app.localhost'
export const clientSecret = (client: string): string => `${client}-`.padEnd(40, 's')
export const password = 'twaalf eenden zwemmen traag'

export interface Person {
  readonly id: string
  readonly name: string
  /** The code that their app shows now; `ahead` steps later. */
  appCode(ahead?: number): string
}

export interface Town {
  readonly house: House
  readonly connect: Connect
  readonly host: string
  /** What the error page was told, newest last. */
  readonly troubles: Trouble[]
  portal(id: string): Portal
  browser(): Browser
  addPerson(portal: string, name: string, has?: 'app' | 'nothing'): Promise<Person>
  /** The digits of the newest code that was sent in the sign-in of this browser. */
  sentCode(browser: Browser, portal: string): Promise<string>
  /** Time goes on for the house; the protocol's own clock stays. */
  skip(seconds: number): void
  close(): Promise<void>
}

export interface TownSettings {
  readonly database?: string
  /** What the portal files would say otherwise. */
  readonly change?: (portal: Portal) => Portal
  /** An application whose secret is not given, but stands in a file of its own. */
  readonly withoutSecretOf?: string
  /** Servers on one database that take turns: each request of a browser, also each redirect that it follows, comes to the next. */
  readonly nodes?: number
  /** What stands between the server that requests come to and its database. */
  readonly through?: (whole: Storage) => Storage
}

export async function openTown(settings: TownSettings = {}): Promise<Town> {
  const { database = freshFile(), change = (it) => it, withoutSecretOf, nodes: count = 1, through } = settings
  const server = createServer((request, response) => void serve(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `localhost:${(server.address() as AddressInfo).port}`
  const { portals: read, problems } = loadPortals([join(import.meta.dirname, '../../portals')], { address: `http://${host}`, applications })
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  const portals = new Map([...read].map(([id, portal]) => [id, change(portal)]))
  let skipped = 0
  const house: House = {
    storage: await openStorage(database),
    vault: makeVault(randomBytes(32), systemRandom),
    clock: { now: () => Date.now() + skipped },
    random: systemRandom,
    portals,
    passwords: await makePasswords(systemRandom),
    log: pino({ level: 'silent' }),
    notify: () => undefined,
  }
  const troubles: Trouble[] = []
  const secrets = [...portals.values()].flatMap(({ id, applications: all }) =>
    Object.keys(all).flatMap((name) => (name === withoutSecretOf ? [] : [[`${id}/${name}`, clientSecret(name)] as const])),
  )
  const connectOf = (house: House): Connect =>
    openConnect(house, {
      secrets: Object.fromEntries(secrets),
      visitorOf,
      signInAddress: (portal) => `${portal.address}/sign-in`,
      signOutAddress: (portal) => `${portal.address}/sign-out`,
      signedOutAddress: (portal) => `${portal.address}/signed-out`,
      signOut: async (portal, request, _response, account) => {
        const session = await findLiveSession(house.storage.db, house, portal, visitorOf(portal, request).session, house.clock.now())
        if (session && session.account_id !== account) return false
        if (session) await signOut(house.storage.db, session, house.clock.now())
        farewells.wake()
        return true
      },
      renderError: (_portal, _request, response, trouble) => {
        troubles.push(trouble)
        response.writeHead(trouble.status, { 'content-type': 'text/plain' }).end(`wrong request: ${trouble.error}`)
      },
    })
  const nodeOn = (storage: Storage): Node => ({ house: { ...house, storage }, connect: connectOf({ ...house, storage }) })
  const first: Node = { house, connect: connectOf(house) }
  const nodes = [through ? nodeOn(through(house.storage)) : first]
  const others = await Promise.all(Array.from({ length: count - 1 }, () => openStorage(database)))
  nodes.push(...others.map(nodeOn))
  let turn = 0

  const farewells = first.connect.sayFarewells()

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const node = nodes[turn++ % nodes.length] ?? first
    try {
      response.setHeader('x-content-type-options', 'nosniff').setHeader('content-security-policy', "default-src 'none'")
      const [, id = '', ...rest] = (request.url ?? '').split('?')[0]?.split('/') ?? []
      const portal = portals.get(id)
      if (!portal) return void response.writeHead(404).end()
      if (await node.connect.handle(portal, `/${rest.join('/')}`, request, response)) return
      await signInPage(node, portal, rest.join('/'), request, response)
    } catch (error) {
      response.writeHead(500).end(String((error as Error).stack))
    }
  }

  async function signInPage(
    { house, connect }: Node,
    portal: Portal,
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { db } = house.storage
    const fields = new URLSearchParams(Buffer.concat(await request.toArray()).toString())
    const visitor = visitorOf(portal, request)
    const now = house.clock.now()
    const asked = await connect.asked(portal, request, response)
    const open = await situationOf(db, house, portal, visitor, now)
    const isOpen = open.attempt?.finished_at === null && (path !== 'sign-in/password' || open.interaction === asked?.interaction)
    const before = isOpen ? open : await situationOf(db, house, portal, { ...visitor, flow: undefined }, now, asked)
    if (request.method === 'GET') return void response.end(JSON.stringify({ step: before.step.step, title: asked?.clientTitle }))
    const acts: Record<string, () => Promise<Moved | Said>> = {
      'sign-in/password': () => givePassword(house, before, visitor, { name: fields.get('username') ?? '', password }, asked),
      'sign-in/later': () => postpone(house, before, visitor),
      'sign-in/phone': () => givePhone(house, before, visitor, fields.get('phone') ?? '', false),
      'sign-in/choose': () => choose(house, before, visitor, fields.get('method') ?? ''),
      'sign-in/code': () => answerCode(house, before, visitor, fields.get('code') ?? '', fields.has('remember')),
    }
    const outcome = await acts[path]?.()
    if (!outcome || isSaid(outcome)) return void response.writeHead(422).end(JSON.stringify(outcome))
    for (const [kind, value] of Object.entries(outcome.cookies))
      response.appendHeader('set-cookie', `sluis-${portal.id}-${kind}=${value}; Path=/; HttpOnly; SameSite=Lax`)
    const { situation, finished } = outcome
    if (!finished || !situation.account || !situation.interaction) return void response.end(JSON.stringify({ step: situation.step.step }))
    const back = await connect.resume(portal, situation.interaction, { id: finished.sessionId, accountId: situation.account.id })
    response.writeHead(303, { location: back ?? `${portal.address}/home` }).end()
  }

  const portalNamed = (id: string): Portal => portals.get(id) as Portal
  return {
    house,
    connect: nodes[0]?.connect ?? first.connect,
    host,
    troubles,
    portal: portalNamed,
    browser: () => new Browser(applications),
    addPerson: (portal, name, has = 'app') => addPerson(house, portal, name, has),
    sentCode: async (browser, portal) => {
      const visitor = visitorOf(portalNamed(portal), { headers: { cookie: browser.cookiesFor(`http://${host}/${portal}`) } })
      const { attempt } = await situationOf(house.storage.db, house, portalNamed(portal), visitor, house.clock.now())
      const purposes = ['sign-in', 'gate', 'new-phone'] as const
      const codes = await Promise.all(purposes.map((it) => codesOf(house.storage.db, attempt?.id ?? '', it)))
      const newest = codes.flat().toSorted((a, b) => b.created_at - a.created_at)[0]
      return digitsOf(house.vault, newest?.id ?? '')
    },
    skip: (seconds) => {
      skipped += seconds * 1000
    },
    close: async () => {
      await farewells.close()
      server.closeAllConnections()
      server.close()
      for (const it of [house.storage, ...others]) await it.close()
      if (database.startsWith(join(tmpdir(), 'sluis-town-'))) rmSync(dirname(database), { recursive: true })
    },
  }
}

type Node = Pick<Town, 'house' | 'connect'>

const freshFile = (): string => join(mkdtempSync(join(tmpdir(), 'sluis-town-')), 'sluis.db')

/** From which address a request comes, for tests of what is counted by network. */
export const fromHeader = 'x-test-from'

function visitorOf({ id }: Portal, { headers }: Pick<IncomingMessage, 'headers'>): Visitor {
  const cookie = (kind: string): string | undefined =>
    new Map((headers.cookie ?? '').split('; ').map((it) => it.split('=') as [string, string])).get(`sluis-${id}-${kind}`)
  const [flow, session, browser, enrolment] = ['flow', 'session', 'browser', 'enrolment'].map(cookie)
  return { flow, session, browser, enrolment, address: String(headers[fromHeader] ?? '127.0.0.1'), language: 'nl' }
}

async function addPerson(house: House, portal: string, name: string, has: 'app' | 'nothing'): Promise<Person> {
  const { storage, vault, random, clock, passwords } = house
  const [id, app, seed, now] = [random.id(), random.id(), random.bytes(20), clock.now()]
  const nothing = { phone: null, phone_proven_at: null, language: null, group_name: null, disabled_at: null, last_method: null }
  await addAccount(storage.db, {
    ...nothing,
    id,
    portal,
    name,
    shown_name: name,
    email: name.includes('@') ? name : `${name}@haven.test`,
    password_hash: await passwords.hash(password),
    password_changed_at: now,
    given_name: 'Anna',
    family_name: 'Jansen',
    second_step_since: null,
    authenticators_changed_at: null,
    announced_at: null,
    created_at: now,
  })
  const row = { id: app, account_id: id, title: null, last_step: 0, bound_at: now, last_used_at: null, disabled_at: null }
  if (has === 'app') await addAuthenticator(storage.db, { ...row, method: 'totp', secret: vault.seal(seed, seedPlace(app)) })
  const appCode = (ahead = 0): string => hotp(seed, Math.floor(clock.now() / 1000 / stepSeconds) + ahead)
  return { id, name, appCode }
}
