import { createReadStream } from 'node:fs'
import type { Portal } from '../portals/index.ts'
import { type CsvRecord, readCsv } from './csv.ts'
import { type Column, columns, type Given, type Person, type Refusal, readPerson } from './person.ts'
import type { Progress } from './progress.ts'
import { Refused } from './report.ts'

export interface Line {
  readonly line: number
  readonly person: Person
}

export interface RefusedLine {
  readonly line: number
  readonly column: Column | ''
  readonly reason: string
}

export interface PeopleFile {
  readonly lines: readonly Line[]
  readonly refused: readonly RefusedLine[]
}

/** Reads a whole file of people; every line is either a person or refused with its reasons. */
export async function readPeople(file: string, portal: Portal, progress: Progress): Promise<PeopleFile> {
  const lines: Line[] = []
  const refused: RefusedLine[] = []
  const lineOfName = new Map<string, number>()
  let header: readonly Column[] | undefined
  progress.begin('Reading')
  for await (const record of readCsv(bytesOf(file))) {
    if (!header) {
      header = headerOf(record, portal)
      continue
    }
    progress.step()
    const read = readLine(record, header, portal)
    const earlier = 'name' in read ? lineOfName.get(read.name) : undefined
    if (!('name' in read)) refused.push(...read.map((it) => ({ line: record.line, ...it })))
    else if (earlier !== undefined) refused.push({ line: record.line, column: 'username', reason: `is the name of line ${earlier}` })
    else {
      lineOfName.set(read.name, record.line)
      lines.push({ line: record.line, person: read })
    }
  }
  if (!header) throw new Refused('The file is empty: its first line names the columns.')
  return { lines, refused }
}

async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file)
  } catch (error) {
    throw new Refused(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'no file'}.`)
  }
}

/** @throws Refused when a column is unknown, named twice, or none says who it is. */
function headerOf({ fields }: CsvRecord, portal: Portal): Column[] {
  const names = fields.map((it) => it.trim().toLowerCase())
  const known = names.filter(isColumn)
  if (known.length === 0) throw new Refused(`The first line names no column. It names any of: ${columns.join(', ')}.`)
  const unknown = names.flatMap((name, at) => (isColumn(name) ? [] : [shownColumn(name, at)]))
  if (unknown.length > 0) throw new Refused(`Not known: ${unknown.join(', ')}. Columns are: ${columns.join(', ')}.`)
  if (new Set(known).size < known.length) throw new Refused('The first line names a column twice.')
  const who: readonly Column[] = portal.identifier === 'email' ? ['username', 'email'] : ['username']
  if (!known.some((it) => who.includes(it))) throw new Refused(`The first line lacks the column ${who.join(' or ')}.`)
  return known
}

/** What is no name of a column may be the data of a file without a header: then only its place is told. */
const shownColumn = (name: string, at: number): string => (/^[a-z][a-z _-]{0,30}$/.test(name) ? `'${name}'` : `column ${at + 1}`)

function readLine({ fields }: CsvRecord, header: readonly Column[], portal: Portal): Person | (Refusal | Omit<RefusedLine, 'line'>)[] {
  if (fields.length !== header.length)
    return [{ column: '', reason: `has ${fields.length} fields where the first line has ${header.length}` }]
  const given: Given = Object.fromEntries(header.map((column, at) => [column, fields[at]]))
  return readPerson(portal, given)
}

const isColumn = (name: string): name is Column => (columns as readonly string[]).includes(name)
