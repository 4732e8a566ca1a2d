import { createHmac } from 'node:crypto'

/** The demo's authenticator: what an app on a phone does (RFC 6238: HMAC-SHA-1, 6 digits, 30 seconds). */

export interface Key {
  secret: Buffer
  /** What an app would show above the code; '' for a bare key. */
  label: string
}

export interface Shown {
  code: string
  /** Seconds until the next code. */
  secondsLeft: number
}

export function codeAt(secret: Buffer, now: number, stepSeconds = 30, digits = 6): Shown {
  const seconds = Math.floor(now / 1000)
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(seconds / stepSeconds)))
  const mac = createHmac('sha1', secret).update(counter).digest()
  // RFC 4226, 5.3: the last four bits choose where the number stands; its sign bit is dropped.
  const number = mac.readUInt32BE((mac[19] ?? 0) & 15) & 0x7fffffff
  return { code: String(number % 10 ** digits).padStart(digits, '0'), secondsLeft: stepSeconds - (seconds % stepSeconds) }
}

/** A key in base32 (spaces, hyphens and small letters are fine) or a whole otpauth:// address; a sentence when it is neither. */
export function readKey(typed: string): Key | { refused: string } {
  const text = typed.trim()
  if (!/^otpauth:/i.test(text)) return fromBase32(text, '')
  const address = URL.canParse(text) ? new URL(text) : undefined
  if (address?.host !== 'totp') return { refused: 'Dit adres is niet van een authenticator-app.' }
  const given = (name: string, usual: string) => (address.searchParams.get(name) ?? usual).toUpperCase()
  if (given('algorithm', 'SHA1') !== 'SHA1' || given('digits', '6') !== '6' || given('period', '30') !== '30') {
    return { refused: 'Deze QR-code vraagt iets anders dan 6 cijfers per 30 seconden met SHA-1. Veel apps kunnen dat niet.' }
  }
  return fromBase32(address.searchParams.get('secret') ?? '', decoded(address.pathname.replace(/^\/+/, '')))
}

function fromBase32(text: string, label: string): Key | { refused: string } {
  const letters = text.replace(/[\s-]/g, '').replace(/=+$/, '').toUpperCase()
  if (letters === '') return { refused: 'Vul een sleutel in.' }
  if (!/^[A-Z2-7]+$/.test(letters)) return { refused: 'Een sleutel heeft alleen de letters A tot Z en de cijfers 2 tot 7.' }
  let bits = ''
  for (const letter of letters) bits += alphabet.indexOf(letter).toString(2).padStart(5, '0')
  const bytes = bits.match(/.{8}/g) ?? []
  if (bytes.length < 10) return { refused: 'Deze sleutel is te kort: er ontbreken tekens.' }
  return { secret: Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2))), label }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
