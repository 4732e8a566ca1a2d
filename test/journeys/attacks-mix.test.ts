import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import * as OTPAuth from 'otpauth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemRandom } from '../../src/random.ts'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'
import { beforeCode, codePage } from '../support/demo-steps.ts'
import { PersonAt } from '../support/person-at.ts'

/* Whose session it is: identifiers that nobody guesses, and two people who never see each other's page. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo.close())

const many = process.env.SLUIS_TEST_LONG ? 200 : 60
const sessionCookie = 'sluis-koop-cam-session'

test('T072: identifiers have 256 bits without a bias, none comes twice, and what the table holds opens nothing', async () => {
  const drawn = Array.from({ length: process.env.SLUIS_TEST_LONG ? 1_000_000 : 50_000 }, () => systemRandom.token())
  expect(new Set(drawn).size).toBe(drawn.length)
  expect(Buffer.from(drawn[0] ?? '', 'base64url')).toHaveLength(32)
  const ones = new Array<number>(256).fill(0)
  for (const token of drawn)
    for (const [at, byte] of Buffer.from(token, 'base64url').entries())
      for (let bit = 0; bit < 8; bit++) ones[at * 8 + bit] = (ones[at * 8 + bit] ?? 0) + ((byte >> bit) & 1)
  // Six deviations of a fair coin.
  const allowed = 6 * Math.sqrt(drawn.length / 4)
  for (const count of ones) expect(Math.abs(count - drawn.length / 2)).toBeLessThan(allowed)

  const guus = await beforeCode(demo, 'koop-cam', 'guus')
  await guus.due(await guus.post(codePage, { code: appCode(keyOf('guus')) }))
  using file = new DatabaseSync(join(demo.data, 'sluis.db'), { readOnly: true })
  const copied = ['session', 'attempt', 'browser'].flatMap((table) =>
    file
      .prepare(`select id, token_hash from ${table}`)
      .all()
      .flatMap((row) => [row.id, row.token_hash].map(String)),
  )
  expect(copied.length).toBeGreaterThan(4)
  for (const value of copied) {
    const thief = new PersonAt(demo.portal('koop-cam'))
    for (const kind of ['session', 'flow', 'browser']) thief.jar.set(`sluis-koop-cam-${kind}`, value)
    expect((await thief.get('/home')).headers.location).toBe('/koop-cam/sign-in')
  }
})

test('T073: another account in the same browser ends the session of the first, and a left sign-in is worth nothing to the second', async () => {
  const browser = await beforeCode(demo, 'koop-cam', 'guus')
  await browser.due(await browser.post(codePage, { code: appCode(keyOf('guus'), 1) }))
  const first = browser.jar.get(sessionCookie) ?? ''
  expect((await browser.get('/home')).body).toContain('guus')
  await browser.get('/home')
  await browser.due(await browser.post('/sign-in/other'))
  const left = await beforeCode(demo, 'koop-cam', 'guus')
  const flow = left.jar.get('sluis-koop-cam-flow') ?? ''
  await browser.password('eef', demo.password)
  expect((await browser.get('/home')).headers.location).not.toBe('/koop-cam/home')
  const old = new PersonAt(demo.portal('koop-cam'))
  old.jar.set(sessionCookie, first)
  expect((await old.get('/home')).headers.location).toBe('/koop-cam/sign-in')
  // Eef's browser with the cookie of the sign-in that guus left: it is guus's sign-in, and still asks for guus's code.
  browser.jar.set('sluis-koop-cam-flow', flow)
  const page = await browser.get(codePage)
  expect([page.status, /\beef\b/.test(page.body)]).toEqual([200, false])
})

test(`T073: ${many} people at once over twenty connections each see their own name and no other`, async () => {
  const people = Array.from({ length: many }, (_, at) => ({ name: `drukte-${at}-x`, key: new OTPAuth.Secret({ size: 20 }).base32 }))
  const csv = join(demo.data, 'drukte.csv')
  writeFileSync(
    csv,
    `username,email,password,totp_secret\n${people.map((it) => `${it.name},${it.name}@kantoor.test,${demo.password},${it.key}`).join('\n')}\n`,
  )
  const sluis = join(import.meta.dirname, '../../bin/sluis')
  const { NODE_OPTIONS: _, VITEST: __, ...env } = process.env
  await promisify(execFile)(sluis, ['account', 'import', csv, '--portal', 'koop-cam', '--config', join(demo.data, 'sluis.yaml')], { env })

  const signedIn = await Promise.all(
    people.map(async ({ name, key }) => {
      const person = await beforeCode(demo, 'koop-cam', name)
      expect(await person.due(await person.post(codePage, { code: appCode(key) }))).toBe('/home')
      return { name, cookie: person.cookie }
    }),
  )
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  const page = (cookie: string, path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      request(demo.portal('koop-cam') + path, { agent, headers: { cookie } }, async (reply) =>
        resolve((await reply.setEncoding('utf8').toArray()).join('')),
      )
        .once('error', reject)
        .end()
    })
  for (const path of ['/home', '/profile', '/profile/sessions'])
    await Promise.all(
      signedIn.map(async ({ name, cookie }) => {
        const names = new Set((await page(cookie, path)).match(/drukte-\d+-x/g))
        expect(
          [...names].filter((it) => it !== name),
          path,
        ).toEqual([])
        if (path === '/home') expect(names.has(name)).toBe(true)
      }),
    )
  agent.destroy()
})
