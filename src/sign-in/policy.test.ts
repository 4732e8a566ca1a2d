import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadPortals, type Portal } from '../portals/index.ts'
import { policyOf } from './policy.ts'

const { portals } = loadPortals([join(import.meta.dirname, '..', '..', 'portals')], {
  address: 'http://localhost',
  applications: 'http://localhost',
})
const portal = (id: string): Portal => portals.get(id) as Portal
const iso = (at: number): string => new Date(at).toISOString()

describe('a portal file in the words of the decision', () => {
  test('a date begins at midnight where the portal is, in winter and in summer', () => {
    const from = (day: string, timeZone: string): string => {
      const policy = policyOf({
        ...portal('c-point'),
        timeZone,
        enforcement: { mode: 'from', from: day, groups: { a: day }, announceDays: 45 },
      })
      if (policy.enforcement.mode !== 'from') return expect.unreachable('the date is gone')
      expect(policy.enforcement.groups).toEqual({ a: policy.enforcement.at })
      return iso(policy.enforcement.at)
    }
    expect(from('2024-03-18', 'Europe/Brussels')).toBe('2024-03-17T23:00:00.000Z')
    expect(from('2024-07-01', 'Europe/Brussels')).toBe('2024-06-30T22:00:00.000Z')
    expect(from('2024-03-31', 'Europe/Amsterdam')).toBe('2024-03-30T23:00:00.000Z')
    expect(from('2024-04-01', 'Europe/Amsterdam')).toBe('2024-03-31T22:00:00.000Z')
    expect(from('2024-10-06', 'Australia/Sydney')).toBe('2024-10-05T14:00:00.000Z')
    expect(from('2024-10-28', 'Europe/Brussels')).toBe('2024-10-27T23:00:00.000Z')
  })

  test('days become seconds, and a portal that remembers no browser has none', () => {
    expect(policyOf(portal('c-point')).rememberedSeconds).toBe(30 * 86_400)
    expect(policyOf(portal('uitpas')).rememberedSeconds).toBe(7 * 86_400)
    expect(policyOf(portal('profiportaal')).rememberedSeconds).toBe(0)
    expect(policyOf(portal('c-point')).enforcement).toMatchObject({ announceSeconds: 45 * 86_400 })
  })

  test('each application keeps its own rule', () => {
    expect(policyOf(portal('c-point')).applications).toEqual({ planning: 'remembered', ligplaatsen: 'every-time' })
    expect(policyOf(portal('koop-cam')).applications).toEqual({ publicatie: 'session' })
  })
})
