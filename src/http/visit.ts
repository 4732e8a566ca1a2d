import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Connect, Farewells, Forward } from '../connect/index.ts'
import type { Instant } from '../decision/index.ts'
import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import type { Situation, Visitor } from '../sign-in/index.ts'
import type { Assets } from './assets.ts'
import type { ClientAddress } from './client-address.ts'
import type { FormFields } from './form.ts'
import type { Path } from './paths.ts'

/** What every request is answered with. */
export interface Doors {
  readonly house: House
  readonly connect: Connect
  /** The applications of an ended session are told at once. */
  readonly farewells: Farewells
  readonly forward: Forward
  readonly assets: Assets
  readonly clientAddress: ClientAddress
}

/** One request of one person at one portal. `now` was read once, at the door. */
export interface Visit {
  readonly doors: Doors
  readonly portal: Portal
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly query: URLSearchParams
  readonly now: Instant
  readonly visitor: Visitor
  /** The browser's form cookie: the one it sent, or the one that this answer sets. */
  readonly formCookie: string
  /** Cookies that this visit sets whatever the answer is: the form cookie of a browser that has none yet. */
  readonly newCookies: readonly string[]
  readonly fields: FormFields
  /** Which one is meant, from the path; whose it is, only a look at the account tells. */
  readonly id?: string
}

/** An answer as a value; server.ts writes it. */
export interface Answer {
  readonly status: number
  readonly body?: string | Uint8Array
  readonly type?: string
  /** An address of this host or, after a sign-in, of the application. */
  readonly location?: string
  readonly cookies?: readonly string[]
  readonly retryAfterSeconds?: number
  /** Origins that a form on this page may end at. */
  readonly formActions?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
}

export type Handler = (visit: Visit) => Promise<Answer>

export interface GetRoute {
  readonly path: Path
  readonly handler: Handler
}

export interface PostRoute {
  readonly path: Path
  /** The fields that this form may bring; any other is refused. `csrf` is always one. */
  readonly fields: readonly string[]
  readonly handler: Handler
}

export type Act<T> = (visit: Visit, situation: Situation) => Promise<T>

export const seeOther = (location: string, cookies: readonly string[] = []): Answer => ({ status: 303, location, cookies })
