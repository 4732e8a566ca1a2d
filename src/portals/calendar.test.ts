import { expect, test } from 'vitest'
import { startOfDay } from './index.ts'

const at = (day: string, zone: string): string => new Date(startOfDay(day, zone)).toISOString()

test('a day begins at midnight where the portal is', () => {
  expect(at('2024-03-18', 'Europe/Brussels')).toBe('2024-03-17T23:00:00.000Z')
  expect(at('2027-07-01', 'Europe/Amsterdam')).toBe('2027-06-30T22:00:00.000Z')
})

test('also on the days when the clock changes', () => {
  expect(at('2027-03-28', 'Europe/Brussels')).toBe('2027-03-27T23:00:00.000Z')
  expect(at('2027-10-31', 'Europe/Brussels')).toBe('2027-10-30T22:00:00.000Z')
})
