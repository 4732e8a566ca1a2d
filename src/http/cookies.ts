import type { Portal } from '../portals/index.ts'
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
export function cookieName(portal: Portal, kind: CookieKind): string {
  return `${isSecure(portal) ? '__Host-' : ''}sluis-${portal.id}-${kind}`
}

const pairsIn = (header: string | undefined): (readonly [name: string, value: string])[] =>
  (header ?? '').split(';').flatMap((pair) => {
    const at = pair.indexOf('=')
    return at > 0 ? [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const] : []
  })

/** The value of a cookie; one that came twice is treated as none. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const found = pairsIn(header).flatMap(([key, value]) => (key === name ? [value] : []))
  const [value] = found
  return found.length === 1 && value !== undefined && value.length <= bounds.cookieCharacters && /^[\w-]+$/.test(value) ? value : undefined
}

/** Whether a cookie of this portal came twice: one of the two was planted. */
export function isDoubled(portal: Portal, header: string | undefined): boolean {
  const own = cookieName(portal, 'session').slice(0, -'session'.length)
  const names = pairsIn(header).flatMap(([name]) => (name.startsWith(own) ? [name] : []))
  return new Set(names).size < names.length
}

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

const isSecure = ({ address }: Portal): boolean => address.startsWith('https:')
