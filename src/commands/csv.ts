import { Refused } from './report.ts'

/*
 * Comma- or semicolon-separated text (RFC 4180), read piece by piece, so that its size is bounded before it is held.
 *
 *   bytes ──> UTF-8, with or without a mark ──> characters ──> fields ──> records with the line they begin on
 *
 * What breaks the shape of the file refuses it as a whole: after that, no line can be told from the next.
 */
export interface CsvRecord {
  /** Counted from 1, the header included. */
  readonly line: number
  readonly fields: readonly string[]
}

const mostLines = 1_000_000
export const longestField = 10_000
const mostFields = 100

/** @throws Refused when the file is not UTF-8, or no such table. */
export async function* readCsv(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const parser = makeParser()
  let isFirst = true
  for await (const chunk of chunks) {
    if (isFirst && looksLikeUtf16(chunk)) throw new Refused('The file is UTF-16. Save it as UTF-8 and import it again.')
    isFirst = false
    yield* parser.read(decoded(decoder, parser.line, chunk))
  }
  yield* parser.read(decoded(decoder, parser.line))
  yield* parser.end()
}

const looksLikeUtf16 = (start: Uint8Array): boolean =>
  (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff) || start.subarray(0, 64).includes(0)

function decoded(decoder: TextDecoder, line: number, chunk?: Uint8Array): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
  } catch {
    throw new Refused(`The file is not UTF-8 somewhere after line ${line}. Save it as UTF-8 and import it again.`)
  }
}

interface Parser {
  readonly line: number
  read(text: string): Generator<CsvRecord>
  end(): Generator<CsvRecord>
}

function makeParser(): Parser {
  type State = 'start' | 'plain' | 'quoted' | 'after-quote' | 'after-cr'
  let state: State = 'start'
  let separator: string | undefined
  let [field, fields]: [string, string[]] = ['', []]
  let [line, beganAt] = [1, 1]

  const refuse = (what: string): never => {
    throw new Refused(`Line ${line}: ${what}. Nothing was imported.`)
  }
  const add = (letter: string): void => {
    if (field.length >= longestField) refuse(`a field is longer than ${longestField} characters`)
    field += letter
  }
  const endField = (): void => {
    if (fields.length >= mostFields) refuse(`more than ${mostFields} fields`)
    fields.push(field)
    field = ''
    state = 'start'
  }
  const endRecord = (): CsvRecord => {
    const isBlank = fields.length === 0 && field === ''
    if (!isBlank) endField()
    const record = { line: beganAt, fields }
    fields = []
    line++
    beganAt = line
    state = 'start'
    if (line > mostLines + 2) refuse(`more than ${mostLines} lines; split the file`)
    return record
  }
  /** The first of the two that stands outside quotes holds for the whole file. */
  const isSeparator = (letter: string): boolean => {
    if (separator === undefined && (letter === ',' || letter === ';')) separator = letter
    return letter === separator
  }

  /** @returns true when a record ended. */
  const take = (letter: string): boolean => {
    if (letter === '\0') refuse('a NUL character')
    if (state === 'quoted') {
      if (letter === '"') state = 'after-quote'
      else {
        if (letter === '\n') line++
        add(letter)
      }
      return false
    }
    if (letter === '\n') return true
    if (state === 'after-cr') refuse('a carriage return without a line feed')
    if (letter === '\r') state = 'after-cr'
    else if (isSeparator(letter)) endField()
    else if (state === 'after-quote' && letter === '"') {
      add(letter)
      state = 'quoted'
    } else if (state === 'after-quote') refuse('text after a closing quote')
    else if (state === 'start' && letter === '"') state = 'quoted'
    else {
      add(letter)
      state = 'plain'
    }
    return false
  }

  return {
    get line() {
      return line
    },
    *read(text) {
      for (const letter of text) {
        if (!take(letter)) continue
        const record = endRecord()
        if (record.fields.length > 0) yield record
      }
    },
    *end() {
      if (state === 'quoted') refuse('a quote is never closed')
      if (state === 'after-cr') refuse('a carriage return without a line feed')
      const record = endRecord()
      if (record.fields.length > 0) yield record
    },
  }
}
