/* Looking for what must be found nowhere. */
import * as OTPAuth from 'otpauth'

/** A secret in the spellings in which it could leak. Six digits alone, so that they are not found inside a longer number. */
export function spellings(secret: string): RegExp[] {
  return [...spellingsOf(secret, Buffer.from(secret)), ...(isKey(secret) ? spellingsOf(secret, bytesOf(secret)) : [])]
}

const isKey = (secret: string): boolean => /^[A-Z2-7]{32}$/.test(secret)
const bytesOf = (key: string): Buffer => Buffer.from(OTPAuth.Secret.fromBase32(key).bytes)

function spellingsOf(secret: string, bytes: Buffer): RegExp[] {
  const all = [
    secret,
    bytes.toString('latin1'),
    new OTPAuth.Secret({ buffer: Uint8Array.from(bytes).buffer }).base32,
    [...secret].toReversed().join(''),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    encodeURIComponent(secret),
  ]
  return all.map((it) => {
    const plain = it.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    return new RegExp(/^\d+$/.test(it) ? `(?<![\\w-])${plain}(?![\\w-])` : plain)
  })
}
