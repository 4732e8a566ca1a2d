import type { IncomingMessage } from 'node:http'
import type { Instant } from '../decision/index.ts'
import type { House } from '../factors/index.ts'
import { isSecure, type Portal } from '../portals/index.ts'
import { changePayload, type Db, findRecord } from '../storage/index.ts'
import { clientNamed, isAddressOf } from './clients.ts'
import type { ConnectAsked } from './connect.ts'
import { recordKey } from './records.ts'
import { keptIn } from './wish.ts'

/*
 * A request that waits for a sign-in. The provider makes it and ends it; here it is read and answered by its own name, not by
 * what the browser holds at the moment, so that two requests in one browser never mix.
 */
interface Waiting {
  readonly returnTo: string
  readonly params: {
    readonly client_id?: unknown
    readonly redirect_uri?: unknown
    readonly login_hint?: unknown
    readonly ui_locales?: unknown
  }
  readonly prompt: { readonly details: unknown }
}

/** What a finished sign-in says to the request that waited for it: who it was. The rest is read from our session. */
export interface SignedIn {
  readonly accountId: string
}

export const cookieNames = (portal: Portal): { session: string; interaction: string; resume: string } => {
  // They have a path of their own, which a `__Host-` cookie may not.
  const name = (of: string): string => `${isSecure(portal) ? '__Secure-' : ''}sluis-${portal.id}-${of}`
  return { session: name('oidc'), interaction: name('interaction'), resume: name('resume') }
}

export async function askedBy(
  db: Db,
  house: House,
  portal: Portal,
  request: IncomingMessage,
  now: Instant,
): Promise<ConnectAsked | undefined> {
  const interaction = cookieIn(request.headers.cookie, cookieNames(portal).interaction)
  const waiting = interaction === undefined ? undefined : await find(db, house, portal, interaction, now)
  const kept = waiting && keptIn(waiting.prompt.details)
  const from = waiting && whoAsked(portal, waiting)
  if (interaction === undefined || !kept || !from) return undefined
  return { interaction, request: kept.request, clientTitle: from.title, redirectOrigin: from.redirectOrigin, ...hintsIn(waiting) }
}

const longestHint = 250

function hintsIn({ params }: Waiting): Pick<ConnectAsked, 'loginHint' | 'languages'> {
  const { login_hint, ui_locales } = params
  const isName = typeof login_hint === 'string' && login_hint.length <= longestHint && !/\p{C}/u.test(login_hint)
  const tags = typeof ui_locales === 'string' ? ui_locales.split(' ', 20) : []
  return { languages: tags.map((it) => it.slice(0, 2).toLowerCase()), ...(isName ? { loginHint: login_hint } : {}) }
}

export async function applicationOf(
  db: Db,
  house: House,
  portal: Portal,
  interaction: string,
  now: Instant,
): Promise<{ title: string; redirectOrigin: string } | undefined> {
  const waiting = await find(db, house, portal, interaction, now)
  return waiting && whoAsked(portal, waiting)
}

/** Undefined when the request was answered or has run out; nothing comes back to life. */
export async function recordResult(
  db: Db,
  house: House,
  portal: Portal,
  interaction: string,
  { accountId }: SignedIn,
  now: Instant,
): Promise<string | undefined> {
  const waiting = await find(db, house, portal, interaction, now)
  if (!waiting) return undefined
  const payload = JSON.stringify({ ...waiting, result: { signedIn: { accountId } } })
  return (await changePayload(db, recordKey(house, portal, 'Interaction', interaction), payload, now)) ? waiting.returnTo : undefined
}

/** What `recordResult` wrote, as the provider hands it back. */
export function signedInOf(result: unknown): SignedIn | undefined {
  return (result as { signedIn?: SignedIn } | undefined)?.signedIn
}

async function find(db: Db, house: House, portal: Portal, interaction: string, now: Instant): Promise<Waiting | undefined> {
  const row = await findRecord(db, recordKey(house, portal, 'Interaction', interaction), now)
  const waiting = row && (JSON.parse(row.payload) as Waiting)
  // The portal file may have changed since it began to wait.
  return waiting && isAddressOf(portal, waiting.params.client_id, waiting.params.redirect_uri) ? waiting : undefined
}

function whoAsked(portal: Portal, { params }: Waiting): { title: string; redirectOrigin: string } | undefined {
  const client = clientNamed(portal, params.client_id)
  if (!client || typeof params.redirect_uri !== 'string') return undefined
  return { title: client.title, redirectOrigin: new URL(params.redirect_uri).origin }
}

/** The value of a cookie of ours. One that came twice is treated as none: one of the two was planted. */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '').split(';').flatMap((pair) => {
    const [key, value] = pair.trim().split('=')
    return key === name && value !== undefined && /^[\w-]{20,64}$/.test(value) ? [value] : []
  })
  return values.length === 1 ? values[0] : undefined
}
