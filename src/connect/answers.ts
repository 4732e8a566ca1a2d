import type { Client, Context } from 'oidc-provider'
import * as audit from '../audit/index.ts'
import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import type { ConnectSettings } from './connect.ts'
import { discoveryPath, routes, withOwnFragment } from './entrance.ts'
import { endCode } from './records.ts'

/** What the provider's answers lack, on the way out. A failure of ours is one calm page and a line in the log. */
export function completeAnswers(
  house: House,
  portal: Portal,
  settings: Pick<ConnectSettings, 'renderError' | 'signInAddress' | 'visitorOf'>,
) {
  return async (context: Context, next: () => Promise<void>): Promise<void> => {
    try {
      await next()
      if (context.path === discoveryPath) completeDiscovery(portal, context)
      if (context.path === routes.token) await endRefusedCode(house, portal, settings, context)
      if (context.path === routes.pushed_authorization_request) sayTooMany(context)
      if (asksWhoCalls.has(context.path)) refuseUnnamed(portal, context)
      await noteRefusedClient(house, portal, settings, context)
      if (context.path !== discoveryPath && context.path !== routes.jwks) hideFromStrangers(context)
      if (context.status === 500) sayLater(context)
      if (context.status === 303) sendOn(settings.signInAddress(portal), context)
    } catch (error) {
      house.log.error({ err: error, portal: portal.id }, 'the issuer failed')
      if (context.res.headersSent) throw error
      context.respond = false
      await settings.renderError(portal, context.req, context.res, { error: 'server_error', status: 503 })
    }
  }
}

/** To the application, or to the sign-in: no referrer, and to the application nothing but the answer. */
function sendOn(signIn: string, context: Context): void {
  context.set('referrer-policy', 'no-referrer')
  const location = String(context.res.getHeader('location'))
  if (location !== signIn) context.set('location', withOwnFragment(location))
}

const renewsTokens = (applications: Portal['applications']): boolean => Object.values(applications).some((it) => it.client?.refreshTokens)

/** Says what is so, and no more: the provider lists what it could do elsewhere. */
function completeDiscovery({ address, applications }: Portal, context: Context): void {
  if (typeof context.body !== 'object' || context.body === null) return
  context.body = {
    ...context.body,
    grant_types_supported: ['authorization_code', ...(renewsTokens(applications) ? ['refresh_token'] : [])],
    end_session_endpoint: `${address}${routes.end_session}`,
    prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    response_modes_supported: ['query'],
  }
}

/** A failure of ours: an application may come again. */
function sayLater(context: Context): void {
  context.status = 503
  context.set('retry-after', '10')
}

/** RFC 9126, section 2.3. */
function sayTooMany(context: Context): void {
  if ((context.body as { error?: unknown } | undefined)?.error !== 'temporarily_unavailable') return
  context.status = 429
  context.set('retry-after', '60')
}

/** Used twice, at another client, with another verifier or address: whoever shows a code in vain has shown it for the last time. */
async function endRefusedCode(
  house: House,
  portal: Portal,
  { visitorOf }: Pick<ConnectSettings, 'visitorOf'>,
  { body, oidc, req }: Context,
): Promise<void> {
  const refused = (body as { error?: unknown } | undefined)?.error === 'invalid_grant'
  const code = oidc?.params?.code
  const accountId = refused && typeof code === 'string' ? await endCode(house, portal, code) : undefined
  if (accountId === undefined) return
  const { storage, random, clock } = house
  await audit.codeRefused(storage.db, { random, portal: portal.id, at: clock.now(), accountId, address: visitorOf(portal, req).address })
}

const asksWhoCalls: ReadonlySet<string> = new Set([routes.token, routes.pushed_authorization_request, routes.introspection])
const isForm = /^application\/x-www-form-urlencoded *(;|$)/i

/**
 * Whoever does not say who they are, or says it twice, is no client: one answer for all that is wrong with a name or a secret (RFC 6749,
 * section 5.2, leaves the choice). A request that is no form at all is something else.
 */
function refuseUnnamed({ address }: Portal, context: Context): void {
  const { body, oidc } = context
  if ((body as { error?: unknown } | undefined)?.error !== 'invalid_request' || oidc?.client) return
  if (!isForm.test(context.get('content-type'))) return
  context.status = 401
  context.body = { error: 'invalid_client', error_description: 'client authentication failed' }
  if (context.get('authorization') !== '') context.set('www-authenticate', `Basic realm="${address}", error="invalid_client"`)
}

/** Somebody who is not the application that they say they are. Their secret and their name go nowhere. */
async function noteRefusedClient(
  { storage, random, clock }: House,
  portal: Portal,
  { visitorOf }: Pick<ConnectSettings, 'visitorOf'>,
  { body, req }: Context,
): Promise<void> {
  if ((body as { error?: unknown } | undefined)?.error !== 'invalid_client') return
  const { address } = visitorOf(portal, req)
  await audit.clientRefused(storage.db, { random, portal: portal.id, at: clock.now(), address })
}

/** A browser of another origin reads an answer only when it belongs to a public client of that origin; an error without a client never. */
function hideFromStrangers(context: Context): void {
  if (context.method === 'OPTIONS') return
  const origin = context.get('origin')
  if (origin !== '' && context.oidc?.client && mayRead(origin, context.oidc.client)) return
  context.remove('access-control-allow-origin')
  context.remove('access-control-expose-headers')
}

/** Applications with a secret keep it on a server: no browser talks to us for them. */
export const mayRead = (origin: string, { clientAuthMethod, redirectUris }: Pick<Client, 'clientAuthMethod' | 'redirectUris'>): boolean =>
  clientAuthMethod === 'none' && origin !== 'null' && redirectUris.some((it) => new URL(it).origin === origin)
