import { type CountryCode, parsePhoneNumberWithError } from 'libphonenumber-js/max'
import type { Portal } from '../portals/index.ts'

export type PhoneNumber =
  | { readonly number: string }
  | { readonly refused: 'phone.empty' | 'phone.format' | 'phone.notMobile' | 'phone.country' }

/** For machines: the plan of the Netherlands counts them as mobile, nobody carries one, and anybody rents a thousand. */
const machines = /^\+3197/

/** Reads a mobile number as people write it in the portal's country, into E.164; and says what is wrong with another. */
export function readPhoneNumber(typed: string, portal: Pick<Portal, 'country' | 'sms'>): PhoneNumber {
  if (typed.trim() === '') return { refused: 'phone.empty' }
  const parsed = parse(typed, portal.country)
  if (!parsed?.isValid()) return { refused: 'phone.format' }
  const type = parsed.getType()
  if ((type !== 'MOBILE' && type !== 'FIXED_LINE_OR_MOBILE') || machines.test(parsed.number)) return { refused: 'phone.notMobile' }
  const allowed = portal.sms?.countries ?? [portal.country]
  return parsed.country !== undefined && allowed.includes(parsed.country) ? { number: parsed.number } : { refused: 'phone.country' }
}

/** A number in E.164 as people of a country write it; one of another country with its own. */
export function writtenIn(country: CountryCode, number: string): string {
  const parsed = parse(number, country)
  if (!parsed?.isValid()) return number
  return parsed.country === country ? parsed.formatNational() : parsed.formatInternational()
}

function parse(typed: string, country: CountryCode): ReturnType<typeof parsePhoneNumberWithError> | undefined {
  // Digits of other scripts and letters are no phone number; an extension is none that a text message reaches.
  if (!/^[+0-9 ()./-]{4,30}$/.test(typed.trim())) return undefined
  try {
    return parsePhoneNumberWithError(typed.trim().replaceAll('(0)', ''), { defaultCountry: country, extract: false })
  } catch {
    return undefined
  }
}
