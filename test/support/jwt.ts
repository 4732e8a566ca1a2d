import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'

export interface Jwt {
  readonly header: Record<string, unknown>
  readonly claims: Record<string, unknown>
}

const read = (part = ''): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>

/** What a token says, without looking at its signature. */
export function readJwt(token = ''): Jwt {
  const [header, claims] = token.split('.')
  return { header: read(header), claims: read(claims) }
}

/** The same, after its signature (RS256) was checked with the key set that the issuer publishes. */
export async function verifiedJwt(issuer: string, token: string): Promise<Jwt> {
  const jwt = readJwt(token)
  const { keys } = (await (await fetch(`${issuer}/jwks`)).json()) as { keys: Record<string, string>[] }
  const jwk = keys.find((it) => it.kid === jwt.header.kid)
  if (!jwk || jwt.header.alg !== 'RS256') throw new Error('no such key')
  const [header, claims, signature = ''] = token.split('.')
  const isRight = verify(
    'sha256',
    Buffer.from(`${header}.${claims}`),
    createPublicKey({ key: jwk, format: 'jwk' }),
    Buffer.from(signature, 'base64url'),
  )
  if (!isRight) throw new Error('the signature is wrong')
  return jwt
}

/** A token signed with ES256; with another `alg` in its header it is a forged one. */
export function signedJwt(key: KeyObject, claims: object, header: object = {}): string {
  const parts = [{ alg: 'ES256', typ: 'JWT', ...header }, claims].map((it) => Buffer.from(JSON.stringify(it)).toString('base64url'))
  const signature = sign('sha256', Buffer.from(parts.join('.')), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
  return [...parts, signature].join('.')
}

/** The same words under the same key name, truly signed (RS256), with a key that is not the issuer's. */
export function signedByAStranger(token: string): string {
  const signed = token.split('.', 2).join('.')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`
}
