import type { Arrived, Browser } from './browser-jar.ts'
import { applications, clientSecret, type Person, type Town } from './issuer-house.ts'
import { type Question, type RelyingParty, relyingParty } from './relying-party.ts'

/** Two applications of one portal, and the code flow step by step: for tests that do one step wrong. */
export interface CodeFlow {
  readonly address: string
  /** A remembered browser is enough for this one. */
  readonly planning: RelyingParty
  /** This one asks a code each time. */
  readonly strict: RelyingParty
  /** A new person signs in with password and app; the code of the answer. */
  codeFor(party: RelyingParty, more?: Record<string, string>): Promise<Coded>
  redeem(name: string, code: string, question: Pick<Question, 'verifier'>, more?: Record<string, string>): Promise<Redeemed>
  userInfo(token: string | undefined): Promise<number>
}

export interface Coded {
  readonly browser: Browser
  readonly person: Person
  readonly question: Question
  readonly answer: Arrived
  readonly code: string
}

export interface Redeemed {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, string>
}

export async function codeFlow(town: Town): Promise<CodeFlow> {
  const { address } = town.portal('c-point')
  const redirectUri = (name: string): string => `${applications}/c-point/${name}/callback`
  const partyOf = (name: string): Promise<RelyingParty> => relyingParty(address, name, clientSecret(name), redirectUri(name))
  let count = 0
  return {
    address,
    planning: await partyOf('planning'),
    strict: await partyOf('ligplaatsen'),
    async codeFor(party, more = {}) {
      const [browser, person, question] = [town.browser(), await town.addPerson('c-point', `bram${++count}`), await party.ask(more)]
      await browser.go(question.location)
      await browser.go(`${address}/sign-in/password`, { username: person.name })
      await browser.go(`${address}/sign-in/choose`, { method: 'totp' })
      const answer = await browser.go(`${address}/sign-in/code`, { code: person.appCode() })
      return { browser, person, question, answer, code: answer.params.get('code') ?? '' }
    },
    async redeem(name, code, { verifier }, more = {}) {
      const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri(name), code_verifier: verifier, ...more }
      const answer = await fetch(`${address}/token`, {
        method: 'POST',
        headers: { authorization: basic(name), accept: 'text/html' },
        body: new URLSearchParams(form),
      })
      return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, string> }
    },
    userInfo: async (token = '') => (await fetch(`${address}/userinfo`, { headers: { authorization: `Bearer ${token}` } })).status,
  }
}

export const basic = (client: string): string => `Basic ${Buffer.from(`${client}:${clientSecret(client)}`).toString('base64')}`
