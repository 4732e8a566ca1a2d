import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSuite, person, type Suite } from '../support/conformance.ts'
import { readJwt } from '../support/jwt.ts'

/* Whatever ends a session, beside a running server too: the applications hear of it, and their tokens are dead. */

let suite: Suite
beforeAll(async () => {
  suite = await openSuite()
})
afterAll(() => suite.close())

const which = ['--portal', 'proef', '--username', person.username]
const people = (): string => join(suite.portal.folder, 'again.csv')

test.each([
  [
    'a person who is disabled',
    () => suite.portal.sluis(['account', 'disable', ...which]),
    () => suite.portal.sluis(['account', 'enable', ...which]),
  ],
  ['sessions that the helpdesk ends', () => suite.portal.sluis(['account', 'end-sessions', ...which]), async () => undefined],
  [
    'a password that an import changes',
    () => {
      writeFileSync(people(), `username,password\n${person.username},elf ganzen lopen langzaam weg\n`)
      return suite.portal.sluis(['account', 'import', people(), '--portal', 'proef', '--update'])
    },
    () => {
      writeFileSync(people(), `username,password\n${person.username},${person.password}\n`)
      return suite.portal.sluis(['account', 'import', people(), '--portal', 'proef', '--update'])
    },
  ],
] as [string, () => Promise<unknown>, () => Promise<unknown>][])('%s: the application hears of it within seconds', async (_, end, undo) => {
  const browser = suite.browser()
  const tokens = await suite.tokens(await suite.go(browser, { scope: 'openid offline_access', prompt: 'consent' }))
  suite.heard.length = 0
  await end()
  const endedAt = Date.now()
  const isHeard = (): boolean => suite.heard.some((it) => readJwt(it.form.get('logout_token') ?? '').claims.sid === tokens.claims.sid)
  while (!isHeard() && Date.now() - endedAt < 20_000) await pause(50)
  expect(isHeard()).toBe(true)
  expect((await suite.userInfo(tokens.accessToken)).error).toBe('invalid_token')
  expect((await suite.refresh(tokens.refreshToken ?? '')).status).toBe(400)
  expect((await browser.go(suite.ask({ prompt: 'none' }))).params.get('error')).toBe('login_required')
  await undo()
})
