/*
 * One person, one spelling. What people type is folded before anything compares it (RFC 8265, UsernameCaseMapped: width, case, NFC;
 * here NFKC, so that pasted ligatures fold as well). What cannot be folded to the alphabet is the name of nobody.
 */
const longestName = 250
/** Latin letters with their marks, digits and what mail addresses need. No invisible characters, no look-alikes of other scripts. */
const alphabet = /^[\p{Script=Latin}\p{Nd}_](?:[\p{Script=Latin}\p{Nd}\p{Mn}._@+'-]*[\p{Script=Latin}\p{Nd}\p{Mn}_-])?$/u
/** Latin letters that are drawn like others: dotless i, script a and g, alpha, long s, small capitals, turned and click letters. */
const lookAlike = /[ıȷɑɡſᴀ-ᶿǀ-ǃʹ-ˮⱠ-Ɀ꜠-ꟿ]/u

/** The canonical form of a typed user name, or undefined when no account can have it. */
export function canonicalName(typed: string): string | undefined {
  if (typed.length > longestName * 2) return undefined
  const folded = typed.normalize('NFKC').trim().toLowerCase().normalize('NFC')
  if (folded.length > longestName || !alphabet.test(folded) || lookAlike.test(folded)) return undefined
  // A dot above that stays after folding comes from a capital dotted I: it would look like a plain i.
  return folded.normalize('NFD').includes('i\u0307') ? undefined : folded
}
