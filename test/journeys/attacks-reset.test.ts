import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Demo, openDemo } from '../support/demo.ts'
import { PersonAt } from '../support/person-at.ts'
import type { Reply } from '../support/raw.ts'

/* What a stranger learns and does at the door for forgotten passwords, as raw requests against the running demo. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo.close())

const fresh = 'zeven zwanen op het water'

async function ask(
  portal: string,
  username: string,
  person = new PersonAt(demo.portal(portal)),
  headers: Record<string, string> = {},
): Promise<{ person: PersonAt; reply: Reply }> {
  const { body } = await person.get('/password')
  const shown = /name="shown" value="([^"]+)"/.exec(body)?.[1]
  const typed = /Code: <bdi[^>]*>(\w{4})</.exec(body)?.[1] ?? ''
  const reply = await person.post('/password', { username, ...(shown ? { shown, typed } : {}) }, headers)
  return { person, reply }
}

/** The part of the address in the newest reset mail that follows the portal's own. */
async function linkFor(mailbox: string): Promise<string> {
  const mail = await demo.find((it) => it.to === mailbox && it.text.includes('/password/new'))
  return /\/password\/new\?t=[\w-]+/.exec(mail.text)?.[0] ?? ''
}

const bare = ({ status, headers, body }: Reply) => {
  const { date: _, ...rest } = headers
  return { status, headers: rest, body: body.replace(/value="[^"]{20,}"/g, 'value=""') }
}

test('T021 T023 known, unknown, switched off: the same bytes at every step, and one mail to the stored address', async () => {
  for (const [portal, known, others] of [
    ['c-point', 'anna', ['niemand', 'joop', 'ANNA.JANSEN']],
    ['koop-cam', 'eef', ['niemand']],
    ['uitpas', 'gijs@balie.test', ['niemand@balie.test']],
  ] as const) {
    const answers = []
    for (const name of [known, ...others]) {
      const { person, reply } = await ask(portal, name)
      answers.push(JSON.stringify([bare(reply), bare(await person.get('/password/sent'))]))
    }
    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).toContain('"status":303')
  }
  for (const it of ['anna@haven.test', 'eef@gemeente.test', 'gijs@balie.test']) expect(await linkFor(it)).not.toBe('')
  const resets = (await demo.messages()).filter((it) => it.text.includes('/password/new'))
  expect(resets.map((it) => it.to).toSorted()).toEqual(['anna@haven.test', 'eef@gemeente.test', 'gijs@balie.test'])
})

test('T090 T096 the value leaves the address at once, no page holds it, and what fetches the link by GET and HEAD changes nothing', async () => {
  const { person } = await ask('c-point', 'anna')
  const link = await linkFor('anna@haven.test')
  const token = link.slice(-20)
  for (const method of ['GET', 'HEAD', 'GET']) {
    const scanner = new PersonAt(demo.portal('c-point'))
    const first = await scanner.get(link, { method })
    expect([first.status, first.headers.location, first.headers['referrer-policy']]).toEqual([303, '/c-point/password/new', 'no-referrer'])
    expect((first.headers['set-cookie'] ?? []).find((it) => it.includes('-reset='))).toMatch(/HttpOnly.*SameSite=Lax/)
    const page = await scanner.get('/password/new', { method })
    expect([page.status, page.headers['referrer-policy'], page.headers['cache-control']]).toEqual([200, 'same-origin', 'no-store'])
    expect(page.body).not.toContain(token)
  }
  await person.get(link)
  const page = await person.get('/password/new')
  expect(page.body).not.toContain('name="username"')
  expect((await person.post('/password/new', { new_password: fresh })).headers.location).toBe('/c-point/password/done')
  expect((await person.get('/password/new')).body).toContain('Deze link is al gebruikt')
})

test('T091 whatever names a request claims to come by, the mailed link leads to the address of the portal', async () => {
  const claimed = {
    'x-forwarded-host': 'evil.example',
    forwarded: 'host=evil.example',
    'x-host': 'evil.example',
    'x-forwarded-port': '666',
  }
  expect((await ask('koop-cam', 'guus', undefined, claimed)).reply.status).toBe(303)
  const { text } = await demo.find((it) => it.to === 'guus@gemeente.test' && it.text.includes('/password/new'))
  expect(text).toContain(`${demo.portal('koop-cam')}/password/new?t=`)
  expect(text).not.toMatch(/evil|:666\b/)
  const foreign = await ask('koop-cam', 'guus', undefined, { host: 'evil.example' })
  expect(foreign.reply.status).toBe(421)
})

test('T093 without the value in its cookie, or with another, a form of the page changes nothing and leads to the start', async () => {
  const { person } = await ask('c-point', 'bram')
  const link = await linkFor('bram@haven.test')
  const send = (fields: Record<string, string> | string) => person.post('/password/new', fields)
  await person.get('/password')
  expect((await send({ new_password: fresh })).headers.location).toBe('/c-point/password/new')
  for (const t of ['', '0', 'null', '%5B%5D', link.slice(-19), `${link.slice(-20)}x`, link.slice(-20).toLowerCase()]) {
    await person.get(`/password/new?t=${t}`)
    expect((await person.get('/password/new')).body).toContain('Deze link werkt niet meer')
    expect((await send({ new_password: fresh })).headers.location).toBe('/c-point/password/new')
  }
  await person.get(link)
  expect((await send({ new_password: fresh, account: 'anna' })).status).toBe(400)
  expect((await send(`csrf=${person.csrf}&new_password=${fresh}&new_password=x`)).status).toBe(400)
  const other = new PersonAt(demo.portal('koop-cam'))
  await other.get(link)
  expect((await other.get('/password/new')).body).toContain('Deze link werkt niet meer')
  await person.get('/password/new')
  expect((await send({ new_password: fresh })).headers.location).toBe('/c-point/password/done')
})

test('T022 known and unknown names take the same time', async () => {
  const people = Array.from({ length: 60 }, (_, at) => `winkel${at}`)
  const hash = `pbkdf2_sha256$1000$zout$${Buffer.alloc(32).toString('base64')}`
  const table = join(demo.data, 'people.csv')
  writeFileSync(table, ['username,email,password_hash', ...people.map((it) => `${it},${it}@winkel.test,${hash}`)].join('\n'))
  const sluis = join(import.meta.dirname, '..', '..', 'bin', 'sluis')
  const config = ['--config', join(demo.data, 'sluis.yaml')]
  await promisify(execFile)(sluis, ['account', 'import', table, '--portal', 'profiportaal', ...config])
  const person = new PersonAt(demo.portal('profiportaal'))
  await person.get('/password')
  const once = async (username: string): Promise<number> => {
    const began = performance.now()
    expect((await person.post('/password', { username })).status).toBe(303)
    return performance.now() - began
  }
  const took: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
  for (const [at, it] of people.entries()) {
    took.known.push(await once(it))
    took.unknown.push(await once(`niemand${at}`))
  }
  const middle = (them: number[]): number => them.toSorted((a, b) => a - b)[them.length >> 1] ?? 0
  expect(Math.abs(middle(took.known) - middle(took.unknown))).toBeLessThan(10)
})
