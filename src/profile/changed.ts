import { type Notice, tellOwner } from '../delivery/index.ts'
import { Fault } from '../errors.ts'
import { type House, hashOfToken } from '../factors/index.ts'
import { contextOf, endOthers, type Visitor } from '../sign-in/index.ts'
import { changeAccount, dropPendingEnrolment, findAccount, holdAccount, type NewRow, renewSession, type Tx } from '../storage/index.ts'
import { type Standing, standingOf } from './standing.ts'

/** What a change led to. `due`: it was not made, something must be shown first. `not-yours`: there is nothing of that name here. */
export type Changed =
  | { readonly changed: 'made'; readonly cookies: { readonly session?: string; readonly enrolment?: string } }
  | { readonly changed: 'due' }
  | { readonly changed: 'not-yours' }

export const isChanged = (it: object): it is Changed => 'changed' in it

/**
 * A change, whole or not at all. The account is held and everything is read once more inside, so of two changes at once the second
 * one finds what the first one left: another account, and a proof that no longer counts. `mayGoOn`: of one that was begun, more may be true.
 */
export async function whenConfirmed<T extends object>(
  house: House,
  { portal, now, than }: Standing,
  visitor: Visitor,
  work: (tx: Tx, here: Standing) => Promise<T>,
  mayGoOn: (tx: Tx, here: Standing) => Promise<boolean> = async (_, here) => here.due === undefined,
): Promise<T | Changed> {
  const outcome = await house.storage.inTransaction(async (tx) => {
    const before = await standingOf(tx, house, portal, visitor, now, than)
    if (!before) return { changed: 'due' } as const
    await holdAccount(tx, before.account.id)
    const here = await standingOf(tx, house, portal, visitor, now, than)
    return here && (await mayGoOn(tx, here)) ? work(tx, here) : ({ changed: 'due' } as const)
  })
  house.notify()
  return outcome
}

export interface Change {
  readonly account?: Partial<Omit<NewRow<'account'>, 'id' | 'portal'>>
  readonly notice: Notice
  /** Where else the owner is told: what the account had before. */
  readonly alsoTo?: { readonly email?: string; readonly phone?: string }
}

/** What every change causes, in its transaction. The session that made it lives on, under a new cookie value. */
export async function changed(
  tx: Tx,
  house: House,
  here: Standing,
  visitor: Visitor,
  change: Change,
): Promise<Extract<Changed, { changed: 'made' }>> {
  const { account, portal, session, attempt, now } = here
  await changeAccount(tx, account.id, { ...change.account, authenticators_changed_at: now })
  await endOthers(tx, contextOf(house, here, visitor), account.id, { attempt: attempt?.id, session: session.id })
  await dropPendingEnrolment(tx, account.id)
  const cookies = await renewed(tx, house, here)
  const after = await findAccount(tx, portal.id, account.id)
  if (!after) throw new Fault('impossible', 'the account that was changed is gone')
  const { device, language } = visitor
  await tellOwner(
    tx,
    house,
    { portal, account: after, device, language, now, ...(change.alsoTo ? { alsoTo: change.alsoTo } : {}) },
    change.notice,
  )
  return { changed: 'made', cookies }
}

/** A new cookie value for this session: what was copied before is worth nothing. */
export async function renewed(tx: Tx, house: House, { session, now }: Standing): Promise<{ session: string }> {
  const token = house.random.token()
  if (!(await renewSession(tx, session.id, hashOfToken(house.vault, 'session', token), now)))
    throw new Fault('impossible', 'a session that was read in this transaction has ended')
  return { session: token }
}
