import { randomBytes, randomInt, randomUUID } from 'node:crypto'

/** The one source of chance, cryptographic. Rooms get it as an argument. */
export interface Random {
  /** `length` random bytes. */
  bytes(length: number): Uint8Array
  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number
  /** An id for a row: 122 random bits, never a secret. */
  id(): string
  /** A secret for a cookie or a link: 256 random bits, base64url. */
  token(): string
}

export const systemRandom: Random = {
  bytes: (length) => randomBytes(length),
  below: (below) => randomInt(below),
  id: () => randomUUID(),
  token: () => randomBytes(32).toString('base64url'),
}
