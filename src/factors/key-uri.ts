const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Base32 (RFC 4648, section 6) without `=`, as authenticator apps want it. */
export function base32(bytes: Uint8Array): string {
  let bits = 0
  let value = 0
  let text = ''
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet[(value >>> bits) & 31]
    }
    value &= (1 << bits) - 1
  }
  return bits > 0 ? text + alphabet[(value << (5 - bits)) & 31] : text
}

/** The bytes of a base32 text, spaces and padding aside; undefined when it is none. */
export function fromBase32(text: string): Uint8Array | undefined {
  const clean = text.replace(/[\s-]/g, '').replace(/=+$/, '').toUpperCase()
  // 1, 3 or 6 letters at the end are no whole byte (RFC 4648, section 6): something was cut off.
  if (!/^[A-Z2-7]+$/.test(clean) || [1, 3, 6].includes(clean.length % 8)) return undefined
  const bytes: number[] = []
  let bits = 0
  let value = 0
  for (const letter of clean) {
    value = ((value << 5) | alphabet.indexOf(letter)) & 0xfff
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((value >>> bits) & 0xff)
      value &= (1 << bits) - 1
    }
  }
  return Uint8Array.from(bytes)
}

/**
 * The address in a QR code. One secret, one issuer, both from us; the label is percent-encoded and holds no colon but ours,
 * because apps cut the account name at a colon.
 */
export function keyUri(issuer: string, username: string, seed: Uint8Array): string {
  const [safeIssuer, safeName] = [withoutColon(issuer), withoutColon(username)]
  const label = `${encodeURIComponent(safeIssuer)}:${encodeURIComponent(safeName)}`
  return `otpauth://totp/${label}?secret=${base32(seed)}&issuer=${encodeURIComponent(safeIssuer)}&algorithm=SHA1&digits=6&period=30`
}

const withoutColon = (text: string): string => text.replaceAll(':', ' ')
