import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { basic, type CodeFlow, codeFlow } from '../support/code-flow.ts'
import { openTown, type Town } from '../support/issuer-house.ts'
import { signedJwt } from '../support/jwt.ts'
import type { Question } from '../support/relying-party.ts'

/** Requests that are sent ahead (PAR, RFC 9126), and requests inside a request (T112). */
let town: Town
let flow: CodeFlow
let address: string

beforeAll(async () => {
  town = await openTown()
  flow = await codeFlow(town)
  address = flow.address
})
afterAll(() => town.close())

async function push(question: Question, more: Record<string, string> = {}, client = 'planning') {
  const form = new URLSearchParams([...question.location.searchParams, ...Object.entries(more)])
  const answer = await fetch(`${address}/par`, { method: 'POST', headers: { authorization: basic(client) }, body: form })
  return { status: answer.status, body: (await answer.json()) as Record<string, string> }
}
const open = (request_uri: string | undefined, more: Record<string, string> = {}, client_id = 'planning') =>
  town.browser().go(`${address}/authorize?${new URLSearchParams({ client_id, request_uri: request_uri ?? '', ...more })}`)
const own = (question: Question, name: string): Question => {
  question.location.searchParams.delete(name)
  return question
}

describe('a request that was sent ahead', () => {
  test('T112 begins a sign-in once, for a minute, and what stands beside it counts for nothing', async () => {
    const question = await flow.planning.ask()
    const { status, body } = await push(question)
    expect([status, body.expires_in, body.request_uri?.startsWith('urn:ietf:params:oauth:request_uri:')]).toEqual([201, 60, true])
    const browser = town.browser()
    const more = { redirect_uri: 'https://evil.test', scope: 'openid phone', state: 'evil', prompt: 'none', acr_values: 'urn:sluis:acr:1' }
    const { address: page } = await browser.go(
      `${address}/authorize?${new URLSearchParams({ client_id: 'planning', request_uri: body.request_uri ?? '', ...more })}`,
    )
    expect(page.pathname).toBe('/c-point/sign-in')
    const person = await town.addPerson('c-point', 'dora')
    await browser.go(`${address}/sign-in/password`, { username: person.name })
    await browser.go(`${address}/sign-in/choose`, { method: 'totp' })
    const answer = await browser.go(`${address}/sign-in/code`, { code: person.appCode() })
    const tokens = await flow.planning.redeem(answer.address, question)
    expect(tokens.claims()?.sub).toBe(person.id)
    const again = await open(body.request_uri)
    expect([again.status, again.address.pathname]).toEqual([400, '/c-point/authorize'])
  })

  test('T112 of two browsers that open it at once one gets an answer, the other an error', async () => {
    const question = await flow.planning.ask()
    const { body } = await push(question)
    const finish = async (name: string) => {
      const [browser, person] = [town.browser(), await town.addPerson('c-point', name)]
      await browser.go(`${address}/authorize?${new URLSearchParams({ client_id: 'planning', request_uri: body.request_uri ?? '' })}`)
      await browser.go(`${address}/sign-in/password`, { username: person.name })
      await browser.go(`${address}/sign-in/choose`, { method: 'totp' })
      return browser.go(`${address}/sign-in/code`, { code: person.appCode() })
    }
    const answers = await Promise.all(['ada', 'bea', 'cor'].map(finish))
    expect(answers.filter((it) => it.params.has('code'))).toHaveLength(1)
  })

  test('T112 of another client, of another portal, made up or from elsewhere is refused on our own page, and nothing is fetched', async () => {
    const { body } = await push(await flow.planning.ask())
    expect((await open(body.request_uri, {}, 'ligplaatsen')).status).toBe(400)
    for (const uri of [
      'urn:ietf:params:oauth:request_uri:x',
      `http://${town.host}/c-point`,
      'https://evil.test/request',
      'file:///etc/passwd',
    ])
      expect((await open(uri)).status, uri).toBe(400)
    const koop = town.portal('koop-cam').address
    const foreign = new URLSearchParams({ client_id: 'publicatie', request_uri: body.request_uri ?? '' })
    expect((await town.browser().go(`${koop}/authorize?${foreign}`)).status).toBe(400)
  })

  test('T106 T107 T112 is checked when it is sent: address, challenge, kind of answer, who sends it', async () => {
    const wrong = async (name: string, value: string) => {
      const question = own(await flow.planning.ask(), name)
      return push(question, value === '' ? {} : { [name]: value })
    }
    expect((await wrong('redirect_uri', 'https://evil.test')).body.error).toBe('invalid_request')
    expect((await wrong('redirect_uri', '')).body.error).toBe('invalid_request')
    expect((await wrong('code_challenge', '')).body.error).toBe('invalid_request')
    expect((await wrong('code_challenge_method', 'plain')).body.error).toBe('invalid_request')
    expect((await wrong('response_type', 'token')).body.error).toMatch(/unsupported_response_type|unauthorized_client|invalid_request/)
    expect((await push(await flow.planning.ask({ response_mode: 'fragment' }))).status).toBe(400)
    const asked = await flow.planning.ask()
    expect((await push(asked, {}, 'ligplaatsen')).body.error).toBe('invalid_client')
    const nobody = await fetch(`${address}/par`, { method: 'POST', body: asked.location.searchParams })
    expect([nobody.status, ((await nobody.json()) as { error: string }).error]).toEqual([401, 'invalid_client'])
  })
})

describe('a request inside a request', () => {
  test.each([
    ['unsigned', 'eyJhbGciOiJub25lIn0.e30.'],
    [
      'signed by somebody',
      signedJwt(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, { client_id: 'planning', scope: 'openid' }),
    ],
    ['that is no token', 'x'],
  ])('T112 %s is not supported, and said so', async (_, request) => {
    const answer = await town.browser().go((await flow.planning.ask({ request })).location)
    expect(Object.fromEntries(answer.params)).toMatchObject({ error: 'request_not_supported', iss: address })
    expect((await push(await flow.planning.ask({ request }))).body.error).toBe('request_not_supported')
  })
})
