import { describe, expect, test } from 'vitest'
import { errors } from './errors.ts'
import { type CatalogueKey, catalogue, labels, momentsOf, speak, type Voice } from './index.ts'

/** Saturday 21 November 2026, 14.24 in Brussels. */
const now = Date.UTC(2026, 10, 21, 13, 24)
const voice: Voice = {
  name: 'Portaal',
  register: 'je',
  timeZone: 'Europe/Brussels',
  vocabulary: { verb: 'inloggen', phoneNumber: 'telefoonnummer', app: { nl: 'machtigingscode', en: 'authorisation code' } },
  labels: { enrol: { nl: 'code verifiëren' }, afterQr: { nl: 'Volgende' } },
  texts: { 'P10.also': { nl: '{portal} vraagt dit [je/u].' }, own: { en: 'Only in English' } },
  support: { name: { nl: 'de helpdesk', en: 'the helpdesk' } },
}
const je = speak(voice, 'nl', now)
const u = speak({ ...voice, register: 'u' }, 'nl', now)
const en = speak(voice, 'en', now)

describe('the catalogue', () => {
  const all = Object.entries(catalogue) as [CatalogueKey, readonly [string, string]][]

  test('has both languages for every key, or neither where only portals speak', () => {
    expect(all.filter(([, [nl, english]]) => (nl === '') !== (english === '')).map(([key]) => key)).toEqual([])
  })

  test('has the same holes in Dutch and English, but for words of the portal', () => {
    const holes = (text: string) => new Set([...text.matchAll(/\{([a-z]\w*)(?:\||\})/g)].map((it) => it[1]))
    const words = ['signIn', 'toSignIn', 'signedIn', 'signOut', 'signedOut', 'phoneNumber']
    const given = (text: string) => [...holes(text)].filter((it) => !words.includes(it ?? '')).toSorted()
    expect(all.filter(([, [nl, english]]) => `${given(nl)}` !== `${given(english)}`).map(([key]) => key)).toEqual([])
  })

  test('has a form for both registers wherever it has one', () => {
    const bare = /(?<![\w[/])(je|jij|jouw|u|uw)(?![\w\]/])/i
    expect(all.filter(([, [nl]]) => bare.test(nl.replace(/\[[^\]]*\]/g, ''))).map(([key]) => key)).toEqual(['P30.itText'])
  })

  test('errors end with a full stop and say what to do in a second sentence or clause', () => {
    const texts = Object.entries(errors).flatMap(([key, both]) => both.map((text) => ({ key, text })))
    expect(texts.filter(({ text }) => !text.endsWith('.')).map((it) => it.key)).toEqual([])
    expect(texts.filter(({ text }) => !/[.,:] \S/.test(text)).map((it) => it.key)).toEqual([])
  })

  test('sentences have at most fifteen words', () => {
    const sentences = (text: string) => text.replace(/\[([^/\]]*)\/[^\]]*\]/g, '$1').split(/(?<=[.?!:]) /)
    const long = all.flatMap(([key, [nl]]) =>
      sentences(nl)
        .filter((it) => it.split(' ').length > 15)
        .map(() => key),
    )
    expect(long).toEqual([])
  })

  test('labels of buttons end without a full stop', () => {
    expect(
      Object.entries(labels)
        .filter(([, both]) => both.some((it) => /[.:]$/.test(it)))
        .map(([key]) => key),
    ).toEqual([])
  })
})

describe('the voice of a portal', () => {
  test('speaks as to a friend or as to a stranger', () => {
    expect(je.t('P04.heading')).toBe('Vul je wachtwoord in')
    expect(u.t('P04.heading')).toBe('Vul uw wachtwoord in')
    expect(je.t('P06.heading')).toBe('Hoe wil je de code krijgen?')
    expect(u.t('P06.heading')).toBe('Hoe wilt u de code krijgen?')
    // A verb before 'je' has no t.
    for (const [key, verb] of [
      ['email.same', 'gebruik'],
      ['phone.same', 'gebruik'],
      ['M16.guessed', 'Gebruik'],
    ] as const) {
      expect(je.t(key)).toContain(`${verb} je `)
      expect(u.t(key)).toContain(`${verb}t u `)
    }
  })

  test('uses the words of the portal, with a capital where a sentence begins', () => {
    expect(je.t('P25.heading')).toBe('Vul je machtigingscode in')
    expect(je.t('field.app')).toBe('Machtigingscode')
    expect(en.t('field.app')).toBe('Authorisation code')
    expect(je.t('P02.heading')).toBe('Inloggen bij Portaal')
    expect(speak({ ...voice, vocabulary: { ...voice.vocabulary, verb: 'aanmelden' } }, 'nl', now).t('P67.heading')).toBe('Je bent afgemeld')
  })

  test('says code where the portal has no word of its own', () => {
    expect(je.t('P26.heading')).toBe('Vul je code in')
  })

  test('prefers the text of the portal, in its register, and knows texts that only it has', () => {
    expect(je.t('P10.also')).toBe('Portaal vraagt dit je.')
    expect(u.t('P10.also')).toBe('Portaal vraagt dit u.')
    expect(je.own('own')).toBe('Only in English')
    expect(je.own('nothing')).toBeUndefined()
  })

  test('writes a label as the portal writes it, and the usual one elsewhere', () => {
    expect(je.label('enrol')).toBe('code verifiëren')
    expect(je.label('appCode')).toBe('Inloggen')
    expect(je.label('afterQr')).toBe('Volgende')
    expect(speak({ ...voice, labels: {} }, 'nl', now).label('afterQr')).toBe('')
  })

  test('one day, one try: one; else more', () => {
    expect(je.t('P05.left', { n: 1 })).toBe('Nog 1 dag.')
    expect(je.t('P05.left', { n: 0 })).toBe('Nog 0 dagen.')
    expect(en.t('P05.left', { n: 14 })).toBe('14 days left.')
    expect(en.t('code.lastTries', { n: 1 })).toContain('1 more try, then')
    expect(en.t('code.lastTries', { n: 2 })).toContain('2 more tries, then')
    expect(je.t('code.clock', { n: 2, direction: 'achter' })).toContain('loopt 2 minuten achter')
  })

  test('gives a sentence in pieces, so that a page can mark its values', () => {
    const until = je.told.time(now)
    expect(je.parts('P31.heading', { time: until })).toEqual(['Even wachten tot ', { name: 'time', value: until }])
  })

  test('takes a value as it is: braces and brackets in a name mean nothing', () => {
    expect(je.t('frame.account', { username: '{portal} [je/u] {n|a|b}' })).toBe('Account: {portal} [je/u] {n|a|b}')
  })

  test('a sentence without its value is a fault, not a hole', () => {
    expect(() => je.t('P01.signedIn')).toThrow(/need \{username\}/)
  })
})

