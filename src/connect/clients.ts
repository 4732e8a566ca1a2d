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
  /** Undefined: a public client, which PKCE alone protects. */
  readonly secret?: string
}

/** @throws Fault 'config-refused' when a named secret cannot be read, or two applications are one client. */
export function clientsOf(portal: Portal, secrets: Readonly<Record<string, string>>): ReadonlyMap<string, ClientOf> {
  const clients = new Map<string, ClientOf>()
  for (const [application, { title, client }] of Object.entries(portal.applications)) {
    if (!client) continue
    if (clients.has(client.id)) throw new Fault('config-refused', `${portal.id}.yaml applications: two have the client ${client.id}`)
    const secret = secrets[`${portal.id}/${application}`] ?? client.secret ?? secretIn(portal, application, client.secretFile)
    clients.set(client.id, { application, title, of: client, ...(secret === undefined ? {} : { secret }) })
  }
  return clients
}

function secretIn(portal: Portal, application: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  const key = `${portal.id}.yaml applications.${application}.client.secretFile: ${file}`
  let secret: string
  try {
    secret = readFileSync(resolve(portal.folder, file), 'utf8').trimEnd()
  } catch (cause) {
    throw new Fault('config-refused', `${key} cannot be read`, { cause })
  }
  if (secret.length < shortestSecret)
    throw new Fault('config-refused', `${key} holds ${secret.length} characters, at least ${shortestSecret}`)
  return secret
}

/** The registered client with this id, without its secret: for pages. */
export function clientNamed(portal: Portal, id: unknown): Omit<ClientOf, 'secret'> | undefined {
  const found = Object.entries(portal.applications).find(([, it]) => it.client !== undefined && it.client.id === id)
  return found?.[1].client && { application: found[0], title: found[1].title, of: found[1].client }
}

/** What the provider knows of a client (RFC 7591, section 2). */
export function metadataOf({ of, secret }: ClientOf): object {
  return {
    client_id: of.id,
    ...(secret === undefined ? {} : { client_secret: secret }),
    token_endpoint_auth_method: secret === undefined ? 'none' : 'client_secret_basic',
    redirect_uris: [...of.redirectUris],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    scope: scopesOf(of).join(' '),
    id_token_signed_response_alg: of.idTokenAlgorithm,
  }
}

/** What this client may ask for; `openid` always. */
export const scopesOf = ({ scopes }: ClientOf['of']): Scope[] => [...new Set<Scope>(['openid', ...scopes])]
