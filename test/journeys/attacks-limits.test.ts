import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { bounds } from '../../src/http/bounds.ts'
import { getRoutes } from '../../src/http/gets.tsx'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'
import { PersonAt } from '../support/person-at.ts'
import { formType, send } from '../support/raw.ts'

/* What many share: addresses, the disk, time. One person uses up their own part of it. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo.close())

const wrong = 'wrong wrong wrong'
const rows = <T>(query: string): T[] => {
  using file = new DatabaseSync(`${demo.data}/sluis.db`, { readOnly: true })
  return file.prepare(query).all() as T[]
}
const metrics = async (): Promise<string> => {
  const { metricsPort } = parse(readFileSync(`${demo.data}/sluis.yaml`, 'utf8')) as { metricsPort: number }
  return (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
}
test('T033 T032: a stream of wrong passwords is slowed whatever addresses it claims; colleagues and other networks come in; the alarm rises', async () => {
  const [evil, office] = ['127.0.4.1', '127.0.4.2']
  // Somebody who was signed in there before.
  const anna = new PersonAt(demo.portal('c-point'), evil)
  expect(await anna.password('anna', demo.password)).toBe('/sign-in/choose')
  await anna.choose('totp')
  expect((await anna.post('/sign-in/code/app', { code: appCode(keyOf('anna')) })).headers.location).toContain('/home')
  const stream = new PersonAt(demo.portal('c-point'), evil)
  await stream.get('/sign-in')
  const forged = (it: number) => ({
    'x-forwarded-for': `198.51.100.${it % 250}`,
    'x-real-ip': `198.51.100.${it % 250}`,
    forwarded: `for=198.51.100.${it % 250}`,
    'cf-connecting-ip': `198.51.100.${it % 250}`,
  })
  const statuses: number[] = []
  for (let it = 0; it < 110; it++)
    statuses.push((await stream.post('/sign-in', { username: `niemand${it}`, password: wrong }, forged(it))).status)
  expect([statuses.slice(0, 100).every((it) => it === 422), statuses.slice(100).every((it) => it === 429)]).toEqual([true, true])
  const answers = []
  for (const username of ['anna', 'niemand', 'joop'])
    answers.push(
      await new PersonAt(demo.portal('c-point'), evil).get('/sign-in').then(() => stream.post('/sign-in', { username, password: wrong })),
    )
  for (const { status, headers, body } of answers) {
    expect([status, Number(headers['retry-after']) > 0 && Number(headers['retry-after']) <= 30]).toEqual([429, true])
    expect(body).toMatch(/Er is te vaak een wachtwoord geprobeerd/)
  }
  expect(await new PersonAt(demo.portal('c-point'), evil).password('anna', demo.password)).toBe('/sign-in/choose')
  expect(await new PersonAt(demo.portal('c-point'), evil).password('bram', demo.password)).toBe('429')
  expect(await new PersonAt(demo.portal('c-point'), office).password('bram', demo.password)).not.toBe('429')
  // The audit has the true address, and a forged one nowhere.
  expect(rows("select 1 from audit where address like '198.51.100.%'")).toEqual([])
  expect(rows<{ address: string }>("select address from audit where event = 'network.paused'")).toEqual([{ address: evil }])
  const text = await metrics()
  expect(text).toMatch(/sluis_events_total\{portal="c-point",event="network.paused",reason=""\} 1/)
  expect(Number(/sluis_events_total\{portal="c-point",event="password.refused",reason=""\} (\d+)/.exec(text)?.[1])).toBeGreaterThanOrEqual(
    100,
  )
}, 120_000)

test('T038: whatever page a stranger looks at, nothing is written', async () => {
  await pause(2_000)
  // SQLite moves this number whenever another connection has written anything at all.
  using file = new DatabaseSync(`${demo.data}/sluis.db`, { readOnly: true })
  const version = () => file.prepare('pragma data_version').get()?.data_version
  const before = version()
  for (let round = 0; round < 3; round++)
    for (const { path } of getRoutes)
      for (const portal of ['c-point', 'koop-cam', 'uitpas', 'profiportaal']) {
        const { status } = await send(demo.portal(portal) + path.replace(':id', 'x'))
        expect(status, path).toBeLessThan(500)
      }
  expect(version()).toBe(before)
}, 120_000)

test('T038: names that are only typed make so many sign-ins in a minute for a network; then a calm 429, and the next network goes on', async () => {
  const stranger = new PersonAt(demo.portal('koop-cam'), '127.0.5.1')
  await stranger.get('/sign-in')
  const waiting = () => Number(rows<{ n: number }>('select count(*) as n from attempt where account_id is null')[0]?.n)
  const before = waiting()
  const statuses: number[] = []
  for (let at = 0; at < 700; at += 50)
    statuses.push(...(await Promise.all(Array.from({ length: 50 }, (_, it) => giveName(stranger, `niemand${at + it}`, '127.0.5.1')))))
  expect(new Set(statuses)).toEqual(new Set([303, 429]))
  expect(waiting() - before).toBe(600)
  expect(await giveName(stranger, 'niemand', '127.0.5.2')).toBe(303)
}, 120_000)

const giveName = async ({ portal, cookie, csrf }: PersonAt, username: string, from: string): Promise<number> =>
  (
    await send(`${portal}/sign-in`, {
      method: 'POST',
      from,
      headers: { cookie, origin: new URL(portal).origin, 'content-type': formType },
      body: new URLSearchParams({ csrf, username }).toString(),
    })
  ).status

test('T029: no answer of a sign-in says by a tag, a compression or a condition what it said before, nor for whom', async () => {
  const shapes = []
  for (const username of ['anna', 'niemand']) {
    const person = new PersonAt(demo.portal('profiportaal'), '127.0.6.3')
    const asking = {
      headers: { 'accept-encoding': 'gzip, br', 'if-none-match': '*', 'if-modified-since': 'Wed, 25 Nov 2099 00:00:00 GMT' },
    }
    const answers = [
      await person.get('/sign-in', asking),
      await person.post('/sign-in', { username, password: wrong }, asking.headers),
      await person.get('/sign-in', asking),
    ]
    for (const { headers, status } of answers) {
      expect([status === 304, headers.etag, headers['last-modified'], headers['content-encoding']]).toEqual([
        false,
        undefined,
        undefined,
        undefined,
      ])
      expect(headers['cache-control']).toMatch(/no-store/)
    }
    shapes.push(
      answers.map(({ status, headers, body }) => [status, Object.keys(headers).join(), headers.vary, body.replaceAll(username, '').length]),
    )
  }
  expect(shapes[0]).toEqual(shapes[1])
})

test('T040: random paths, browsers, names and reasons make no new figures', async () => {
  const seriesOf = (text: string): string[] =>
    text
      .split('\n')
      .filter((it) => it.startsWith('sluis_'))
      .map((it) => it.replace(/ \S+$/, ''))
  const person = new PersonAt(demo.portal('uitpas'), '127.0.6.1')
  const poke = async (it: number): Promise<void> => {
    await person.get(`/pad-${it}`, { headers: { 'user-agent': `Browser ${it}`, 'accept-language': `x${it}` } })
    await person.get('/sign-in')
    await person.post('/sign-in', { username: `niemand${it}@x.test`, password: wrong, [`veld${it}`]: `${it}` })
    await person.post('/sign-in', { username: `niemand${it}@x.test`, password: wrong })
    await send(`${demo.portal('uitpas')}/par`, {
      method: 'POST',
      headers: { 'content-type': formType, authorization: `Basic ${btoa(`c${it}:x`)}` },
      body: 'a=b',
    })
    await send(`${demo.portal('uitpas')}/authorize?client_id=${it}`)
  }
  await poke(0)
  const before = seriesOf(await metrics())
  for (let it = 1; it < 20; it++) await poke(it)
  expect(seriesOf(await metrics())).toEqual(before)
  expect(before.join('\n')).toMatch(/sluis_sent_limit\{portal="koop-cam",channel="sms"\}/)
  expect(before.join('\n')).toMatch(/sluis_outbox_waiting\{channel="email"\}[\s\S]*sluis_sent\{portal="uitpas",channel="email"\}/)
}, 60_000)

/** Milliseconds of CPU that the server took, its threads among them, for one time of this work. */
async function cpuOf(work: () => Promise<unknown>, rounds = 5): Promise<number> {
  const used = async () => Number(/^process_cpu_seconds_total ([\d.e-]+)/m.exec(await metrics())?.[1])
  const before = await used()
  for (let round = 0; round < rounds; round++) await work()
  return ((await used()) - before) * (1000 / rounds)
}

