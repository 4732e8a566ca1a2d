import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readTypedCode } from './typed-code.ts'

const read = (typed: string): string => {
  const it = readTypedCode(typed)
  return 'digits' in it ? it.digits : it.refused
}
const code = fc.integer({ min: 0, max: 999_999 }).map((it) => String(it).padStart(6, '0'))
const nbsp = '\u00a0'
const zeroWidth = '\u200b'

describe('a code is read in every spelling that a person may paste', () => {
  const spellings: readonly (readonly [string, (code: string) => string])[] = [
    ['plain', (it) => it],
    ['a blank in the middle', (it) => `${it.slice(0, 3)} ${it.slice(3)}`],
    ['a hyphen', (it) => `${it.slice(0, 3)}-${it.slice(3)}`],
    ['a long dash', (it) => `${it.slice(0, 3)}–${it.slice(3)}`],
    ['dots', (it) => `${it.slice(0, 2)}.${it.slice(2, 4)}.${it.slice(4)}`],
    ['blanks around', (it) => `  ${it}\t`],
    ['a hard blank', (it) => `${it.slice(0, 3)}${nbsp}${it.slice(3)}`],
    ['a zero-width blank', (it) => `${it.slice(0, 3)}${zeroWidth}${it.slice(3)}${zeroWidth}`],
    ['marks of direction', (it) => `\u202a${it}\u202c`],
    ['a hash', (it) => `#${it}`],
    ['full-width digits', (it) => String.fromCodePoint(...[...it].map((digit) => 0xff10 + Number(digit)))],
    ['a new line', (it) => `${it}\n`],
    ['all apart', (it) => [...it].join(' ')],
    ['a number with an exponent', (it) => `${it.slice(0, 1)}.${it.slice(1)}e5`],
    ['a sentence', (it) => `Je code is ${it}.`],
    [
      'a whole text message with its last line',
      (it) => `${it} is je code voor Haven. Kenmerk: K7B. Werkt tot 14:32.\n\n@haven.example #${it}`,
    ],
  ]
  for (const [name, spell] of spellings)
    test(name, () =>
      fc.assert(
        fc.property(code, (it) => read(spell(it)) === it),
        { numRuns: 200 },
      ),
    )

  test('000042 is six characters, not a number', () => expect([read('000042'), read('42')]).toEqual(['000042', 'code.format']))
})

describe('what is no code is asked again', () => {
  const refused: readonly (readonly [string, string])[] = [
    ['', 'code.empty'],
    [`  ${nbsp}\t\n`, 'code.empty'],
    ['12345', 'code.format'],
    ['0123456', 'code.format'],
    ['1234567', 'code.format'],
    ['١٢٣٤٥٦', 'code.format'],
    ['१२३४५६', 'code.format'],
    ['1e5', 'code.format'],
    ['0x1E240', 'code.format'],
    ['12345six', 'code.format'],
    ['{"code":{"ne":""}}', 'code.format'],
    ['123 456 7', 'code.format'],
    ['123456 654321', 'code.manyRuns'],
    ['123456 is uw code, 123457 niet', 'code.manyRuns'],
    [`123456${' '.repeat(495)}`, 'code.format'],
    [`${'1'.repeat(100_000)}`, 'code.format'],
  ]
  for (const [typed, why] of refused) test(JSON.stringify(typed.slice(0, 30)), () => expect(read(typed)).toBe(why))
})

describe('for anything that may be typed', () => {
  const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[0-9 .#\-a-z]{0,40}$/))

  test('the answer is six digits 0 to 9 or a reason', () => {
    fc.assert(
      fc.property(anything, (it) => /^([0-9]{6}|code\.(empty|format|manyRuns))$/.test(read(it))),
      { numRuns: 5_000 },
    )
  })

  test('the six digits stand in what was typed, in their order', () => {
    const stands = (typed: string): boolean => {
      const said = read(typed)
      if (said.startsWith('code.')) return true
      const digits = [...typed.normalize('NFKC')].filter((it) => it >= '0' && it <= '9').join('')
      return digits.includes(said)
    }
    fc.assert(fc.property(anything, stands), { numRuns: 5_000 })
  })

  test('one reading only: what was read reads as itself', () => {
    fc.assert(
      fc.property(anything, (it) => read(it).startsWith('code.') || read(read(it)) === read(it)),
      { numRuns: 2_000 },
    )
  })
})
