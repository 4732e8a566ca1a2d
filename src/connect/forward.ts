import type { IncomingMessage, ServerResponse } from 'node:http'
import * as audit from '../audit/index.ts'
import type { Instant } from '../decision/index.ts'
import { type House, hashOfToken } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { findLiveSessionById, mayBegin, signOut } from '../sign-in/index.ts'
import { findHostSession, type SessionRow } from '../storage/index.ts'
import { type Check, type Checked, checkOf } from './forward-check.ts'
import { entryPath, lostPath } from './forward-entrance.ts'
import { beginEntry, takeOver } from './forward-entry.ts'
import { doorPath, hostCookie, hostsOf, type ProtectedHost, pageOn, readHostCookie } from './forward-hosts.ts'

/*
 * Applications that need no code at all: their proxy asks before it lets anybody in.
 *
 *     proxy ──> /_sluis/check/HOST   200 with who it is, or 401 with the address of the sign-in     (nginx)
 *               /_sluis/guard/HOST   200, or 303 to the sign-in; 401 for who cannot follow          (Caddy, Traefik)
 *
 *     browser, at the protected host itself:
 *               /_sluis/sign-in ──> the portal ──> sign-in ──> /_sluis/back?code ──> the page it wanted
 *               /_sluis/sign-out
 *
 * The host of a check stands in the proxy's configuration; all else is accepted under the protected host's own name alone.
 */
export interface ForwardSettings {
  clientAddress(request: IncomingMessage): string
  signOutAddress(portal: Portal): string
  signedOutAddress(portal: Portal): string
}

/** Answers what lies under `/_sluis/`; it is only asked for that. Undefined: it was answered at once. */
export type Forward = (request: IncomingMessage, response: ServerResponse) => Promise<void> | undefined

interface Reply {
  readonly status: number
  readonly text?: string
  readonly headers?: Readonly<Record<string, string | string[]>>
}

export function openForward(house: House, settings: ForwardSettings): Forward {
  const hosts = hostsOf(house.portals.values())
  const check = checkOf(house)
  return (request, response) => {
    const path = pathOf(request)
    const asked = /^\/_sluis\/(check|guard)\/([^/]+)$/.exec(path)
    const reply = asked
      ? checkReply(check, hosts.get(asked[2] ?? ''), asked[1] === 'guard', request)
      : doorReply(house, settings, hostOf(hosts, request), path.slice(doorPath.length), request)
    if (reply instanceof Promise) return reply.then((it) => write(response, it))
    write(response, reply)
    return undefined
  }
}

/** A proxy may have read the other one of two. */
function hostOf(hosts: ReadonlyMap<string, ProtectedHost>, { headers, headersDistinct }: IncomingMessage): ProtectedHost | undefined {
  return headersDistinct.host?.length === 1 ? hosts.get(headers.host?.toLowerCase() ?? '') : undefined
}

function checkReply(check: Check, host: ProtectedHost | undefined, leads: boolean, request: IncomingMessage): Reply | Promise<Reply> {
  // Without a rule nobody passes, whatever else is right.
  if (!host) return { status: 403, text: 'This host is not protected here: no application names it.' }
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, text: 'GET only.', headers: { allow: 'GET, HEAD' } }
  const answered = (it: Checked): Reply => {
    if (it.may === 'pass') return { status: 200, headers: it.identity }
    if (it.signInAt === undefined) return notSignedIn
    return leads ? seeOther(it.signInAt) : { ...notSignedIn, headers: { ...notSignedIn.headers, location: it.signInAt } }
  }
  const checked = check(host, request.headers)
  return checked instanceof Promise ? checked.then(answered) : answered(checked)
}

const notSignedIn = { status: 401, text: 'Sign in first.', headers: { 'www-authenticate': 'Sluis' } } as const

/** What the browser asks at the protected host itself. */
function doorReply(
  house: House,
  settings: ForwardSettings,
  host: ProtectedHost | undefined,
  name: string,
  request: IncomingMessage,
): Reply | Promise<Reply> {
  if (!host) return { status: 421, text: 'This host is not known here.' }
  const door = Object.hasOwn(doors, name) ? doors[name] : undefined
  if (!door) return { status: 404, text: 'This page does not exist.' }
  const answer = door[request.method as 'GET' | 'POST']
  const allow = Object.keys(door).join(', ')
  if (!answer) return { status: 405, text: `${allow} only.`, headers: { allow } }
  return answer({ house, settings, host, request, now: house.clock.now() })
}

