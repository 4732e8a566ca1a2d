import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Demo, openDemo } from '../support/demo.ts'
import { PersonAt } from '../support/person-at.ts'

/* What a signed-in person sees and ends: remembered browsers, sessions, what happened. Raw requests to the running demo. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo.close())

const edge = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0'
const iPhone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1'

/** Notices come to the same mailbox. */
async function codeTo(address: string): Promise<string> {
  const { text } = await demo.find((it) => it.to === address && it.subject.includes('kenmerk'))
  return /(?<!\w)\d{6}(?!\w)/.exec(text)?.[0] ?? ''
}

/** A browser that says what it is with every request. */
class With extends PersonAt {
  readonly agent: string
  constructor(portal: string, agent: string) {
    super(portal)
    this.agent = agent
  }
  override get(path: string, asking: { method?: string } = {}) {
    return super.get(path, { ...asking, headers: { 'user-agent': this.agent } })
  }
  override post(path: string, fields: Record<string, string> | string = {}, headers: Record<string, string> = {}) {
    return super.post(path, fields, { 'user-agent': this.agent, ...headers })
  }
}

/** Bram with a code by mail, as an application that remembers browsers asks it; remembered unless he says no. */
async function signedIn(agent: string, remember = '1'): Promise<With> {
  const bram = new With(demo.portal('c-point'), agent)
  const origin = new URL(bram.portal).origin
  let at = (await fetch(`${demo.app('c-point/planning')}/sign-in`, { method: 'POST', redirect: 'manual' })).headers.get('location') ?? ''
  while (!at.endsWith('/sign-in')) {
    const { headers } = await bram.get(at.replace(bram.portal, ''))
    at = new URL(headers.location ?? '', origin).href
  }
  await bram.password('bram', demo.password)
  await bram.choose('email')
  const reply = await bram.post('/sign-in/code/email', { code: await codeTo('bram@haven.test'), ...(remember ? { remember } : {}) })
  expect(reply.status).toBe(303)
  return bram
}

