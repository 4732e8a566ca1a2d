import type { Instant } from '../../decision/index.ts'
import { Fault } from '../../errors.ts'
import type { Portal } from '../../portals/index.ts'
import { linkToken, type MessageRow, type Vault } from '../../storage/index.ts'
import type { Words } from '../../words/index.ts'
import type { Making } from './mail.ts'
import type { NoticeText } from './notices.ts'
import { supportLines } from './support.ts'

/** What a reset mail is made of: which link, and until when it works. */
export interface ResetFacts {
  readonly link: string
  readonly until: Instant
}

export const resetTemplate = 'M04'
/** Where the link leads, under the portal's address. The value leaves the address before any page is drawn. */
export const resetPath = '/password/new'

const factsOf = ({ facts }: MessageRow): ResetFacts => JSON.parse(facts)

/** The address in the mail; its single-use value is derived here and stands nowhere else. */
export function resetUrlOf(vault: Vault, portal: Portal, message: MessageRow): string | undefined {
  return message.template === resetTemplate ? `${portal.address}${resetPath}?t=${linkToken(vault, factsOf(message).link)}` : undefined
}

/** M04: no name, no kenmerk, one link on a line of its own. */
export function resetMail({ message, portal, resetUrl }: Making, words: Words): NoticeText {
  if (resetUrl === undefined) throw new Fault('impossible', 'a reset mail without its link')
  return {
    subject: words.t('M04.subject'),
    link: resetUrl,
    paragraphs: [
      words.t('M04.what'),
      `${words.t('M04.choose')}\n${resetUrl}`,
      words.t('M04.until', { until: words.told.time(factsOf(message).until) }),
      words.t('M04.care'),
      words.t('mail.from', { number: message.number }),
      words.t('mail.questions', { supportLines: supportLines(portal, words.language) }),
    ],
  }
}