interface AtHost {
  readonly house: House
  readonly settings: ForwardSettings
  readonly host: ProtectedHost
  readonly request: IncomingMessage
  readonly now: Instant
}

type Answering = (at: AtHost) => Reply | Promise<Reply>

const doors: Readonly<Record<string, { readonly GET: Answering; readonly POST?: Answering }>> = {
  'sign-in': { GET: leave },
  back: { GET: comeBack },
  // An address on another site may not end a session: it leads to the question. A form of the application itself ends it at once.
  'sign-out': { GET: ({ settings, host }) => seeOther(settings.signOutAddress(host.portal)), POST: endHere },
}

async function leave({ house, settings, host, request, now }: AtHost): Promise<Reply> {
  const asker = { address: settings.clientAddress(request), browser: undefined }
  if (!(await mayBegin(house.storage.db, house, host.portal, asker, now)))
    return { status: 429, text: 'Very many people are coming in at once. Try again in a minute.', headers: { 'retry-after': '60' } }
  // Tabs that leave together come back by one cookie.
  const state = readHostCookie(host, 'state', request.headers.cookie) ?? house.random.token()
  const id = await beginEntry(house, host, state, pageOn(host, queryOf(request).get('to') ?? undefined), now)
  return seeOther(`${host.portal.address}${entryPath}${id}`, [hostCookie(host, 'state', state)])
}

async function comeBack(at: AtHost): Promise<Reply> {
  const { house, host, request, now } = at
  const state = readHostCookie(host, 'state', request.headers.cookie)
  const taken = await takeOver(house, host, queryOf(request).get('code') ?? '', state, now)
  if (taken.taken) {
    await audit.hostEntered(house.storage.db, { ...contextOf(at), accountId: taken.accountId })
    return seeOther(taken.page, [hostCookie(host, 'host', taken.token)])
  }
  // Opened again by the browser that came in by it: it goes where it wanted to go.
  if (taken.page && (await sessionAt(at))) return seeOther(taken.page)
  await audit.hostRefused(house.storage.db, { ...contextOf(at), reason: taken.reason })
  return seeOther(host.portal.address + lostPath(host, taken.reason === 'other-browser' && state === undefined))
}

async function endHere(at: AtHost): Promise<Reply> {
  const { house, settings, host, request, now } = at
  request.resume()
  if (request.headers.origin !== host.origin) return { status: 403, text: 'This form is not of this host.' }
  const session = await sessionAt(at)
  if (session && (await signOut(house.storage.db, session, now)))
    await audit.sessionEnded(house.storage.db, { ...contextOf(at), accountId: session.account_id })
  const { status, headers } = seeOther(settings.signedOutAddress(host.portal), [
    hostCookie(host, 'host', ''),
    hostCookie(host, 'state', ''),
  ])
  return { status, headers: { ...headers, 'clear-site-data': '"cache"' } }
}

/** The live session behind the cookie of this host. */
async function sessionAt({ house, host, request, now }: AtHost): Promise<SessionRow | undefined> {
  const { db } = house.storage
  const token = readHostCookie(host, 'host', request.headers.cookie)
  const row = token && (await findHostSession(db, host.portal.id, host.application, hashOfToken(house.vault, 'host', token)))
  return row ? findLiveSessionById(db, host.portal, row.session_id, now) : undefined
}

const contextOf = ({ house, settings, host, request, now }: AtHost): audit.Context => ({
  random: house.random,
  portal: host.portal.id,
  at: now,
  address: settings.clientAddress(request),
})

const pathOf = ({ url = '' }: IncomingMessage): string => (url.includes('?') ? url.slice(0, url.indexOf('?')) : url)
const queryOf = ({ url = '' }: IncomingMessage): URLSearchParams =>
  new URLSearchParams(url.slice(pathOf({ url } as IncomingMessage).length))

const seeOther = (location: string, cookies: readonly string[] = []): Reply => ({
  status: 303,
  headers: { location, 'referrer-policy': 'no-referrer', ...(cookies.length > 0 ? { 'set-cookie': [...cookies] } : {}) },
})

/** Few headers, in one call: what a proxy asks before each request should cost it little. */
function write(response: ServerResponse, { status, text, headers }: Reply): void {
  const body = text === undefined ? '' : `${text}\n`
  const about = body === '' ? undefined : { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }
  response.writeHead(status, { ...headers, ...about, 'cache-control': 'no-store', 'content-length': Buffer.byteLength(body) })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}
