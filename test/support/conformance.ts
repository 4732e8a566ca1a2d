/*
 * What the modules of the OpenID Foundation's suite need, around a real bin/sluis: its clients, one portal that asks a password alone, and
 * a person with every claim we know. Tokens are read by oauth4webapi, which checks all that a client must check.
 *
 *   const suite = await openSuite()
 *   const { callback } = await suite.codeFor(browser, { scope: 'openid email' })
 *   const tokens = await suite.tokens(callback)
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as oauth from 'oauth4webapi'
import { type Arrived, Browser } from './browser-jar.ts'
import { type OwnPortal, openPortal } from './portal.ts'

const origin = 'https://suite.test'
export const callbackUri = `${origin}/test/a/sluis/callback`
export const leftUri = `${origin}/test/a/sluis/post_logout_redirect`
export const person = { username: 'suus', password: 'twaalf eenden zwemmen traag' } as const

const secretOf = (client: string): string => `${client}-secret-of-many-characters-that-nobody-guesses`
export type ClientName = 'client' | 'client2' | 'client3' | 'strict'
/** What a request says of itself; undefined leaves a parameter out. */
export type Asked = Record<string, string | undefined>

export interface Suite {
  readonly issuer: string
  readonly as: oauth.AuthorizationServer
  readonly portal: OwnPortal
  /** What the server of the first client heard of sign-outs, newest last. */
  readonly heard: { readonly type: string | undefined; readonly form: URLSearchParams }[]
  /** From now on that server does not take what it hears, or takes it again. */
  deafen(isDeaf: boolean): void
  browser(): Browser
  /** Where a browser is sent to ask; state and nonce are there unless they are left out. */
  ask(asked?: Asked): URL
  /** Asks, and signs in when the sign-in page comes; where the browser stands then. */
  go(browser: Browser, asked?: Asked): Promise<Arrived & { readonly wasAsked: boolean }>
  signInAt(browser: Browser, page: Arrived, username?: string): Promise<Arrived>
  /** Redeems an answer and checks everything: state, `iss`, signature, times, nonce. */
  tokens(arrived: Arrived, of?: Expected): Promise<Tokens>
  redeem(code: string, client?: ClientName, more?: Asked): Promise<Response>
  refresh(token: string, client?: ClientName): Promise<Response>
  userInfo(token: string): Promise<Record<string, unknown>>
  /** The lines of the server's log until now. */
  log(): Record<string, unknown>[]
  close(): Promise<void>
}

interface Expected {
  readonly client?: ClientName
  readonly nonce?: string | typeof oauth.expectNoNonce
  readonly state?: string
  readonly verifier?: string
}

export interface Tokens {
  readonly accessToken: string
  readonly idToken: string
  readonly refreshToken: string | undefined
  readonly claims: oauth.IDToken
}

const insecure = { [oauth.allowInsecureRequests]: true } as const

type Pages = 'one-page' | 'identifier-first'

function portalFile(backchannel: string, pages: Pages): string {
  const client = (id: ClientName, more: object): object => ({
    title: `The ${id}`,
    client: { id, secret: secretOf(id), redirectUris: [callbackUri], ...more },
  })
  const old = {
    postLogoutRedirectUris: [leftUri],
    pkce: 'not-required',
    deviations: { pkce: 'Nearly all modules of the suite send no challenge.' },
    refreshTokens: true,
    scopes: ['openid', 'profile', 'email', 'phone', 'offline_access'],
  }
  return JSON.stringify({
    name: 'Proefhaven',
    country: 'BE',
    register: 'je',
    identifier: 'username',
    pages,
    secondStep: { methods: ['totp', 'sms'] },
    enforcement: { mode: 'opt-in' },
    support: { name: { nl: 'de beheerder', en: 'the operator' }, lines: [{ email: 'beheer@proef.example' }] },
    theme: { colour: '#1f4e79' },
    mail: { from: 'noreply@proef.example' },
    sms: { name: 'Proef', sender: { production: 'PROEF' }, countries: ['BE', 'NL'] },
    applications: {
      client: client('client', { ...old, backchannelLogoutUri: backchannel }),
      client2: client('client2', old),
      client3: client('client3', { ...old, authentication: 'secret-post' }),
      strict: client('strict', {}),
    },
  })
}

