export type TypedCode = { readonly digits: string } | { readonly refused: 'code.empty' | 'code.format' | 'code.manyRuns' }

const longestPaste = 500

/**
 * Reads six digits out of what a person typed or pasted: with blanks, hyphens, dots or '#', or a whole text message.
 * A run of exactly six digits is the code; the same run twice (the last line of an SMS) counts as one.
 * Everything is compared as six characters, so 000042 is not 42.
 */
export function readTypedCode(typed: string): TypedCode {
  const folded = typed.slice(0, longestPaste).normalize('NFKC').trim()
  if (folded === '') return { refused: 'code.empty' }
  if (typed.length > longestPaste) return { refused: 'code.format' }

  const runs = runsOfSix(folded)
  const [digits] = runs.length > 0 ? runs : runsOfSix(folded.replace(/[\s.#\p{Pd}\p{Cf}]/gu, ''))
  if (runs.length > 1) return { refused: 'code.manyRuns' }
  return digits === undefined ? { refused: 'code.format' } : { digits }
}

function runsOfSix(text: string): string[] {
  return [...new Set(text.match(/(?<![0-9])[0-9]{6}(?![0-9])/g) ?? [])]
}
