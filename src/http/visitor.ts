import type { IncomingMessage } from 'node:http'
import { oncePerPortal, type Portal } from '../portals/index.ts'
import type { Visitor } from '../sign-in/index.ts'
import { bounds } from './bounds.ts'
import type { ClientAddress } from './client-address.ts'
import { type CookieKind, readCookie } from './cookies.ts'
import { deviceOf } from './device.ts'

export type Language = 'nl' | 'en'
const spoken: readonly Language[] = ['nl', 'en']

/** Who stands at the door of this portal, by its own cookies and nothing else of the request. */
export function visitorOf(portal: Portal, request: IncomingMessage, clientAddress: ClientAddress): Visitor {
  const cookie = (kind: CookieKind): string | undefined => readCookie(portal, request, kind)
  return {
    flow: cookie('flow'),
    session: cookie('session'),
    browser: cookie('browser'),
    enrolment: cookie('enrolment'),
    form: cookie('form'),
    address: clientAddress(request),
    device: deviceOf(request.headers['user-agent']),
    language: languageOf(portal, cookie('language'), request.headers['accept-language']),
  }
}

/** The chosen language, else the browser's first that the portal speaks, else the portal's first. */
function languageOf(portal: Portal, chosen: string | undefined, accepted: string | undefined): Language {
  const offered = languagesOf(portal)
  const wanted = (accepted ?? '')
    .slice(0, bounds.languageCharacters)
    .split(',')
    .map((it) => it.trim().slice(0, 2).toLowerCase())
  return [chosen, ...wanted].map((it) => offered.find((one) => one === it)).find((it) => it !== undefined) ?? offered[0] ?? 'nl'
}

export const languagesOf = oncePerPortal((portal): readonly Language[] => spoken.filter((it) => portal.languages.includes(it)))
