import { expect } from 'vitest'
import type { Arrived, Browser } from './browser-jar.ts'
import { basic, type CodeFlow } from './code-flow.ts'
import type { Person, Town } from './issuer-house.ts'
import type { Question, RelyingParty } from './relying-party.ts'

/** People who come in at an application, step by step, and what they were given there: for tests of copied and remembered browsers. */
export interface AtApplications {
  somebody(): Promise<Person>
  ask(browser: Browser, party: RelyingParty, more?: Record<string, string>): Promise<[Arrived, Question]>
  givePassword(browser: Browser, person: Person): Promise<Arrived>
  giveCode(browser: Browser, person: Person, remember?: boolean, ahead?: number): Promise<Arrived>
  /** A browser that is remembered at the lenient application, a day later. */
  remembered(): Promise<[Person, Browser]>
  /** By the password alone; `step` is 'done' where that was enough. */
  letIn(browser: Browser, person: Person): Promise<{ answer: Arrived; body: Record<string, string>; step: string }>
  renew(token: string | undefined): Promise<number>
  /** The error of a question that may draw no page; null where there was an answer. */
  silent(browser: Browser): Promise<string | null>
  events(person: Person): Promise<string[]>
}

const daySeconds = 86_400
const offline = { scope: 'openid offline_access', prompt: 'consent' }

export const stepOf = ({ text }: Arrived): string => (JSON.parse(text) as { step: string }).step

/** `planning` has to give refresh tokens, also with offline_access. */
export function atApplications(town: Town, flow: CodeFlow): AtApplications {
  const { address } = flow
  let count = 0
  const at: AtApplications = {
    somebody: () => town.addPerson('c-point', `gijs${++count}`),
    async ask(browser, party, more = {}) {
      const question = await party.ask(more)
      return [await browser.go(question.location), question]
    },
    givePassword: (browser, { name }) => browser.go(`${address}/sign-in/password`, { username: name }),
    async giveCode(browser, person, remember = false, ahead = 0) {
      await browser.go(`${address}/sign-in/choose`, { method: 'totp' })
      return browser.go(`${address}/sign-in/code`, { code: person.appCode(ahead), ...(remember ? { remember: '1' } : {}) })
    },
    async remembered() {
      const [browser, person] = [town.browser(), await at.somebody()]
      await at.ask(browser, flow.planning)
      await at.givePassword(browser, person)
      expect((await at.giveCode(browser, person, true)).params.has('code')).toBe(true)
      browser.forget(/(session|flow|interaction|resume)$/)
      town.skip(daySeconds + 60)
      return [person, browser]
    },
    async letIn(browser, person) {
      const [, question] = await at.ask(browser, flow.planning, offline)
      const answer = await at.givePassword(browser, person)
      const { body } = await flow.redeem('planning', answer.params.get('code') ?? '', question)
      return { answer, body, step: answer.params.has('code') ? 'done' : stepOf(answer) }
    },
    async renew(token) {
      const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token ?? '' })
      return (await fetch(`${address}/token`, { method: 'POST', headers: { authorization: basic('planning') }, body })).status
    },
    silent: async (browser) => (await at.ask(browser, flow.planning, { prompt: 'none' }))[0].params.get('error'),
    async events(person) {
      const rows = await town.house.storage.db.selectFrom('audit').selectAll().where('account_id', '=', person.id).execute()
      return rows.map((it) => (it.reason ? `${it.event} ${it.reason}` : it.event))
    },
  }
  return at
}
