import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appCode, type Demo, keyOf, type Message, openDemo } from '../support/demo.ts'
import { beforeCode, codePage } from '../support/demo-steps.ts'
import { PersonAt } from '../support/person-at.ts'
import { formType, type Reply, send } from '../support/raw.ts'

/* What leaves with the link of a notice, who may press what is behind it, and what a stranger learns from a message number. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo.close())

const at = (portal: string): PersonAt => new PersonAt(demo.portal(portal))
const notice = (to: string, subject: RegExp): Promise<Message> => demo.find((it) => it.to === to && subject.test(it.subject))
const linkIn = ({ text }: Message): string => /^http\S+\/not-me\?t=[a-z2-9]{14}$/m.exec(text)?.[0] ?? ''
const heading = ({ body }: Reply): string => /<h1[^>]*>([^<]*)/.exec(body)?.[1] ?? ''

/** Signs in for the second time, from a browser that is new: the owner is told. */
async function fromNewBrowser(portal: string, userName: string, mailbox: string): Promise<{ person: PersonAt; link: string }> {
  const known = await beforeCode(demo, portal, userName)
  expect(await known.due(await known.post(codePage, { code: appCode(keyOf(userName)) }))).toBe('/home')
  const person = await beforeCode(demo, portal, userName)
  expect(await person.due(await person.post(codePage, { code: appCode(keyOf(userName), 1) }))).toBe('/home')
  return { person, link: linkIn(await notice(mailbox, /nieuwe browser/)) }
}

test('T090 T096: the value of a link leaves the address at once; machines that fetch and post change nothing, the person still can', async () => {
  const { person, link } = await fromNewBrowser('c-point', 'anna', 'anna@haven.test')
  const [path = '', value = ''] = link.replace(demo.portal('c-point'), '').split('?t=')
  for (const method of ['GET', 'HEAD', 'GET', 'HEAD']) {
    const scanner = at('c-point')
    const moved = await scanner.get(`${path}?t=${value}`, { method })
    expect([moved.status, moved.headers.location, moved.headers['referrer-policy']]).toEqual([303, '/c-point/not-me', 'no-referrer'])
    const cookies = moved.headers['set-cookie'] ?? []
    expect(cookies.find((it) => it.includes(value))).toMatch(/^sluis-c-point-not-me=\w+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=900$/)
    const page = await scanner.get('/not-me')
    expect(page.headers['referrer-policy']).toBe('same-origin')
    expect(page.headers['cache-control']).toBe('no-store')
    if (method === 'GET') expect(heading(page)).toBe('Was jij dit niet?')
    expect(page.body).not.toMatch(new RegExp(`${value}|anna|haven`))
  }
  // Without the page, its cookie or its origin no form is taken.
  const bare = at('c-point')
  expect((await bare.post('/not-me')).status).toBe(400)
  await bare.get('/message')
  expect((await bare.post('/not-me')).status).toBe(303)
  expect((await bare.get('/not-me')).status).toBe(404)
  await bare.get(`${path}?t=${value}`)
  expect((await bare.post('/not-me', {}, { origin: 'https://evil.test' })).status).toBe(403)
  expect((await bare.post('/not-me', 'csrf=x')).status).toBe(403)
  expect((await bare.post('/not-me', { username: 'anna' })).status).toBe(400)
  expect((await bare.post(`/not-me?t=${value}`)).status).toBe(400)
  expect((await person.get('/profile')).status).toBe(200)

  const owner = at('c-point')
  await owner.get(`${path}?t=${value}`)
  await owner.get('/not-me')
  expect(await owner.due(await owner.post('/not-me'))).toBe('/not-me')
  const done = await owner.get('/not-me')
  expect(heading(done)).toBe('Je account is beveiligd')
  expect(done.body).toContain('overal afgemeld')
  expect(done.body).not.toMatch(/anna|haven/)
  expect([...owner.jar.keys()].filter((it) => /session|flow|browser/.test(it))).toEqual([])
  expect((await person.get('/profile')).status).toBe(303)
  const back = at('c-point')
  expect(await back.password('anna', demo.password)).toBe('/sign-in/stopped')
  const refused = await back.get('/sign-in/stopped')
  expect(heading(refused)).toBe('Dit account is beveiligd')
  expect(refused.body).toContain('action="/c-point/password"')
  await back.post(codePage, { code: appCode(keyOf('anna'), 1) })
  expect(back.jar.has('sluis-c-point-session')).toBe(false)
})

