import { formatOf, fromBase32, type House, longestPassword, readMailAddress, readPhoneNumber } from '../factors/index.ts'
import type { Language, Portal } from '../portals/index.ts'
import { canonicalName, type NewRow } from '../storage/index.ts'

/** What can be given of a person, by the names of the columns of an import. */
export const columns = [
  'username',
  'email',
  'phone',
  'password',
  'password_hash',
  'totp_secret',
  'language',
  'given_name',
  'family_name',
  'group',
] as const
export type Column = (typeof columns)[number]
export type Given = { readonly [column in Column]?: string | undefined }

/** What was given, read and checked; null where nothing was given. */
export interface Person {
  /** Canonical: one person, one spelling. */
  readonly name: string
  readonly shownName: string
  readonly email: string | null
  readonly phone: string | null
  readonly password: string | null
  readonly passwordHash: string | null
  readonly seed: Uint8Array | null
  readonly language: string | null
  readonly givenName: string | null
  readonly familyName: string | null
  readonly group: string | null
}

/** Why a value cannot be taken. It never repeats the value: where columns are shifted, that could be a password. */
export interface Refusal {
  readonly column: Column
  readonly reason: string
}

const [leastSeedBytes, mostSeedBytes] = [16, 64]
/** Begins with a letter, digit or apostrophe: a spreadsheet that opens an export takes no name for a formula. */
const personName = /^[\p{L}\p{N}'’][\p{L}\p{M}\p{N} .,'’()/&-]{0,99}$/u
const groupName = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]{0,63}$/u

/** Reads a person; all that is wrong is told together. */
export function readPerson(portal: Portal, given: Given): Person | Refusal[] {
  const refused: Refusal[] = []
  const check = (column: Column, holds: boolean, reason: string): void => {
    if (!holds) refused.push({ column, reason })
  }
  const mailGiven = portal.identifier === 'email' ? given.email || given.username || '' : (given.email ?? '')
  const nameGiven = portal.identifier === 'email' ? given.username || given.email || '' : (given.username ?? '')

  const name = canonicalName(nameGiven)
  check('username', nameGiven.trim() !== '', 'is empty')
  check('username', nameGiven.trim() === '' || name !== undefined, "can hold letters, digits and . _ @ + ' -, at most 250")
  const mail = readMailAddress(mailGiven)
  check('email', !('refused' in mail) || mail.refused === 'email.empty', 'is no mail address')
  const phone = given.phone ? readPhoneNumber(given.phone, portal) : undefined
  if (phone && 'refused' in phone) check('phone', false, phoneReasons[phone.refused](portal))
  check('password', [...(given.password ?? '')].length <= longestPassword, `is longer than ${longestPassword} characters`)
  check('password_hash', !given.password_hash || !given.password, 'stands beside a password: give one of them')
  check(
    'password_hash',
    !given.password_hash || formatOf(given.password_hash) !== undefined,
    'is no argon2id, bcrypt, PBKDF2 or SSHA hash whose cost is within bounds',
  )
  const seed = given.totp_secret ? fromBase32(given.totp_secret) : undefined
  check('totp_secret', !given.totp_secret || isSeed(seed), `is no base32 of ${leastSeedBytes} to ${mostSeedBytes} bytes`)
  check(
    'language',
    !given.language || portal.languages.includes(given.language as Language),
    `is none of ${portal.languages.join(', ')}, which the portal speaks`,
  )
  check('given_name', !given.given_name || personName.test(given.given_name), 'is no name of letters, at most 100')
  check('family_name', !given.family_name || personName.test(given.family_name), 'is no name of letters, at most 100')
  check('group', !given.group || groupName.test(given.group), 'is no name of letters and digits, at most 64')
  if (refused.length > 0 || name === undefined) return refused
  return {
    name,
    shownName: nameGiven.trim(),
    email: 'address' in mail ? mail.address : null,
    phone: phone && 'number' in phone ? phone.number : null,
    password: given.password || null,
    passwordHash: given.password_hash || null,
    seed: seed ?? null,
    language: given.language || null,
    givenName: given.given_name || null,
    familyName: given.family_name || null,
    group: given.group || null,
  }
}

/** A new account of this person. */
export function newAccountRow(house: House, portal: Portal, person: Person, now: number, passwordHash: string | null): NewRow<'account'> {
  return {
    id: house.random.id(),
    portal: portal.id,
    name: person.name,
    shown_name: person.shownName,
    email: person.email,
    phone: person.phone,
    phone_proven_at: null,
    password_hash: passwordHash,
    password_changed_at: now,
    language: person.language,
    given_name: person.givenName,
    family_name: person.familyName,
    group_name: person.group,
    disabled_at: null,
    // Who comes with an app has a second step: it is asked, whatever the date of the portal.
    second_step_since: person.seed === null ? null : now,
    authenticators_changed_at: null,
    last_method: null,
    announced_at: null,
    created_at: now,
  }
}

const isSeed = (seed: Uint8Array | undefined): boolean =>
  seed !== undefined && seed.length >= leastSeedBytes && seed.length <= mostSeedBytes

const phoneReasons = {
  'phone.empty': () => 'is empty',
  'phone.format': (portal: Portal) => `is no phone number as it is written in ${portal.country}`,
  'phone.notMobile': () => 'is no mobile number',
  'phone.country': (portal: Portal) => `is of a country other than ${(portal.sms?.countries ?? [portal.country]).join(', ')}`,
} as const
