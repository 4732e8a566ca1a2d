import type { Instant } from '../../decision/index.ts'
import { Fault } from '../../errors.ts'
import type { Portal } from '../../portals/index.ts'
import { type CodeRow, digitsOf, type MessageRow, shortLinkToken, type Vault } from '../../storage/index.ts'
import type { NoticeFacts } from '../notice-kinds.ts'
import type { Making } from './mail.ts'
import { resetUrlOf } from './reset.ts'

/*
 * messages: the texts, made at the moment of sending and kept nowhere.
 *
 *     render.ts ──> mail.ts ──> html.ts      M01 M02 M03, M04 (reset.ts)
 *              │       └── notices.ts          M05 to M19: what happened, one link
 *              └──> sms.ts ───> gsm7.ts      S01 S02 S03, S04 S06
 *     check.ts      do the portal's own names fit a text message?
 *
 *   Never here: anything that a person typed; the address of another channel.
 */
export { textProblems } from './check.ts'
export { encodeSms, oneMessageSeptets, septetsOf } from './gsm7.ts'
export { domainOf, type Mail, type Making, renderMail } from './mail.ts'
export { renderSms, type Sms } from './sms.ts'

/** Everything a text is made of. Digits and tokens are derived here and live as long as the text does. */
export function makingOf(
  { portals, vault }: { readonly portals: ReadonlyMap<string, Portal>; readonly vault: Vault },
  message: MessageRow,
  code: CodeRow | undefined,
  now: Instant,
): Making {
  const portal = portals.get(message.portal)
  if (!portal) throw new Fault('impossible', `there is no portal ${message.portal}`)
  const { link } = JSON.parse(message.facts) as Partial<NoticeFacts>
  return {
    message,
    portal,
    code: code && { row: code, digits: digitsOf(vault, code.id) },
    resetUrl: resetUrlOf(vault, portal, message),
    linkToken: link === undefined ? undefined : shortLinkToken(vault, link),
    now,
  }
}
