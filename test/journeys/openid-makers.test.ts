import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Asked, basic, callbackUri, openSuite, type Suite } from '../support/conformance.ts'
import { readJwt } from '../support/jwt.ts'

/* What the maker of an application reads in docs/applications.md, and meets when something is wrong. */

const manual = readFileSync(join(import.meta.dirname, '../../docs/applications.md'), 'utf8')
/** The rows of the table of the manual that begins with this head, as their cells. */
function tableOf(head: string): string[][] {
  const lines = manual.slice(manual.indexOf(`| ${head} |`)).split('\n')
  const end = lines.findIndex((it) => !it.startsWith('|'))
  return lines.slice(2, end).map((it) => it.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')))
}
const namesIn = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((it) => it[1] ?? '')

let suite: Suite
beforeAll(async () => {
  suite = await openSuite()
})
afterAll(() => suite.close())

describe('the manual', () => {
  test('names the addresses that the discovery document names', () => {
    const rows = tableOf('in the discovery document').map((it) => it.map((cell) => namesIn(cell)[0] ?? ''))
    expect(rows).toHaveLength(7)
    for (const [name = '', address = ''] of rows) expect(suite.as[name as 'issuer'], name).toBe(address.replace('{address}', suite.issuer))
  })

  test('lists what each scope tells, and what stands in the id_token', async () => {
    for (const [scope, claims] of tableOf('scope')) {
      const { accessToken } = await suite.tokens(await suite.go(suite.browser(), { scope: `openid ${namesIn(scope)[0]}` }))
      const { sub: _, ...told } = await suite.userInfo(accessToken)
      expect(Object.keys(told).toSorted(), scope).toEqual(namesIn(claims).toSorted())
    }
    const { idToken } = await suite.tokens(await suite.go(suite.browser(), { scope: 'openid profile email phone' }))
    const { iss: _, aud: __, exp: ___, iat: ____, nonce: _____, ...said } = readJwt(idToken).claims
    expect(Object.keys(said).toSorted()).toEqual(
      tableOf('claim')
        .flatMap((it) => namesIn(it[0]))
        .toSorted(),
    )
    expect(
      readJwt((await suite.tokens(await suite.go(suite.browser(), { client_id: 'client2' }), { client: 'client2' })).idToken).claims,
    ).not.toHaveProperty('sid')
  })

  const acr = (value: string): Asked => ({ claims: JSON.stringify({ id_token: { acr: { essential: true, value } } }) })
  /** How each error of the manual comes about; busy networks: openid-limits.test.ts. */
  const asked: Readonly<Record<string, readonly Asked[]>> = {
    login_required: [{ prompt: 'none' }],
    unmet_authentication_requirements: [acr('urn:sluis:acr:phr')],
    invalid_scope: [
      { scope: undefined, nonce: undefined },
      { client_id: 'strict', scope: 'openid phone', code_challenge: 'a'.repeat(43), code_challenge_method: 'S256' },
    ],
    invalid_request: [
      { client_id: 'strict' },
      { code_challenge: 'a'.repeat(43), code_challenge_method: 'plain' },
      { max_age: 'old' },
      { prompt: 'none login' },
    ],
    unsupported_response_type: [{ response_type: 'id_token' }, { response_type: 'code token' }],
    unsupported_response_mode: [{ response_mode: 'form_post' }],
    request_not_supported: [{ request: 'x.y.z' }],
    request_uri_not_supported: [{ request_uri: 'https://suite.test/request' }],
  }

  test('names every error that comes back to the application, and these come as it says', async () => {
    expect(
      tableOf('error')
        .flatMap((it) => namesIn(it[0]))
        .toSorted(),
    ).toEqual([...Object.keys(asked), 'temporarily_unavailable'].toSorted())
    for (const [error, requests] of Object.entries(asked))
      for (const more of requests) {
        const { address } = await suite.browser().go(suite.ask(more))
        const said = new URLSearchParams(address.search || address.hash.slice(1))
        expect([said.get('error'), said.get('state'), said.get('iss')], JSON.stringify(more)).toEqual([error, 'state-1', suite.issuer])
      }
  })
})

test('whoever asks wrongly finds in the log what the page says, by the same number', async () => {
  const page = await suite.browser().go(suite.ask({ client_id: 'client2', redirect_uri: `${callbackUri}/` }))
  expect(page.status).toBe(400)
  const shown = page.text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
  const [, number = ''] = /error invalid_redirect_uri parameter redirect_uri time \(UTC\) \S+ number (\d{8})/.exec(shown) ?? []
  expect(number, shown).not.toBe('')
  expect(suite.log().find((it) => it.number === number)).toMatchObject({
    msg: 'an application sent a wrong request',
    portal: 'proef',
    application: 'The client2',
    error: 'invalid_redirect_uri',
    parameter: 'redirect_uri',
  })
  const unknown = await suite.browser().go(suite.ask({ client_id: 'nobody' }))
  expect([unknown.status, unknown.text.includes('invalid_client')]).toEqual([400, true])
})

test('a sign-out that an application does not take stands in the log, with what it said', async () => {
  suite.deafen(true)
  const browser = suite.browser()
  const { idToken } = await suite.tokens(await suite.go(browser))
  await browser.go(`${suite.issuer}/end-session?id_token_hint=${idToken}`)
  suite.deafen(false)
  const told = () => suite.log().filter((it) => it.msg === 'an application did not take a sign-out')
  await expect.poll(told).toEqual([expect.objectContaining({ portal: 'proef', client: 'client', said: 'http-500', tries: 1 })])
})

test('the token endpoint says in JSON who is not believed, and what is over', async () => {
  const form = { grant_type: 'authorization_code', code: 'x', redirect_uri: callbackUri }
  const ask = async (headers: Record<string, string>): Promise<unknown[]> => {
    const answer = await fetch(suite.as.token_endpoint ?? '', { method: 'POST', headers, body: new URLSearchParams(form) })
    return [answer.status, ((await answer.json()) as { error: string }).error]
  }
  expect(await ask({ authorization: `${basic('client').slice(0, -4)}AAAA` })).toEqual([401, 'invalid_client'])
  expect(await ask({ authorization: basic('client3') })).toEqual([401, 'invalid_client'])
  expect(suite.log().filter((it) => it.msg === 'an application shows its secret elsewhere than said')).toEqual([
    expect.objectContaining({ portal: 'proef', client: 'client3', sent: 'secret-basic' }),
  ])
  expect(await ask({ authorization: basic('client') })).toEqual([400, 'invalid_grant'])
})

test('offline_access goes with prompt=consent; without it the refresh token is there all the same, and the scope is not', async () => {
  const scope = 'openid offline_access'
  const scopeOf = async (more: Asked): Promise<unknown[]> => {
    const code = (await suite.go(suite.browser(), { scope, ...more })).params.get('code') ?? ''
    const said = (await (await suite.redeem(code)).json()) as { scope: string; refresh_token?: string }
    return [said.scope, said.refresh_token !== undefined]
  }
  expect(await scopeOf({})).toEqual(['openid', true])
  expect(await scopeOf({ prompt: 'consent' })).toEqual([scope, true])
})

test('why a code or a refresh token gave nothing stands in the log, in words that hold nothing of the request', async () => {
  const codeFor = async (more: Asked = {}): Promise<string> => (await suite.go(suite.browser(), more)).params.get('code') ?? ''
  const pkce = { code_challenge: 'a'.repeat(43), code_challenge_method: 'S256' }
  const before = suite.log().length
  const [used, foreign, proved, moved] = [await codeFor(), await codeFor(), await codeFor(pkce), await codeFor()]
  await suite.redeem(used)
  const answers = [
    await suite.redeem(used),
    await suite.redeem('a-code-that-nobody-gave-at-any-time-here'),
    await suite.redeem(foreign, 'client2'),
    await suite.redeem(proved, 'client', { code_verifier: 'b'.repeat(43) }),
    await suite.redeem(moved, 'client', { redirect_uri: `${callbackUri}/other` }),
    await suite.refresh('a-refresh-token-that-nobody-gave-here'),
  ]
  expect(answers.map((it) => it.status)).toEqual(answers.map(() => 400))
  const lines = () => suite.log().slice(before)
  const said = () => lines().filter((it) => it.msg === 'an application got no tokens')
  await expect
    .poll(() => said().map((it) => [it.portal, it.client, it.why]))
    .toEqual([
      ['proef', 'client', 'authorization code already consumed'],
      ['proef', 'client', 'authorization code not found'],
      ['proef', 'client2', 'client mismatch'],
      ['proef', 'client', 'code_verifier does not match code_challenge'],
      ['proef', 'client', 'authorization code redirect_uri mismatch'],
      ['proef', 'client', 'refresh token not found'],
    ])
  for (const secret of [used, foreign, proved, moved, 'nobody-gave', 'bbbbbbbb', `${callbackUri}/other`])
    expect(JSON.stringify(lines())).not.toContain(secret)
})