const textOf = (html: string): string =>
  html
    .replace(/^[\s\S]*<main[^>]*>|<\/main>[\s\S]*$/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')

test('P47: remembered browsers are listed, this one first, and forgotten one by one or all; no other account can', async () => {
  const phone = await signedIn(iPhone)
  const pc = await signedIn(edge)
  const listed = await pc.get('/profile/browsers')
  expect(textOf(listed.body)).toMatch(/Onthouden browsers Edge op Windows Deze browser Onthouden tot .* Safari op iPhone Onthouden tot/)
  const ids = [...listed.body.matchAll(/name="browser" value="([^"]+)"/g)].map((it) => it[1] ?? '')
  expect(ids).toHaveLength(2)
  expect((await pc.get('/profile')).body).toContain('Onthouden browsers (2)')

  const gone = await pc.post('/profile/browsers/forget', { browser: ids[1] ?? '' })
  expect(gone.headers.location).toBe('/c-point/profile/browsers?forgot')
  const left = await pc.get('/profile/browsers?forgot')
  expect(textOf(left.body)).toContain('Deze browser is vergeten. De volgende keer vragen we daar een code.')
  expect(textOf(left.body)).not.toContain('iPhone')
  for (const browser of [ids[1] ?? '', 'x', ''])
    expect((await pc.post('/profile/browsers/forget', { browser })).headers.location).toBe('/c-point/profile/browsers')
  await pc.get('/profile/browsers')
  expect((await pc.post('/profile/browsers/forget-all')).status).toBe(303)
  expect(textOf((await pc.get('/profile/browsers')).body)).toContain('Er zijn geen onthouden browsers.')
  expect((await phone.get('/home')).status).toBe(200)
})

test('P48: what happened, with the kind of browser, without the address of a computer', async () => {
  const pc = await signedIn(edge)
  const page = textOf((await pc.get('/profile/activity')).body)
  expect(page).toMatch(/Recente activiteit Aangemeld met code via e-mail .*Edge op Windows/)
  expect(page).not.toMatch(/127\.0\.0\.1|::1/)
  for (const odd of ['0', '-1', 'x', '9999', '1e3']) expect((await pc.get(`/profile/activity?page=${odd}`)).status).toBe(200)
})

test("P48: 'Dit was ik niet' beside what another browser did asks first, and then closes the account", async () => {
  const cato = async (agent: string): Promise<With> => {
    const it = new With(demo.portal('c-point'), agent)
    await it.password('cato', demo.password)
    await it.choose('email')
    expect(await it.due(await it.post('/sign-in/code/email', { code: await codeTo('balie@haven.test') }))).toBe('/home')
    return it
  }
  const [other, pc] = [await cato(iPhone), await cato(edge)]
  const listed = await pc.get('/profile/activity')
  expect(listed.body.match(/Dit was ik niet/g)).toHaveLength(1)
  const asked = await pc.post('/profile/activity/not-me')
  expect(asked.headers.location).toBe('/c-point/not-me')
  expect((await other.get('/home')).status).toBe(200)
  expect((await pc.get('/not-me')).status).toBe(200)
  expect((await pc.post('/not-me')).status).toBe(303)
  for (const it of [other, pc]) expect((await it.get('/home')).headers.location).toBe('/c-point/sign-in')
  const stranger = new PersonAt(demo.portal('c-point'))
  await stranger.get('/sign-in')
  for (const path of ['/profile/activity/not-me', '/profile/secure'])
    expect((await stranger.post(path)).headers.location).toBe('/c-point/sign-in')
})

test('T074: where I am signed in: mine only, one ends one, one ends all, and this one ends by signing out', async () => {
  const [pc, phone] = [await signedIn(edge, ''), await signedIn(iPhone, '')]
  const listed = await pc.get('/profile/sessions')
  expect(textOf(listed.body)).toMatch(/Waar ben je aangemeld\? Edge op Windows Deze browser Planning Sinds/)
  const ids = [...listed.body.matchAll(/name="session" value="([^"]+)"/g)].map((it) => it[1] ?? '')
  const own = [...(await phone.get('/profile/sessions')).body.matchAll(/name="session" value="([^"]+)"/g)][0]?.[1] ?? ''
  expect(ids).toContain(own)
  // No cookie, no session: nothing is ended and nothing told.
  const stranger = new PersonAt(demo.portal('c-point'))
  await stranger.get('/sign-in')
  expect((await stranger.post('/profile/sessions/end', { session: own })).headers.location).toBe('/c-point/sign-in')
  expect((await phone.get('/home')).status).toBe(200)

  await pc.get('/profile/sessions')
  expect((await pc.post('/profile/sessions/end', { session: own })).headers.location).toBe('/c-point/profile/sessions?ended')
  expect((await phone.get('/home')).headers.location).toBe('/c-point/sign-in')
  expect(textOf((await pc.get('/profile/sessions?ended')).body)).toContain('Die browser is afgemeld.')
  for (const session of [own, 'x', '']) expect((await pc.post('/profile/sessions/end', { session })).status).toBe(404)
  await pc.get('/profile/sessions')
  expect((await pc.post('/profile/sessions/end-all')).headers.location).toBe('/c-point/signed-out')
  expect(pc.jar.has('sluis-c-point-session')).toBe(false)
})

test("'Vergeet ook deze browser' stands where this browser is remembered, and does what it says", async () => {
  const bare = await signedIn(edge, '')
  expect((await bare.get('/sign-out')).body).not.toContain('Vergeet ook deze browser')
  const pc = await signedIn(edge)
  expect((await pc.get('/sign-out')).body).toContain('Vergeet ook deze browser')
  expect((await pc.post('/sign-out', { forget: '1' })).headers.location).toBe('/c-point/signed-out')
  const again = await signedIn(iPhone)
  expect(textOf((await again.get('/profile/browsers')).body)).not.toContain('Edge')
})

test('what happened has its place in the chain within a second or two', async () => {
  await signedIn(edge)
  const waiting = (): number => {
    using file = new DatabaseSync(`${demo.data}/sluis.db`, { readOnly: true })
    return Number(file.prepare('select count(*) as n from audit where seq is null').get()?.n)
  }
  await expect.poll(waiting, { timeout: 4_000, interval: 100 }).toBe(0)
})

test('T068: what an operator ends on the command line beside the running service is over at once', async () => {
  const sluis = (...args: string[]): string =>
    execFileSync(join(import.meta.dirname, '../../bin/sluis'), [...args, '--config', join(demo.data, 'sluis.yaml')], { encoding: 'utf8' })
  const bram = ['--portal', 'c-point', '--username', 'bram']
  const pc = await signedIn(edge)
  expect((await pc.get('/home')).status).toBe(200)
  expect(sluis('account', 'end-sessions', ...bram)).toMatch(
    /^bram of C-point: ended [1-9]\d* sessions, forgot [1-9]\d* remembered browsers\.\n$/,
  )
  expect((await pc.get('/home')).headers.location).toBe('/c-point/sign-in')
  const halfWay = new PersonAt(demo.portal('c-point'))
  await halfWay.password('bram', demo.password)
  expect(sluis('account', 'delete', ...bram, '--yes')).toBe('Deleted bram of C-point and everything about them.\n')
  expect(await halfWay.choose('email')).toBe('/sign-in')
  expect(await halfWay.password('bram', demo.password)).toBe('422')
  expect(sluis('audit', 'verify')).toMatch(/c-point: \d+ events, the chain holds[\s\S]*of people who were deleted since/)
})
