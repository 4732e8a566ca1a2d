import type { Portal } from '../portals/index.ts'
import { cookieIn } from './interactions.ts'

/** An application that speaks no protocol: its proxy asks us before anybody comes in. */
export interface ProtectedHost {
  readonly portal: Portal
  /** Its name in the portal file: what the decision knows it by. */
  readonly application: string
  readonly title: string
  /** With a port when it has one of its own: `planning.example.org`. */
  readonly host: string
  readonly origin: string
}

/** All protected hosts by their host, as the portal files name them. */
export function hostsOf(portals: Iterable<Portal>): ReadonlyMap<string, ProtectedHost> {
  const names = Array.from(portals, (portal) => Object.keys(portal.applications).map((it) => hostOf(portal, it)))
  return new Map(names.flat().flatMap((it) => (it ? [[it.host, it]] : [])))
}

export function hostOf(portal: Portal, application: string): ProtectedHost | undefined {
  const { protects, title = '' } = (Object.hasOwn(portal.applications, application) && portal.applications[application]) || {}
  if (protects === undefined) return undefined
  const { host, origin } = new URL(protects)
  return { portal, application, title, host, origin }
}

/** `host`: who is in here. `state`: this browser left from here to sign in, and nobody else may come back in its place. */
export type HostCookie = 'host' | 'state'
/** As long as a sign-in is waited for; the other lives as long as the browser, and as long as our session lets it. */
const lifeSeconds: Readonly<Record<HostCookie, number | undefined>> = { host: undefined, state: 7_200 }

/** Portal and application are part of the name: on one machine all ports share their cookies. */
export const hostCookieName = ({ portal, application, origin }: ProtectedHost, kind: HostCookie): string =>
  `${origin.startsWith('https:') ? '__Host-' : ''}sluis-${portal.id}-${application}-${kind}`

export const readHostCookie = (host: ProtectedHost, kind: HostCookie, header: string | undefined): string | undefined =>
  cookieIn(header, hostCookieName(host, kind))

/** A Set-Cookie line for the protected host itself. An empty value ends the cookie. */
export function hostCookie(host: ProtectedHost, kind: HostCookie, value: string): string {
  const life = value === '' ? 0 : lifeSeconds[kind]
  const parts = [`${hostCookieName(host, kind)}=${value}`, 'Path=/', 'HttpOnly', 'SameSite=Lax']
  if (host.origin.startsWith('https:')) parts.push('Secure')
  if (life !== undefined) parts.push(`Max-Age=${life}`)
  return parts.join('; ')
}

const longestPage = 2_800

/**
 * A page of this host and of no other, from what a request names: a path that begins with one slash of its own, in the characters that
 * an address has. Whatever it says, it stands behind our own origin. Longer ones would not fit the headers of proxies: the first page.
 */
export function pageOn({ origin }: ProtectedHost, named: string | undefined): string {
  const isPath = named !== undefined && /^\/(?![/\\])[!-~]*$/.test(named) && !named.startsWith(doorPath)
  return origin + (isPath && encodeURIComponent(named).length <= longestPage ? named : '/')
}

/** What a protected host hands on to us. */
export const doorPath = '/_sluis/'
