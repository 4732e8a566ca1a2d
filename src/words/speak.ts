import type { Instant } from '../decision/index.ts'
import { Fault } from '../errors.ts'
import { type Both, type CatalogueKey, catalogue } from './catalogue.ts'
import { type LabelKey, labels } from './labels.ts'
import { type Moments, momentsOf } from './moments.ts'
import { type OfLanguage, type Vocabulary, vocabularyIn } from './vocabulary.ts'

/** How a portal speaks, as far as words know it. */
export interface Voice {
  readonly name: string
  readonly register: 'je' | 'u'
  readonly timeZone: string
  readonly vocabulary: Vocabulary
  readonly labels: Readonly<Record<string, OfLanguage>>
  readonly texts: Readonly<Record<string, OfLanguage>>
  readonly support: { readonly name: OfLanguage }
}

/** A moment that a sentence tells: `at` for machines, the words for people. */
export interface Told {
  readonly at: Instant
  readonly text: string
}

export type Values = Readonly<Record<string, string | number | Told>>

/** A piece of a sentence: plain text, or a value that the page may mark. */
export type Part = string | { readonly name: string; readonly value: string | number | Told }

export interface Words {
  /** For `lang` on the page: nl, en. */
  readonly language: 'nl' | 'en'
  /** The whole sentence as plain text. */
  t(key: CatalogueKey, values?: Values): string
  /** The sentence in pieces. */
  parts(key: CatalogueKey, values?: Values): readonly Part[]
  label(key: LabelKey): string
  /** A text that only portals have, or undefined. */
  own(key: string): string | undefined
  readonly told: { readonly [K in keyof Moments]: (at: Instant) => Told }
}

export type Speech = 'nl' | 'en'

/** The words of a portal in one language, at one moment. */
export function speak(voice: Voice, language: Speech, now: Instant): Words {
  const known = knownTo(voice, language)
  const at = language === 'nl' ? 0 : 1
  const moments = momentsOf(language, voice.timeZone, now)
  const split = (template: string, values: Values): readonly Part[] =>
    fill(registered(template, voice.register), known, values, voice.register)
  const parts = (key: CatalogueKey, values: Values = {}): readonly Part[] =>
    split(inLanguage(voice.texts[key], language) ?? (catalogue[key] as Both)[at], values)
  const told = Object.fromEntries(
    Object.entries(moments).map(([name, say]) => [
      name,
      (moment: Instant): Told => ({ at: moment, text: (say as (at: Instant) => string)(moment) }),
    ]),
  )
  return {
    language,
    parts,
    t: (key, values) => parts(key, values).map(textOf).join(''),
    label: (key) =>
      split(labelOf(voice, key, language, at), {})
        .map(textOf)
        .join(''),
    own: (key) => {
      const text = inLanguage(voice.texts[key], language)
      return text === undefined ? undefined : split(text, {}).map(textOf).join('')
    },
    told: told as Words['told'],
  }
}

type Known = Readonly<Record<string, string>>
const heard = { nl: new WeakMap<Voice, Known>(), en: new WeakMap<Voice, Known>() }

/** The portal's own words, put together once. */
function knownTo(voice: Voice, language: Speech): Known {
  const known = heard[language].get(voice)
  if (known) return known
  const support = inLanguage(voice.support.name, language) ?? voice.name
  const made = { ...vocabularyIn(language, voice.vocabulary), portal: voice.name, support }
  heard[language].set(voice, made)
  return made
}

function labelOf(voice: Voice, key: LabelKey, language: Speech, at: 0 | 1): string {
  const own = voice.labels[key]?.[language]
  if (own !== undefined) return own
  return key === 'afterQr' ? (voice.labels.afterQr?.nl ?? '') : labels[key][at]
}

const inLanguage = (texts: OfLanguage | undefined, language: Speech): string | undefined => texts?.[language] ?? texts?.en ?? texts?.nl

/** `[je/uw]` by register. */
const registered = (template: string, register: 'je' | 'u'): string =>
  template.replace(/\[([^[\]/]*)\/([^[\]/]*)\]/g, (_, je: string, u: string) => (register === 'je' ? je : u))

/** `{name}` by value or by the portal's own word; `{n|one|more}` by number. */
function fill(template: string, known: Known, values: Values, register: 'je' | 'u'): Part[] {
  return template.split(/(\{[^{}]+\})/).flatMap((piece): Part[] => {
    if (!piece.startsWith('{')) return piece === '' ? [] : [piece]
    const [name = '', one, more] = piece.slice(1, -1).split('|')
    const value = values[name]
    if (value !== undefined) return one === undefined ? [{ name, value }] : [(Number(value) === 1 ? one : more) ?? '']
    const word = known[name]
    if (word === undefined) throw new Fault('impossible', `the words '${template}' need {${name}}`)
    return [registered(word, register)]
  })
}

const textOf = (part: Part): string =>
  typeof part === 'string' ? part : typeof part.value === 'object' ? part.value.text : String(part.value)
