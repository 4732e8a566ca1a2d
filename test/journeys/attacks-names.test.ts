import { pbkdf2Sync } from 'node:crypto'
import { hash as bcrypt } from '@node-rs/bcrypt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Demo, openDemo } from '../support/demo.ts'
import { addPeople } from '../support/demo-steps.ts'
import { PersonAt } from '../support/person-at.ts'
import type { Reply } from '../support/raw.ts'

/* Who knows no password asks who has an account: no answer tells, in bytes or in time. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo.close())

const at = (portal: string): PersonAt => new PersonAt(demo.portal(portal))
const isLong = Boolean(process.env.SLUIS_TEST_LONG)
const pairs = isLong ? 200 : 30
const wrong = 'wrong wrong wrong'

async function signIn(portal: string, username: string, password: string): Promise<Reply> {
  const person = at(portal)
  await person.get('/sign-in')
  return person.post('/sign-in', { username, password })
}

/** All of an answer but the csrf values, what was typed, and the hour. */
function masked({ status, headers, body }: Reply, username: string): unknown {
  const { date: _, ...kept } = headers
  const shape = Object.entries(kept).map(([name, value]) => [
    name,
    name === 'content-length' ? '' : `${value}`.replace(/=[\w-]{43}/g, '=…'),
  ])
  return { status, shape, body: body.replace(/name="csrf" value="[^"]+"/g, '').replaceAll(`value="${username}"`, '') }
}

describe('who has an account', () => {
  test('T021: a wrong password, an account that is off, with the right one as well, and nobody: one answer', async () => {
    const tries = [
      ['anna', wrong],
      ['joop', wrong],
      ['joop', demo.password],
      ['nobody', wrong],
      ['nobo', demo.password],
    ] as const
    const answers = []
    for (const [name, password] of tries) answers.push(masked(await signIn('c-point', name, password), name))
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(answers[0]).toMatchObject({ status: 422 })
    expect((await signIn('c-point', 'anna', demo.password)).status).toBe(303)
  })

  test('T021: identifier first, the name alone tells nothing, and the password no more', async () => {
    const answers = []
    for (const name of ['guus', 'fons', 'nobody']) {
      const person = at('koop-cam')
      await person.get('/sign-in')
      const named = await person.post('/sign-in', { username: name })
      const page = await person.get('/sign-in/password')
      const refused = await person.post('/sign-in/password', { password: wrong })
      answers.push([named, page, refused].map((it) => masked({ ...it, body: it.body.replaceAll(name, '') }, name)))
    }
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
  })

  test('T024: the pause comes at the same count, with the same words and Retry-After, for names that do not exist', async () => {
    const series = []
    for (const name of ['hana', 'niemand']) {
      const answers = []
      for (let i = 0; i < 12; i++) answers.push(await signIn('profiportaal', name, wrong))
      series.push(answers.map((it) => [it.status, 'retry-after' in it.headers, Object.keys(it.headers).join()]))
    }
    expect(series[0]?.map(([status]) => status)).toEqual([...Array(10).fill(422), 429, 429])
    expect(series[1]).toEqual(series[0])
  })
})

describe('how long an answer takes', () => {
  /** Formats of other houses, as they come with an import; the portal of each has no other imported hash that is slower. */
  const formats: readonly [string, string, () => Promise<string>][] = [
    ['our own hash', 'c-point', async () => ''],
    ['bcrypt', 'uitpas', () => bcrypt(demo.password, isLong ? 12 : 10)],
    ['PBKDF2', 'profiportaal', async () => pbkdf2Text(isLong ? 600_000 : 300_000)],
  ]

  test.each(formats)(
    'T022: with %s at %s, known and unknown names take equally long, from the first answer on',
    async (_, portal, make) => {
      const hash = await make()
      const names = Array.from({ length: Math.ceil(pairs / 8) + 1 }, (_it, place) => `persoon${place}@balie.test`)
      const rows = names.map((name) => [name, name, hash === '' ? demo.password : '', hash])
      await addPeople(demo, portal, 'username,email,password,password_hash', rows)
      await alike(names, (name, place) => timeOf(portal, name, place))
      expect((await signIn(portal, names[0] ?? '', demo.password)).status).toBe(303)
    },
    900_000,
  )

  test('T022: where a name is given first, and where a reset link is asked, known and unknown names take equally long', async () => {
    const names = Array.from({ length: Math.ceil(pairs / 3) + 1 }, (_it, place) => `vraagt${place}`)
    const rows = names.map((name) => [name, `${name}@mail.test`, demo.password])
    for (const portal of ['koop-cam', 'profiportaal']) await addPeople(demo, portal, 'username,email,password', rows)
    await alike(names, (name, place) => timeOfPost('koop-cam', place, '/sign-in', { username: name }, 303))
    await alike(names, (name, place) => timeOfPost('profiportaal', place, '/password', { username: name }, 303))
  }, 300_000)

  const timeOf = (portal: string, username: string, place: number): Promise<number> =>
    timeOfPost(portal, place, '/sign-in', { username, password: wrong }, 422)

  /** Each pair lives elsewhere: hundreds of wrong passwords from one address would be held up. */
  async function timeOfPost(portal: string, place: number, path: string, fields: Record<string, string>, status: number): Promise<number> {
    const person = new PersonAt(demo.portal(portal), `127.0.7.${1 + (place % 200)}`)
    await person.get(path)
    const began = performance.now()
    const reply = await person.post(path, fields)
    const took = performance.now() - began
    expect(reply.status).toBe(status)
    return took
  }
})

/** Differences within pairs, one known and one unknown: what else the machine does slows both of a pair. */
async function alike(names: readonly string[], timeOf: (name: string, place: number) => Promise<number>): Promise<void> {
  const differences: number[] = []
  const unknown: number[] = []
  for (let pair = 0; pair < pairs; pair++) {
    const took = { known: 0, unknown: 0 }
    for (const who of pair % 2 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const))
      took[who] = await timeOf(who === 'known' ? (names[pair % names.length] ?? '') : `niemand${pair}@balie.test`, pair)
    differences.push(took.known - took.unknown)
    unknown.push(took.unknown)
  }
  const usual = median(unknown)
  const noise = median(unknown.map((it) => Math.abs(it - usual)))
  expect(Math.abs(median(differences)), `noise ${noise}`).toBeLessThan(Math.max(10, noise))
}

