import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import type { Clock } from '../clock.ts'

/*
 * The other side of a sign-out: the issuer says that a session has ended (OpenID Connect Back-Channel Logout 1.0, section 2.6). What it
 * sends is believed when it is signed with a key of the issuer, meant for this application, fresh, and not seen before.
 */

export interface Ended {
  readonly sub: string | undefined
  readonly sid: string | undefined
}

interface Known {
  readonly issuer: string
  readonly clientId: string
  /** Where the issuer publishes its keys. */
  keysAddress(): Promise<string>
}

const eventName = 'http://schemas.openid.net/event/backchannel-logout'
const aheadSeconds = 60
const mostSeen = 10_000

export interface LogoutTokens {
  /** Undefined: not believed. */
  read(token: string): Promise<Ended | undefined>
}

export function logoutTokens({ issuer, clientId, keysAddress }: Known, clock: Clock): LogoutTokens {
  const seen = new Set<string>()
  let known: JsonWebKey[] = []
  /** The keys are asked again when one comes that is not known yet. */
  const keyNamed = async (kid: unknown): Promise<JsonWebKey | undefined> => {
    const find = () => known.find((it) => it.kid === kid && it.kty === 'RSA')
    if (!find()) known = await keysAt(await keysAddress())
    return find()
  }
  return {
    async read(token) {
      const [head = '', body = '', signature = '', ...rest] = token.split('.')
      const [header, claims] = [objectIn(head), objectIn(body)]
      if (rest.length > 0 || !header || !claims || header.alg !== 'RS256' || header.typ !== 'logout+jwt') return undefined
      const key = await keyNamed(header.kid)
      if (!key) return undefined
      const signed = Buffer.from(`${head}.${body}`)
      if (!verify('sha256', signed, createPublicKey({ key, format: 'jwk' }), Buffer.from(signature, 'base64url'))) return undefined

      const { iss, aud, iat, exp, jti, sub, sid, events, nonce } = claims
      const now = clock() / 1000
      const isFresh = typeof iat === 'number' && iat <= now + aheadSeconds && typeof exp === 'number' && exp > now - aheadSeconds
      const isMeant = iss === issuer && [aud].flat().includes(clientId)
      const isEnd = typeof events === 'object' && events !== null && eventName in events && nonce === undefined
      if (!isFresh || !isMeant || !isEnd || typeof jti !== 'string' || seen.has(jti)) return undefined
      seen.add(jti)
      if (seen.size > mostSeen) seen.delete([...seen][0] ?? '')
      const ended = { sub: typeof sub === 'string' ? sub : undefined, sid: typeof sid === 'string' ? sid : undefined }
      return ended.sub === undefined && ended.sid === undefined ? undefined : ended
    },
  }
}

function objectIn(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

async function keysAt(address: string): Promise<JsonWebKey[]> {
  const answer = await fetch(address, { signal: AbortSignal.timeout(5_000), redirect: 'error' })
  const { keys } = (await answer.json()) as { keys?: JsonWebKey[] }
  return keys ?? []
}
