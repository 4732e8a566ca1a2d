import type { IncomingMessage } from 'node:http'
import { isSecure, oncePerPortal, type Portal } from '../portals/index.ts'
import { bounds } from './bounds.ts'

/**
 * What our cookies hold. `left` names the session that has ended here, for the page that says so. `form` ties a form to the browser
 * it was drawn in; `language` is the only one that a person chooses; `reset` and `not-me` hold the value of a mailed link that left
 * the address.
 */
export type CookieKind = 'session' | 'flow' | 'browser' | 'enrolment' | 'form' | 'left' | 'reset' | 'language' | 'not-me'

/** How long the browser may keep each; the server keeps its own, shorter or equal, time. Undefined: until the browser closes. */
const lifeSeconds: Readonly<Record<CookieKind, number | undefined>> = {
  session: undefined,
  flow: undefined,
  browser: 400 * 86_400,
  enrolment: 86_400,
  form: undefined,
  left: 600,
  reset: 3_600,
  language: 400 * 86_400,
  'not-me': 900,
}

/** The portal is part of the name; `__Host-` wherever the portal lives on https, so that no sibling host can plant one. */
const prefixOf = oncePerPortal((portal) => `${isSecure(portal) ? '__Host-' : ''}sluis-${portal.id}-`)
const cookieName = (portal: Portal, kind: CookieKind): string => prefixOf(portal) + kind

/** All cookies of a request, by name; read once for each request. */
function cookiesOf(request: IncomingMessage): ReadonlyMap<string, readonly string[]> {
  const known = read.get(request)
  if (known) return known
  const found = new Map<string, string[]>()
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at <= 0) continue
    const [name, value] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]
    found.set(name, [...(found.get(name) ?? []), value])
  }
  read.set(request, found)
  return found
}
const read = new WeakMap<IncomingMessage, ReadonlyMap<string, readonly string[]>>()

/** The value of a cookie; one that came twice is treated as none. */
export function readCookie(portal: Portal, request: IncomingMessage, kind: CookieKind): string | undefined {
  const [value, ...others] = cookiesOf(request).get(cookieName(portal, kind)) ?? []
  if (value === undefined || others.length > 0) return undefined
  return value.length <= bounds.cookieCharacters && /^[\w-]+$/.test(value) ? value : undefined
}

/** Whether a cookie of this portal came twice: one of the two was planted. */
export const isDoubled = (portal: Portal, request: IncomingMessage): boolean =>
  cookiesOf(request)
    .entries()
    .some(([name, values]) => values.length > 1 && name.startsWith(prefixOf(portal)))

/** A Set-Cookie line. An empty value ends the cookie. Lax, not Strict: people arrive from their mail and from applications. */
export function setCookie(portal: Portal, kind: CookieKind, value: string): string {
  const life = value === '' ? 0 : lifeSeconds[kind]
  return [
    `${cookieName(portal, kind)}=${value}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Lax',
    ...(isSecure(portal) ? ['Secure'] : []),
    ...(life === undefined ? [] : [`Max-Age=${life}`]),
  ].join('; ')
}
