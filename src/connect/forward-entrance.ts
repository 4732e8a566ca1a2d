import type { IncomingMessage, ServerResponse } from 'node:http'
import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import type { ConnectSettings } from './connect.ts'
import { basePath } from './entrance.ts'
import { entryAsked } from './forward-entry.ts'
import { cookieNames } from './interactions.ts'

/** Where a sign-in begins that a protected host asked for, at the portal. */
export const entryPath = '/sign-in/for/'

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
  if (!(await entryAsked(house, portal, id, house.clock.now())))
    return settings.renderError(portal, request, response, { error: 'invalid_request', status: 400, isOver: true })
  const cookie = [`${cookieNames(portal).interaction}=${id}`, `Path=${basePath(portal) || '/'}`, 'HttpOnly', 'SameSite=Lax']
  if (portal.address.startsWith('https:')) cookie.push('Secure')
  response.setHeader('set-cookie', cookie.join('; '))
  response.writeHead(303, { location: settings.signInAddress(portal), 'referrer-policy': 'no-referrer' }).end()
}