test('T039: what is costly to read is refused in less than 50 ms of CPU, by one table of bounds', async () => {
  const person = new PersonAt(demo.portal('c-point'), '127.0.6.2')
  await person.get('/sign-in')
  const mail = new PersonAt(demo.portal('uitpas'), '127.0.6.2')
  await mail.get('/sign-in')
  const guus = new PersonAt(demo.portal('koop-cam'), '127.0.6.4')
  await guus.password('guus', demo.password)
  expect(await guus.due(await guus.post('/sign-in/code/app', { code: appCode(keyOf('guus')) }))).toBe('/home')
  await guus.get('/profile/phone')
  const fons = new PersonAt(demo.portal('koop-cam'), '127.0.6.4')
  const gate = await fons.password('fons', demo.password)

  const many = (count: number, pair: string): string => Array.from({ length: count }, () => pair).join('&')
  const signIn = (username: string, password = wrong) => person.post('/sign-in', { username, password })
  const phone = (it: string) => guus.post('/profile/phone', { phone: it })
  const fresh = (it: string) => guus.post('/profile/password', { password: demo.password, new_password: it })
  const header = (name: string, value: string) => person.get('/sign-in', { headers: { [name]: value } })
  const cookies = Array.from({ length: 200 }, (_, it) => `c${it}=${'x'.repeat(50)}`).join('; ')
  const tried: readonly [string, () => Promise<{ status: number }>, number][] = [
    ['10,000 fields', () => person.post('/sign-in', many(10_000, 'f=')), 400],
    ['one field more than a form may have', () => person.post('/sign-in', many(bounds.formFields + 1, 'username=a')), 400],
    ['a form of a megabyte', () => signIn('a'.repeat(1_000_000)), 413],
    ['a form that is a byte too long', () => person.post('/sign-in', `csrf=${'x'.repeat(bounds.formBytes - 4)}`), 413],
    ['JSON a hundred thousand deep', () => person.post('/sign-in', '['.repeat(100_000), { 'content-type': 'application/json' }), 415],
    ['headers that are too long', () => header('x-long', 'y'.repeat(bounds.headerBytes)), 431],
    ['languages of 8 kB', () => header('accept-language', 'nl-BE;q=0.1,'.repeat(700)), 200],
    ['200 cookies', () => header('cookie', cookies), 200],
    ['a name of sixty thousand letters', () => signIn('a'.repeat(60_000)), 422],
    ['a name of ten thousand letters with marks', () => signIn('e\u0301'.repeat(5_000)), 422],
    ['a name that nearly is one', () => signIn(`${"a.-'+@".repeat(41)}!`), 422],
    ['an address that nearly is one', () => mail.post('/password', { username: `${'a.'.repeat(120)}@${'a-'.repeat(120)}` }), 422],
    ['an address of at signs', () => mail.post('/password', { username: '@'.repeat(15_000) }), 422],
    ['a password of ten thousand marks', () => signIn('niemand', 'e\u0301'.repeat(5_000)), 422],
    ['a phone number of 250 characters', () => phone('0'.repeat(250)), 422],
    ['a phone number of brackets', () => phone(`+31 ${'(0)'.repeat(8)}6`), 422],
    ['a phone number of sixty thousand', () => phone('+31 6 '.repeat(6_000)), 422],
    ['a new password of one thing again and again', () => fresh('ab'.repeat(128)), 422],
    ['a new password of common words', () => fresh('welkom'.repeat(42)), 422],
    ['a new password that nearly repeats', () => fresh(`${'abcdefgh'.repeat(30)}koop-cam`), 422],
    ['a new password of ligatures', () => fresh('\ufdfa'.repeat(257)), 422],
    ['a code of sixty thousand digits', () => fons.post(gate, { code: '1 '.repeat(20_000) }), 422],
    ['a code of many runs', () => fons.post(gate, { code: '123456 '.repeat(71) }), 422],
    ['deep claims', () => person.get(`/authorize?client_id=planning&claims=${'%5B'.repeat(2_000)}`), 400],
  ]
  for (const [what, work, status] of tried) {
    expect((await work()).status, what).toBe(status)
    const answer = person.get('/sign-in')
    expect(await cpuOf(work), what).toBeLessThan(50)
    expect((await answer).status).toBe(200)
  }
}, 120_000)
