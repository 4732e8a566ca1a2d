import type { Context } from 'oidc-provider'
import type { Portal } from '../portals/index.ts'
import { clientNamed } from './clients.ts'
import type { Trouble } from './connect.ts'

/** What the provider's own sentences may be about. Their words are never shown. */
const parameters = [
  'redirect_uri',
  'response_type',
  'response_mode',
  'code_challenge_method',
  'code_challenge',
  'client_id',
  'scope',
  'prompt',
  'max_age',
  'claims',
  'id_token_hint',
  'request_uri',
]

/** An error as facts for a page of ours: a code, a name out of the list, the registered title; nothing of the request. */
export function troubleOf(portal: Portal, { oidc }: Context, out: { error: string; error_description?: string }, isOver: boolean): Trouble {
  const parameter = parameters.find((it) => out.error_description?.includes(it))
  const client = clientNamed(portal, oidc?.client?.clientId)
  return {
    error: out.error,
    status: out.error === 'server_error' ? 503 : 400,
    ...(isOver ? { isOver } : {}),
    ...(parameter === undefined ? {} : { parameter }),
    ...(client === undefined ? {} : { clientTitle: client.title }),
  }
}
