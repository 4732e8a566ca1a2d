import { describe, expect, test } from 'vitest'
import { codeAt, readKey } from './authenticator.ts'

const secret = Buffer.from('12345678901234567890')

describe('the authenticator of the demo', () => {
  // RFC 6238, appendix B, the rows of SHA-1: the last six of their eight digits.
  test.each([
    [59, '287082', 1],
    [1111111109, '081804', 1],
    [1111111111, '050471', 29],
    [1234567890, '005924', 30],
    [2000000000, '279037', 10],
    [20000000000, '353130', 10],
  ])('at %i seconds it shows %s', (seconds, code, secondsLeft) => {
    expect(codeAt(secret, seconds * 1000)).toEqual({ code, secondsLeft })
  })

  test('a key is read with spaces, in small letters, or as the address inside a QR code', () => {
    const base32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
    for (const typed of [
      base32,
      ` ${base32.toLowerCase().replace(/(.{4})/g, '$1 ')}`,
      `otpauth://totp/C-point:anna?secret=${base32}&issuer=C-point`,
    ]) {
      expect(readKey(typed)).toMatchObject({ secret })
    }
    expect(readKey(`otpauth://totp/C-point:anna?secret=${base32}`)).toMatchObject({ label: 'C-point:anna' })
  })

  test.each([
    ['', 'Vul een sleutel in.'],
    ['ABC1', 'Een sleutel heeft alleen'],
    ['ABCD', 'te kort'],
    ['otpauth://hotp/x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 'niet van een authenticator-app'],
    ['otpauth://totp/x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA256', 'SHA-1'],
    ['otpauth://', 'niet van een authenticator-app'],
  ])('%j is refused with a reason', (typed, reason) => {
    expect(readKey(typed)).toEqual({ refused: expect.stringContaining(reason) })
  })
})
