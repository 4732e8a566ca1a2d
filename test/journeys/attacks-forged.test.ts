import { afterAll, beforeAll, expect, test } from 'vitest'
import { postRoutes } from '../../src/http/posts.ts'
import { type Demo, openDemo } from '../support/demo.ts'
import { refusals, waitingForMail } from '../support/demo-steps.ts'
import { PersonAt } from '../support/person-at.ts'

/* Forms of other sites in the browser of somebody who is signed in, and cookies of a session that was left. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo.close())

async function signedIn(): Promise<PersonAt> {
  const { bram, code } = await waitingForMail(demo)
  expect(await bram.due(await bram.post('/sign-in/code/email', { code }))).toBe('/home')
  return bram
}

test('T076: signed in, no forged form at any door: the session stays, and each is audited', async () => {
  const bram = await signedIn()
  await bram.get('/home')
  const stranger = await csrfOfAnother()
  const own = new URLSearchParams({ csrf: bram.csrf }).toString()
  const forged: readonly [string, string, Record<string, string>, number][] = [
    ['without csrf', '', {}, 403],
    ['with the csrf of another', `csrf=${stranger}`, {}, 403],
    ['from another origin', own, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 403],
    ['from nowhere', own, { origin: 'null' }, 403],
    ['as text', own, { 'content-type': 'text/plain' }, 415],
    ['as JSON', `{"csrf":"${bram.csrf}"}`, { 'content-type': 'application/json' }, 415],
    ['as multipart', own, { 'content-type': 'multipart/form-data; boundary=x' }, 415],
    ['with one more field', `${own}&accountId=1`, {}, 400],
  ]
  const count = (): number => ['csrf', 'origin', 'malformed'].reduce((sum, it) => sum + refusals(demo, it), 0)
  const before = count()
  const jar = new Map(bram.jar)
  for (const { path } of postRoutes)
    for (const [how, body, headers, status] of forged) expect((await bram.post(path, body, headers)).status, `${path} ${how}`).toBe(status)
  expect(count() - before).toBe(postRoutes.length * forged.length)
  // The same by GET, with all that the form holds, does nothing: it is a page, or no route.
  for (const { path, fields } of postRoutes) {
    const asked = `${path}?${new URLSearchParams([['csrf', bram.csrf], ...fields.map((it): [string, string] => [it, '1'])])}`
    expect([200, 303, 404, 405], path).toContain((await bram.get(asked)).status)
  }
  expect(bram.jar).toEqual(jar)
  expect((await bram.get('/home')).status).toBe(200)
})

async function csrfOfAnother(): Promise<string> {
  const other = new PersonAt(demo.portal('c-point'))
  await other.get('/sign-in')
  return other.csrf
}

test('a form of another site, which comes without cookies, does not replace those of the browser', async () => {
  for (const headers of [{ origin: 'https://evil.example' }, { origin: 'https://evil.example', 'content-type': 'text/plain' }])
    for (const path of ['/sign-in', '/sign-out', '/nothing', '/home'])
      expect((await new PersonAt(demo.portal('c-point')).post(path, '', headers)).headers['set-cookie'], path).toBeUndefined()
})

for (const door of ['/sign-out', '/sign-in/other'])
  test(`T061: ${door} ends the session of this browser also while another sign-in is half-way in it`, async () => {
    const bram = await signedIn()
    const copy = new PersonAt(bram.portal)
    for (const [name, value] of bram.jar) copy.jar.set(name, value)
    expect((await copy.get('/home')).status).toBe(200)
    expect(await bram.password('anna', demo.password)).toBe('/sign-in/choose')
    expect((await bram.post(door)).status).toBe(303)
    expect((await copy.get('/home')).headers.location).toBe('/c-point/sign-in')
  })
