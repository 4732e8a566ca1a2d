import { expect, test } from 'vitest'
import type { Answer, Asked } from '../http.ts'
import { demoPortals } from './index.ts'
import type { Place } from './place.ts'
import { createSessions } from './sessions.ts'
import { showVault, stepUp } from './step-up.ts'
import { openVault } from './vault.ts'

/** What the sample resource server lets in, and how the application answers when it does not (RFC 9470, sections 3 and 4). */
const now = 1_800_000_000
const clock = () => now * 1000
type Told = Record<string, unknown>
const inside: Told = { active: true, acr: 'urn:sluis:acr:2', auth_time: now - 300 }
const party = (told: Told, begun: Record<string, string>[] = []) =>
  ({
    introspect: async () => told,
    begin: async (_: string, more: Record<string, string> = {}) => {
      begun.push(more)
      return { location: 'http://issuer.test/authorize', state: 's', nonce: 'n', codeVerifier: 'v' }
    },
  }) as unknown as Place['party']
const said = ({ status, headers }: Answer): unknown[] => [status, headers['www-authenticate']]
const challenge =
  'Bearer error="insufficient_user_authentication", error_description="A second step of the last 5 minutes is needed", acr_values="urn:sluis:acr:2", max_age="300"'

test('the vault opens for a second step of the last five minutes, and says what it wants else', async () => {
  const ask = (told: Told, header: string | undefined = 'Bearer x') => openVault(party(told), header, clock)
  expect((await ask(inside)).status).toBe(200)
  for (const less of [
    { auth_time: now - 301 },
    { auth_time: undefined },
    { acr: 'urn:sluis:acr:2-mail' },
    { acr: 'urn:sluis:acr:2-remembered' },
  ])
    expect(said(await ask({ ...inside, ...less })), JSON.stringify(less)).toEqual([401, challenge])
  expect(said(await ask({ active: false }))).toEqual([401, 'Bearer error="invalid_token"'])
  for (const none of ['', 'Basic x', 'Bearer']) expect(said(await ask(inside, none))).toEqual([401, 'Bearer'])
})

/** An application whose one user holds a token that stands for this. */
function signedIn(told: Told) {
  const begun: Record<string, string>[] = []
  const sessions = createSessions(clock)
  const { id, session } = sessions.start()
  session.user = { idToken: '', accessToken: 'x', claims: {} }
  const words = demoPortals['c-point']?.words
  const registration = { path: 'c-point/planning', title: 'Planning', portalName: 'C-point', words } as Place['registration']
  const place = { registration, party: party(told, begun), sessions, clock, csp: '' } as unknown as Place
  const asked = (path: string) => ({ url: new URL(`http://localhost:1${path}`), cookie: () => id }) as unknown as Asked
  return { place, asked, begun, next: () => [...session.pending.values()].map((it) => it.next) }
}

test('the application asks the issuer for exactly that', async () => {
  const { place, asked, begun, next } = signedIn({ ...inside, acr: 'urn:sluis:acr:2-mail' })
  expect((await showVault(place, asked('/c-point/planning/vault'))).status).toBe(200)
  expect((await stepUp(place, asked('/c-point/planning/vault'))).headers.location).toBe('http://issuer.test/authorize')
  expect([begun, next()]).toEqual([[{ acr_values: 'urn:sluis:acr:2', max_age: '300' }], ['/c-point/planning/vault?tried']])
})

test('who comes back without enough is told so', async () => {
  const { place, asked } = signedIn({ ...inside, acr: 'urn:sluis:acr:2-mail' })
  const told = async (path: string): Promise<boolean> =>
    (await showVault(place, asked(path))).body.toString().includes('Dat is nog niet gelukt.')
  expect([await told('/c-point/planning/vault'), await told('/c-point/planning/vault?tried')]).toEqual([false, true])
})

test('a token that has run out is renewed, and what is wanted then is asked without pressing the button twice', async () => {
  const old = signedIn({ active: false })
  await stepUp(old.place, old.asked('/c-point/planning/vault'))
  expect([old.begun, old.next()]).toEqual([[{}], ['/c-point/planning/vault?renewed']])
  const renewed = signedIn({ ...inside, auth_time: now - 900 })
  const answer = await showVault(renewed.place, renewed.asked('/c-point/planning/vault?renewed'))
  expect([answer.status, renewed.begun, renewed.next()]).toEqual([
    303,
    [{ acr_values: 'urn:sluis:acr:2', max_age: '300' }],
    ['/c-point/planning/vault?tried'],
  ])
})
