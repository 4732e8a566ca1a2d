import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { Instant } from '../decision/index.ts'
import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { addSigningKeys, type NewRow, type SigningKeyRow, signingKeysOf } from '../storage/index.ts'

const generate = promisify(generateKeyPair)
/** RFC 7518: at least 2048 bits; what every client library takes. */
const rsaBits = 2048
const algorithms = ['RS256', 'ES256', 'EdDSA'] as const
type Algorithm = (typeof algorithms)[number]

/** The private keys of this issuer, as JWKs: for the provider alone. Made when there are none. */
export async function loadSigningKeys(house: House, portal: Portal): Promise<object[]> {
  return (await makeSigningKeys(house, portal)).map((row) => ({
    ...JSON.parse(Buffer.from(house.vault.open(row.jwk, placeOf(row.id))).toString('utf8')),
    alg: row.algorithm,
    use: 'sig',
  }))
}

/** Makes the first keys of a portal. Of two nodes that start at once one adds its own, and both read those. */
export async function makeSigningKeys(house: House, portal: Portal): Promise<SigningKeyRow[]> {
  const { storage, clock } = house
  const known = await signingKeysOf(storage.db, portal.id)
  if (known.length > 0) return known
  const rows = await Promise.all(algorithms.map((algorithm) => newKey(house, portal, algorithm, clock.now())))
  await storage.inTransaction((tx) => addSigningKeys(tx, portal.id, rows))
  return signingKeysOf(storage.db, portal.id)
}

async function newKey({ vault }: House, portal: Portal, algorithm: Algorithm, now: Instant): Promise<NewRow<'signing_key'>> {
  const id = `${portal.id} ${algorithm} 1`
  const jwk = (await privateKey(algorithm)).export({ format: 'jwk' })
  return { id, portal: portal.id, algorithm, jwk: vault.seal(Buffer.from(JSON.stringify(jwk)), placeOf(id)), created_at: now }
}

async function privateKey(algorithm: Algorithm): Promise<KeyObject> {
  switch (algorithm) {
    case 'RS256':
      return (await generate('rsa', { modulusLength: rsaBits })).privateKey
    case 'ES256':
      return (await generate('ec', { namedCurve: 'P-256' })).privateKey
    case 'EdDSA':
      return (await generate('ed25519')).privateKey
  }
}

const placeOf = (row: string) => ({ table: 'signing_key', column: 'jwk', row })
