import type { Portal } from '../portals/index.ts'
import type { Said } from '../sign-in/index.ts'
import type { Values, Words } from '../words/index.ts'

/** A number as people of each country write it; for hints only. */
const phoneExamples: Readonly<Record<string, string>> = {
  BE: '0470 12 34 56',
  NL: '06 12345678',
  FR: '06 12 34 56 78',
  DE: '0151 23456789',
  LU: '621 123 456',
}

export const phoneExample = ({ country }: Portal): string => phoneExamples[country] ?? ''

/** Their time is one to wait for: it is never said too early. */
const waits: readonly string[] = [
  'code.tooSoon',
  'code.tooManySent',
  'code.nextAt',
  'code.noneLeft',
  'phone.tooSoon',
  'mail.limit',
] satisfies Said['said'][]

/** The sentence of a refusal, in the words of the portal. */
export function sentenceFor(said: Said, portal: Portal, words: Words): string {
  return words.t(said.said, valuesOf(said, portal, words))
}

const countriesOf = ({ sms, country }: Portal, { language }: Words): string => {
  const names = new Intl.DisplayNames([language], { type: 'region' })
  return (sms?.countries ?? [country]).map((it) => names.of(it) ?? it).join(', ')
}

function valuesOf(said: Said, portal: Portal, words: Words): Values {
  const { told } = words
  const at = said.at ?? said.until
  const isWait = waits.includes(said.said)
  return {
    n: said.left ?? said.minutes ?? said.sentBefore ?? portal.limits.resendsPerHour,
    min: said.minimum ?? portal.password.minimumLength,
    example: phoneExample(portal),
    countries: countriesOf(portal, words),
    ...(said.reference === undefined ? {} : { ref: said.reference }),
    ...(said.direction === undefined ? {} : { direction: words.t(`direction.${said.direction}`) }),
    ...(at === undefined ? {} : { time: isWait ? told.waitTime(at) : told.time(at) }),
    ...(said.until === undefined ? {} : { until: told.time(said.until), moment: told.moment(said.until) }),
  }
}