describe('moments', () => {
  const nl = momentsOf('nl', 'Europe/Brussels', now)
  const english = momentsOf('en', 'Europe/Brussels', now)
  const spaced = (text: string) => text.replaceAll('\u00a0', ' ')

  test('today is the clock alone, without a break inside', () => {
    expect(nl.time(now)).toBe('14.24\u00a0uur')
    expect(english.time(now)).toBe('14:24')
    expect(spaced(nl.time(Date.UTC(2026, 10, 21, 8, 5)))).toBe('9.05 uur')
    expect(english.time(Date.UTC(2026, 10, 21, 8, 5))).toBe('9:05')
  })

  test('tomorrow is said, later has its weekday and date', () => {
    const [tomorrow, later] = [Date.UTC(2026, 10, 22, 8, 5), Date.UTC(2026, 10, 26, 8, 5)]
    expect(spaced(nl.time(tomorrow))).toBe('morgen 9.05 uur')
    expect(english.time(tomorrow)).toBe('tomorrow 9:05')
    expect(spaced(nl.time(later))).toBe('donderdag 26 november 9.05 uur')
    expect(english.time(later)).toBe('Thursday 26 November 9:05')
  })

  test('a moment has its preposition', () => {
    const at = (d: number, h: number) => Date.UTC(2026, 10, d, h, 5)
    expect([at(21, 13), at(22, 8), at(26, 8)].map((it) => spaced(nl.moment(it)))).toEqual([
      'om 14.05 uur',
      'morgen om 9.05 uur',
      'op donderdag 26 november om 9.05 uur',
    ])
    expect([at(21, 13), at(22, 8), at(26, 8)].map(english.moment)).toEqual(['at 14:05', 'tomorrow at 9:05', 'Thursday 26 November at 9:05'])
  })

  test('what we promise is rounded down, what one waits for is rounded up', () => {
    const at = now + 59_999
    expect(english.time(at)).toBe('14:24')
    expect(english.waitTime(at)).toBe('14:25')
    expect(english.waitTime(now)).toBe('14:24')
    expect(english.moment(at)).toBe('at 14:25')
  })

  test('a wait that is rounded up over midnight is tomorrow', () => {
    const late = Date.UTC(2026, 10, 21, 22, 59, 30)
    expect(spaced(nl.waitTime(late))).toBe('morgen 0.00 uur')
    expect(spaced(nl.time(late))).toBe('23.59 uur')
  })

  test('the year is said when it is another one', () => {
    expect(nl.date(Date.UTC(2024, 2, 18))).toBe('18 maart 2024')
    expect(nl.date(Date.UTC(2026, 2, 3))).toBe('3 maart')
    expect(english.date(Date.UTC(2027, 0, 4))).toBe('4 January 2027')
    expect(spaced(nl.time(Date.UTC(2027, 0, 4, 8)))).toBe('maandag 4 januari 2027 9.00 uur')
  })

  test('the day turns at midnight of the portal, also when the clock was put back', () => {
    expect(spaced(momentsOf('nl', 'Europe/Amsterdam', Date.UTC(2026, 9, 24, 22, 30)).time(Date.UTC(2026, 9, 25, 22, 59)))).toBe('23.59 uur')
    expect(spaced(momentsOf('nl', 'Europe/Amsterdam', Date.UTC(2026, 9, 24, 22, 30)).time(Date.UTC(2026, 9, 25, 23, 1)))).toBe(
      'morgen 0.01 uur',
    )
    const spring = momentsOf('nl', 'Europe/Brussels', Date.UTC(2026, 2, 28, 22, 30))
    expect(spaced(spring.time(Date.UTC(2026, 2, 29, 1, 0)))).toBe('morgen 3.00 uur')
  })

  test('tomorrow is tomorrow on every day of the year, just after midnight and just before', () => {
    const days = Array.from({ length: 365 }, (_, it) => it + 1)
    const said = (day: number, hour: number, later: number) =>
      momentsOf('en', 'Europe/Brussels', Date.UTC(2026, 0, day, hour)).time(Date.UTC(2026, 0, day + later, 12))
    // 22 o'clock UTC of the day before is midnight in summer, 23 is midnight in winter.
    expect(days.filter((it) => ![-1, 21].every((hour) => said(it, hour, 1).startsWith('tomorrow')))).toEqual([])
    expect(days.filter((it) => [-1, 21].some((hour) => said(it, hour, 2).startsWith('tomorrow')))).toEqual([])
  })
})
