import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'
import { beforeCode, codePage, waitingForMail } from '../support/demo-steps.ts'
import { PersonAt } from '../support/person-at.ts'
import type { Reply } from '../support/raw.ts'

/* A person who presses twice, has two tabs, or goes on during a pause means no harm: the answer is the page that is due. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo.close())

function count(sql: string): number {
  using file = new DatabaseSync(`${demo.data}/sluis.db`, { readOnly: true })
  return Number(file.prepare(`select count(*) as n from ${sql}`).get()?.n)
}
const codes = (): number => count('message where code_id is not null')
const sessions = (name: string): number => count(`session join account on account.id = account_id where name = '${name}'`)

/** Follows redirects as the browser would, with the cookies that both tabs share. */
async function arrives(person: PersonAt, reply: Reply): Promise<string> {
  let path = await person.due(reply)
  for (let hops = 0; hops < 5; hops++) {
    const next = await person.get(path)
    if (next.status !== 303) return path
    path = await person.due(next)
  }
  return path
}

test('T145: two tabs post the right code within 50 ms: one session, and both come to the page that is due', async () => {
  const { bram, code } = await waitingForMail(demo)
  const anna = await beforeCode(demo, 'c-point', 'anna')
  for (const [person, name, page, right] of [
    [bram, 'bram', '/sign-in/code/email', code],
    [anna, 'anna', codePage, appCode(keyOf('anna'))],
  ] as const) {
    const before = [sessions(name), codes(), count('message')] as const
    const both = await Promise.all([person.post(page, { code: right }), person.post(page, { code: right })])
    expect(both.map((it) => it.status)).toEqual([303, 303])
    for (const reply of both) expect(await arrives(person, reply)).toBe('/home')
    expect([sessions(name), codes()]).toEqual([before[0] + 1, before[1]])
    // A new browser is told to its owner, once.
    expect(count('message') - before[2]).toBeLessThanOrEqual(1)
    // Once more, as a browser does that did not see the answer.
    expect(await arrives(person, await person.post(page, { code: right }))).toBe('/home')
  }
})

test('T145: a double click on the method sends one mail', async () => {
  const person = new PersonAt(demo.portal('c-point'))
  await person.password('cato', demo.password)
  const before = count('message')
  const both = await Promise.all([1, 2].map(() => person.post('/sign-in/choose', { method: 'email' })))
  for (const reply of both) expect(await person.due(reply)).toMatch(/^\/sign-in\/code\/email/)
  expect(count('message')).toBe(before + 1)
})

test('a code that is posted during a pause is 429 at once, says until when, and is not looked at', async () => {
  const hana = await beforeCode(demo, 'profiportaal', 'hana')
  for (let tries = 0; tries < 10; tries++) await hana.post(codePage, { code: '000000' })
  const before = sessions('hana')
  const reply = await hana.post(codePage, { code: appCode(keyOf('hana')) })
  expect(reply.status).toBe(429)
  expect(Number(reply.headers['retry-after'])).toBeGreaterThan(800)
  expect(reply.body).toMatch(/<h1[^>]*>Even wachten tot /)
  expect(sessions('hana')).toBe(before)
  expect((await hana.get('/sign-in/paused')).status).toBe(429)
})

test('after twenty first codes in an hour the code page says from when a new one can, at each reload, with the button for it', async () => {
  for (let times = 0; times < 20; times++) {
    await new PersonAt(demo.portal('profiportaal')).password('ida', demo.password)
    forgetPasswords()
  }
  const person = new PersonAt(demo.portal('profiportaal'))
  const before = count('message')
  expect(await person.password('ida', demo.password)).toBe('/sign-in/proof/email')
  expect(count('message')).toBe(before)
  for (let reload = 0; reload < 2; reload++) {
    const { status, body } = await person.get('/sign-in/proof/email')
    expect([status, body]).toEqual([200, expect.stringMatching(/<b>Er zijn al 20 codes gestuurd\.<\/b> Een nieuwe code kan /)])
    expect(body).toContain('action="/profiportaal/sign-in/resend"')
  }
  const pressed = await person.post('/sign-in/resend')
  expect([pressed.status, pressed.body]).toEqual([200, expect.stringContaining('Er zijn al 20 codes gestuurd.')])
  expect(count('message')).toBe(before)
})

/** Many sign-ins that nobody ends pause too, and that is a story of its own. */
function forgetPasswords(): void {
  using file = new DatabaseSync(`${demo.data}/sluis.db`)
  file.exec("pragma busy_timeout = 5000; delete from counter where key like 'password %'")
}
