import type { Instant } from '../../decision/index.ts'
import { Fault } from '../../errors.ts'
import type { Portal } from '../../portals/index.ts'
import type { CodeRow, MessageRow } from '../../storage/index.ts'
import { speak, type Words } from '../../words/index.ts'
import { htmlOf } from './html.ts'
import { isNotice, type NoticeText, noticeMail } from './notices.ts'
import { resetMail } from './reset.ts'
import { supportLines } from './support.ts'

export interface Address {
  readonly name: string
  readonly address: string
}

/** A mail as it leaves: every header is here, each address an object, so that nothing is ever parsed out of a text. */
export interface Mail {
  readonly from: Address
  readonly replyTo: string | undefined
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly language: 'nl' | 'en'
  /** The same at every try, so that a receiver may know a second one. */
  readonly messageId: string
  readonly date: Instant
}

/** What a message is made of, at the moment it is sent. */
export interface Making {
  readonly message: MessageRow
  readonly portal: Portal
  /** The code that the message carries, with its digits; undefined for a notice. */
  readonly code: { readonly row: CodeRow; readonly digits: string } | undefined
  /** Where a new password is chosen; only in the mail that brings it. */
  readonly resetUrl?: string | undefined
  /** The token of the link in a notice. */
  readonly linkToken?: string | undefined
  readonly now: Instant
}

const codeMails = ['M01', 'M02', 'M03', 'M11a', 'M20'] as const

/** @throws Fault 'impossible' when the row cannot become this mail: the worker sets it aside. */
export function renderMail(making: Making): Mail {
  const { message, portal, code, now } = making
  const words = speak(portal, speechOf(message.language), now)
  const { subject, paragraphs, link } = contentOf(making, words)
  // Whoever the address belongs to reads no code of another account.
  const digits = message.template === 'M11d' ? undefined : code?.digits
  const name = oneLine(portal.name)
  const footAt = paragraphs.indexOf(words.t('mail.from', { number: message.number }))
  return {
    from: { name, address: portal.mail.from },
    replyTo: portal.mail.replyTo ?? supportAddress(portal),
    to: oneAddress(message.address),
    subject: oneLine(subject),
    text: `${[...(digits === undefined ? [] : [digits]), ...paragraphs].join('\n\n')}\n`,
    html: htmlOf({
      language: words.language,
      subject: oneLine(subject),
      portal: { name, colour: portal.theme.colour },
      digits,
      paragraphs,
      footAt,
      link,
    }),
    language: words.language,
    messageId: `<${message.id}@${domainOf(portal.mail.from)}>`,
    date: now,
  }
}

function contentOf(making: Making, words: Words): NoticeText {
  const template = codeMails.find((it) => it === making.message.template)
  if (template && making.code) return codeMail(template, making.code.row, making, words)
  if (making.message.template === 'M04') return resetMail(making, words)
  if (isNotice(making.message.template)) return noticeMail(making, words)
  if (making.message.template === 'M11d') return takenMail(making, words)
  throw new Fault('impossible', `no mail is made from the template ${making.message.template}`)
}

function codeMail(template: (typeof codeMails)[number], code: CodeRow, { message }: Making, words: Words) {
  const ref = code.reference
  return {
    subject: words.t(`${template}.subject`, { ref }),
    paragraphs: [
      words.t(`${template}.what`),
      words.t('mail.until', { until: words.told.time(code.ends_at) }),
      // To an address that may be anybody's: nothing about an account and its password.
      ...(template === 'M11a' ? [words.t('M11a.nothing')] : [words.t('mail.reference', { ref }), words.t('mail.care', { ref })]),
      words.t('mail.from', { number: message.number }),
    ],
  }
}

/** Somebody gave an address that another account has: its owner reads that nothing changed. */
function takenMail({ message, portal }: Making, words: Words) {
  return {
    subject: words.t('M11d.subject'),
    paragraphs: [
      words.t('M11d.what'),
      words.t('mail.from', { number: message.number }),
      words.t('mail.questions', { supportLines: supportLines(portal, words.language) }),
    ],
  }
}

const supportAddress = ({ support }: Portal): string | undefined => support.lines.flatMap((it) => ('email' in it ? [it.email] : []))[0]

/** Dutch and English are spoken; other languages hear English until they are. */
export const speechOf = (language: string): 'nl' | 'en' => (language === 'nl' ? 'nl' : 'en')

export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase()

/** What stands in a header is one line: no control and no invisible characters. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()

/** One recipient. What a header or a server could read as anything else is never handed over. */
function oneAddress(address: string): string {
  if (address.length <= 254 && /^[^\s\p{C}<>()[\]\\,;:"@]{1,64}@[^\s\p{C}<>()[\]\\,;:"@]{1,253}$/u.test(address)) return address
  throw new Fault('impossible', 'the stored address is not one plain mail address')
}
