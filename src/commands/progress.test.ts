import { expect, test } from 'vitest'
import { lineOf } from './progress.ts'

test('the bar tells how many are done, how fast, and how long it takes', () => {
  expect(lineOf('Hashing', 250, 1000, 2.5)).toBe('Hashing [######------------------] 250 of 1000, 100 a second, 8 s left')
  expect(lineOf('Hashing', 1, 100_000, 1)).toContain('1.0 a second, 27 h 46 min left')
  expect(lineOf('Hashing', 60, 600, 60)).toContain('9 min 0 s left')
})

test('before the first is done, and after the last, it promises nothing', () => {
  expect(lineOf('Hashing', 0, 10, 0)).toBe('Hashing [------------------------] 0 of 10')
  expect(lineOf('Hashing', 10, 10, 1)).toBe('Hashing [########################] 10 of 10, 10 a second')
})

test('where the end is not known, it counts', () => expect(lineOf('Reading', 5000, undefined, 1)).toBe('Reading 5000, 5000 a second'))
