import { expect, test } from 'vitest'
import { storyOf } from './story.ts'
import { askedBy } from './vault.ts'

test('the token is told in sentences, each with its claim', () => {
  const claims = {
    iss: 'http://localhost:8080/c-point',
    aud: 'planning',
    sub: 'u-anna',
    acr: 'urn:sluis:acr:2',
    amr: ['pwd', 'otp', 'mfa'],
    auth_time: Date.UTC(2026, 10, 24, 13, 5) / 1000,
    sid: 's',
  }
  const told = storyOf(claims, 'Planning', 'C-point')
  expect(told.map((it) => it.claim)).toEqual(['iss', 'aud', 'sub', 'auth_time', 'amr', 'acr', 'sid'])
  expect(told.find((it) => it.claim === 'amr')?.text).toBe('Toen is gegeven: het wachtwoord en een code uit de app.')
  expect(told.find((it) => it.claim === 'auth_time')?.text).toContain('24 november 2026, 14.05 uur')
  expect(storyOf({ amr: ['constructor'] }, 'P', 'C').find((it) => it.claim === 'amr')?.text).toBe('Toen is gegeven: niet gezegd.')
})

test('a challenge of the resource server becomes what the next request asks', () => {
  const header = 'Bearer error="insufficient_user_authentication", acr_values="urn:sluis:acr:2", max_age="300"'
  expect(askedBy(header)).toEqual({ acr_values: 'urn:sluis:acr:2', max_age: '300' })
  expect([askedBy('Bearer error="invalid_token"'), askedBy(null)]).toEqual([undefined, undefined])
})
