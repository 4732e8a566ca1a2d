import { beforeAll, describe, expect, test } from 'vitest'
import { loadPortals, type Portal } from '../portals/index.ts'
import { systemRandom } from '../random.ts'
import { makePasswords, type Passwords, refusalOfPassword } from './index.ts'

const { portals } = loadPortals(['portals'], { address: 'http://localhost', applications: 'http://localhost' })
const cPoint = portals.get('c-point') as Portal
const anna = { name: 'ajansen', shown_name: 'AJansen', email: 'anna.de.wit@haven.test', given_name: 'Anna', family_name: 'De Wit-Bos' }

describe('a new password', () => {
  let passwords: Passwords
  beforeAll(async () => {
    passwords = await makePasswords(systemRandom, { common: new Set(['een heel bekende zin']) })
  })
  const refusal = (typed: string, person: typeof anna | undefined = anna, portal = cPoint) =>
    refusalOfPassword(passwords, portal, person, typed)

  test('of twelve characters or a phrase is taken, of any alphabet, with blanks and without any rule of composition', () => {
    for (const it of [
      'tweeduizend!',
      'de kat eet altijd om zes',
      'ζώα στο λιμάνι',
      'schip ahoi meneer',
      `${'\u{1f9a9}\u{1f422}'.repeat(2)}zeven zee`,
      'x9$kQ2!vLm7#',
    ])
      expect([it, refusal(it)]).toEqual([it, undefined])
  })

  test('is counted in characters as a person sees them typed, after NFC: eleven are too few, 256 are taken, 257 are too many', () => {
    expect(refusal('kort genoeg')).toEqual({ refused: 'password.short', length: 11, minimum: 12 })
    expect(refusal('cafe\u0301 op zee')).toEqual({ refused: 'password.short', length: 11, minimum: 12 })
    expect(refusal('')).toEqual({ refused: 'password.empty' })
    const long = Array.from({ length: 64 }, (_, at) => `w${at % 10}é${String.fromCodePoint(0x1f400 + at)}`).join('')
    expect([...long]).toHaveLength(256)
    expect(refusal(long)).toBeUndefined()
    expect(refusal(`${long}x`)).toEqual({ refused: 'password.tooLong' })
    expect(refusal('x'.repeat(10_000_000))).toEqual({ refused: 'password.tooLong' })
  })

  test('T105 that everybody tries first is refused with the reason: common words with digits, one thing again and again, rows of keys', () => {
    const easy = [
      'wachtwoord2026',
      'Welkom123456!',
      'W@chtw00rd1234',
      'zomer-winter-2026',
      'aaaaaaaaaaaa',
      '            ',
      '123412341234',
      'abcabcabcabc',
    ]
    for (const it of [
      ...easy,
      'qwertyuiopas',
      'azertyuiopqs',
      '123456789012',
      'abcdefghijkl',
      '098765432109',
      '13-02-1980-2026',
      'Een heel bekende ZIN',
    ])
      expect([it, refusal(it)]).toEqual([it, { refused: 'password.common' }])
  })

  test('T105 that holds the name of the portal or of the person is refused, however it is written; short names count for nothing', () => {
    for (const it of [
      'naar c-point toe',
      'NAAR C POINT TOE',
      'ik ben ajansen hoor',
      'groeten van Anna',
      'familie dewitbos',
      'naam anna-de-wit',
    ])
      expect([it, refusal(it)]).toEqual([it, { refused: 'password.context' }])
    expect(refusal('samen met jan op stap', { ...anna, given_name: 'Jan' })).toBeUndefined()
    const portal = { ...cPoint, password: { ...cPoint.password, contextWords: ['Kiel-Drecht'] } }
    expect(refusal('schepen in kieldrecht', anna, portal)).toEqual({ refused: 'password.context' })
  })

  test('of nobody certain says nothing of names: else it would tell the name', () => {
    expect(refusalOfPassword(passwords, cPoint, undefined, 'ik ben ajansen hoor')).toBeUndefined()
  })
})
