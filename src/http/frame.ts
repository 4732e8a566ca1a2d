import type { Frame, Said as SaidText, SupportLine } from '../pages/index.ts'
import type { Portal } from '../portals/index.ts'
import { hasOtherMethod, type Said, type Situation } from '../sign-in/index.ts'
import { speak, type Words } from '../words/index.ts'
import { csrfValue } from './csrf.ts'
import { addressesOf, basePath, type Path, path } from './paths.ts'
import { sentenceFor } from './say.ts'
import type { Visit } from './visit.ts'
import { type Language, languagesOf } from './visitor.ts'

/** A band on every page tells people where no real work is done. */
const isTest: Readonly<Record<Portal['environment'], boolean>> = { production: false, preproduction: true, test: true }
const languageNames: Readonly<Record<Language, string>> = { nl: 'Nederlands', en: 'English' }

export const wordsFor = ({ portal, visitor, now }: Pick<Visit, 'portal' | 'visitor' | 'now'>): Words =>
  speak(portal, visitor.language as Language, now)

export interface FrameOptions {
  readonly situation?: Situation | undefined
  /** The page that the form of this page belongs to. */
  readonly at?: Path | undefined
  readonly said?: Said | undefined
}

/** What every page is drawn in. */
export function frameFor(visit: Visit, { situation, at, said }: FrameOptions = {}): Frame {
  const { doors, portal, visitor, formCookie } = visit
  const words = wordsFor(visit)
  const isSignedIn = situation?.session !== undefined && situation.attempt?.finished_at !== null
  const account = situation?.account
  return {
    words,
    portal: {
      name: portal.name,
      ...doors.assets.of(portal),
      support: supportLines(portal, words),
      links: linksOf(portal),
      isTest: isTest[portal.environment],
    },
    at: addressesOf(portal, at ?? path.signIn),
    languages: languagesOf(portal).map((code) => ({
      code,
      name: languageNames[code],
      href: `${basePath(portal)}${at ?? path.start}?lang=${code}`,
      isCurrent: code === visitor.language,
    })),
    csrf: csrfValue(doors.house, portal, formCookie),
    ...(account ? { account: account.shown_name } : {}),
    ...(account && situation?.attempt ? { helpNumber: situation.attempt.help_number } : {}),
    ...(isSignedIn ? { isSignedIn } : {}),
    ...(said ? { said: saidText(said, portal, words, situation) } : {}),
    ...(at && visit.request.method === 'POST' ? { place: basePath(portal) + at } : {}),
  }
}

/** The same frame for a page with an address of its own: reload, back and another language lead there. */
export const standingAt = (frame: Frame, address: string): Frame => ({
  ...frame,
  languages: frame.languages.map((it) => ({ ...it, href: `${address}?lang=${it.code}` })),
  ...(frame.place ? { place: address } : {}),
})

function saidText(said: Said, portal: Portal, words: Words, situation: Situation | undefined): SaidText {
  const field = said.field ?? (said.said.startsWith('code.') ? 'code' : said.said.startsWith('signin.') ? 'username' : undefined)
  return { text: sentenceFor(said, portal, words, situation && hasOtherMethod(situation)), ...(field ? { field } : {}) }
}

function supportLines({ support }: Portal, words: Words): SupportLine[] {
  return support.lines.map((line) => {
    if ('email' in line) return { link: `mailto:${line.email}`, text: line.email }
    if ('phone' in line) return { link: `tel:${line.phone.replace(/[^+\d]/g, '')}`, text: line.phone }
    if ('url' in line) return { link: line.url, text: line.url.replace(/^https:\/\/(?=[^/]+$)/, '') }
    return { text: line[words.language] ?? line.en ?? line.nl ?? '' }
  })
}

function linksOf({ links }: Portal): Frame['portal']['links'] {
  return Object.fromEntries(Object.entries(links).filter(([, href]) => href !== undefined))
}
