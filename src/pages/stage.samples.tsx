import type { VNode } from 'preact'
import type { Portal } from '../portals/index.ts'
import { type CatalogueKey, speak, type Told, type Values, type Words } from '../words/index.ts'
import type { Addresses, Frame, Said, SupportLine } from './frame.ts'

/** Dutch as friends and as strangers speak it, and English. */
export type Tongue = 'nl' | 'nl-formal' | 'en'
export const tongues: readonly Tongue[] = ['nl', 'nl-formal', 'en']

export interface Person {
  readonly username: string
  readonly maskedEmail: string
  readonly lastTwo: string
  readonly phone: string
  readonly application: string
}

/** Everything that a sample is drawn from. */
export interface Stage {
  readonly words: Words
  readonly portal: Portal
  readonly person: Person
  /** The frame before the right password; the second has the account in it. */
  frame(more?: Partial<Frame>): Frame
  inside(more?: Partial<Frame>): Frame
  said(key: CatalogueKey, field: string | undefined, values?: Values): { readonly said: Said }
  /** Minutes from the fixed now, as a clock time. */
  clock(minutes: number): Told
  date(days: number): Told
}

export interface Sample {
  /** The page by its number, then its state: P25 wrong. */
  readonly name: string
  /** The portal in whose look the gallery shows it. */
  readonly portal: 'c-point' | 'profiportaal' | 'koop-cam' | 'uitpas'
  draw(stage: Stage): VNode
}

const people: Readonly<Record<Sample['portal'], Person>> = {
  'c-point': { username: 'bram', maskedEmail: 'b…@haven.test', lastTwo: '56', phone: '0470 12 34 56', application: 'Ligplaatsen' },
  profiportaal: { username: 'hana', maskedEmail: 'h…@winkel.test', lastTwo: '78', phone: '06 12345678', application: 'Bestellen' },
  'koop-cam': { username: 'eef', maskedEmail: 'e…@gemeente.test', lastTwo: '78', phone: '06 12345678', application: 'Publicatie' },
  uitpas: { username: 'gijs@balie.test', maskedEmail: 'g…@balie.test', lastTwo: '56', phone: '0470 12 34 56', application: 'Balie' },
}

/** Saturday 21 November 2026, 14.24 in Brussels. */
export const sampleNow = Date.UTC(2026, 10, 21, 13, 24)
const minute = 60_000

export interface StageOptions {
  readonly person?: Partial<Person>
  /** Where styles, script and logos stand. */
  readonly assets?: string
  /** In place of the addresses of the portal, for pages that lie in a folder. */
  readonly addressOf?: (name: keyof Addresses) => string
}

export function stageOf(portal: Portal, tongue: Tongue, { person: more, assets = '/assets', addressOf }: StageOptions = {}): Stage {
  const language = tongue === 'en' ? 'en' : 'nl'
  const words = speak(tongue === 'en' ? portal : inRegister(portal, tongue === 'nl' ? 'je' : 'u'), language, sampleNow)
  const person = { ...(people[portal.id as Sample['portal']] ?? people['c-point']), ...more }
  const bare: Frame = {
    words,
    portal: {
      name: portal.name,
      styles: [`${assets}/styles.css`, `${assets}/${portal.id}.css`],
      script: `${assets}/script.js`,
      ...logoOf(portal, assets),
      support: supportOf(portal, language),
      links: Object.fromEntries(Object.entries(portal.links).filter(([, href]) => href)),
      isTest: false,
    },
    at: addresses(addressOf ?? ((name) => `/${portal.id}/${name}`)),
    languages: (['nl', 'en'] as const).map((code) => ({
      code,
      name: code === 'nl' ? 'Nederlands' : 'English',
      href: `?lang=${code}`,
      isCurrent: code === language,
    })),
    csrf: 'sample',
  }
  return {
    words,
    portal,
    person,
    frame: (it) => ({ ...bare, ...it }),
    inside: (it) => ({ ...bare, account: person.username, ...(it?.isSignedIn ? {} : { helpNumber: '4827' }), ...it }),
    said: (key, field, values) => ({ said: { text: words.t(key, values), ...(field ? { field } : {}) } }),
    clock: (minutes) => words.told.time(sampleNow + minutes * minute),
    date: (days) => words.told.date(sampleNow + days * 1440 * minute),
  }
}

/** The texts of a portal are written in its own register; in the other one the house speaks. */
function inRegister(portal: Portal, register: 'je' | 'u'): Portal {
  return portal.register === register ? portal : { ...portal, register, texts: {} }
}

const names: readonly (keyof Addresses)[] = [
  ...(['home', 'signIn', 'password', 'offer', 'postpone', 'choose', 'notRegistered', 'code', 'resend', 'where'] as const),
  ...(['phone', 'phoneKnown', 'phoneChange', 'enrol', 'enrolApp', 'enrolHelp', 'enrolPicture', 'goOn'] as const),
  ...(['otherAccount', 'profile', 'signOut'] as const),
  ...(['browsers', 'forget', 'forgetAll', 'activity', 'askNotMe', 'secure', 'sessions', 'endSession', 'endEverywhere'] as const),
  ...(['forgot', 'newPassword', 'recover', 'ticket'] as const),
  ...(['notMe', 'message'] as const),
]
const addresses = (of: (name: keyof Addresses) => string): Addresses =>
  Object.fromEntries(names.map((it) => [it, of(it)])) as unknown as Addresses

function logoOf({ theme }: Portal, assets: string): Pick<Frame['portal'], 'logo'> {
  if (!theme.logo) return {}
  return { logo: { src: `${assets}/${theme.logo}`, ...(theme.logoDark ? { dark: `${assets}/${theme.logoDark}` } : {}) } }
}

function supportOf({ support }: Portal, language: 'nl' | 'en'): SupportLine[] {
  return support.lines.map((it) => {
    if ('email' in it) return { link: `mailto:${it.email}`, text: it.email }
    if ('phone' in it) return { link: `tel:${it.phone.replaceAll('-', '')}`, text: it.phone }
    if ('url' in it) return { link: it.url, text: it.url.replace(/^https:\/\/(?=[^/]+$)/, '') }
    return { text: it[language] ?? it.nl ?? '' }
  })
}
