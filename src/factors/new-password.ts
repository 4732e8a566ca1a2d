import type { Portal } from '../portals/index.ts'
import type { AccountRow } from '../storage/index.ts'
import { commonWords } from './common-passwords.ts'
import type { Passwords } from './passwords.ts'

/** Characters that are accepted at most: code points after NFC (RFC 8265, section 4.2). */
export const longestPassword = 256

/** Why a new password is not taken. No rule of composition: length, and that nobody guesses it first (NIST SP 800-63B-4, section 3.1.1.2). */
export type PasswordRefusal =
  | { readonly refused: 'password.empty' | 'password.tooLong' | 'password.common' | 'password.context' }
  | { readonly refused: 'password.short'; readonly length: number; readonly minimum: number }

type Person = Pick<AccountRow, 'name' | 'shown_name' | 'email' | 'given_name' | 'family_name'>

/**
 * What is wrong with a new password, or undefined. `person` is left out where it is not yet certain whose password it is: what the
 * answer says of a name would tell the name.
 */
export function refusalOfPassword(
  passwords: Passwords,
  portal: Portal,
  person: Person | undefined,
  typed: string,
): PasswordRefusal | undefined {
  if (typed === '') return { refused: 'password.empty' }
  // Before any normalising: 256 code points are at most 512 units.
  if (typed.length > longestPassword * 2) return { refused: 'password.tooLong' }
  const plain = typed.normalize('NFC')
  const length = [...plain].length
  if (length > longestPassword) return { refused: 'password.tooLong' }
  const minimum = portal.password.minimumLength
  if (length < minimum) return { refused: 'password.short', length, minimum }
  if (passwords.isCommon(plain) || isEasy(plain)) return { refused: 'password.common' }
  return contextOf(portal, person).some((it) => bare(plain).includes(it)) ? { refused: 'password.context' } : undefined
}

/** Words too short to be anybody's: they stand in half of all sentences. */
const shortestContext = 4

/** What a stranger knows: the portal, the words it names, the name of the person. Letters and digits alone, in small letters. */
function contextOf(portal: Portal, person: Person | undefined): string[] {
  const mailbox = (it: string): string => it.split('@')[0] ?? ''
  const names = person
    ? [person.shown_name, mailbox(person.name), mailbox(person.email ?? ''), person.given_name ?? '', person.family_name ?? '']
    : []
  return [portal.id, portal.name, ...portal.password.contextWords, ...names].map(bare).filter((it) => it.length >= shortestContext)
}

const bare = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

/** Common words and digits alone, one thing again and again, or a walk along the keys. */
function isEasy(plain: string): boolean {
  const text = plain.trim().toLowerCase()
  const core = text.replace(/^[^\p{L}@$]+|[^\p{L}@$]+$/gu, '')
  const spelled = core.replace(/[@4031!5$7]/g, (it) => spelling[it] ?? it)
  return isCommonWords(bare(text)) || isCommonWords(bare(spelled)) || isWalk(text)
}

const spelling: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '0': 'o',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '5': 's',
  $: 's',
  '7': 't',
}

/** At most two common words, in any order with any digits. */
function isCommonWords(text: string): boolean {
  const letters = text.replace(/\p{N}/gu, '')
  if (letters === '' || commonWords.has(letters)) return true
  return [...letters].some((_, at) => commonWords.has(letters.slice(0, at)) && commonWords.has(letters.slice(at)))
}

const rows = ['qwertyuiopasdfghjklzxcvbnm', 'azertyuiopqsdfghjklmwxcvbn', 'abcdefghijklmnopqrstuvwxyz', '01234567890123456789']
const walks = rows.flatMap((it) => [it, [...it].reverse().join('')])

function isWalk(text: string): boolean {
  if (text === '' || /^(.{1,8}?)\1+.{0,3}$/su.test(text)) return true
  return walks.some((it) => it.includes(text.slice(0, it.length)))
}
