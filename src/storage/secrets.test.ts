import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Fault } from '../errors.ts'
import { systemRandom as random } from '../random.ts'
import { makeVault, type Place } from './index.ts'

const vault = makeVault(Buffer.alloc(32, 7), random)
const place: Place = { table: 'authenticator', column: 'secret', row: 'row 1' }
const seed = Buffer.from('12345678901234567890')
const opens = (sealed: string, at: Place, with_ = vault): boolean => {
  try {
    return Buffer.from(with_.open(sealed, at)).equals(seed)
  } catch (error) {
    if (error instanceof Fault && error.code === 'secret-unreadable') return false
    throw error
  }
}

describe('T140 a sealed secret', () => {
  const sealed = vault.seal(seed, place)

  test('opens where it was sealed', () => expect(opens(sealed, place)).toBe(true))

  test('opens in no other row, column or table', () => {
    expect(opens(sealed, { ...place, row: 'row 2' })).toBe(false)
    expect(opens(sealed, { ...place, column: 'title' })).toBe(false)
    expect(opens(sealed, { ...place, table: 'pending_enrolment' })).toBe(false)
    expect(opens(sealed, { table: 'authenticatorsecret', column: '', row: 'row 1' })).toBe(false)
  })

  test('does not open under another master key', () => expect(opens(sealed, place, makeVault(Buffer.alloc(32, 8), random))).toBe(false))

  test('does not open when any single bit of it was changed', () => {
    const bytes = Buffer.from(sealed.slice(3), 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(opens(`v1.${changed.toString('base64url')}`, place)).toBe(false)
    }
  })

  test('does not open when it was cut, lengthened or made of something else', () => {
    const bytes = Buffer.from(sealed.slice(3), 'base64url')
    for (let length = 0; length < bytes.length; length++)
      expect(opens(`v1.${bytes.subarray(0, length).toString('base64url')}`, place)).toBe(false)
    expect(opens(`v1.${Buffer.concat([bytes, Buffer.alloc(1)]).toString('base64url')}`, place)).toBe(false)
    for (const text of ['', 'v1.', sealed.slice(3), `v2.${sealed.slice(3)}`, `${sealed} `.trimEnd().replace('v1.', 'V1.')])
      expect(opens(text, place)).toBe(false)
  })

  test('shows nothing of the secret, in no spelling', () => {
    for (const spelling of [seed.toString(), seed.toString('hex'), seed.toString('base64url'), 'GEZDGNBVGY3TQOJQ'])
      expect(sealed).not.toContain(spelling)
  })

  test('a fault names the place and not the secret', () => {
    expect(() => vault.open(sealed, { ...place, row: 'row 2' })).toThrow('authenticator.secret of row row 2 does not open')
  })

  test('ten thousand sealings have ten thousand nonces and ten thousand texts', () => {
    const all = Array.from({ length: 10_000 }, () => vault.seal(seed, place))
    expect(new Set(all.map((it) => Buffer.from(it.slice(3), 'base64url').subarray(0, 12).toString('hex'))).size).toBe(10_000)
  })

  test('any bytes come back as they were', () => {
    const whole = (bytes: Uint8Array, row: string): boolean =>
      Buffer.from(vault.open(vault.seal(bytes, { ...place, row }), { ...place, row })).equals(bytes)
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), whole))
  })
})

describe('a keyed hash', () => {
  test('differs by purpose, by key and by where one part ends and the next begins', () => {
    const said = [
      vault.mac('token session', 'a'),
      vault.mac('token flow', 'a'),
      vault.mac('token session', 'b'),
      vault.mac('token session', 'a', ''),
      vault.mac('token', 'session a'),
      vault.mac('name', 'ab', 'c'),
      vault.mac('name', 'a', 'bc'),
      vault.mac('name', 'abc'),
      makeVault(Buffer.alloc(32, 8), random).mac('token session', 'a'),
    ]
    expect(new Set(said).size).toBe(said.length)
    expect(vault.mac('name', 'a')).toBe(vault.mac('name', 'a'))
    expect(vault.mac('name', 'a')).toBe(vault.macBytes('name', 'a').toString('base64url'))
  })
})

test('a master key of another length is refused', () => {
  for (const length of [0, 16, 31, 33]) expect(() => makeVault(Buffer.alloc(length), random)).toThrow(Fault)
})