test('T057: what is no link of ours, of another portal, a session or a kenmerk: one page, one status, nothing done', async () => {
  const { person, link } = await fromNewBrowser('koop-cam', 'guus', 'guus@gemeente.test')
  const value = link.split('?t=')[1] ?? ''
  const session = person.jar.get('sluis-koop-cam-session') ?? ''
  const pages = []
  for (const [portal, given] of [
    ['uitpas', value],
    ['koop-cam', session],
    ['koop-cam', 'abcdefghjkmnpq'],
    ['koop-cam', 'W7K'],
    ['koop-cam', ''],
  ] as const) {
    const stranger = at(portal)
    await stranger.get(`/not-me?t=${given}`)
    const page = await stranger.get('/not-me')
    expect([page.status, heading(page)], given).toEqual([404, 'Deze link werkt niet meer'])
    await stranger.post('/not-me')
    pages.push(page.body.replace(/name="csrf" value="[^"]+"/g, '').length)
  }
  expect(new Set(pages.slice(1)).size).toBe(1)
  const swapped = await send(`${demo.portal('koop-cam')}/profile`, { headers: { cookie: `sluis-koop-cam-session=${value}` } })
  expect(swapped.status).toBe(303)
  expect((await person.get('/profile')).status).toBe(200)
  // The short address of a text message leads to the same page.
  const phone = at('koop-cam')
  expect((await phone.get(`/n?${value}`)).headers.location).toBe('/koop-cam/not-me')
  expect(heading(await phone.get('/not-me'))).toBe('Was u dit niet?')
})

test("'Beveilig mijn account nu' stands in the profile and needs its session", async () => {
  const stranger = at('profiportaal')
  await stranger.get('/sign-in')
  expect((await stranger.post('/profile/secure')).headers.location).toBe('/profiportaal/sign-in')
  const { person } = await fromNewBrowser('profiportaal', 'hana', 'hana@winkel.test')
  const page = await person.get('/profile')
  expect(page.body).toContain('Beveilig mijn account nu')
  expect(await person.due(await person.post('/profile/secure'))).toBe('/not-me')
  expect(heading(await person.get('/not-me'))).toBe('Je account is beveiligd')
  expect(person.jar.has('sluis-profiportaal-session')).toBe(false)
  expect((await person.get('/profile')).status).toBe(303)
})

test('T028: a message number says yes, no, or wait; never whom, also before any password', async () => {
  const mail = (await demo.messages()).find((it) => /Berichtnummer: \w{8}/.test(it.text))
  const number = /Berichtnummer: (\w{8})/.exec(mail?.text ?? '')?.[1] ?? ''
  using file = new DatabaseSync(`${demo.data}/sluis.db`, { readOnly: true })
  const portal = String(file.prepare('select portal from message where number = ?').get(number)?.portal)
  const anybody = at(portal)
  const page = await anybody.get('/message')
  expect(page.status).toBe(200)
  const answers = []
  for (const typed of [number.toLowerCase(), 'BBBBBBBB', 'ZZZ', '', "%' or 1=1 --", 'x'.repeat(2_000)]) {
    const reply = await anybody.post('/message', { message: typed })
    expect(reply.body).not.toMatch(/@(haven|winkel|gemeente|ministerie)\.test|anna|hana|guus/)
    answers.push(reply.status)
  }
  expect(answers).toEqual([200, 422, 422, 422, 422, 422])
  for (let asked = 0; asked < 20; asked++) await anybody.post('/message', { message: 'B7K' })
  const paused = await anybody.post('/message', { message: number })
  expect(paused.status).toBe(429)
  expect(Number(paused.headers['retry-after'])).toBeGreaterThan(0)
  expect((await send(`${demo.portal(portal)}/message`, { method: 'POST', headers: { 'content-type': formType } })).status).toBe(403)
})
