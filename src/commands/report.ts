import { debuglog } from 'node:util'
import { Fault } from '../errors.ts'

/** A refusal of a command: said in one sentence, exit code 1, nothing changed. */
export class Refused extends Error {}

/** Words for people, or one JSON value for scripts. */
export interface Report {
  done(value: object, words: string): void
  /** What could not be done, in full: to standard error as words, or to standard output as JSON. Exit code 1. */
  refused(value: object, words: string): void
  /** A remark beside the answer; with --json it belongs into the value. */
  note(words: string): void
}

export function reportFor(json: boolean, process: Pick<NodeJS.Process, 'stdout' | 'stderr' | 'exitCode'>): Report {
  return {
    done: (value, words) => void process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${words}\n`),
    refused: (value, words) => {
      if (json) process.stdout.write(`${JSON.stringify(value)}\n`)
      else process.stderr.write(`${words}\n`)
      process.exitCode = 1
    },
    note: (words) => {
      if (!json) process.stderr.write(`${words}\n`)
    },
  }
}

const trace = debuglog('sluis')

/** What goes to standard error, in one sentence; NODE_DEBUG=sluis adds where it came from. */
export function explain(error: unknown, json: boolean): string {
  trace('%o', error)
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof Refused) return json ? `${JSON.stringify({ refused: message })}\n` : `${message}\n`
  const code = error instanceof Fault ? error.code : 'impossible'
  const words = error instanceof Fault ? message : `Sluis did not expect this, and stopped: ${message}`
  return json ? `${JSON.stringify({ code, refused: words })}\n` : `${words}\n`
}
