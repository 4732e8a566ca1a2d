import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalName } from '../storage/index.ts'
import { readMailAddress } from './mail-address.ts'
import { readPhoneNumber, writtenIn } from './phone-number.ts'

const anything = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 40 }))

describe('T126 a mail address', () => {
  const read = (typed: string): string => {
    const it = readMailAddress(typed)
    return 'address' in it ? it.address : it.refused
  }

  test('is one address, its domain in lower case', () => {
    expect(read(' Fleur.Janssens+haven@Voorbeeld.BE ')).toBe('Fleur.Janssens+haven@voorbeeld.be')
    expect(read("o'neil@a-b.voorbeeld.nl")).toBe("o'neil@a-b.voorbeeld.nl")
    expect(read('zoë@café.be')).toBe('zoë@café.be')
    expect(read('zoe\u0308@cafe\u0301.be')).toBe('zoë@café.be')
    expect(read('  ')).toBe('email.empty')
  })

  const twoReadings = [
    '"e@evil.test"@haven.test',
    'a@x.be,b@y.be',
    'a@x.be;b@y.be',
    'a@x.be b@y.be',
    '<a@x.be>b@y.be',
    'Fleur <fleur@x.be>',
    'a(comment)@x.be',
    'a@x.be(comment)',
    'a@x.be%0d',
    'a@x.be\r\nBcc: b@y.be',
    'a\r\nBcc: b@y.be@x.be',
    'a@x.be\0',
    'a＠x.be',
    'a@x．be',
    'a@ｅxample.be',
    'a@exаmple.be',
    'а@example.be',
    'ﬁ@x.be',
    'a\u200b@x.be',
    'a\u00ad@x.be',
    'a@x\u2024be',
    'a@x.be.',
    'a@.x.be',
    'a@x..be',
    'a..b@x.be',
    '.a@x.be',
    'a.@x.be',
    'a@-x.be',
    'a@x-.be',
    'a@localhost',
    'a@[127.0.0.1]',
    'a@127.0.0.1',
    'a@2130706433.1',
    'a@b@c.be',
    '@x.be',
    'a@',
    'a',
    '["a@x.be"]',
    'mailto:a@x.be',
    'a:b@x.be',
    'a\\b@x.be',
    `${'a'.repeat(65)}@x.be`,
    `a@${'b'.repeat(64)}.be`,
    `a@${'b.'.repeat(126)}be`,
  ]
  for (const typed of twoReadings) test(`${JSON.stringify(typed.slice(0, 40))} is refused`, () => expect(read(typed)).toBe('email.format'))

  test('that was read reads as itself, and holds nothing that a header or a list could be made of', () => {
    const plain = (typed: string): boolean => {
      const said = read(typed)
      return said.startsWith('email.') || (read(said) === said && /^[^\s,;:<>()[\]"\\@]+@[^\s,;:<>()[\]"\\@]+$/.test(said))
    }
    const part = fc.string({ unit: fc.constantFrom('a', 'B', '.', '-', '+', '@', ' ', '"', ',', 'é', 'ﬁ', '\r', '\n', '1'), maxLength: 12 })
    fc.assert(
      fc.property(
        fc.oneof(
          anything,
          fc.tuple(part, part).map(([a, b]) => `${a}@${b}.be`),
        ),
        plain,
      ),
      { numRuns: 5_000 },
    )
  })
})

describe('T126 a phone number', () => {
  const sms = { name: 'Haven', sender: { production: 'HAVEN' }, countries: ['BE', 'NL'] }
  const read = (typed: string, country: 'BE' | 'NL' = 'BE', countries = sms.countries): string => {
    const it = readPhoneNumber(typed, { country, sms: { ...sms, countries } })
    return 'number' in it ? it.number : it.refused
  }

  test('is read as people of the country write it', () => {
    for (const typed of ['0470 12 34 56', '0470/12.34.56', '+32 470 12 34 56', '0032470123456', '+32 (0)470 12 34 56', ' 0470-123456 '])
      expect(read(typed)).toBe('+32470123456')
    for (const typed of ['06 12345678', '+31612345678', '0031 6 1234 5678', '06-12345678']) expect(read(typed, 'NL')).toBe('+31612345678')
    expect(read('+31612345678', 'BE')).toBe('+31612345678')
  })

  test('says what is wrong with another', () => {
    expect(read(' ')).toBe('phone.empty')
    expect(read('03 205 20 11')).toBe('phone.notMobile')
    expect(read('010-1234567', 'NL')).toBe('phone.notMobile')
    expect(read('+447400123456')).toBe('phone.country')
    expect(read('+31612345678', 'BE', ['BE'])).toBe('phone.country')
    expect(read('0470 12 34')).toBe('phone.format')
    expect(read('0470 12 34 56 78')).toBe('phone.format')
  })

  test('T125 that costs its caller more, belongs to a machine or a pager, or flies in space gets no text', () => {
    const [be, nl] = [
      ['0900 12345', '0902 12345', '0905 12 345', '070 12 34 56', '078 12 34 56', '0800 12 345', '+32 77 1234 5678', '112'],
      ['0900-1234567', '0906-1234567', '0909 1234567', '0800-1234567', '066-1234567', '097 012345678', '085-1234567', '18001', '14010'],
    ]
    for (const typed of be ?? []) expect([typed, read(typed, 'BE')]).toEqual([typed, expect.stringMatching(/^phone\.(notMobile|format)$/)])
    for (const typed of nl ?? []) expect([typed, read(typed, 'NL')]).toEqual([typed, expect.stringMatching(/^phone\.(notMobile|format)$/)])
    for (const typed of ['+881612345678', '+870773123456', '+8821312345678', '+883510001234567', '+808 1234 5678', '+979 1 2345 6789'])
      expect([typed, read(typed)]).toEqual([typed, expect.stringMatching(/^phone\.(country|notMobile|format)$/)])
  })

  const twoReadings = [
    '+32470123456;ext=1',
    '+32470123456,1',
    '+32470123456 ext. 1',
    '+32470123456x1',
    'tel:+32470123456',
    '0470 12 34 5O',
    '٠٤٧٠١٢٣٤٥٦',
    '０４７０１２３４５６',
    '+32470123456\r\n+32470123457',
    '+32470123456+32470123457',
    '0470123456 0470123457',
    '+32470123456\0',
    '["0470123456"]',
    '+'.repeat(10),
    '0'.repeat(100_000),
  ]
  for (const typed of twoReadings)
    test(`${JSON.stringify(typed.slice(0, 40))} is refused`, () => expect(read(typed)).toMatch(/^phone\.(format|notMobile|country)$/))

  test('is shown as people of the country write it, and one from abroad with its country', () => {
    expect(writtenIn('NL', '+31612345678')).toBe('06 12345678')
    expect(writtenIn('BE', '+32470123456')).toBe('0470 12 34 56')
    expect(writtenIn('BE', '+31612345678')).toBe('+31 6 12345678')
    // What was imported and is no number of any plan is shown as it stands.
    expect(writtenIn('BE', '12')).toBe('12')
  })

  test('that was read reads as itself', () => {
    const digits = fc.stringMatching(/^[+0-9 ()./-]{4,24}$/)
    const same = (typed: string): boolean => read(typed).startsWith('phone.') || read(read(typed)) === read(typed)
    fc.assert(fc.property(fc.oneof(anything, digits), same), { numRuns: 3_000 })
  })
})

