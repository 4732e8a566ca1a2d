import { expect, test } from 'vitest'
import { longestField, readCsv } from './csv.ts'

async function read(...pieces: readonly (string | Uint8Array)[]): Promise<[number, ...string[]][]> {
  const bytes = (async function* () {
    for (const it of pieces) yield typeof it === 'string' ? Buffer.from(it) : it
  })()
  const records: [number, ...string[]][] = []
  for await (const { line, fields } of readCsv(bytes)) records.push([line, ...fields])
  return records
}

test('fields in quotes may hold separators, line ends and doubled quotes (RFC 4180)', async () => {
  expect(await read('a,b\r\n"x, y","one\nline"\r\n"she said ""no""",z\r\n')).toEqual([
    [1, 'a', 'b'],
    [2, 'x, y', 'one\nline'],
    [4, 'she said "no"', 'z'],
  ])
})

test('the first separator of the header holds for the whole file', async () => {
  expect(await read('a;b\nx,y;z\n')).toEqual([
    [1, 'a', 'b'],
    [2, 'x,y', 'z'],
  ])
  expect(await read('a,b\nx;y,z')).toEqual([
    [1, 'a', 'b'],
    [2, 'x;y', 'z'],
  ])
})

test('a mark at the beginning and blank lines are no data, and lines keep their numbers', async () => {
  expect(await read('\ufeffa,b\n\n\nx,\n')).toEqual([
    [1, 'a', 'b'],
    [4, 'x', ''],
  ])
})

test('a letter may be cut in two by the pieces of the file', async () => {
  const bytes = Buffer.from('naam\nZoë\n')
  expect(await read(bytes.subarray(0, 8), bytes.subarray(8))).toEqual([
    [1, 'naam'],
    [2, 'Zoë'],
  ])
})

test.each([
  ['UTF-16 with a mark', [Buffer.from('\ufeffa,b\n', 'utf16le')], 'UTF-16'],
  ['UTF-16 without one', [Buffer.from('a,b\n', 'utf16le')], 'UTF-16'],
  ['Windows-1252', [Buffer.from('naam\nZo\xeb\n', 'latin1')], 'not UTF-8'],
  ['a letter that is cut off', [Buffer.from('a\nZoë').subarray(0, 5)], 'not UTF-8'],
  ['a lone carriage return', ['a,b\rx,y\n'], 'Line 1: a carriage return without a line feed'],
  ['a quote that is never closed', ['a,b\nx,"y\n'], 'a quote is never closed'],
  ['text after a closing quote', ['a,b\n"x"y,z\n'], 'Line 2: text after a closing quote'],
  ['a NUL character', [`a,b\n${'x'.repeat(80)}\0,y\n`], 'Line 2: a NUL character'],
  [
    'a field of 10 MB',
    ['a,b\nx,', ...Array<string>(160).fill('y'.repeat(65_536))],
    `Line 2: a field is longer than ${longestField} characters`,
  ],
  ['ten thousand fields', [`a${',b'.repeat(10_000)}\n`], 'more than 100 fields'],
])('%s refuses the file in one sentence (T134)', async (_, pieces, said) => {
  await expect(read(...pieces)).rejects.toThrow(said)
})

test('a file of more than a million lines is refused', async () => {
  const piece = 'x\n'.repeat(100_000)
  await expect(read('a\n', ...Array<string>(11).fill(piece))).rejects.toThrow('more than 1000000 lines')
})
