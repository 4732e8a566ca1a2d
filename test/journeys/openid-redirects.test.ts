import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { basic, type CodeFlow, codeFlow } from '../support/code-flow.ts'
import { callbackUri, leftUri, openSuite, type Suite } from '../support/conformance.ts'
import { applications, openTown, type Town } from '../support/issuer-house.ts'

/* Addresses that are not the registered one, byte for byte, at every door that takes one (T106, T119). */

/** What is tried in the place of a registered address. */
const tricksOn = (good: string): string[] => {
  const { host, pathname, protocol } = new URL(good)
  const at = (other: string): string => good.replace(host, other)
  return [
    `${good}/`,
    `${good}?x=1`,
    `${good}?`,
    `${good}#x`,
    `${good}#`,
    `${good}/../x`,
    `${good}/..`,
    `${good}/%2e%2e/x`,
    `${good}%2f`,
    `${good};x`,
    `${good} `,
    ` ${good}`,
    `${good}%00`,
    `${good}%0d%0alocation:https://evil.test`,
    `${good},https://evil.test`,
    good.replace(pathname, `/${pathname}`),
    good.replace(pathname, pathname.toUpperCase()),
    good.replace(/([a-z])$/, (it) => `%${it.charCodeAt(0).toString(16)}`),
    good.replace(protocol, protocol.toUpperCase()),
    good.replace(protocol, protocol === 'http:' ? 'https:' : 'http:'),
    good.replace('://', ':\\\\'),
    good.replace(`${protocol}//`, '//'),
    at(host.toUpperCase()),
    at(`${host}.evil.test`),
    at(`${host}.`),
    at(`sub.${host}`),
    at(`evil.test@${host}`),
    at(`${host}@evil.test`),
    at(`${host}:81`),
    at(`*.${host}`),
    at('xn--80ak6aa92e.test'),
    at('\u0430pp.localhost'),
    at('127.0.0.1'),
    good.slice(0, -1),
    `${good}x`,
    `${protocol}//*`,
    '*',
    pathname,
    'javascript:alert(1)',
    'data:text/html,evil',
    'urn:ietf:wg:oauth:2.0:oob',
    `${good}${'x'.repeat(7_000)}`,
    '',
  ].filter((it) => it !== good)
}

