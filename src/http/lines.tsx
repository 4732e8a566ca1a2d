import type { VNode } from 'preact'
import type { Purpose, Reason } from '../decision/index.ts'
import { stateOf } from '../delivery/index.ts'
import { writtenIn } from '../factors/index.ts'
import { type CodePageProps, Sentence, type SentLine } from '../pages/index.ts'
import type { Portal } from '../portals/index.ts'
import { hasOtherMethod, heldBackNow, type SentSoFar, type Situation, sentSoFar } from '../sign-in/index.ts'
import type { CatalogueKey, Values, Words } from '../words/index.ts'
import { wordsFor } from './frame.ts'
import { lastTwo, maskedMail } from './mask.ts'
import { sentenceFor } from './say.ts'
import type { Visit } from './visit.ts'

/** How people call the application that asked; the portal itself when none did. */
export const applicationTitle = (portal: Portal, application: string | null | undefined): string =>
  (application ? portal.applications[application]?.title : undefined) ?? portal.name

const reasons = {
  always: 'why.always',
  'application-always': 'why.appAlways',
  'new-browser': 'why.newBrowser',
  'remember-ended': 'why.rememberEnded',
  'method-changed': 'why.methodChanged',
  'step-up': 'why.stepUp',
  change: 'why.change',
  unknown: undefined,
} satisfies Record<Reason, CatalogueKey | undefined>

/** The one true line about why a code is asked now, or none. */
export function whyLine(words: Words, { portal, request, browser, account }: Situation, because: Reason): VNode | undefined {
  const key = reasons[because]
  if (!key) return undefined
  // Of a remembered browser: when the second step was really shown.
  const changedAt = key === 'why.methodChanged' ? account?.authenticators_changed_at : browser.facts.at(-1)?.at
  const values: Values = {
    application: applicationTitle(portal, request.application),
    days: portal.secondStep.rememberedBrowser?.days ?? 0,
    ...(changedAt ? { date: words.told.date(changedAt) } : {}),
  }
  return <Sentence words={words} of={key} values={values} />
}

/** What was sent last for this step, as far as we know it. */
export async function sentLine(
  visit: Visit,
  attempt: string,
  purpose: Exclude<Purpose, 'enrol' | 'recovery'>,
): Promise<{ sent?: SentLine; soFar?: SentSoFar }> {
  const { db } = visit.doors.house.storage
  const soFar = await sentSoFar(db, attempt, purpose, visit.portal.limits.codeTries, visit.now)
  if (!soFar) return {}
  const { told } = wordsFor(visit)
  const { state, sentAt, isHeldUp = false } = (await stateOf(db, soFar.codeId)) ?? {}
  const isFull = purpose === 'new-phone' || purpose === 'new-email'
  const mail = soFar.channel === 'email'
  const isRefused = state === 'refused' || state === 'failed'
  const sender = mail || isRefused ? undefined : senderOf(visit.portal)
  const sent: SentLine = {
    channel: mail ? 'mail' : 'sms',
    address: shownAddress(visit.portal, soFar, isFull),
    isFull,
    until: told.time(soFar.endsAt),
    isOver: soFar.isOver,
    reference: soFar.reference,
    isRefused,
    isHeldUp,
    several: soFar.earlierEndsAt !== undefined,
    ...(sentAt === undefined ? {} : { sentAt: told.clock(sentAt) }),
    ...(sender === undefined ? {} : { sender }),
  }
  return { sent, soFar }
}

/** Masked, but for what the person just typed. */
function shownAddress({ country }: Portal, { channel, address }: SentSoFar, isFull: boolean): string {
  if (channel === 'email') return isFull ? address : maskedMail(address)
  return isFull ? writtenIn(country, address) : lastTwo(address)
}

export function senderOf({ sms, environment }: Portal): string | undefined {
  return sms?.sender[environment] ?? sms?.sender.production
}

/** No code went out for this step, because too many did before: from when one can. The same at each reload. */
export async function heldBackNews(visit: Visit, situation: Situation, words: Words): Promise<CodePageProps['news']> {
  const held = await heldBackNow(visit.doors.house, situation)
  return held && { kind: 'info', text: sentenceFor(held, visit.portal, words, hasOtherMethod(situation)) }
}

/** 'A new code is on its way', on the page that follows the button. */
export function codeSentNews(words: Words, soFar: SentSoFar | undefined): CodePageProps['news'] {
  if (!soFar || soFar.isOver) return undefined
  const until = words.told.time(soFar.earlierEndsAt ?? soFar.endsAt)
  return {
    kind: 'ok',
    text: words.t(soFar.earlierEndsAt === undefined ? 'notice.codeSentAlone' : 'notice.codeSent', { ref: soFar.reference, until }),
  }
}
