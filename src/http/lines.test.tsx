import { renderToString } from 'preact-render-to-string'
import { expect, test } from 'vitest'
import type { Portal } from '../portals/index.ts'
import type { Said, Situation } from '../sign-in/index.ts'
import { speak } from '../words/index.ts'
import { whyLine } from './lines.tsx'
import { sentenceFor } from './say.ts'

const portal = {
  name: 'Haven',
  register: 'je',
  timeZone: 'Europe/Brussels',
  vocabulary: { verb: 'aanmelden', phoneNumber: 'gsm-nummer' },
  labels: {},
  texts: {},
  support: { name: { nl: 'de balie' } },
  applications: {},
  secondStep: { rememberedBrowser: { days: 7, ticked: true } },
} as unknown as Portal

test('when the days of a browser are over, the line tells when the last code was, not when the password was typed', () => {
  const [then, now] = [Date.UTC(2026, 10, 3, 9), Date.UTC(2026, 10, 25, 9)]
  const mark = { fact: 'proved', method: 'remembered-browser', purpose: 'sign-in', at: then } as const
  const password = { fact: 'proved', method: 'password', purpose: 'sign-in', at: now } as const
  const situation = { portal, request: { at: now }, browser: { facts: [mark] }, facts: [mark, password] } as unknown as Situation
  const line = whyLine(speak(portal, 'nl', now), situation, 'remember-ended')
  expect(line && renderToString(line)).toMatch(/De 7 dagen voor deze browser zijn voorbij\. De vorige code was op .*3 november/)
})

test('where no other method leads on, none is promised; a wait that ends tomorrow says so in words', () => {
  const now = Date.UTC(2026, 10, 25, 22, 30)
  const words = speak(portal, 'nl', now)
  const plain = { ...portal, country: 'BE', limits: {}, password: {} } as unknown as Portal
  const held = (said: Said['said']): Said => ({ said, status: 422, at: Date.UTC(2026, 10, 25, 23, 10), until: now, sentBefore: 5 })
  expect(sentenceFor(held('sms.limit'), plain, words)).toBe('Een sms kan nu even niet. Kies een andere methode.')
  const alone = (['sms.limit', 'mail.limit', 'phone.limit'] as const).map((it) => sentenceFor(held(it), plain, words, false))
  expect(alone.map((it) => it.replaceAll('\u00a0', ' '))).toEqual([
    'Een sms kan nu even niet. Probeer het morgen om 0.10 uur opnieuw.',
    'Een mail kan nu even niet. Probeer het morgen om 0.10 uur opnieuw.',
    'Naar dit nummer kan vandaag geen sms meer. Vraag de balie om hulp.',
  ])
  expect(sentenceFor(held('code.noneLeft'), plain, words).replaceAll('\u00a0', ' ')).toBe(
    'Er zijn al 5 codes gestuurd. Een nieuwe code kan morgen om 0.10 uur.',
  )
})

test('countries go by their names, in the language of the page', () => {
  const abroad = { said: 'phone.country', status: 422 } as const
  const both = { ...portal, country: 'BE', limits: {}, password: {}, sms: { countries: ['BE', 'NL'] } } as unknown as Portal
  expect(sentenceFor(abroad, both, speak(both, 'nl', 0))).toBe(
    'Naar dit land sturen we geen sms. Vul een nummer in uit: België, Nederland.',
  )
  expect(sentenceFor(abroad, both, speak(both, 'en', 0))).toMatch(/Enter a number from: Belgium, Netherlands\.$/)
})
