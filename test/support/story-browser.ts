/* One browser at one portal: it keeps the cookies it is given, and posts what a person types. */
import type { Purpose, Request, Step } from '../../src/decision/index.ts'
import { openPending } from '../../src/enrolment/index.ts'
import type { House } from '../../src/factors/index.ts'
import type { Portal } from '../../src/portals/index.ts'
import {
  type Asked,
  answerCode,
  answerTicket,
  beginSetUp,
  choose,
  giveName,
  givePassword,
  givePhone,
  isSaid,
  type Moved,
  postpone,
  resend,
  type Said,
  type Situation,
  situationOf,
  type Visitor,
  want,
  wantedFrom,
  withdrawPhone,
} from '../../src/sign-in/index.ts'
import { codesOf, digitsOf, messagesOfAttempt } from '../../src/storage/index.ts'
import type { Person } from './story-house.ts'
import { password } from './story-house.ts'

export type Outcome = Moved | Said

export class StoryBrowser {
  house: House
  readonly portal: Portal
  visitor: Visitor = { address: '192.0.2.7', language: 'nl' }
  #asked: Asked | undefined

  constructor(house: House, portal: Portal) {
    this.house = house
    this.portal = portal
  }

  /** The same cookies, on another node or in another tab that does not hear of new ones. */
  copy(house: House = this.house): StoryBrowser {
    const other = new StoryBrowser(house, this.portal)
    other.visitor = { ...this.visitor }
    other.#asked = this.#asked
    return other
  }

  /** An application sends this browser here; what was open stays behind, as http does it. */
  ask(application: string, more: Partial<Request> = {}): this {
    const at = this.house.clock.now()
    this.#asked = { interaction: this.house.random.id(), request: { application, at, ...more } }
    this.visitor = { ...this.visitor, flow: undefined }
    return this
  }

  forget(...cookies: ('flow' | 'session' | 'browser' | 'enrolment')[]): this {
    for (const it of cookies) this.visitor = { ...this.visitor, [it]: undefined }
    return this
  }

  async stand(): Promise<Situation> {
    const { house, portal, visitor } = this
    const situation = await situationOf(house.storage.db, house, portal, visitor, house.clock.now())
    if (situation.attempt?.finished_at === null || !this.#asked) return situation
    return situationOf(house.storage.db, house, portal, visitor, house.clock.now(), this.#asked)
  }

  async step(): Promise<Step> {
    return (await this.stand()).step
  }

  name(typed: string): Promise<Outcome> {
    return this.#act((at) => giveName(this.house, at, this.visitor, typed))
  }

  /** The right password of somebody, or what is typed. */
  password(who: Pick<Person, 'name'>, typed = password, optIn = false, work?: string): Promise<Outcome> {
    const given = { name: who.name, password: typed, work }
    return this.#act((at) => givePassword(this.house, optIn ? wantedFrom(at) : at, this.visitor, given, this.#asked))
  }

  choose(method: string): Promise<Outcome> {
    return this.#act((at) => choose(this.house, at, this.visitor, method))
  }

  begin(): Promise<Outcome> {
    return this.#act((at) => beginSetUp(this.house, at, this.visitor))
  }

  /** `at`: where the page stood when it was drawn, for a form that comes late. */
  code(typed: string, remember = false, at?: Situation): Promise<Outcome> {
    return this.#act((now) => answerCode(this.house, at ?? now, this.visitor, typed, remember))
  }

  ticket(typed: string): Promise<Outcome> {
    return this.#act((at) => answerTicket(this.house, at, this.visitor, typed))
  }

  resend(): Promise<Outcome> {
    return this.#act((at) => resend(this.house, at))
  }

  phone(typed: string, known = false): Promise<Outcome> {
    return this.#act((at) => givePhone(this.house, at, this.visitor, typed, known))
  }

  withdraw(): Promise<Outcome> {
    return this.#act((at) => withdrawPhone(this.house, at, this.visitor))
  }

  want(): Promise<Outcome> {
    return this.#act((at) => want(this.house, at, this.visitor))
  }

  later(): Promise<Outcome> {
    return this.#act((at) => postpone(this.house, at, this.visitor))
  }

  /** The digits of the newest message that this sign-in sent for a purpose; `older` of them back. */
  async sent(purpose: Purpose, older = 0): Promise<string> {
    const { db } = this.house.storage
    const id = (await this.stand()).attempt?.id ?? ''
    const [codes, messages] = [await codesOf(db, id, purpose), await messagesOfAttempt(db, id)]
    const code = codes[older]
    if (!code || !messages.some((it) => it.code_id === code.id)) throw new Error(`no message for ${purpose} is in the outbox`)
    return digitsOf(this.house.vault, code.id)
  }

  /** The secret of the QR page of this sign-in, when it may see one. */
  async seed(): Promise<Uint8Array | undefined> {
    const { attempt, account, step, now } = await this.stand()
    if (step.step !== 'enrol' || !attempt || !account) return undefined
    return (await openPending(this.house.storage.db, this.house, account.id, attempt.id, now))?.seed
  }

  async #act(work: (at: Situation) => Promise<Outcome>): Promise<Outcome> {
    const outcome = await work(await this.stand())
    if (!isSaid(outcome)) this.visitor = { ...this.visitor, ...outcome.cookies }
    else if (outcome.enrolment) this.visitor = { ...this.visitor, enrolment: outcome.enrolment }
    return outcome
  }
}
