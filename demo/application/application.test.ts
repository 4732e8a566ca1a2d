import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { levelInWords, momentInWords, waysInWords } from './claims.ts'
import { type Applications, demoPortals, type Registration, startApplications } from './index.ts'

const words = demoPortals['c-point']?.words
const registration = (issuer: string): Registration => {
  if (!words) throw new Error('c-point has words')
  return {
    path: 'c-point/planning',
    title: 'Planning',
    portalName: 'C-point',
    issuer,
    clientId: 'planning',
    clientSecret: 'x'.repeat(32),
    words,
  }
}
let applications: Applications
beforeEach(async () => {
  applications = await startApplications(0, () => 0)
  // Port 1 of this machine: nobody listens there.
  applications.register([registration('http://localhost:1/c-point')])
})
afterEach(() => applications.close())

const ask = (path: string, options: RequestInit = {}) =>
  fetch(`http://localhost:${applications.port}${path}`, { redirect: 'manual', ...options })

describe('a relying application', () => {
  test('its first page has the sign-in button of its portal', async () => {
    const answer = await ask('/c-point/planning')
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('<button type="submit" class="primary">Aanmelden</button>')
  })

  test('when the issuer is away it says so calmly and offers to try again', async () => {
    const answer = await ask('/c-point/planning/sign-in', { method: 'POST' })
    expect(answer.status).toBe(503)
    const text = await answer.text()
    expect(text).toContain('Sluis antwoordt nu niet. Je kunt het zo meteen opnieuw proberen.')
    expect(text).toContain('Opnieuw proberen')
    expect(text).not.toMatch(/ECONNREFUSED|Error:/)
  })

  test('an answer that nobody asked for signs nobody in', async () => {
    const answer = await ask('/c-point/planning/callback?code=x&state=y&iss=http%3A%2F%2Flocalhost%3A1%2Fc-point')
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('begon in een andere browser')
    expect(answer.headers.get('set-cookie')).toBeNull()
  })

  test('signing out without a session comes back to the first page and ends the cookie', async () => {
    const answer = await ask('/c-point/planning/sign-out', { method: 'POST' })
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe('/c-point/planning?signed-out')
    expect(answer.headers.get('set-cookie')).toMatch(/^demo-app-c-point-planning=; .*Max-Age=0/)
  })

  test('a form of another origin is refused', async () => {
    expect((await ask('/c-point/planning/sign-in', { method: 'POST', headers: { origin: 'http://localhost:1' } })).status).toBe(403)
  })

  test('an application that is not there is a 404, whatever its name', async () => {
    for (const path of ['/c-point/nothing', '/constructor/x', '/c-point/planning/sign-in/x']) expect((await ask(path)).status).toBe(404)
  })
})

describe('claims in words', () => {
  test('level, ways and moment are said in Dutch, with the value beside them', () => {
    expect(levelInWords('urn:sluis:acr:2')).toBe('wachtwoord en een tweede stap (urn:sluis:acr:2)')
    expect(waysInWords(['pwd', 'otp', 'mfa'])).toBe('wachtwoord (pwd), code uit een app (otp), meer dan één soort bewijs (mfa)')
    expect(momentInWords(Date.UTC(2026, 10, 24, 13, 5) / 1000)).toBe('24 november 2026, 14.05 uur')
  })

  test('what is unknown or missing is shown as it is', () => {
    expect([levelInWords('constructor'), levelInWords(7), waysInWords(['toString']), momentInWords('x')]).toEqual([
      'constructor',
      'niet gezegd',
      'toString',
      'niet gezegd',
    ])
  })
})
