import type { IncomingMessage } from 'node:http'
import { homeOf, type Portal } from '../portals/index.ts'

/** A path of the protocol, relative to the portal's address. */
export interface Door {
  readonly name: 'discovery' | 'jwks' | 'authorize' | 'resume' | 'par' | 'token' | 'introspect' | 'userinfo' | 'end-session'
  readonly methods: readonly string[]
  /** A form of another site brings no cookies of ours (SameSite=Lax): it is sent on as a GET, which brings them. */
  readonly entersAgain?: boolean
  /** Answers JSON, whatever the caller would rather see. */
  readonly speaksJson?: boolean
}

export const routes = {
  authorization: '/authorize',
  pushed_authorization_request: '/par',
  token: '/token',
  introspection: '/introspect',
  userinfo: '/userinfo',
  jwks: '/jwks',
  end_session: '/end-session',
} as const
export const discoveryPath = '/.well-known/openid-configuration'

// No OPTIONS where a token is asked for or shown: no page of another origin calls us.
// No HEAD where an answer makes something: it would mint a code that nobody asked to see.
// biome-ignore format: a table
const doors: ReadonlyMap<string, Door> = new Map([
  [discoveryPath,                       { name: 'discovery',   methods: ['GET', 'HEAD', 'OPTIONS'] }],
  [routes.jwks,                         { name: 'jwks',        methods: ['GET', 'HEAD', 'OPTIONS'] }],
  [routes.authorization,                { name: 'authorize',   methods: ['GET', 'POST'], entersAgain: true }],
  [routes.pushed_authorization_request, { name: 'par',         methods: ['POST'], speaksJson: true }],
  [routes.token,                        { name: 'token',       methods: ['POST'], speaksJson: true }],
  [routes.introspection,                { name: 'introspect',  methods: ['POST'], speaksJson: true }],
  [routes.userinfo,                     { name: 'userinfo',    methods: ['GET', 'POST'], speaksJson: true }],
  [routes.end_session,                  { name: 'end-session', methods: ['GET', 'POST'], entersAgain: true }],
])
const resumeDoor: Door = { name: 'resume', methods: ['GET'] }
const resumePath = /^\/authorize\/[\w-]{20,64}$/

/** Compared byte for byte: what the provider would fold or trim is no door. */
export function doorOf(path: string): Door | undefined {
  return doors.get(path) ?? (resumePath.test(path) ? resumeDoor : undefined)
}

/** The provider makes its addresses from the request, so the request is made from the portal: whatever its headers said is gone. */
export function enterProvider(portal: Portal, path: string, door: Door, request: IncomingMessage): void {
  const { host, protocol, base } = homeOf(portal)
  const url = path + searchFor(door, request.url)
  request.headers['x-forwarded-host'] = host
  request.headers['x-forwarded-proto'] = protocol.slice(0, -1)
  if (door.speaksJson) request.headers.accept = 'application/json'
  Object.assign(request, { url, originalUrl: base + url, baseUrl: base })
}

/** Answers come in the query alone; another mode is handed on as one that nobody knows, so that it is refused and never used. */
function searchFor(door: Door, url = ''): string {
  const search = searchOf(url)
  if (door.name !== 'authorize' || search === '') return search
  const params = new URLSearchParams(search)
  const modes = params.getAll('response_mode')
  if (modes.length === 0 || (modes.length === 1 && modes[0] === 'query')) return search
  params.set('response_mode', 'unsupported')
  return `?${params}`
}

export function searchOf(url = ''): string {
  const at = url.indexOf('?')
  return at < 0 ? '' : url.slice(at)
}

const largestForm = 8_192

/** The same request as a GET. Undefined when the form is too large or no form. */
export async function enterAgain(portal: Portal, path: string, request: IncomingMessage): Promise<string | undefined> {
  if (!/^application\/x-www-form-urlencoded *(;|$)/i.test(request.headers['content-type'] ?? '')) return undefined
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += piece.length
    if (length > largestForm) return undefined
    pieces.push(piece)
  }
  return `${portal.address}${path}?${new URLSearchParams(Buffer.concat(pieces).toString('utf8'))}`
}

/** A browser takes what stood behind the # of our address along to one that has none (RFC 9110, section 10.2.2): an empty one stops that. */
export const withOwnFragment = (address: string): string => (address.includes('#') ? address : `${address}#`)
