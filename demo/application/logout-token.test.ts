import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LogoutTokens, logoutTokens } from './logout-token.ts'

/** What an application believes when somebody says that a session has ended. */
const now = 1_800_000_000
const own = generateKeyPairSync('rsa', { modulusLength: 2048 })
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
const server = createServer((_, response) =>
  response.end(JSON.stringify({ keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig' }] })),
)
let tokens: LogoutTokens
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const keys = `http://localhost:${(server.address() as AddressInfo).port}/jwks`
  tokens = logoutTokens({ issuer: 'https://issuer.test', clientId: 'planning', keysAddress: async () => keys }, () => now * 1000)
})
afterAll(() => void server.close())

let count = 0
const right = () => ({
  iss: 'https://issuer.test',
  aud: 'planning',
  iat: now,
  exp: now + 120,
  jti: `jti-${++count}`,
  sub: 'u-anna',
  sid: 's-1',
  events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
})
function made(claims: object, header: object = {}, key: KeyObject = own.privateKey): string {
  const parts = [{ alg: 'RS256', typ: 'logout+jwt', kid: 'one', ...header }, claims].map((it) =>
    Buffer.from(JSON.stringify(it)).toString('base64url'),
  )
  return [...parts, sign('sha256', Buffer.from(parts.join('.')), key).toString('base64url')].join('.')
}

describe('a logout token', () => {
  test('says who and which session, and is believed once', async () => {
    const token = made(right())
    expect(await tokens.read(token)).toEqual({ sub: 'u-anna', sid: 's-1' })
    expect(await tokens.read(token)).toBeUndefined()
  })

  test.each([
    ['signed by a stranger', () => made(right(), {}, stranger.privateKey)],
    ['with another algorithm', () => made(right(), { alg: 'none' })],
    ['that is an id_token', () => made(right(), { typ: 'JWT' })],
    ['with a nonce', () => made({ ...right(), nonce: 'x' })],
    ['without the event', () => made({ ...right(), events: {} })],
    ['of another issuer', () => made({ ...right(), iss: 'https://other.test' })],
    ['for another application', () => made({ ...right(), aud: 'ligplaatsen' })],
    ['that has run out', () => made({ ...right(), iat: now - 300, exp: now - 180 })],
    ['from the future', () => made({ ...right(), iat: now + 300, exp: now + 420 })],
    ['about nobody', () => made({ ...right(), sub: undefined, sid: undefined })],
    ['that is none', () => 'x.y.z'],
  ])('%s is not believed', async (_, token) => {
    expect(await tokens.read(token())).toBeUndefined()
  })
})
