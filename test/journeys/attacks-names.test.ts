import { pbkdf2Sync } from 'node:crypto'
import { hash as bcrypt } from '@node-rs/bcrypt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'
import { addPeople, beforeCode, codePage } from '../support/demo-steps.ts'
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

async function signIn(portal: string, username: string, password: string, person = at(portal)): Promise<Reply> {
  await person.get('/sign-in')
  return person.post('/sign-in', { username, password })
}

/** All of an answer but the csrf values, the help number of a sign-in, what was typed, and the hour. */
function masked({ status, headers, body }: Reply, username: string): unknown {
  const { date: _, ...kept } = headers
  const shape = Object.entries(kept).map(([name, value]) => [
    name,
    name === 'content-length' ? '' : `${value}`.replace(/=[\w-]{43}/g, '=…'),
  ])
  return { status, shape, body: body.replace(/name="csrf" value="[^"]+"|class="num">\d{4}/g, '').replaceAll(`value="${username}"`, '') }
}

describe('who has an account', () => {
  test('T021: a wrong password, an account that is off, with the right one as well, and nobody: one answer', async () => {
    await addPeople(demo, 'c-point', 'username,email', [['ruth', 'ruth@haven.test']])
    const tries = [
      ['anna', wrong],
      ['joop', wrong],
      ['joop', demo.password],
      ['ruth', wrong],
      ['nobody', wrong],
      ['nobo', demo.password],
    ] as const
    const answers = []
    for (const [name, password] of tries) answers.push(masked(await signIn('c-point', name, password), name))
    for (const answer of answers) expect(answer).toEqual(answers[0])
    // The same in a browser where somebody else's sign-in is under way.
    const running = []
    for (const [name, password] of tries) {
      const mallory = at('c-point')
      expect(await mallory.password('cato', demo.password)).toBe('/sign-in/choose')
      running.push(masked(await signIn('c-point', name, password, mallory), name))
    }
    for (const answer of running) expect(answer).toEqual(running[0])
    expect(running[0]).toMatchObject({ status: 422, body: expect.stringContaining('name="username"') })
    expect(answers[0]).toMatchObject({ status: 422 })
    expect((await signIn('c-point', 'anna', demo.password)).status).toBe(303)
  })

  test('T021: identifier first, the name alone tells nothing, and the password no more', async () => {
    const answers = []
    await addPeople(demo, 'koop-cam', 'username,email', [['ruth', 'ruth@gemeente.test']])
    for (const name of ['guus', 'fons', 'ruth', 'nobody']) {
      const person = at('koop-cam')
      await person.get('/sign-in')
      const named = await person.post('/sign-in', { username: name })
      const page = await person.get('/sign-in/password')
      const refused = await person.post('/sign-in/password', { password: wrong })
      answers.push([named, page, refused].map((it) => masked({ ...it, body: it.body.replaceAll(name, '') }, name)))
    }
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  test('T024: the pause comes at the same count, with the same words and Retry-After, for names that do not exist', async () => {
    const series = []
    for (const name of ['hana', 'niemand']) {
      const answers = []
      for (let i = 0; i < 30; i++) answers.push(await signIn('profiportaal', name, wrong))
      series.push(
        answers.map((it) => {
          const { 'retry-after': after = '0', ...headers } = it.headers
          // One clock goes on between the two.
          return { ...(masked({ ...it, headers, body: it.body.replace(/\d\d?:\d\d/g, '') }, name) as object), waits: Number(after) > 0 }
        }),
      )
      expect(answers.slice(10).every((it) => Number(it.headers['retry-after']) <= 60)).toBe(true)
    }
    expect(series[0]?.map((it) => [(it as { status?: number }).status, it.waits])).toEqual([
      ...Array(10).fill([422, false]),
      ...Array(20).fill([429, true]),
    ])
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

test('T035: the same bounds at every field that is hashed: a new password, the one of a profile, and the one that confirms', async () => {
  const cato = await inside('c-point', 'cato')
  const forgetful = at('profiportaal')
  await forgetful.get('/password')
  await forgetful.post('/password', { username: 'ida' })
  const link = /\/password\/new\?t=[\w-]+/.exec(
    (await demo.find((it) => it.to === 'ida@winkel.test' && it.text.includes('/password/new'))).text,
  )
  await forgetful.get(link?.[0] ?? '')
  await forgetful.get('/password/new')
  const fields: [PersonAt, string, (password: string) => Record<string, string>][] = [
    [cato, '/profile/password', (it) => ({ password: demo.password, new_password: it })],
    [cato, '/profile/password', (it) => ({ password: it, new_password: 'veertien ganzen vliegen laag' })],
    [forgetful, '/password/new', (it) => ({ new_password: it })],
  ]
  for (const [person, path, form] of fields) {
    for (const [password, status] of [
      ['x'.repeat(257), 422],
      ['e\u0301'.repeat(5_000), 422],
      ['\ufdfa'.repeat(257), 422],
      ['x'.repeat(1_000_000), 413],
    ] as const) {
      const reply = await person.post(path, form(password))
      expect([reply.status, status === 413 || reply.body.includes('langer dan 256')], `${path} ${password.length}`).toEqual([status, true])
    }
  }
  // Whole: all 256 count, and one less is another password.
  const long = String.fromCodePoint(...Array.from({ length: 256 }, (_, place) => 0x2_0000 + 41 * place))
  expect((await forgetful.post('/password/new', { new_password: long })).headers.location).toBe('/profiportaal/password/done')
  expect((await signIn('profiportaal', 'ida', long.slice(0, -1))).status).toBe(422)
  expect((await signIn('profiportaal', 'ida', long)).status).toBe(303)
})

async function inside(portal: string, name: string): Promise<PersonAt> {
  const person = await beforeCode(demo, portal, name)
  expect(await person.due(await person.post(codePage, { code: appCode(keyOf(name)) }))).toBe('/home')
  await person.get('/profile/password')
  return person
}
