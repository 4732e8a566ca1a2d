import fc from 'fast-check'
import jsqr from 'jsqr'
import { Secret, TOTP, URI } from 'otpauth'
import { PNG } from 'pngjs'
import { decodeQR } from 'qr/decode.js'
import { describe, expect, test } from 'vitest'
import { qrModules, qrPng } from '../enrolment/index.ts'
import { base32, fromBase32, keyUri } from './key-uri.ts'
import { hotp } from './totp.ts'

/** Its types describe another shape than what Node imports. */
const jsQR = jsqr as unknown as typeof jsqr.default
const seed = Buffer.from('12345678901234567890')
const names = [
  'fleur',
  'fleur@voorbeeld.be',
  'a?secret=JBSWY3DPEHPK3PXP',
  'a&issuer=Bank',
  'a:b',
  'a%0Ab',
  'a%3Ab',
  'a/b',
  'a#b',
  '"><svg>',
  'a b+c',
  'Zoë Müller',
  '🦩 ok',
  'x'.repeat(300),
]

interface Read {
  readonly issuer: string
  readonly account: string
  readonly seed: string
}

/** As authenticator apps read it: label and parameters apart, each taken once. */
function read(text: string): Read {
  const parsed = URI.parse(text) as TOTP
  expect(parsed).toBeInstanceOf(TOTP)
  expect([parsed.algorithm, parsed.digits, parsed.period]).toEqual(['SHA1', 6, 30])
  return { issuer: parsed.issuer, account: parsed.label, seed: parsed.secret.base32 }
}

describe('the address in a QR code', () => {
  for (const issuer of ['Haven', 'a&issuer=Bank', 'Haven: balie', 'Zoë?secret=A'])
    for (const name of names)
      test(`T048: ${issuer} | ${name.slice(0, 30)}: one secret, one issuer, one account, ours`, () => {
        const text = keyUri(issuer, name, seed)
        expect(text).toMatch(/^otpauth:\/\/totp\/[^:/?#]+:[^:/?#]+\?secret=[A-Z2-7]{32}&issuer=[^&=#]+&algorithm=SHA1&digits=6&period=30$/)
        const plain = (it: string): string => it.replaceAll(':', ' ')
        expect(read(text)).toEqual({ issuer: plain(issuer), account: plain(name), seed: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' })
        const url = new URL(text)
        expect([...url.searchParams.keys()]).toEqual(['secret', 'issuer', 'algorithm', 'digits', 'period'])
        expect(url.hash).toBe('')
      })

  test('holds for any name that an account can have', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((it) => it.trim() === it && it.isWellFormed())
    const same = (issuer: string, user: string): void => {
      const said = new URL(keyUri(issuer, user, seed))
      expect(decodeURIComponent(said.pathname.split('/').at(-1) ?? '')).toBe(`${issuer.replaceAll(':', ' ')}:${user.replaceAll(':', ' ')}`)
      expect(said.searchParams.getAll('secret')).toEqual([base32(seed)])
      expect(said.searchParams.getAll('issuer')).toEqual([issuer.replaceAll(':', ' ')])
    }
    fc.assert(fc.property(name, name, same), { numRuns: 1_000 })
  })
})

describe('the picture', () => {
  for (const name of names.filter((it) => it.length < 300))
    test(`${name.slice(0, 30)}: two decoders read in the pixels what we wrote`, async () => {
      const text = keyUri('Haven', name, seed)
      const { width, height, data } = PNG.sync.read(await qrPng(text))
      expect(jsQR(new Uint8ClampedArray(data), width, height)?.data).toBe(text)
      expect(decodeQR({ width, height, data })).toBe(text)
    })

  test('is black on opaque white and nothing else, with four modules of white around', async () => {
    const text = keyUri('Haven', 'fleur', seed)
    const { width, height, data } = PNG.sync.read(await qrPng(text))
    const shades = new Set<string>()
    for (let at = 0; at < data.length; at += 4) shades.add(data.subarray(at, at + 4).join())
    expect([...shades].toSorted()).toEqual(['0,0,0,255', '255,255,255,255'])

    const pixel = (x: number, y: number): number => data[(y * width + x) * 4] as number
    expect([pixel(0, 0), pixel(31, 31), pixel(32, 32)]).toEqual([255, 255, 0])

    const modules = await qrModules(text)
    expect([width, height]).toEqual([modules.length * 8, modules.length * 8])
    const edge = (it: number): boolean => it < 4 || it >= modules.length - 4
    const dark = modules.flatMap((row, y) => row.map((is, x) => is && (edge(x) || edge(y))))
    expect(dark.some(Boolean)).toBe(false)
    expect(modules[4]?.[4]).toBe(true)
  })

  test('a name of three hundred characters still fits', async () => {
    const text = keyUri('Haven', 'x'.repeat(300), seed)
    const { width, height, data } = PNG.sync.read(await qrPng(text))
    expect(jsQR(new Uint8ClampedArray(data), width, height)?.data).toBe(text)
  })
})

describe('base32', async () => {
  test('is that of RFC 4648, section 10, without padding', async () => {
    const table = { '': '', f: 'MY', fo: 'MZXQ', foo: 'MZXW6', foob: 'MZXW6YQ', fooba: 'MZXW6YTB', foobar: 'MZXW6YTBOI' }
    for (const [plain, coded] of Object.entries(table)) expect(base32(Buffer.from(plain))).toBe(coded)
  })

  test('agrees with another implementation, there and back, in every spelling of a key', async () => {
    const same = (bytes: Uint8Array): void => {
      const coded = base32(bytes)
      expect(coded).toBe(new Secret({ buffer: Uint8Array.from(bytes).buffer }).base32)
      for (const spelling of [coded, coded.toLowerCase(), coded.replace(/(.{4})/g, '$1 '), coded.replace(/(.{4})/g, '$1-'), `${coded}===`])
        expect(fromBase32(spelling)).toEqual(Uint8Array.from(bytes))
    }
    fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), same))
  })

  test('what is none is refused', async () => {
    for (const text of ['', ' ', '=', 'GEZD1', 'GEZD0', 'GEZD8', 'GEZDé', 'GE=ZD', 'A', 'ABC', 'ABCDEF'])
      expect(fromBase32(text)).toBeUndefined()
  })

  test('a key typed by hand gives the code of the app', async () => {
    expect(hotp(fromBase32('gezd gnbv gy3t qojq gezd gnbv gy3t qojq') as Uint8Array, 1)).toBe('287082')
  })
})
