import type { Instant } from '../../decision/index.ts'
import type { Portal } from '../../portals/index.ts'
import { oneMessageSeptets, septetsOf } from './gsm7.ts'
import { speechOf } from './mail.ts'
import { codeTexts, noticeTextOf, senderOf, smsNotices, textOf } from './sms.ts'

/** Late in the evening and with broad letters: as long as these texts get. */
const longest = (now: Instant) => ({ digits: '000000', reference: 'WWW', ends_at: now })

/** What a portal's own names make of its text messages: each fits one message, or the sentence that says which does not. */
export function textProblems(portals: Iterable<Portal>, now: Instant): string[] {
  return [...portals].filter((it) => it.sms).flatMap((portal) => [...senderProblems(portal), ...lengthProblems(portal, now)])
}

function lengthProblems(portal: Portal, now: Instant): string[] {
  const languages = new Set(portal.languages.map(speechOf))
  return [...languages].flatMap((language) =>
    [
      ...codeTexts.map((template) => [template, textOf(portal, template, language, longest(now), now)] as const),
      ...smsNotices.map((template) => [template, noticeTextOf(portal, template, language, 'w'.repeat(14), now)] as const),
    ].flatMap(([template, text]) => lengthProblem(portal, `${template} (${language})`, septetsOf(text))),
  )
}

function lengthProblem({ id }: Portal, text: string, length: number | undefined): string[] {
  if (length === undefined) return [`${id}: ${text} has letters that text messages lack; change sms.name`]
  if (length <= oneMessageSeptets) return []
  return [`${id}: ${text} takes ${length} of ${oneMessageSeptets} places; shorten sms.name or the host of address`]
}

function senderProblems(portal: Portal): string[] {
  const sender = senderOf(portal)
  return /^[A-Za-z0-9 &._-]{1,11}$/.test(sender)
    ? []
    : [`${portal.id}: sms.sender: ${JSON.stringify(sender)} given, 1 to 11 letters, digits or spaces allowed`]
}
