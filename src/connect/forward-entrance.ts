import type { IncomingMessage, ServerResponse } from 'node:http'
import type { House } from '../factors/index.ts'
import { basePath, isSecure, type Portal } from '../portals/index.ts'
import type { ConnectSettings } from './connect.ts'
import { searchOf } from './entrance.ts'
import { entryAsked } from './forward-entry.ts'
import { hostOf, type ProtectedHost } from './forward-hosts.ts'
import { cookieNames } from './interactions.ts'

/** Where a sign-in begins that a protected host asked for, at the portal. */
export const entryPath = '/sign-in/for/'

/** Somebody who came back to a protected host and is not in: where it begins again, and whether the browser lost the host's cookie. */
export interface LostAtHost {
  readonly origin: string
  readonly lacksCookie: boolean
}

/** Where the portal tells so. */
export const lostPath = ({ application }: ProtectedHost, lacksCookie: boolean): string =>
  `${entryPath}nobody?${new URLSearchParams({ application, ...(lacksCookie ? { cookie: 'none' } : {}) })}`

type Settings = Pick<ConnectSettings, 'signInAddress' | 'renderError'>

/** From a protected host to the sign-in. What waits is known by the same cookie as the request of an application: the last one counts. */
export async function enterFor(
  house: House,
  portal: Portal,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  settings: Settings,
): Promise<void> {
  if (request.method !== 'GET') return void response.writeHead(405, { allow: 'GET' }).end()
  const id = path.slice(entryPath.length)
  if (!(await entryAsked(house, portal, id, house.clock.now()))) {
    const host = lostIn(portal, new URLSearchParams(searchOf(request.url)))
    return settings.renderError(portal, request, response, { error: 'invalid_request', status: 400, isOver: true, ...(host && { host }) })
  }
  const cookie = [`${cookieNames(portal).interaction}=${id}`, `Path=${basePath(portal) || '/'}`, 'HttpOnly', 'SameSite=Lax']
  if (isSecure(portal)) cookie.push('Secure')
  response.setHeader('set-cookie', cookie.join('; '))
  response.writeHead(303, { location: settings.signInAddress(portal), 'referrer-policy': 'no-referrer' }).end()
}

/** The address may be opened by anybody: it names an application of the portal file, or nothing. */
function lostIn(portal: Portal, query: URLSearchParams): LostAtHost | undefined {
  const host = hostOf(portal, query.get('application') ?? '')
  return host && { origin: host.origin, lacksCookie: query.get('cookie') === 'none' }
}
