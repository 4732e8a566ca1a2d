import { Fault } from '../errors.ts'
import { type Application, type Portal, type Problem, sentenceOf } from '../portals/index.ts'
import { type Proof, proofOf } from './client-proof.ts'

type Scope = NonNullable<Application['client']>['scopes'][number]

/** An application of the portal that speaks OpenID Connect. */
export interface ClientOf extends Proof {
  /** Its name in the portal file: what the decision knows it by. */
  readonly application: string
  readonly title: string
  readonly of: NonNullable<Application['client']>
}

/** The clients of a portal, and all that is wrong with what they prove themselves by. */
export interface ReadClients {
  readonly clients: ReadonlyMap<string, ClientOf>
  readonly problems: readonly Problem[]
}

/** `secrets`: what sluis.yaml says, by portal/application. */
export function readClients(portal: Portal, secrets: Readonly<Record<string, string>>): ReadClients {
  const clients = new Map<string, ClientOf>()
  const problems: Problem[] = []
  for (const [application, { title, client }] of Object.entries(portal.applications)) {
    if (!client) continue
    const proof = proofOf(portal.folder, client, secrets[`${portal.id}/${application}`])
    if ('given' in proof) problems.push({ ...proof, file: `${portal.id}.yaml`, key: `applications.${application}.client.${proof.key}` })
    else clients.set(client.id, { application, title, of: client, ...proof })
  }
  return { clients, problems }
}

/** @throws Fault 'config-refused'. */
export function clientsOf(portal: Portal, secrets: Readonly<Record<string, string>>): ReadonlyMap<string, ClientOf> {
  const { clients, problems } = readClients(portal, secrets)
  refuseAll(problems)
  return clients
}

/** @throws Fault 'config-refused' with all of them; none: nothing. */
export function refuseAll(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new Fault('config-refused', problems.map(sentenceOf).join('\n'))
}

/** The registered client with this id, without its secret: for pages. */
export function clientNamed(portal: Portal, id: unknown): Omit<ClientOf, 'secret'> | undefined {
  const found = Object.entries(portal.applications).find(([, it]) => it.client !== undefined && it.client.id === id)
  return found?.[1].client && { application: found[0], title: found[1].title, of: found[1].client }
}

/** Whether this is an address that the client may be answered at, byte for byte, as the portal file says now. */
export const isAddressOf = (portal: Portal, clientId: unknown, address: unknown): boolean =>
  clientNamed(portal, clientId)?.of.redirectUris.some((it) => it === address) ?? false

/** What the provider knows of a client (RFC 7591, section 2). */
export function metadataOf({ of, secret, keys }: ClientOf): object {
  return {
    client_id: of.id,
    ...(secret === undefined ? {} : { client_secret: secret }),
    ...(keys ? { jwks: { keys } } : {}),
    token_endpoint_auth_method: authenticationOf(of, secret),
    redirect_uris: [...of.redirectUris],
    grant_types: ['authorization_code', ...(of.refreshTokens ? ['refresh_token'] : [])],
    response_types: ['code'],
    scope: scopesOf(of).join(' '),
    id_token_signed_response_alg: of.idTokenAlgorithm,
    ...(of.backchannelLogoutUri === undefined
      ? {}
      : { backchannel_logout_uri: of.backchannelLogoutUri, backchannel_logout_session_required: true }),
  }
}

function authenticationOf({ authentication }: ClientOf['of'], secret: string | undefined): string {
  if (authentication === 'private-key') return 'private_key_jwt'
  if (secret === undefined) return 'none'
  return { 'secret-basic': 'client_secret_basic', 'secret-post': 'client_secret_post' }[authentication]
}

/** What this client may ask for; `openid` always. */
export const scopesOf = ({ scopes }: ClientOf['of']): Scope[] => [...new Set<Scope>(['openid', ...scopes])]
