import type { IncomingMessage, ServerResponse } from 'node:http'
import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import type { Asked, Visitor } from '../sign-in/index.ts'
import { readClients, refuseAll } from './clients.ts'
import { doorOf, enterAgain, enterProvider } from './entrance.ts'
import { type Farewells, openFarewells, silentOf } from './farewells.ts'
import { enterFor, entryPath, type LostAtHost } from './forward-entrance.ts'
import { entryAsked, handOver } from './forward-entry.ts'
import { applicationOf, askedBy, cookieIn, cookieNames, recordResult } from './interactions.ts'
import { openIssuer } from './issuer.ts'
import { keepIssuers } from './issuers.ts'
import { turnSigningKeys } from './keys.ts'
import { readSignOut, type SignOutAsked, signOutAsked } from './sign-out.ts'

export type { SignOutAsked } from './sign-out.ts'

/** What an application asked, and where its answer goes. */
export type ConnectAsked = Asked & {
  readonly clientTitle: string
  readonly redirectOrigin: string
  /** `login_hint`: what the person would type as their name. A convenience: it proves and reveals nothing. */
  readonly loginHint?: string
  /** `ui_locales`: languages by their two letters, the best first. */
  readonly languages?: readonly string[]
}

/** A wrong request of an application, for a page of ours. Nothing of the request is in it but the registered title. */
export interface Trouble {
  /** The code of the protocol, for the makers of the application. */
  readonly error: string
  /** Which parameter it is about, by its registered name. */
  readonly parameter?: string
  /** 400: the request is wrong. 503: we cannot answer now. */
  readonly status: 400 | 503
  readonly clientTitle?: string
  /** Nobody asked wrongly: the person came back by an address that was used before (Back), ran out, or belongs to another browser. */
  readonly isOver?: true
  /** Nobody asked wrongly: the way back to a protected host led nowhere. */
  readonly host?: LostAtHost
}

export interface ConnectSettings {
  /** Secrets of clients by portal/application; they win over the portal file. */
  readonly secrets: Readonly<Record<string, string>>
  /** Who stands at this portal's door, by its cookies. */
  visitorOf(portal: Portal, request: IncomingMessage): Visitor
  /** Where a sign-in begins: a full address of the portal. */
  signInAddress(portal: Portal): string
  /** Where a person is asked whether to sign out: a full address of the portal. */
  signOutAddress(portal: Portal): string
  /** Where a person reads that they are signed out: a full address of the portal. */
  signedOutAddress(portal: Portal): string
  /**
   * Ends the session of this browser when it is of this account; its cookies go with the answer.
   * @returns false when somebody else is signed in here: nothing ended then.
   */
  signOut(portal: Portal, request: IncomingMessage, response: ServerResponse, accountId: string): Promise<boolean>
  /** Writes the page that says an application asked wrongly. Never a redirect, nothing to click. */
  renderError(portal: Portal, request: IncomingMessage, response: ServerResponse, trouble: Trouble): void | Promise<void>
}

/** Whose session it is, and the known browser that it was opened in. */
export interface SignedInSession {
  readonly id: string
  readonly accountId: string
  readonly browserId?: string | undefined
}

export interface Connect {
  /** Paths of the portal that belong to the protocol: true when this request was answered here. `path` is the part after the portal's address, beginning with '/'. */
  handle(portal: Portal, path: string, request: IncomingMessage, response: ServerResponse): Promise<boolean>
  /** What an application asked in this browser, while its interaction lives; from the interaction cookie of this portal. Undefined: nobody asked. */
  asked(portal: Portal, request: IncomingMessage, response: ServerResponse): Promise<ConnectAsked | undefined>
  /** After a finished sign-in: records the outcome on the interaction and returns the address that leads back. Undefined when the interaction is over. */
  resume(portal: Portal, interaction: string, session: SignedInSession): Promise<string | undefined>
  /** For pages during a sign-in: title of the application and the origin its answer goes to (CSP form-action). */
  applicationOf(portal: Portal, interaction: string): Promise<{ readonly title: string; readonly redirectOrigin: string } | undefined>
  /** What an application asked with the sign-out, read from the query of the question's page; checked again at each call. */
  signOutAsked(portal: Portal, query: URLSearchParams): SignOutAsked | undefined
  /** Tells applications of ended sessions until it is closed: at once when it is woken, else within a second. */
  sayFarewells(): Farewells
  /** The applications, by title, that did not take the end of this session; waits five seconds at most for their answers. */
  silentOf(portal: Portal, session: string): Promise<string[]>
  /**
   * Makes the keys of all portals that have none yet, and the next ones of those whose keys grow old. First use of a portal makes the
   * first; this takes the wait away from it.
   */
  makeKeys(): Promise<void>
}

/**
 * Opens nothing yet: an issuer is made when its portal is first asked for it.
 * @throws Fault 'config-refused' when a secret or a key of an application cannot be read: nobody should find that out at a sign-in.
 */
export function openConnect(house: House, settings: ConnectSettings): Connect {
  const { db } = house.storage
  refuseAll(Array.from(house.portals.values(), (it) => readClients(it, settings.secrets).problems).flat())
  const issuerOf = keepIssuers(house, (portal) => openIssuer(house, portal, settings))

  return {
    async handle(portal, path, request, response) {
      if (path.startsWith(entryPath)) {
        await enterFor(house, portal, path, request, response, settings)
        return true
      }
      const door = doorOf(path)
      if (!door) return false
      if (!door.methods.includes(request.method ?? '')) {
        response.writeHead(405, { allow: door.methods.join(', ') }).end()
        return true
      }
      if (door.entersAgain && request.method === 'POST') {
        const location = await enterAgain(portal, path, request)
        if (location) response.writeHead(303, { location, 'referrer-policy': 'no-referrer' }).end()
        else await settings.renderError(portal, request, response, { error: 'invalid_request', status: 400 })
        return true
      }
      const issuer = await issuerOf(portal)
      if (door.name === 'end-session') {
        const { hint, question } = await readSignOut(portal, issuer.provider, request, settings)
        const isOut = hint !== undefined && (await settings.signOut(portal, request, response, hint.accountId))
        response.writeHead(303, { location: isOut ? hint.onwards : question, 'referrer-policy': 'no-referrer' }).end()
        return true
      }
      enterProvider(portal, path, door, request)
      await issuer.answer(request, response)
      return true
    },
    async asked(portal, request) {
      const now = house.clock.now()
      const waiting = cookieIn(request.headers.cookie, cookieNames(portal).interaction)
      return (await askedBy(db, house, portal, request, now)) ?? (waiting ? entryAsked(house, portal, waiting, now) : undefined)
    },
    async resume(portal, interaction, session) {
      const now = house.clock.now()
      const held = { sessionId: session.id, browserId: session.browserId ?? null }
      return (await recordResult(db, house, portal, interaction, session, now)) ?? handOver(house, portal, interaction, held, now)
    },
    async applicationOf(portal, interaction) {
      const now = house.clock.now()
      const entry = await entryAsked(house, portal, interaction, now)
      return entry ? { title: entry.clientTitle, redirectOrigin: entry.redirectOrigin } : applicationOf(db, house, portal, interaction, now)
    },
    signOutAsked,
    sayFarewells: () => openFarewells(house, issuerOf),
    silentOf: (portal, session) => silentOf(house, portal, session),
    makeKeys: async () => {
      for (const portal of house.portals.values()) await turnSigningKeys(house, portal)
    },
  }
}
