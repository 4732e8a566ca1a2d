import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type Hmac, hkdfSync, type KeyObject } from 'node:crypto'
import { Fault } from '../errors.ts'
import type { Random } from '../random.ts'

/** Where a secret lives. It opens there and nowhere else: a ciphertext copied to another row is refused. */
export interface Place {
  readonly table: string
  readonly column: string
  readonly row: string
}

/** Everything that is made from the master key. */
export interface Vault {
  /** AES-256-GCM with a random 96-bit nonce; the place is authenticated with it. */
  seal(plain: Uint8Array, place: Place): string
  /** @throws Fault 'secret-unreadable' when key, place or text is not the one it was sealed with. */
  open(sealed: string, place: Place): Uint8Array
  /** HMAC-SHA-256 under a key of its own for each purpose, in base64url. */
  mac(purpose: string, ...parts: readonly string[]): string
  /** The same, for what is made of its bytes. */
  macBytes(purpose: string, ...parts: readonly string[]): Buffer
}

export const masterKeyBytes = 32

export function makeVault(masterKey: Uint8Array, random: Random): Vault {
  if (masterKey.length !== masterKeyBytes)
    throw new Fault('key-refused', `the master key has ${masterKey.length} bytes, ${masterKeyBytes} are needed`)
  const derive = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', masterKey, 'sluis', purpose, 32))
  const cipherKey = createSecretKey(derive('seal v1'))
  const macKeys = new Map<string, KeyObject>()
  const macKey = (purpose: string): KeyObject => {
    const known = macKeys.get(purpose) ?? createSecretKey(derive(`mac ${purpose}`))
    macKeys.set(purpose, known)
    return known
  }
  const hmac = (purpose: string, parts: readonly string[]): Hmac => createHmac('sha256', macKey(purpose)).update(contextOfParts(parts))
  return {
    seal: (plain, place) => {
      const nonce = random.bytes(12)
      const cipher = createCipheriv('aes-256-gcm', cipherKey, nonce).setAAD(contextOf(place))
      const body = Buffer.concat([cipher.update(plain), cipher.final()])
      return `v1.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`
    },
    open: (sealed, place) => {
      try {
        if (!sealed.startsWith('v1.')) throw new Error('unknown form')
        const bytes = Buffer.from(sealed.slice(3), 'base64url')
        const decipher = createDecipheriv('aes-256-gcm', cipherKey, bytes.subarray(0, 12), { authTagLength: 16 })
        decipher.setAAD(contextOf(place)).setAuthTag(bytes.subarray(12, 28))
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()])
      } catch (cause) {
        throw new Fault('secret-unreadable', `${place.table}.${place.column} of row ${place.row} does not open`, { cause })
      }
    },
    mac: (purpose, ...parts) => hmac(purpose, parts).digest('base64url'),
    macBytes: (purpose, ...parts) => hmac(purpose, parts).digest(),
  }
}

const contextOf = ({ table, column, row }: Place): Buffer => Buffer.from(contextOfParts([table, column, row]))

/** As a list, so that ('ab', 'c') and ('a', 'bc') differ. */
const contextOfParts = (parts: readonly string[]): string => JSON.stringify(parts)
