/* Asking and using a link for a forgotten password, without pages: what stands in the outbox is read as a mail program would. */
import type { Account } from '../../src/decision/index.ts'
import type { House } from '../../src/factors/index.ts'
import type { Portal } from '../../src/portals/index.ts'
import { askReset, type ChosenNew, chooseNewPassword, isRefused, lettersOf, type Refused } from '../../src/recovery/index.ts'
import { restsEverywhereUntil } from '../../src/sign-in/index.ts'
import { type AccountRow, linkToken, type Tx } from '../../src/storage/index.ts'
import type { Person, Town } from './story-house.ts'

export const fresh = 'zeven zwanen op het water'
export type { Account }

export class Forgetful {
  readonly house: House
  readonly portal: Portal
  formCookie: string

  constructor({ house, portal }: Pick<Town, 'house' | 'portal'>, at: string, formCookie = `browser-${house.random.token()}`) {
    this.house = house
    this.portal = portal(at)
    this.formCookie = formCookie
  }

  async ask(name: string, typed?: string): Promise<Refused | 'asked'> {
    const { house, portal, formCookie } = this
    const letters = typed ?? lettersOf(house, portal, formCookie, 'page')
    const asking = { name, typed: letters, shown: 'page', formCookie, language: 'nl', address: '192.0.2.7' }
    const outcome = await askReset(house, portal, asking, house.clock.now())
    if (isRefused(outcome)) return outcome
    await outcome.after()
    return 'asked'
  }

  /** The value in the newest link of an account. */
  async link(who: Pick<Person, 'id'>, older = 0): Promise<string> {
    const { db } = this.house.storage
    const messages = await db.selectFrom('message').selectAll().where('account_id', '=', who.id).where('template', '=', 'M04').execute()
    const rows = messages.toSorted((a, b) => b.created_at - a.created_at)
    return linkToken(this.house.vault, JSON.parse(rows[older]?.facts ?? '{}').link)
  }

  choose(token: string | undefined, { password = fresh, name = '' } = {}): Promise<ChosenNew | Refused> {
    const { house, portal, formCookie } = this
    const now = house.clock.now()
    const mailAgainAt = (tx: Tx, account: AccountRow) => restsEverywhereUntil(tx, portal, account, now)
    return chooseNewPassword(house, portal, { token, formCookie, password, name, address: '192.0.2.7', mailAgainAt }, now)
  }

  /** From the question to the new password. */
  async reset(who: Person, password = fresh): Promise<void> {
    await this.ask(who.name)
    const outcome = await this.choose(await this.link(who), { password, name: who.name })
    if (isRefused(outcome) || outcome.outcome !== 'chosen') throw new Error(JSON.stringify(outcome))
  }
}
