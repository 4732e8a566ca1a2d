import type { IncomingMessage } from 'node:http'
import type { Provider } from 'oidc-provider'
import type { Portal } from '../portals/index.ts'
import { clientNamed } from './clients.ts'
import { searchOf } from './entrance.ts'

/** What an application asked with the sign-out: where its people go afterwards, an address it registered. */
export interface SignOutAsked {
  readonly clientTitle: string
  readonly returnTo: string
  readonly returnOrigin: string
}

/**
 * A sign-out that an application asks leads to our own question and nowhere else (RP-Initiated Logout 1.0, section 2).
 * The hint is read for its client and goes no further; what cannot be believed is left out, and the question is still asked.
 */
export async function readSignOut(portal: Portal, provider: Provider, request: IncomingMessage, question: string): Promise<string> {
  const params = new URLSearchParams(searchOf(request.url))
  const clientId = await clientIdOf(provider, params)
  const onwards = new URLSearchParams({ client_id: clientId ?? '' })
  for (const name of ['post_logout_redirect_uri', 'state']) {
    const values = params.getAll(name)
    if (values.length === 1) onwards.set(name, values[0] ?? '')
  }
  return signOutAsked(portal, onwards) ? `${question}?${onwards}` : question
}

/** From the query of the question's page. Checked at each call, byte for byte, so the page may be opened by anybody. */
export function signOutAsked(portal: Portal, query: URLSearchParams): SignOutAsked | undefined {
  const client = clientNamed(portal, query.get('client_id'))
  const address = query.get('post_logout_redirect_uri')
  if (!client || address === null || !client.of.postLogoutRedirectUris.includes(address)) return undefined
  const target = new URL(address)
  const state = query.get('state')
  if (state !== null && state.length <= longestState) target.searchParams.set('state', state)
  return { clientTitle: client.title, returnTo: target.href, returnOrigin: target.origin }
}

const longestState = 2_000

async function clientIdOf(provider: Provider, params: URLSearchParams): Promise<string | undefined> {
  const [named, hint] = [params.get('client_id') ?? undefined, params.get('id_token_hint')]
  if (hint === null) return named
  const hinted = audienceOf(hint)
  if (hinted === undefined || (named !== undefined && named !== hinted)) return undefined
  try {
    const client = await provider.Client.find(hinted)
    if (!client) return undefined
    await provider.IdToken.validate(hint, client)
    return hinted
  } catch {
    // Whatever is wrong with a hint, it is somebody else's and says nothing.
    return undefined
  }
}

function audienceOf(token: string): string | undefined {
  try {
    const { aud } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { aud?: unknown }
    return typeof aud === 'string' ? aud : undefined
  } catch {
    return undefined
  }
}
