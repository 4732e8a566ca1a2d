import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { client } from './code-flow.ts'

/*
 * What oidc-provider can do at most: in memory, one client, everybody is let in. The same features, the same algorithm, and its port to
 * who started it.
 */

interface Bare {
  callback(): (request: IncomingMessage, response: ServerResponse) => void
  interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>
}
interface Asking {
  readonly oidc: {
    readonly session?: { readonly accountId?: string }
    readonly provider: { readonly Grant: new (of: object) => { addOIDCScope(scope: string): void; save(): Promise<void> } }
  }
}
// The package carries no types; by a name that is only text the type check does not look for them.
const { Provider } = (await import('oidc-provider' as string)) as { Provider: new (issuer: string, options: object) => Bare }
const { generateKeyPairSync } = await import('node:crypto')

const server = createServer()
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  const provider = new Provider(`http://localhost:${port}`, {
    clients: [{ ...client, response_types: ['code'], grant_types: ['authorization_code'], id_token_signed_response_alg: 'ES256' }],
    jwks: {
      keys: [{ ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }],
    },
    findAccount: (_context: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub }) }),
    features: { devInteractions: { enabled: false }, pushedAuthorizationRequests: { enabled: true } },
    interactions: { url: () => '/interaction' },
    acrValues: ['urn:sluis:acr:2'],
    claims: { openid: ['sub', 'acr', 'amr', 'auth_time'] },
    cookies: { keys: ['bench'] },
    pkce: { required: () => true },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 900, IdToken: 600, Interaction: 3600, Session: 3600 },
    loadExistingGrant: async ({ oidc: { provider: own, session } }: Asking) => {
      const grant = new own.Grant({ clientId: client.client_id, accountId: session?.accountId })
      grant.addOIDCScope('openid')
      await grant.save()
      return grant
    },
  })
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction')) return answer(request, response)
    const login = { accountId: 'somebody', acr: 'urn:sluis:acr:2', amr: ['pwd', 'otp', 'mfa'] }
    return void provider.interactionFinished(request, response, { login })
  })
  process.send?.(port)
})