const median = (them: readonly number[]): number => them.toSorted((a, b) => a - b)[Math.floor(them.length / 2)] ?? 0

function pbkdf2Text(iterations: number): string {
  return `pbkdf2_sha256$${iterations}$zout$${pbkdf2Sync(demo.password, 'zout', iterations, 32, 'sha256').toString('base64')}`
}

test('T035: long passwords are refused before they are hashed; 256 characters are hashed whole', async () => {
  const tooLong = 'langer dan 256'
  const refused = 'klopt niet'
  const passwords: readonly [string, number, string][] = [
    ['x'.repeat(257), 422, tooLong],
    ['😀'.repeat(257), 422, tooLong],
    ['e\u0301'.repeat(5_000), 422, tooLong],
    ['\ufdfa'.repeat(257), 422, tooLong],
    ['\ufdfa'.repeat(256), 422, refused],
    ['😀'.repeat(256), 422, refused],
    [`${demo.password}\u0000`, 422, refused],
    ['x'.repeat(1_000_000), 413, ''],
  ]
  for (const [password, status, sentence] of passwords) {
    const person = at('uitpas')
    await person.get('/sign-in')
    // The best of three: a busy machine is not what this is about.
    const took: number[] = []
    for (let time = 0; time < (sentence === refused ? 1 : 3); time++) {
      const began = performance.now()
      const reply = await person.post('/sign-in', { username: 'gijs@balie.test', password })
      took.push(performance.now() - began)
      expect(reply.status, `${password.length}`).toBe(status)
      expect(reply.body).toContain(sentence)
    }
    if (sentence !== refused) expect(Math.min(...took)).toBeLessThan(50)
  }
})