describe('of an application that asks', () => {
  let town: Town
  let flow: CodeFlow
  const good = `${applications}/c-point/planning/callback`
  const bad = [...tricksOn(good), `${applications}/c-point/ligplaatsen/callback`]
  beforeAll(async () => {
    town = await openTown()
    flow = await codeFlow(town)
  })
  afterAll(() => town.close())

  test('T106 by GET or by a form: a page of ours, 400, and it goes nowhere', async () => {
    for (const redirect_uri of bad) {
      const { location } = await flow.planning.ask({ redirect_uri })
      const form = Object.fromEntries(location.searchParams)
      for (const page of [await town.browser().go(location), await town.browser().go(`${flow.address}/authorize`, form)]) {
        expect([page.status, page.address.pathname], redirect_uri).toEqual([400, '/c-point/authorize'])
        expect(page.text).not.toContain('evil')
      }
    }
  })

  test('T106 sent ahead, and at the token endpoint: invalid_request and invalid_grant, in JSON', async () => {
    const headers = { authorization: basic('planning') }
    const { browser } = await flow.codeFor(flow.planning)
    for (const redirect_uri of bad) {
      const question = await flow.planning.ask()
      const code = (await browser.go(question.location)).params.get('code') ?? ''
      const { location } = await flow.planning.ask({ redirect_uri })
      const ahead = await fetch(`${flow.address}/par`, { method: 'POST', headers, body: location.searchParams })
      expect([ahead.status, ((await ahead.json()) as { error: string }).error], redirect_uri).toEqual([400, 'invalid_request'])
      const { status, body } = await flow.redeem('planning', code, question, { redirect_uri })
      expect([status, body.error], redirect_uri).toEqual([
        400,
        redirect_uri === '' ? expect.stringMatching(/^invalid_(request|grant)$/) : 'invalid_grant',
      ])
    }
  })

  test('T106 a missing one is no address either, although only one is registered; the page knows the application by its registered name', async () => {
    const { location } = await flow.planning.ask()
    location.searchParams.delete('redirect_uri')
    expect((await town.browser().go(location)).status).toBe(400)
    expect(town.troubles.at(-1)).toEqual({ error: 'invalid_request', status: 400, parameter: 'redirect_uri', clientTitle: 'Planning' })
    location.searchParams.set('client_id', 'nobody')
    expect((await town.browser().go(location)).status).toBe(400)
    expect(town.troubles.at(-1)?.clientTitle).toBeUndefined()
  })

  test('T106 a registered one that comes twice is none, in the address, in a form and sent ahead', async () => {
    const { location } = await flow.planning.ask()
    location.searchParams.append('redirect_uri', good)
    expect((await town.browser().go(location)).status).toBe(400)
    for (const door of ['authorize', 'par']) {
      const headers = { authorization: basic('planning') }
      const answer = await fetch(`${flow.address}/${door}`, { method: 'POST', headers, body: location.searchParams })
      expect(answer.status, door).toBe(400)
    }
  })

  test('T050 T106 the address of the lenient application with the name of the strict one, and the other way round, is none', async () => {
    const [lenient, strict] = [await flow.planning.ask(), await flow.strict.ask()]
    for (const [question, of] of [
      [lenient, strict],
      [strict, lenient],
    ] as const) {
      question.location.searchParams.set('redirect_uri', of === strict ? `${applications}/c-point/ligplaatsen/callback` : good)
      expect((await town.browser().go(question.location)).status).toBe(400)
    }
  })
})

describe('on the pages that people see', () => {
  let suite: Suite
  beforeAll(async () => {
    suite = await openSuite()
  })
  afterAll(() => suite.close())
  /** Where anything on a page leads. */
  const leadsTo = (html: string): string[] => [...html.matchAll(/(?:href|action|src|content)="([^"]*)"/g)].map((it) => it[1] ?? '')

  test('T106 nothing on the page of a wrong address leads there', async () => {
    for (const redirect_uri of tricksOn(callbackUri)) {
      const page = await suite.browser().go(suite.ask({ redirect_uri }))
      expect([page.status, page.address.origin], redirect_uri).toEqual([400, new URL(suite.issuer).origin])
      expect(leadsTo(page.text).filter((it) => /suite\.test|evil|javascript:|data:text/i.test(it))).toEqual([])
    }
  })

  test('T119 after a sign-out nobody is led to an address that is not registered, with a right hint neither', async () => {
    const browser = suite.browser()
    const { idToken } = await suite.tokens(await suite.go(browser))
    for (const post_logout_redirect_uri of tricksOn(leftUri)) {
      const asked = new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri, state: '"><b>evil' })
      const page = await browser.go(`${suite.issuer}/end-session?${asked}`)
      expect([page.status, page.address.pathname], post_logout_redirect_uri).toEqual([200, '/proef/sign-out'])
      expect(leadsTo(page.text).filter((it) => /suite\.test|evil|javascript:|data:text/i.test(it))).toEqual([])
      expect(page.text).not.toContain('<b>evil')
    }
    // An image of another site asks the question at most: the session lives.
    const image = { accept: 'image/*', 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image', referer: 'https://evil.test/' }
    const cookie = browser.cookiesFor(`${suite.issuer}/end-session`)
    for (const path of ['/end-session', '/sign-out', `/end-session?post_logout_redirect_uri=${leftUri}&client_id=client`])
      await fetch(`${suite.issuer}${path}`, { headers: { ...image, cookie } })
    expect((await browser.go(suite.ask({ prompt: 'none' }))).params.has('code')).toBe(true)
  })
})
