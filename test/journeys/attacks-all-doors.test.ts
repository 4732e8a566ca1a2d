import { afterAll, beforeAll, expect, test } from 'vitest'
import { getRoutes } from '../../src/http/gets.tsx'
import { postRoutes } from '../../src/http/posts.ts'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'
import { beforeCode, codePage } from '../support/demo-steps.ts'
import { PersonAt } from '../support/person-at.ts'
import { type Reply, send } from '../support/raw.ts'

/*
 * Every door in every state, as a table that lies beside this test: a change of it is looked at by a person. The routes come from the
 * router itself, so none is forgotten. Read it down a column: what opens with a password alone, with a cookie that is over, with a
 * remembered browser and nothing else.
 */

let demo: Demo
let states: Readonly<Record<string, PersonAt>>

beforeAll(async () => {
  demo = await openDemo()
  const stranger = at()
  await stranger.get('/sign-in')
  const ended = await signedIn(0)
  const over = ended.jar.get('sluis-c-point-session') ?? ''
  const alone = at()
  await alone.get('/sign-in')
  alone.jar.set('sluis-c-point-browser', ended.jar.get('sluis-c-point-browser') ?? '')
  await ended.get('/home')
  await ended.due(await ended.post('/sign-out'))
  ended.jar.set('sluis-c-point-session', over)
  await ended.get('/sign-in')
  states = {
    nobody: stranger,
    'password alone': await beforeCode(demo, 'c-point', 'anna'),
    'full session': await signedIn(1),
    'ended session': ended,
    'browser alone': alone,
  }
})
afterAll(() => demo.close())

const at = (): PersonAt => new PersonAt(demo.portal('c-point'))

async function signedIn(steps: number): Promise<PersonAt> {
  const anna = await beforeCode(demo, 'c-point', 'anna')
  expect(await anna.due(await anna.post(codePage, { code: appCode(keyOf('anna'), steps), remember: '1' }))).toBe('/home')
  return anna
}

/** What opened: the page itself, a step, or nothing. */
function told({ status, headers }: Reply): string {
  const to = headers.location?.replace(/^(http:\/\/localhost:\d+)?\/c-point/, '').replace(/\?.*$/, '')
  return to === undefined ? `${status}` : `${to || '/'}`
}

const protocol = ['/authorize', '/userinfo', '/token', '/par', '/end-session']
const address = (path: string): string => path.replace(':id', '00000000-0000-4000-8000-000000000000')

async function rowsOf(name: string, paths: readonly string[], ask: (person: PersonAt, path: string) => Promise<Reply>): Promise<string[]> {
  const rows: string[] = []
  for (const path of paths) {
    const cells: string[] = []
    for (const person of Object.values(states)) cells.push(told(await ask(person, address(path))))
    rows.push(`| ${name} ${path} | ${cells.join(' | ')} |`)
  }
  return rows
}

test('T020: every door in every state answers what the table beside this test says', async () => {
  const leaving = ['/sign-out', '/sign-in/other', '/profile/secure', '/profile/sessions/end-all']
  const gets = await rowsOf('GET', [...getRoutes.map((it) => it.path), ...protocol], (person, path) => person.get(path))
  // A post of the full session does what it says: those are told as stories elsewhere.
  const { 'full session': full, ...others } = states
  states = others
  const posts = await rowsOf(
    'POST',
    postRoutes.map((it) => it.path).filter((it) => !leaving.includes(it)),
    (person, path) => person.post(path, { csrf: person.csrf }),
  )
  states = { ...others, ...(full ? { 'full session': full } : {}) }
  const table = [
    'Every door in every state',
    '',
    `What a request is answered with: a status, or the page that is due. The five columns of GET: nobody, password alone, full session, ended`,
    'session, remembered browser alone. The four of POST: nobody, password alone, ended session, remembered browser alone.',
    '',
    '| door | nobody | password alone | full session | ended session | browser alone |',
    '| --- | --- | --- | --- | --- | --- |',
    ...gets,
    '',
    '| door | nobody | password alone | ended session | browser alone |',
    '| --- | --- | --- | --- | --- |',
    ...posts,
    '',
  ].join('\n')
  await expect(table).toMatchFileSnapshot('all-doors.txt')
  // Whatever the table says, no post of these gave anybody a session.
  for (const [state, person] of Object.entries(others)) expect((await person.get('/home')).status, state).toBe(303)
})

test('T020: a name and a password in a header, a session as a bearer or in the query, and the password grant open nothing', async () => {
  const session = states['full session']?.jar.get('sluis-c-point-session') ?? ''
  const basic = `Basic ${Buffer.from(`anna:${demo.password}`).toString('base64')}`
  for (const { path } of getRoutes) {
    const plain = told(await send(demo.portal('c-point') + address(path)))
    const tries: [string, Record<string, string>][] = [
      ['', { authorization: basic }],
      ['', { authorization: `Bearer ${session}` }],
      [`?session=${session}&access_token=${session}&sluis-c-point-session=${session}`, {}],
      ['', { 'x-session': session, 'x-user': 'anna', 'remote-user': 'anna' }],
    ]
    for (const [query, headers] of tries)
      expect(told(await send(demo.portal('c-point') + address(path) + query, { headers })), path).toBe(plain)
  }
  for (const grant of ['password', 'client_credentials', 'implicit', 'urn:ietf:params:oauth:grant-type:jwt-bearer']) {
    const body = new URLSearchParams({ grant_type: grant, username: 'anna', password: demo.password, scope: 'openid' }).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization: basic }
    const reply = await send(`${demo.portal('c-point')}/token`, { method: 'POST', headers, body })
    expect([reply.status >= 400 && reply.status < 500, reply.body.includes('access_token')], grant).toEqual([true, false])
  }
})

test('T020: the password once more in a second tab, and Back afterwards, lead to the second step as well', async () => {
  const anna = await beforeCode(demo, 'c-point', 'anna')
  expect(await anna.password('anna', demo.password)).toBe('/sign-in/choose')
  for (const page of ['/sign-in', '/home', '/profile'])
    expect((await anna.get(page)).headers.location, page).toBe('/c-point/sign-in/choose')
})
