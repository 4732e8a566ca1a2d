import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { Instant } from '../decision/index.ts'
import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { addNextSigningKey, addSigningKeys, dropSigningKeys, type NewRow, type SigningKeyRow, signingKeysOf } from '../storage/index.ts'
import { keyTimes } from './key-times.ts'

const generate = promisify(generateKeyPair)
/** RFC 7518: at least 2048 bits; what every client library takes. */
const rsaBits = 2048
const algorithms = ['RS256', 'ES256', 'EdDSA'] as const
type Algorithm = (typeof algorithms)[number]

/** The private keys of this issuer, as JWKs, for the provider alone: the one that signs first. Made when there are none. */
export async function loadSigningKeys(house: House, portal: Portal): Promise<object[]> {
  return keyTimes(await makeSigningKeys(house, portal), house.clock.now()).published.map((row) => ({
    ...JSON.parse(Buffer.from(house.vault.open(row.jwk, placeOf(row.id))).toString('utf8')),
    alg: row.algorithm,
    use: 'sig',
  }))
}

/** Which keys the issuer has at this moment, and which of them sign: another value means that it has to be opened anew. */
export async function signingKeysNow({ storage, clock }: House, portal: Portal): Promise<string> {
  const { published } = keyTimes(await signingKeysOf(storage.db, portal.id), clock.now())
  return published.map((it) => it.id).join()
}

/** Makes the keys that will be needed in a day, and forgets those that nobody needs any more. */
export async function turnSigningKeys(house: House, portal: Portal): Promise<void> {
  const { storage, clock } = house
  const now = clock.now()
  const rows = await makeSigningKeys(house, portal)
  const { due, over } = keyTimes(rows, now)
  for (const algorithm of algorithms.filter((it) => due.includes(it))) {
    await addNextSigningKey(storage.db, await newKey(house, portal, algorithm, now, nextNumber(rows, algorithm)))
    house.log.info({ portal: portal.id, algorithm }, 'the next signing key is published; it signs from tomorrow')
  }
  await dropSigningKeys(
    storage.db,
    over.map((it) => it.id),
  )
}

/** One more than the highest: a number never comes back. */
function nextNumber(rows: readonly SigningKeyRow[], algorithm: Algorithm): number {
  return 1 + Math.max(...rows.filter((it) => it.algorithm === algorithm).map((it) => Number(it.id.split(' ').at(-1))))
}

/** Makes the first keys of a portal. Of two nodes that start at once one adds its own, and both read those. */
export async function makeSigningKeys(house: House, portal: Portal): Promise<SigningKeyRow[]> {
  const { storage, clock } = house
  const known = await signingKeysOf(storage.db, portal.id)
  if (known.length > 0) return known
  const rows = await Promise.all(algorithms.map((algorithm) => newKey(house, portal, algorithm, clock.now(), 1)))
  await storage.inTransaction((tx) => addSigningKeys(tx, portal.id, rows))
  return signingKeysOf(storage.db, portal.id)
}

async function newKey(
  { vault }: House,
  portal: Portal,
  algorithm: Algorithm,
  now: Instant,
  number: number,
): Promise<NewRow<'signing_key'>> {
  const id = `${portal.id} ${algorithm} ${number}`
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
