import type { IncomingMessage } from 'node:http'
import type { Provider } from 'oidc-provider'
import type { Portal } from '../portals/index.ts'
import { clientNamed } from './clients.ts'
import type { ConnectSettings } from './connect.ts'
import { searchOf, withOwnFragment } from './entrance.ts'

/** What an application asked with the sign-out: where its people go afterwards, an address it registered. */
export interface SignOutAsked {
  readonly clientTitle: string
  readonly returnTo: string
  /** Where a form may end that leads there: its origin, and those that it leads on to. */
  readonly returnOrigins: readonly string[]
}

/** A sign-out as an application sent it. */
export interface SignOutRead {
  /** Our own question, with what the application asked as far as it can be believed. */
  readonly question: string
  /** Whose sign-out it is, by a right hint: nobody is asked then. `onwards`: where the person goes afterwards. */
  readonly hint?: { readonly accountId: string; readonly onwards: string }
}

/**
 * A right hint and an address that its client registered end the session without a question; all else leads to our question and
 * nowhere else (RP-Initiated Logout 1.0, sections 2 and 3). A hint of ours that has run out is still a hint.
 */
export async function readSignOut(
  portal: Portal,
  provider: Provider,
  request: IncomingMessage,
  pages: Pick<ConnectSettings, 'signOutAddress' | 'signedOutAddress'>,
): Promise<SignOutRead> {
  const params = new URLSearchParams(searchOf(request.url))
  const { clientId, accountId } = await whoAsks(provider, onlyOf(params, 'client_id'), onlyOf(params, 'id_token_hint'))
  const onwards = new URLSearchParams({ client_id: clientId ?? '' })
  for (const name of ['post_logout_redirect_uri', 'state']) {
    const value = onlyOf(params, name)
    if (value !== undefined) onwards.set(name, value)
  }
  const asked = signOutAsked(portal, onwards)
  const isWrongAddress = params.has('post_logout_redirect_uri') && !asked
  const question = pages.signOutAddress(portal)
  return {
    question: asked ? `${question}?${onwards}` : question,
    ...(accountId === undefined || isWrongAddress
      ? {}
      : { hint: { accountId, onwards: asked?.returnTo ?? pages.signedOutAddress(portal) } }),
  }
}

/** A parameter that came once; one that came twice is none. */
function onlyOf(params: URLSearchParams, name: string): string | undefined {
  const values = params.getAll(name)
  return values.length === 1 ? values[0] : undefined
}

/** From the query of the question's page. Checked at each call, byte for byte, so the page may be opened by anybody. */
export function signOutAsked(portal: Portal, query: URLSearchParams): SignOutAsked | undefined {
  const client = clientNamed(portal, query.get('client_id'))
  const address = query.get('post_logout_redirect_uri')
  if (!client || address === null || !client.of.postLogoutRedirectUris.includes(address)) return undefined
  const { leadsOnTo = [] } = portal.applications[client.application] ?? {}
  const target = new URL(address)
  const state = query.get('state')
  if (state !== null && state.length <= longestState) target.searchParams.set('state', state)
  return { clientTitle: client.title, returnTo: withOwnFragment(target.href), returnOrigins: [target.origin, ...leadsOnTo] }
}

const longestState = 2_000

interface Asker {
  readonly clientId?: string
  readonly accountId?: string
}

async function whoAsks(provider: Provider, named: string | undefined, hint: string | undefined): Promise<Asker> {
  if (hint === undefined) return named === undefined ? {} : { clientId: named }
  const hinted = audienceOf(hint)
  if (hinted === undefined || (named !== undefined && named !== hinted)) return {}
  try {
    const client = await provider.Client.find(hinted)
    if (!client) return {}
    const { payload } = await provider.IdToken.validate(hint, client)
    return { clientId: hinted, accountId: payload.sub }
  } catch {
    // Whatever is wrong with a hint, it is somebody else's and says nothing.
    return {}
  }
}

/** Undefined for what is no id_token: a logout token of ours is signed with the same key. */
function audienceOf(token: string): string | undefined {
  try {
    const [head, body] = token.split('.', 2).map((it) => JSON.parse(Buffer.from(it, 'base64url').toString('utf8')) as unknown)
    const [{ typ }, { aud }] = [head, body] as [{ typ?: unknown }, { aud?: unknown }]
    return typeof aud === 'string' && (typ === undefined || typ === 'JWT') ? aud : undefined
  } catch {
    return undefined
  }
}
