import { equalInConstantTime, type House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'

/** Letters and digits that nobody confuses, as in a kenmerk. */
const alphabet = 'BCDFGHJKMNPQRTVWXYZ2346789'
const count = 4

/** What a page that is drawn now shows: a value for its form, from which the letters follow. */
export const drawLetters = ({ random }: House): string => random.token()

/**
 * The letters that stand on the page with this value, in this browser. They are no picture and no proof: a slip of the hand costs
 * nothing, and a program can read them. What is counted is counted elsewhere.
 */
export function lettersOf({ vault }: House, portal: Portal, formCookie: string, shown: string): string {
  const bytes = vault.macBytes('typed letters', portal.id, formCookie, shown)
  return Array.from({ length: count }, (_, at) => alphabet[bytes.readUInt16BE(at * 2) % alphabet.length]).join('')
}

/** In any case, with or without blanks around or between them. */
export function areTyped(letters: string, typed: string): boolean {
  return equalInConstantTime(
    letters,
    typed
      .slice(0, 40)
      .normalize('NFKC')
      .toUpperCase()
      .replace(/[\s\p{Pd}.]/gu, ''),
  )
}
