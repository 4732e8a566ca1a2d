import { randomBytes, randomInt, randomUUIDv7 } from 'node:crypto'

/** The one source of chance, cryptographic. Rooms get it as an argument. */
export interface Random {
  /** `length` random bytes. */
  bytes(length: number): Uint8Array
  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number
  /** An id for a row, never a secret: a moment and 74 random bits (RFC 9562, version 7), so that what is added together stands together. */
  id(): string
  /** A secret for a cookie or a link: 256 random bits, base64url. */
  token(): string
}

export const systemRandom: Random = {
  bytes: (length) => randomBytes(length),
  below: (below) => randomInt(below),
  id: () => randomUUIDv7(),
  token: () => randomBytes(32).toString('base64url'),
}
