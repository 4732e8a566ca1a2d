import { Fault } from '../errors.ts'

/** A refusal of a command: said in one sentence, exit code 1, nothing changed. */
export class Refused extends Error {}

/** Words for people, or one JSON value for scripts. */
export interface Report {
  done(value: object, words: string): void
}

export function reportFor(json: boolean, out: NodeJS.WritableStream): Report {
  return { done: (value, words) => void out.write(json ? `${JSON.stringify(value)}\n` : `${words}\n`) }
}

/** What goes to standard error, and the exit code. */
export function explain(error: unknown, json: boolean): { text: string; exitCode: number } {
  if (error instanceof Refused)
    return { text: json ? `${JSON.stringify({ refused: error.message })}\n` : `${error.message}\n`, exitCode: 1 }
  if (error instanceof Fault)
    return { text: json ? `${JSON.stringify({ code: error.code, refused: error.message })}\n` : `${error.message}\n`, exitCode: 1 }
  throw error
}