export async function openSuite(pages: Pages = 'one-page'): Promise<Suite> {
  const heard: Suite['heard'][number][] = []
  let isDeaf = false
  const ear = createServer(async (request, response) => {
    const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString())
    heard.push({ type: request.headers['content-type'], form })
    response.writeHead(isDeaf ? 500 : 200).end()
  })
  await new Promise<void>((resolve) => ear.listen(0, '127.0.0.1', resolve))
  const backchannel = `http://127.0.0.1:${(ear.address() as AddressInfo).port}/backchannel_logout`
  const logs = mkdtempSync(join(tmpdir(), 'sluis-suite-'))
  const portal = await openPortal('proef', portalFile(backchannel, pages), {}, { log: join(logs, 'log') })
  const issuer = portal.address
  const people = join(portal.folder, 'people.csv')
  writeFileSync(
    people,
    `username,email,phone,password,given_name,family_name,language\n${person.username},suus@proef.example,+32470123456,${person.password},Suus,De Wit,nl\n` +
      `${person.username}2,tweede@proef.example,,${person.password},Tweede,Mens,nl\n`,
  )
  await portal.sluis(['account', 'import', people, '--portal', 'proef'])
  const as = await oauth.processDiscoveryResponse(new URL(issuer), await oauth.discoveryRequest(new URL(issuer), insecure))

  const authentication = (client: ClientName): oauth.ClientAuth =>
    (client === 'client3' ? oauth.ClientSecretPost : oauth.ClientSecretBasic)(secretOf(client))
  const of = (client: ClientName): oauth.Client => ({ client_id: client })
  const ask = (asked: Asked = {}): URL => {
    const address = new URL(as.authorization_endpoint ?? '')
    const usual = {
      client_id: 'client',
      redirect_uri: callbackUri,
      response_type: 'code',
      scope: 'openid',
      state: 'state-1',
      nonce: 'nonce-1',
    }
    for (const [name, value] of Object.entries({ ...usual, ...asked })) if (value !== undefined) address.searchParams.set(name, value)
    return address
  }
  const signInAt = (browser: Browser, page: Arrived, username: string = person.username): Promise<Arrived> => {
    const [, csrf = ''] = /name="csrf" value="([^"]+)"/.exec(page.text) ?? []
    return browser.go(`${issuer}/sign-in`, { csrf, username, password: person.password }, { origin: new URL(issuer).origin })
  }

  return {
    issuer,
    as,
    portal,
    heard,
    deafen: (it) => {
      isDeaf = it
    },
    browser: () => new Browser(origin),
    ask,
    signInAt,
    async go(browser, asked) {
      const arrived = await browser.go(ask(asked))
      const wasAsked = arrived.address.pathname === '/proef/sign-in'
      return { ...(wasAsked ? await signInAt(browser, arrived) : arrived), wasAsked }
    },
    async tokens(arrived, { client = 'client', nonce = 'nonce-1', state = 'state-1', verifier } = {}) {
      const params = oauth.validateAuthResponse(as, of(client), arrived.params, state)
      const response = await oauth.authorizationCodeGrantRequest(
        as,
        of(client),
        authentication(client),
        params,
        callbackUri,
        verifier ?? oauth.nopkce,
        insecure,
      )
      const tokens = await oauth.processAuthorizationCodeResponse(as, of(client), response, { expectedNonce: nonce, requireIdToken: true })
      await oauth.validateApplicationLevelSignature(as, response, insecure)
      const claims = oauth.getValidatedIdTokenClaims(tokens)
      if (!claims) throw new Error('no id_token')
      return { accessToken: tokens.access_token, idToken: tokens.id_token ?? '', refreshToken: tokens.refresh_token, claims }
    },
    redeem: (code, client = 'client', more = {}) => {
      const form = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: callbackUri })
      for (const [name, value] of Object.entries(more)) if (value !== undefined) form.set(name, value)
      return fetch(as.token_endpoint ?? '', { method: 'POST', headers: { authorization: basic(client) }, body: form })
    },
    refresh: (token, client = 'client') => oauth.refreshTokenGrantRequest(as, of(client), authentication(client), token, insecure),
    userInfo: async (token) =>
      (await (await fetch(as.userinfo_endpoint ?? '', { headers: { authorization: `Bearer ${token}` } })).json()) as Record<
        string,
        unknown
      >,
    log: () => {
      const lines = readFileSync(join(logs, 'log'), 'utf8')
        .split('\n')
        .filter((it) => it !== '')
      return lines.map((it) => JSON.parse(it) as Record<string, unknown>)
    },
    close: async () => {
      await portal.close()
      rmSync(logs, { recursive: true })
      ear.closeAllConnections()
      ear.close()
    },
  }
}

export const basic = (client: ClientName): string => `Basic ${Buffer.from(`${client}:${secretOf(client)}`).toString('base64')}`
