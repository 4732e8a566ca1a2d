import * as audit from '../audit/index.ts'
import type { House } from '../factors/index.ts'
import { absoluteSeconds, contextOf, endAll, type Visitor } from '../sign-in/index.ts'
import { endOwnSession, forgetRememberedOf, type SessionRow, sessionsOf } from '../storage/index.ts'
import { type Changed, whenConfirmed } from './changed.ts'
import { notYours } from './remove.ts'
import type { Standing } from './standing.ts'

/** The sessions of this account that are open, also where nobody looked for an hour: this one first, then the one seen last. */
export async function ownSessions({ storage }: House, { portal, account, session, now }: Standing): Promise<SessionRow[]> {
  const found = await sessionsOf(storage.db, portal.id, account.id, now - absoluteSeconds * 1000, now)
  return [...found.filter((it) => it.id === session.id), ...found.filter((it) => it.id !== session.id)]
}

/** What no id of ours can be is not even asked of a database: some text it cannot hold. */
const isId = (it: string): boolean => /^[\w-]{1,64}$/.test(it)

/** Ends another session of this account. One that is somebody else's, and one that nobody has: the same answer. */
export function endAnotherSession(house: House, before: Standing, visitor: Visitor, id: string): Promise<Changed> {
  return whenConfirmed<Changed>(house, before, visitor, async (tx, here) => {
    if (!isId(id) || !(await endOwnSession(tx, here.account.id, id, here.now))) return notYours(tx, house, here, visitor)
    await audit.sessionEnded(tx, contextOf(house, here, visitor))
    return { changed: 'made', cookies: {} }
  })
}

/** Signs out everywhere, here as well: no session, no half-way sign-in and no remembered browser is left. */
export function endEverywhere(house: House, before: Standing, visitor: Visitor): Promise<Changed> {
  return whenConfirmed<Changed>(house, before, visitor, async (tx, here) => {
    await endAll(tx, contextOf(house, here, visitor), here.account.id)
    return { changed: 'made', cookies: {} }
  })
}

type Owner = Pick<Standing, 'portal' | 'account' | 'now'>

/** Forgets one remembered browser of this account, or all of them. Nothing is asked for it, because afterwards more is asked. */
export async function forgetBrowsers(house: House, owner: Owner, visitor: Visitor, browser?: string): Promise<boolean> {
  const { account, now } = owner
  if (browser !== undefined && !isId(browser)) return false
  return house.storage.inTransaction(async (tx) => {
    const forgot = (await forgetRememberedOf(tx, account.id, now, browser)) > 0
    if (forgot) await audit.rememberedForgotten(tx, contextOf(house, owner, visitor))
    return forgot
  })
}
