import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runSluis } from '../../demo/sluis.ts'
import { getRoutes } from '../../src/http/gets.tsx'
import { spellings } from '../support/canary.ts'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'
import { beforeCode, codePage } from '../support/demo-steps.ts'
import { type Asking, PersonAt } from '../support/person-at.ts'
import { type Reply, send } from '../support/raw.ts'

/* What must not be found: secrets in any answer, file or log; anything of an account before its password; somebody else's sign-in. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo.close())

interface Said extends Reply {
  readonly path: string
}

/** Keeps everything that it was told. */
class Listener extends PersonAt {
  readonly said: Said[] = []

  override async get(path: string, asking?: Asking): Promise<Reply> {
    const reply = await super.get(path, asking)
    this.said.push({ path, ...reply })
    return reply
  }

  override async post(path: string, fields?: Record<string, string> | string, headers?: Record<string, string>): Promise<Reply> {
    const reply = await super.post(path, fields, headers)
    this.said.push({ path: `POST ${path}`, ...reply })
    return reply
  }
}

const whole = ({ headers, body }: Reply): string =>
  `${Object.entries(headers)
    .filter(([name]) => name !== 'set-cookie')
    .map((it) => it.join(': '))
    .join('\n')}\n${body}`

/** Database, journal and log as they lie there. */
function files(): string {
  const names = readdirSync(demo.data, { recursive: true, encoding: 'utf8' }).filter((it) => /\.(db|db-wal|log)$/.test(it))
  expect(names.length).toBeGreaterThan(1)
  return names.map((it) => readFileSync(join(demo.data, it), 'latin1')).join('\n')
}

test('T015 T047: the password, the codes, the key and the cookies of a whole first sign-in are in no answer but their own, in no file and no log', async () => {
  const pc = new Listener(demo.portal('c-point'))
  await pc.password('bram', demo.password)
  await pc.choose('totp')
  await pc.due(await pc.post('/sign-in/not-registered'))
  const code = await demo.code('bram@haven.test')
  for (const wrong of ['000001', 'x', '']) await pc.post('/sign-in/proof/email', { code: wrong })
  await pc.get('/sign-in/where')
  expect(await pc.due(await pc.post('/sign-in/proof/email', { code }))).toBe('/enrol/app')
  const flow = pc.jar.get('sluis-c-point-flow') ?? ''
  const key = /secret=([A-Z2-7]+)/.exec((await pc.get('/enrol/app')).body)?.[1] ?? ''
  expect([code, key, flow].map((it) => it.length)).toEqual([6, 32, 43])
  const picture = await pc.get('/enrol/picture')
  expect([picture.status, picture.headers['cache-control']]).toEqual([200, 'no-store'])
  const first = appCode(key)
  expect(await pc.due(await pc.post('/enrol/app', { code: first }))).toBe('/enrol/done')
  const cookies = [...pc.jar.values()].filter((it) => it.length > 20)
  for (const page of [
    '/enrol/app',
    '/enrol/picture',
    '/enrol/done',
    '/home',
    '/profile',
    '/profile/activity',
    '/sign-in/where',
    codePage,
    '/nothing',
  ])
    await pc.get(page)
  const stranger = new Listener(demo.portal('c-point'))
  for (const page of ['/enrol/app', '/enrol/picture', '/sign-in/where', '/profile']) await stranger.get(page)

  const answers = [...pc.said, ...stranger.said]
  const form = pc.jar.get('sluis-c-point-form')
  const secrets = {
    password: demo.password,
    code,
    key,
    first,
    ...Object.fromEntries([flow, ...cookies].map((it, at) => [`cookie ${at}`, it])),
  }
  const lying = files()
  // The search itself sees what is there: a name in the database, the key on its page.
  expect([spellings('bram@haven.test').some((it) => it.test(lying)), answers.some((it) => whole(it).includes(key))]).toEqual([true, true])
  for (const [what, secret] of Object.entries(secrets).filter(([, it]) => it !== form))
    for (const spelling of spellings(secret)) {
      const told = answers.filter((it) => spelling.test(whole(it))).map((it) => it.path)
      expect(
        told.filter((it) => !(what === 'key' && it.includes('/enrol/app'))),
        `${what} ${spelling}`,
      ).toEqual([])
      expect(spelling.test(lying), `${what} in a file`).toBe(false)
    }
  // After it was linked the page of the key is gone, and its picture with it.
  const after = pc.said.slice(pc.said.findIndex((it) => it.path === 'POST /enrol/app') + 1)
  expect(after.filter((it) => /^\/enrol\/(app|picture)$/.test(it.path)).map((it) => it.status)).toEqual([303, 404])

  // No message has any of it but the one that brought the code.
  const messages = (await demo.messages()).map((it) => JSON.stringify(it))
  for (const [what, secret] of Object.entries(secrets)) {
    const held = messages.filter((it) => spellings(secret).some((spelling) => spelling.test(it)))
    expect(held.length, what).toBe(what === 'code' ? 1 : 0)
  }
  // What an operator sees and takes away holds none of it either.
  for (const command of ['show', 'export']) {
    const args = ['account', command, '--portal', 'c-point', '--username', 'bram', '--config', join(demo.data, 'sluis.yaml')]
    const { exitCode, stdout, stderr } = await runSluis(
      resolve(import.meta.dirname, '../..'),
      args,
      process.env,
      new AbortController().signal,
    )
    expect([exitCode, stdout.includes('bram')], stderr).toEqual([0, true])
    for (const [what, secret] of Object.entries(secrets))
      for (const spelling of spellings(secret)) expect(spelling.test(stdout), `${what} by account ${command}`).toBe(false)
  }
})

