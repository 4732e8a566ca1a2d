import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Fault } from '../errors.ts'
import type { Application, Portal } from '../portals/index.ts'

type Scope = NonNullable<Application['client']>['scopes'][number]

/** As in the schema of a portal file. */
const shortestSecret = 32

/** An application of the portal that speaks OpenID Connect. */
export interface ClientOf {
  /** Its name in the portal file: what the decision knows it by. */
  readonly application: string
  readonly title: string
  readonly of: NonNullable<Application['client']>
  /** Undefined: a public client, which PKCE alone protects, or one that signs. */
  readonly secret?: string
  /** The one before it, while applications change over. */
  readonly formerSecret?: string
  /** Its public keys, when it signs. */
  readonly keys?: readonly object[]
}

/** @throws Fault 'config-refused' when a named secret cannot be read, or two applications are one client. */
export function clientsOf(portal: Portal, secrets: Readonly<Record<string, string>>): ReadonlyMap<string, ClientOf> {
  const clients = new Map<string, ClientOf>()
  for (const [application, { title, client }] of Object.entries(portal.applications)) {
    if (!client) continue
    if (clients.has(client.id)) throw new Fault('config-refused', `${portal.id}.yaml applications: two have the client ${client.id}`)
    const secretsOf = secretOf(portal, application, client, secrets[`${portal.id}/${application}`])
    const { secret } = secretsOf
    const keys = client.keysFile === undefined ? undefined : publicKeysIn(portal, application, client.keysFile)
    if (client.pkce === 'not-required' && secret === undefined)
      throw new Fault('config-refused', `${portal.id}.yaml applications.${application}.client.pkce: a client without a secret needs PKCE`)
    clients.set(client.id, { application, title, of: client, ...secretsOf, ...(keys ? { keys } : {}) })
  }
  return clients
}

type Secrets = Pick<ClientOf, 'secret' | 'formerSecret'>

function secretOf(portal: Portal, application: string, client: ClientOf['of'], configured: string | undefined): Secrets {
  if (client.authentication === 'private-key') return {}
  const given = configured ?? client.secret
  return given === undefined ? secretsIn(portal, application, client.secretFile) : { secret: given }
}

/** The secret on the first line; on the second the one before it, for as long as both are right. */
function secretsIn(portal: Portal, application: string, file: string | undefined): Secrets {
  if (file === undefined) return {}
  const key = `${portal.id}.yaml applications.${application}.client.secretFile: ${file}`
  const [secret = '', formerSecret, ...rest] = textIn(portal, file, key).trimEnd().split(/\r?\n/)
  for (const it of [secret, formerSecret ?? secret])
    if (it.length < shortestSecret) throw new Fault('config-refused', `${key} holds ${it.length} characters, at least ${shortestSecret}`)
  if (rest.length > 0)
    throw new Fault('config-refused', `${key} holds ${rest.length + 2} lines, at most two: the secret and the one before it`)
  return { secret, ...(formerSecret === undefined ? {} : { formerSecret }) }
}

const privateMembers = ['d', 'p', 'q', 'k']

function publicKeysIn(portal: Portal, application: string, file: string): readonly object[] {
  const key = `${portal.id}.yaml applications.${application}.client.keysFile: ${file}`
  const keys = keysIn(textIn(portal, file, key))
  if (!keys || keys.length === 0) throw new Fault('config-refused', `${key} holds no JWK Set`)
  if (keys.some((it) => privateMembers.some((member) => member in it)))
    throw new Fault('config-refused', `${key} holds a private or symmetric key; only public keys belong here`)
  return keys
}

function keysIn(text: string): readonly object[] | undefined {
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown }
    return Array.isArray(keys) && keys.every((it) => typeof it === 'object' && it !== null) ? (keys as object[]) : undefined
  } catch {
    return undefined
  }
}

function textIn({ folder }: Portal, file: string, key: string): string {
  try {
    return readFileSync(resolve(folder, file), 'utf8')
  } catch (cause) {
    throw new Fault('config-refused', `${key} cannot be read`, { cause })
  }
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
