import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { Refused } from './report.ts'

/** The first line of standard input, or asked twice without an echo: never an argument, which every user of the machine could read. */
export async function readNewPassword(fromInput: boolean): Promise<string> {
  if (fromInput) return firstLine()
  if (!process.stdin.isTTY) throw new Refused('Standard input is no terminal: give the password there and add --password-stdin.')
  const [first, again] = [await ask('Password: '), await ask('Once more: ')]
  if (first !== again) throw new Refused('The two were not the same. Nothing was added.')
  return first
}

async function firstLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin })
  for await (const line of lines) return line
  throw new Refused('Standard input was empty: the password stands on its first line.')
}

async function ask(question: string): Promise<string> {
  process.stderr.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await lines.question('')
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}
