/*
 * One person, one spelling. What people type is folded before anything compares it (RFC 8265, UsernameCaseMapped: width, case, NFC;
 * here NFKC, so that pasted ligatures fold as well). What cannot be folded to the alphabet is the name of nobody.
 */
const longestName = 250
/**
 * Latin letters with their marks, digits and what mail addresses need. No digits of other scripts, and of the marks only those that
 * are drawn on Latin letters: a grapheme joiner and a variation selector are marks too, and nobody sees them.
 */
const letter = String.raw`\p{Script=Latin}\u0300-\u034e\u0350-\u036f0-9_`
const alphabet = new RegExp(String.raw`^[\p{Script=Latin}0-9_](?:[${letter}.@+'-]*[${letter}-])?$`, 'u')
/** Latin letters that are drawn like others: dotless i and j, long s, hooked, click, phonetic, turned and small capital letters. */
const lookAlike =
  /[ıĸſ\u0180-\u019f\u01a2-\u01ae\u01b1-\u01c3ǝȝȷ\u0221\u0234-\u02ff\u1d00-\u1dbf\u2c60-\u2c7f\ua720-\ua7ff\uab30-\uab6f\u{10780}-\u{107bf}\u{1df00}-\u{1dfff}]/u
/** A dot above an i or j, behind other marks or not: it comes from a capital dotted I, and is drawn like the plain letter. */
const secondDot = /[ij][\u0300-\u036f]*\u0307/

/** The canonical form of a typed user name, or undefined when no account can have it. */
export function canonicalName(typed: string): string | undefined {
  if (typed.length > longestName * 2) return undefined
  const folded = typed.normalize('NFKC').trim().toLowerCase().normalize('NFC')
  if (folded.length > longestName || !alphabet.test(folded) || lookAlike.test(folded)) return undefined
  return secondDot.test(folded.normalize('NFD')) ? undefined : folded
}
