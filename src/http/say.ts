import type { Portal } from '../portals/index.ts'
import type { Said } from '../sign-in/index.ts'
import type { CatalogueKey, Values, Words } from '../words/index.ts'

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
  'sms.limit',
] satisfies Said['said'][]

/** Nothing is promised that is not on the page. */
const withoutOther: Readonly<Partial<Record<Said['said'], CatalogueKey>>> = {
  'phone.limit': 'phone.limitAlone',
  'sms.limit': 'sms.limitAlone',
  'mail.limit': 'mail.limitAlone',
}

/** The sentence of a refusal, in the words of the portal; `hasOther`: another method can be chosen there. */
export function sentenceFor(said: Said, portal: Portal, words: Words, hasOther = true): string {
  const key = hasOther ? said.said : (withoutOther[said.said] ?? said.said)
  return words.t(key, valuesOf(said, portal, words))
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
    ...(at === undefined ? {} : { time: told.time(at), moment: told.moment(isWait ? at : (said.until ?? at)) }),
    ...(said.until === undefined ? {} : { until: told.time(said.until) }),
  }
}