test('T027: before the password every name is told the same; a list of methods, an address or a kenmerk comes after it alone', async () => {
  const told = async (portal: string, username: string): Promise<string[]> => {
    const person = new PersonAt(demo.portal(portal))
    await person.get('/sign-in')
    const answers = [await person.post('/sign-in', portal === 'koop-cam' ? { username } : { username, password: 'wrong wrong wrong' })]
    for (const { path } of getRoutes) answers.push(await person.get(path.replace(':id', 'x')))
    return answers.map(({ status, headers, body }) =>
      JSON.stringify([
        status,
        headers.location,
        body.replace(/value="[^"]*"|Code: <bdi[^>]*>\w{4}</g, '').replace(new RegExp(`\\b${username}\\b`, 'g'), 'X'),
      ]),
    )
  }
  for (const [portal, known] of [
    ['c-point', ['anna', 'bram', 'cato', 'joop']],
    ['koop-cam', ['eef', 'fons', 'guus']],
    ['uitpas', ['gijs@balie.test']],
  ] as const) {
    const nobody = await told(portal, portal === 'uitpas' ? 'niemand@balie.test' : 'niemand')
    for (const name of known) expect(await told(portal, name), name).toEqual(nobody)
    expect(nobody.join()).not.toMatch(/Kenmerk|…@|\*@|kenmerk <|eindigt op/)
  }
})

test('T062: the address of a sign-in that somebody else began is a fresh start; his browser gets nothing of what is done there', async () => {
  const mallory = await beforeCode(demo, 'profiportaal', 'hana')
  const victim = new PersonAt(demo.portal('profiportaal'))
  for (const page of [codePage, '/sign-in/choose', '/enrol/app', '/home']) {
    const reply = await victim.get(page)
    expect([reply.status, reply.headers.location], page).toEqual([303, '/profiportaal/sign-in'])
  }
  // Asked by an application in his browser, and sent on: here nobody asked.
  const asked = new PersonAt(demo.portal('koop-cam'))
  const redirect = encodeURIComponent(demo.app('koop-cam/publicatie/callback'))
  const waits = await asked.get(
    `/authorize?client_id=publicatie&response_type=code&scope=openid&redirect_uri=${redirect}&code_challenge=${'x'.repeat(43)}&code_challenge_method=S256`,
  )
  expect(waits.headers.location).toMatch(/\/koop-cam\/sign-in$/)
  const guus = await beforeCode(demo, 'koop-cam', 'guus')
  expect(await guus.due(await guus.post(codePage, { code: appCode(keyOf('guus')) }))).toBe('/home')
  expect(asked.jar.has('sluis-koop-cam-session')).toBe(false)
  expect((await asked.get('/home')).status).toBe(303)
  expect((await mallory.get('/home')).headers.location).toBe(`/profiportaal${codePage}`)
})

test('T060: there is nothing above a person here: no role to ask for, no page of a manager, and figures only at their own door', async () => {
  const guus = await beforeCode(demo, 'koop-cam', 'guus')
  await guus.due(await guus.post(codePage, { code: appCode(keyOf('guus'), 1) }))
  for (const page of ['/metrics', '/readyz', '/admin', '/helpdesk', '/export', '/keys', '/accounts', '/api', '/reg', '/introspection'])
    for (const address of [demo.portal('koop-cam') + page, new URL(demo.portal('koop-cam')).origin + page])
      expect((await send(address, { headers: { cookie: guus.cookie } })).status, address).toBe(404)
  for (const field of ['role', 'admin', 'account', 'portal', 'scope'])
    expect((await guus.post('/sign-in', { username: 'guus', [field]: 'admin' })).status, field).toBe(400)
})
