import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Client, Context, Provider } from 'oidc-provider'
import type { House } from '../factors/index.ts'
import { basePath, type Portal } from '../portals/index.ts'
import { findAccount } from '../storage/index.ts'
import { completeAnswers, mayRead } from './answers.ts'
import { believedAssertions } from './assertions.ts'
import { accountOf, claimsOfScope } from './claims.ts'
import { weighSecrets } from './client-secrets.ts'
import { type ClientOf, clientsOf, metadataOf } from './clients.ts'
import type { ConnectSettings } from './connect.ts'
import { routes } from './entrance.ts'
import { grantsOf } from './grants.ts'
import { cookieNames } from './interactions.ts'
import { mayAskAbout, strengthOf } from './introspection.ts'
import { loadSigningKeys } from './keys.ts'
import { lifeSeconds } from './lives.ts'
import { recordsOf } from './records.ts'
import { promptsOf } from './sign-in-prompt.ts'
import { troubleOf } from './trouble.ts'
import { acrsOf } from './wish.ts'

export interface Issuer {
  readonly provider: Provider
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>
}

/** The issuer of one portal. The provider's code is loaded here, when a portal is first asked for it, and not at start. */
export async function openIssuer(house: House, portal: Portal, settings: ConnectSettings): Promise<Issuer> {
  const clients = clientsOf(portal, settings.secrets)
  const { Provider: Made, errors, interactionPolicy: policy } = await import('oidc-provider')
  for (const { of, secret } of clients.values())
    if (secret === undefined && of.authentication !== 'private-key')
      house.log.warn({ portal: portal.id, client: of.id }, 'a client without a secret: PKCE alone protects its codes')

  const provider = new Made(portal.address, {
    ...offer(portal, clients),
    ...believedAssertions(house, errors),
    // A pushed request is read by the provider alone; entrance.ts looks at the others.
    extraParams: {
      response_mode: (_context: Context, mode: string | undefined) => {
        if (mode !== undefined && mode !== 'query') throw new errors.UnsupportedResponseMode()
      },
    },
    adapter: (model: string) => (model === 'Grant' ? grantsOf(house, portal, clients) : recordsOf(house, portal, errors, model)),
    jwks: { keys: await loadSigningKeys(house, portal) },
    clients: Array.from(clients.values(), metadataOf),
    clientBasedCORS: (_context: Context, origin: string, client: Parameters<typeof mayRead>[1]) => mayRead(origin, client),
    // A disabled account is no account, at every door.
    findAccount: async (_context: Context, id: string) => {
      const row = await findAccount(house.storage.db, portal.id, id)
      return row && row.disabled_at === null ? accountOf(row) : undefined
    },
    interactions: {
      policy: promptsOf({ house, portal, clients, settings, errors, policy }),
      url: () => settings.signInAddress(portal),
    },
    renderError: async (context: Context, out: { error: string; error_description?: string }, error: Error) => {
      context.respond = false
      const isOver = error instanceof errors.SessionNotFound
      await settings.renderError(portal, context.req, context.res, troubleOf(portal, context, out, isOver))
    },
  })
  // What stands in these headers was put there by entrance.ts.
  provider.proxy = true
  provider.silent = true
  weighSecrets(provider, { house, portal, clients, settings, current: () => Made.ctx })
  provider.on('server_error', (_context: Context, error: Error) => house.log.error({ err: error, portal: portal.id }, 'the issuer failed'))
  provider.on('grant.error', (context: Context, error: Error & { readonly error_detail?: string }) => {
    const client = context.oidc?.client?.clientId
    if (client !== undefined) house.log.info({ portal: portal.id, client, why: error.error_detail }, 'an application got no tokens')
  })
  provider.use(completeAnswers(house, portal, settings))
  const answer = provider.callback()
  return { provider, answer: async (request, response) => void (await answer(request, response)) }
}

const offersOffline = (clients: ReadonlyMap<string, ClientOf>): boolean =>
  [...clients.values()].some((it) => it.of.scopes.includes('offline_access'))

/** Code, PKCE, a query; nothing that a portal does not need. */
function offer(portal: Portal, clients: ReadonlyMap<string, ClientOf>): object {
  return {
    acrValues: acrsOf(portal),
    allowOmittingSingleRegisteredRedirectUri: false,
    claims: { ...claimsOfScope, acr: null, amr: null, auth_time: null, iss: null },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    cookies: {
      names: cookieNames(portal),
      long: { httpOnly: true, sameSite: 'lax' },
      short: { httpOnly: true, sameSite: 'lax', path: basePath(portal) || '/' },
    },
    enabledJWA: { clientAuthSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA'], idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA'] },
    // The tie between a token and our session is looked at in records.ts, each time it is used.
    expiresWithSession: () => false,
    extraTokenClaims: strengthOf,
    features: {
      backchannelLogout: { enabled: true },
      claimsParameter: { enabled: true },
      devInteractions: { enabled: false },
      introspection: { enabled: true, allowedPolicy: mayAskAbout },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: true },
      resourceIndicators: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: true },
    },
    // Each works once; records.ts sees the one that comes back.
    issueRefreshToken: (_context: Context, client: Client) => client.grantTypeAllowed('refresh_token'),
    loadExistingGrant: () => undefined,
    pkce: { required: (_context: Context, { clientId }: Client) => clients.get(clientId)?.of.pkce !== 'not-required' },
    responseTypes: ['code'],
    rotateRefreshToken: () => true,
    routes,
    scopes: ['openid', ...(offersOffline(clients) ? ['offline_access'] : [])],
    ttl: lifeSeconds,
  }
}
