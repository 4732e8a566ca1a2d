import type { Instant } from '../../decision/index.ts'
import { Fault } from '../../errors.ts'
import type { Portal } from '../../portals/index.ts'
import { speak } from '../../words/index.ts'
import { oneMessageSeptets, septetsOf, toGsm } from './gsm7.ts'
import { type Making, speechOf } from './mail.ts'
import { shortNotMeAddress } from './notices.ts'

export interface Sms {
  readonly sender: string
  /** International, digits alone. */
  readonly to: string
  readonly text: string
  /** After this the centre throws it away. */
  readonly endsAt: Instant
}

export const codeTexts = ['S01', 'S02', 'S03', 'S07'] as const
export const smsNotices = ['S04', 'S06'] as const

/** @throws Fault 'impossible' when the row cannot become a text message: the worker sets it aside. */
export function renderSms(making: Making): Sms {
  const { message, portal } = making
  return { sender: senderOf(portal), to: oneNumber(message.address), text: wordsOf(making), endsAt: message.ends_at }
}

function wordsOf({ message, portal, code, linkToken, now }: Making): string {
  const [text, notice] = [codeTexts, smsNotices].map((them) => them.find((it) => it === message.template))
  const language = speechOf(message.language)
  if (text && code) return textOf(portal, text as (typeof codeTexts)[number], language, { ...code.row, digits: code.digits }, now)
  if (notice && linkToken) return noticeTextOf(portal, notice as (typeof smsNotices)[number], language, linkToken, now)
  throw new Fault('impossible', `no text message is made from the template ${message.template}`)
}

/** A notice carries no code; its short address stands last, so that nothing is read into it. */
export function noticeTextOf(
  portal: Portal,
  template: (typeof smsNotices)[number],
  language: 'nl' | 'en',
  token: string,
  now: Instant,
): string {
  return toGsm(speak(portal, language, now).t(template, { p: portal.sms?.name ?? portal.name, link: shortNotMeAddress(portal, token) }))
}

interface CodeFacts {
  readonly digits: string
  readonly reference: string
  readonly ends_at: Instant
}

/** The last line is for browsers that fill in the code (WebOTP): it names our host, and nothing follows it. */
export function textOf(portal: Portal, template: (typeof codeTexts)[number], language: 'nl' | 'en', code: CodeFacts, now: Instant): string {
  const words = speak(portal, language, now)
  const values = {
    digits: code.digits,
    ref: code.reference,
    until: words.told.clock(code.ends_at),
    p: portal.sms?.name ?? portal.name,
  }
  const said = toGsm(words.t(template, values))
  const lastLine = `\n@${new URL(portal.address).hostname} #${code.digits}`
  const whole = said.replace(optionalPart, '$1') + lastLine
  return (septetsOf(whole) ?? 0) <= oneMessageSeptets ? whole : said.replace(optionalPart, '') + lastLine
}

/** What stands in parentheses at the end goes first when the text does not fit one message. */
const optionalPart = /\(([^()]*)\)$/

export function senderOf({ sms, environment, id }: Portal): string {
  if (!sms) throw new Fault('impossible', `the portal ${id} has no sender for text messages`)
  return sms.sender[environment] ?? sms.sender.production
}

function oneNumber(address: string): string {
  const digits = /^\+?([1-9]\d{6,14})$/.exec(address)?.[1]
  if (digits === undefined) throw new Fault('impossible', 'the stored number is not one international number')
  return digits
}
