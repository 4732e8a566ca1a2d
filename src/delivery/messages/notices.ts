import { Fault } from '../../errors.ts'
import type { Portal } from '../../portals/index.ts'
import type { CatalogueKey, Words } from '../../words/index.ts'
import { type Happened, type Notice, type NoticeFacts, noticeTexts, notMeSeconds } from '../notice-kinds.ts'
import type { Making } from './mail.ts'
import { supportLines } from './support.ts'

export interface NoticeText {
  readonly subject: string
  readonly paragraphs: readonly string[]
  /** Stands alone on its line, and is the only one. */
  readonly link?: string
}

export const isNotice = (template: string): boolean => Object.values(noticeTexts).some((it) => it.mail === template)

/** What happened, when, where, and what to do if it was somebody else. */
export function noticeMail({ message, portal, linkToken }: Making, words: Words): NoticeText {
  const { told = [] } = JSON.parse(message.facts) as Partial<NoticeFacts>
  const last = told.at(-1)
  if (!last) throw new Fault('impossible', `a message ${message.template} tells of nothing`)
  const link = linkToken === undefined ? undefined : `${portal.address}/not-me?t=${linkToken}`
  const notMeUntil = words.told.time(message.created_at + notMeSeconds * 1000)
  return {
    subject: words.t(subjects[last.notice]),
    paragraphs: [
      ...told.flatMap((it) => [...whatOf(it, portal, words), ...(withoutPlace.includes(it.notice) ? [] : [placeOf(it, words)])]),
      ...(link ? [words.t('mail.notMe', { notMeUrl: link, notMeUntil })] : []),
      words.t('mail.from', { number: message.number }),
      words.t('mail.questions', { supportLines: supportLines(portal, words.language) }),
    ],
    ...(link ? { link } : {}),
  }
}

/** The same link in a text message: short, and it survives a thumb. */
export const shortNotMeAddress = (portal: Portal, token: string): string => `${portal.address}/n?${token}`

const subjects = {
  'method-added': 'M05.subject',
  'method-removed': 'M06.subject',
  'method-replacing': 'M07.subject',
  'method-replaced': 'M07.subject',
  'password-changed': 'M08.subject',
  'new-browser': 'M09.subject',
  'half-finished': 'M10.subject',
  'email-changed': 'M11b.subject',
  'email-confirmed': 'M11b.subject',
  'phone-changed': 'M12.subject',
  recovered: 'M13c.subject',
  protected: 'M16.subject',
  'enrolment-restarted': 'M19.subject',
  'browser-copied': 'M18.subject',
} satisfies Record<Notice['notice'], CatalogueKey>

/** Nobody stood anywhere: an old app that ended by itself, and an address that only hears that it is the one now. */
const withoutPlace: readonly Notice['notice'][] = ['method-replaced', 'email-confirmed']

function whatOf(it: Happened, { secondStep }: Portal, words: Words): string[] {
  const { told } = words
  switch (it.notice) {
    case 'method-added':
      return [words.t('M05.what', { methodWords: methodWords(it, words) })]
    case 'method-removed':
      return [words.t('M06.what', { methodWords: methodWords(it, words) }), ...(it.isLast ? [words.t('M06.last')] : [])]
    case 'method-replacing':
      return [words.t('M07.start', { date: told.date(it.oldEndsAt) })]
    case 'method-replaced':
      return [words.t('M07.end', { date: told.date(it.undoUntil) })]
    case 'password-changed': {
      const again = it.mailCodeAgainAt
      const [everywhere, elsewhere] = secondStep.rememberedBrowser
        ? (['M08.what', 'M08.elsewhere'] as const)
        : (['M08.whatAlone', 'notice.passwordIsChanged'] as const)
      const what = words.t(it.isStillIn ? elsewhere : everywhere)
      return [what, ...(again === undefined ? [] : [words.t('M08.mail', { moment: told.moment(again) })])]
    }
    case 'new-browser':
      return [words.t('M09.what')]
    case 'half-finished':
      return [words.t('M10.what')]
    case 'email-changed':
      return [words.t('M11b.what', { date: told.date(it.undoUntil) })]
    case 'email-confirmed':
      return [words.t('M11c.what')]
    case 'phone-changed':
      return [words.t('M12.what', { last2: it.lastTwo })]
    case 'recovered':
      return [words.t('M13c.what')]
    case 'protected':
      return 'guessed' in it ? [words.t('M16.guessed')] : [words.t('M16.what', { effect: effectOf(it, words) })]
    case 'enrolment-restarted':
      return [words.t('M19.what')]
    case 'browser-copied':
      return [words.t('M18.what')]
  }
}

const methodWords = ({ method, boundAt }: Extract<Notice, { boundAt: number }>, words: Words): string =>
  words.t('method.words', { method: words.t(`method.${method}`), date: words.told.date(boundAt) })

function effectOf(it: Exclude<Extract<Notice, { notice: 'protected' }>, { guessed: unknown }>, words: Words): string {
  if ('pausedUntil' in it) return words.t('M16.paused', { moment: words.told.moment(it.pausedUntil) })
  if ('disabled' in it) return words.t('M16.disabled', { method: words.t(`method.${it.disabled}`) })
  return words.t('M16.newPassword')
}

/** When, and where as far as it is known. */
function placeOf({ at, device = {} }: Happened, words: Words): string {
  const { browser, system } = device
  const place = browser && system ? words.t('mail.place', { browser, system }) : (browser ?? system)
  const when = words.t('mail.when', { date: words.told.date(at), time: words.told.clock(at) })
  return place ? `${when} ${words.t('mail.where', { place })}` : when
}