describe('a user name', () => {
  test('is one name in all spellings of its letters', () => {
    for (const typed of ['Anna', ' anna ', 'ANNA', '\tanna\n', 'ａｎｎａ', 'ⓐnna', '\u00a0anna\u3000'])
      expect(canonicalName(typed)).toBe('anna')
    for (const typed of ['zoë', 'ZOË', 'zoe\u0308', 'ZOE\u0308']) expect(canonicalName(typed)).toBe('zoë')
    expect(canonicalName('ﬁona')).toBe('fiona')
    expect(canonicalName('Straße')).toBe('straße')
    expect(canonicalName("o'neil_1-a")).toBe("o'neil_1-a")
    expect(canonicalName('Fleur@Voorbeeld.be')).toBe('fleur@voorbeeld.be')
    expect(canonicalName('anna@portal')).toBe('anna@portal')
  })

  const nobodys: readonly (readonly [string, string])[] = [
    ['dotless i', 'anıta'],
    ['dotted capital I', 'anİta'],
    ['a second dot on an i', 'i\u0307ris'],
    ['a second dot behind another mark', 'i\u0328\u0307ris'],
    ['a second dot on a j', 'j\u0307an'],
    ['dotless j', 'ȷan'],
    ['zero-width joiner', 'an\u200dna'],
    ['zero-width blank', 'anna\u200b.x'],
    ['soft hyphen', 'an\u00adna'],
    ['grapheme joiner', 'an\u034fna'],
    ['variation selector', 'anna\ufe0f'],
    ['variation selector of the supplement', 'anna\u{e0100}'],
    ['Mongolian selector', 'anna\u180b'],
    ['mark of direction', 'an\u202ena'],
    ['Cyrillic a', 'аnna'],
    ['Greek omicron', 'bοb'],
    ['script a', 'ɑnna'],
    ['small capital', 'aɴna'],
    ['script g', 'ɡerda'],
    ['phonetic i', 'ɪris'],
    ['iota of Latin', 'ɩris'],
    ['b with a topbar', 'ƅram'],
    ['click letter', 'ǀisa'],
    ['Arabic digit', 'anna١'],
    ['Bengali digit', 'anna৪'],
    ['null', 'anna\0'],
    ['percent', 'anna%00'],
    ['dot behind', 'anna.'],
    ['dot before', '.anna'],
    ['blank inside', 'an na'],
    ['nothing', ''],
    ['blanks', '   '],
    ['too long', 'a'.repeat(251)],
    ['very long', 'a'.repeat(1_000_000)],
    ['a name that grows when folded', '\ufdfa'.repeat(100)],
  ]
  for (const [what, typed] of nobodys)
    test(`${what}: the name of nobody`, () => {
      expect(canonicalName(typed)).toBeUndefined()
    })

  test('that was folded folds to itself, in every form', () => {
    const latin = fc.string({
      unit: fc.constantFrom('a', 'B', 'é', 'Ö', 'e\u0301', 'ĳ', 'ﬀ', 'İ', 'ß', 'ẞ', '.', '_', '@', '1', 'ⅳ', 'Å'),
      maxLength: 20,
    })
    const same = (typed: string): boolean => {
      const name = canonicalName(typed)
      if (name === undefined) return true
      return [name, name.normalize('NFD'), name.normalize('NFKC'), ` ${name} `].every((it) => canonicalName(it) === name)
    }
    fc.assert(fc.property(fc.oneof(latin, anything), same), { numRuns: 5_000 })
  })
})
