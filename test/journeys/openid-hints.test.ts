import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Asked, openSuite, person, type Suite } from '../support/conformance.ts'
import { send } from '../support/raw.ts'

/* T025: an application, or whoever writes its address, asks about people: by a name, by an id_token, by a subject. */

const disabled = 'zora'
const unknown = 'niem'

/** One request and the page behind it, as a browser without any cookie sees them; what is new each time, and the name itself, is masked. */
async function seen(suite: Suite, asked: Asked, name?: string): Promise<string> {
  const answers = []
  let at = suite.ask(asked).href
  const jar = new Map<string, string>()
  for (let hops = 0; hops < 6; hops++) {
    const reply = await send(at, { headers: { cookie: [...jar].map((it) => it.join('=')).join('; ') } })
    for (const line of reply.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      jar.set(name, value)
    }
    const { date: _, 'content-length': length, ...headers } = reply.headers
    const bare = JSON.stringify([reply.status, headers, reply.body, [...jar].map(([key, value]) => [key, value.length])])
    const masked = bare.replace(/[\w-]{20,}/g, 'x').replace(/\d\d:\d\d(:\d\d)?/g, 'hh:mm')
    answers.push(
      length,
      name === undefined ? masked : masked.replaceAll(`value=\\"${name}\\"`, 'value=\\"name\\"').replaceAll(`login_hint=${name}`, ''),
    )
    if (reply.headers.location === undefined || !reply.headers.location.includes(new URL(suite.issuer).host)) break
    at = new URL(reply.headers.location, at).href
  }
  return answers.join('\n')
}

describe.each(['one-page', 'identifier-first'] as const)('a portal with %s', (pages) => {
  let suite: Suite
  beforeAll(async () => {
    suite = await openSuite(pages)
    const which = ['--portal', 'proef', '--username', disabled]
    await suite.portal.sluis(['account', 'add', ...which, '--email', 'zora@proef.example', '--password-stdin'], `${person.password}\n`)
    await suite.portal.sluis(['account', 'disable', ...which])
  })
  afterAll(() => suite.close())

  test('T025 login_hint fills in the name and tells nothing else: known, unknown and switched off are the same bytes', async () => {
    for (const more of [{}, { prompt: 'login' }, { prompt: 'none' }] as Asked[]) {
      const [known, ...others] = await Promise.all(
        [person.username, unknown, disabled].map((name) => seen(suite, { ...more, login_hint: name }, name)),
      )
      for (const it of others) expect(it).toBe(known)
      expect(known).toContain(more.prompt === 'none' ? 'login_required' : 'value=\\"name\\"')
    }
  })

  test('T025 a name in a hint goes no step further: the name is still asked, and no password is asked for it', async () => {
    const page = await suite.browser().go(suite.ask({ login_hint: person.username }))
    expect(page.address.pathname).toBe('/proef/sign-in')
    expect(page.text).toContain(`value="${person.username}"`)
  })
})

describe('an id_token or a subject of somebody', () => {
  let suite: Suite
  let suus: { readonly idToken: string; readonly sub: string }
  let gone: { readonly idToken: string; readonly sub: string }
  const tokenOf = async (username: string) => {
    const browser = suite.browser()
    const { idToken, claims } = await suite.tokens(await suite.signInAt(browser, await browser.go(suite.ask()), username))
    return { idToken, sub: claims.sub }
  }
  beforeAll(async () => {
    suite = await openSuite()
    suus = await tokenOf(person.username)
    gone = await tokenOf(`${person.username}2`)
    await suite.portal.sluis(['account', 'disable', '--portal', 'proef', '--username', `${person.username}2`])
  })
  afterAll(() => suite.close())
  const subject = (value: string): Asked => ({ claims: JSON.stringify({ id_token: { sub: { value } } }) })
  const nobody = '00000000-0000-4000-8000-000000000000'

  test('T025 without a session: who is there, who was switched off and who never was look the same', async () => {
    for (const prompt of [undefined, 'none']) {
      const hints = await Promise.all([suus, gone].map((it) => seen(suite, { prompt, id_token_hint: it.idToken })))
      expect(hints[1]).toBe(hints[0])
      expect(hints[0]).not.toContain(person.username)
      const subjects = await Promise.all([suus.sub, gone.sub, nobody, 'x'].map((it) => seen(suite, { prompt, ...subject(it) })))
      expect(new Set(subjects).size).toBe(1)
    }
  })

  test.each([
    ['an id_token', () => ({ id_token_hint: gone.idToken })],
    ['a subject', () => subject(gone.sub)],
    ['a subject that nobody has', () => subject(nobody)],
    ['a name beside an id_token', () => ({ id_token_hint: gone.idToken, login_hint: `${person.username}2` })],
  ] as [string, () => Asked][])(
    'T025 T116 with a session of somebody else, by %s: login_required, and nobody is switched',
    async (_, asked) => {
      const browser = suite.browser()
      await suite.go(browser)
      const silent = await browser.go(suite.ask({ ...asked(), prompt: 'none' }))
      expect(Object.fromEntries(silent.params)).toEqual({
        error: 'login_required',
        error_description: expect.any(String),
        state: 'state-1',
        iss: suite.issuer,
      })
      expect(silent.params.get('error_description')).not.toMatch(new RegExp(`${suus.sub}|${gone.sub}|${person.username}`))
      // Asked for openly, the person signs in as who they are: the answer is the same, and the session is still theirs.
      const page = await browser.go(suite.ask(asked()))
      expect(page.address.pathname).toBe('/proef/sign-in')
      expect((await suite.signInAt(browser, page)).params.get('error')).toBe('login_required')
      const { claims } = await suite.tokens(await suite.go(browser, { prompt: 'none' }))
      expect(claims.sub).toBe(suus.sub)
    },
  )

  test('T025 a name in a hint does not stand above the session: prompt=none answers for who is there', async () => {
    const browser = suite.browser()
    await suite.go(browser)
    for (const login_hint of [`${person.username}2`, unknown]) {
      const { claims } = await suite.tokens(await suite.go(browser, { prompt: 'none', login_hint }))
      expect(claims.sub).toBe(suus.sub)
    }
  })

  test('T025 the own id_token and the own subject are answered, without a page', async () => {
    const browser = suite.browser()
    await suite.go(browser)
    for (const asked of [{ id_token_hint: suus.idToken }, subject(suus.sub)]) {
      const { claims } = await suite.tokens(await suite.go(browser, { ...asked, prompt: 'none' }))
      expect(claims.sub).toBe(suus.sub)
    }
  })
})
