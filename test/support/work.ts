/* What the script of a page looks for where a network pauses, found by other means. */
import { hash } from 'node:crypto'
import type { Work } from '../../src/sign-in/index.ts'

export function answerTo({ question, bits }: Work): string {
  for (let number = 0; ; number++) {
    const answer = `${question}.${number}`
    if (hash('sha256', answer, 'buffer').readUInt32BE(0) < 2 ** (32 - bits)) return answer
  }
}
