import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Application, Problem } from '../portals/index.ts'

type Client = NonNullable<Application['client']>

/** As in the schema of a portal file. */
const shortestSecret = 32
const smallestRsaBits = 2_048

/** How an application proves who it is. Nothing at all: a public client, which PKCE alone protects. */
export interface Proof {
  readonly secret?: string
  /** The one before it, while applications change over. */
  readonly formerSecret?: string
  /** Its public keys, when it signs. */
  readonly keys?: readonly object[]
}

/** What cannot be, by the key of the client; a secret itself is never in it. */
export type Unproven = Pick<Problem, 'allowed'> & { readonly key: 'secretFile' | 'keysFile' | 'pkce'; readonly given: string }

/** Read from the files beside the portal file. `configured`: what sluis.yaml says, which wins. */
export function proofOf(folder: string, client: Client, configured: string | undefined): Proof | Unproven {
  const proof = client.authentication === 'private-key' ? keysIn(folder, client.keysFile ?? '') : secretOf(folder, client, configured)
  if ('given' in proof || client.pkce === 'required' || proof.secret !== undefined) return proof
  return { key: 'pkce', given: client.pkce, allowed: 'allowed: required, because a client without a secret needs PKCE' }
}

function secretOf(folder: string, { secret, secretFile: file }: Client, configured: string | undefined): Proof | Unproven {
  const given = configured ?? secret
  if (given !== undefined) return { secret: given }
  return file === undefined ? {} : secretsIn(file, textIn(folder, file))
}

/** The secret on the first line; on the second the one before it, for as long as both are right. */
function secretsIn(file: string, text: string | undefined): Proof | Unproven {
  const key = 'secretFile'
  if (text === undefined) return { key, given: file, allowed: readable }
  const [secret = '', formerSecret, ...rest] = text.trimEnd().split(/\r?\n/)
  const length = Math.min(secret.length, formerSecret?.length ?? secret.length)
  if (length < shortestSecret)
    return { key, given: `${file}, a secret of ${length} characters`, allowed: `allowed: at least ${shortestSecret}` }
  if (rest.length > 0) return { key, given: `${file}, ${rest.length + 2} lines`, allowed: 'allowed: two, the secret and the one before it' }
  return { secret, ...(formerSecret === undefined ? {} : { formerSecret }) }
}

const privateMembers = ['d', 'p', 'q', 'k']

function keysIn(folder: string, file: string): Proof | Unproven {
  const key = 'keysFile'
  const text = textIn(folder, file)
  if (text === undefined) return { key, given: file, allowed: readable }
  const keys = keySetIn(text)
  if (keys?.some((it) => privateMembers.some((member) => member in it)))
    return { key, given: `${file}, a private or symmetric key`, allowed: 'allowed: public keys alone' }
  if (!keys?.some(signs))
    return { key, given: file, allowed: 'allowed: a JWK Set with an RSA key of 2048 bits or more, EC P-256 or Ed25519' }
  return { keys }
}

function keySetIn(text: string): readonly object[] | undefined {
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown }
    return Array.isArray(keys) && keys.every((it) => typeof it === 'object' && it !== null) ? (keys as object[]) : undefined
  } catch {
    return undefined
  }
}

/** Whether an assertion that this key signed could be believed. */
function signs(jwk: object): boolean {
  try {
    const { asymmetricKeyType: kind, asymmetricKeyDetails: about } = createPublicKey({ key: jwk as never, format: 'jwk' })
    if (kind === 'rsa') return (about?.modulusLength ?? 0) >= smallestRsaBits
    return kind === 'ed25519' || about?.namedCurve === 'prime256v1'
  } catch {
    return false
  }
}

const readable = 'a file beside the portal file that this user can read'

function textIn(folder: string, file: string): string | undefined {
  try {
    return readFileSync(resolve(folder, file), 'utf8')
  } catch {
    return undefined
  }
}
