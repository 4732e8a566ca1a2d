import * as audit from '../audit/index.ts'
import { addableTo, linkApp, type SecondStep } from '../decision/index.ts'
import { isOutgoing, openPending, preparePending, replacingSeconds } from '../enrolment/index.ts'
import type { House } from '../factors/index.ts'
import { contextOf, isSaid, type Said, type Visitor, weighCode } from '../sign-in/index.ts'
import { type AuthenticatorRow, authenticatorsOf, type Db, endAuthenticatorAt, type Tx, workingAuthenticatorsOf } from '../storage/index.ts'
import { type Changed, changed, whenConfirmed } from './changed.ts'
import { asSituation } from './confirm.ts'
import { openAttempt, type Standing } from './standing.ts'

type Outcome = Changed | Said

/** So many apps and phones an account has at most. */
const mostMethods = 5
/** How long the picture of a session can be finished: as long as a sign-in. */
const linkingSeconds = 3_600

/** What can be added now; nothing when the account has as much as it may have. */
export const addable = ({ need, view }: Standing): SecondStep[] => (view.bound.length >= mostMethods ? [] : addableTo(need, view))

/** The app of this account that a new one may take the place of. */
export async function replaceable(db: Db | Tx, { account, now }: Standing, id: string): Promise<AuthenticatorRow | undefined> {
  const apps = (await workingAuthenticatorsOf(db, account.id, now)).filter((it) => it.method === 'totp')
  return isPaired(apps, id, now) ? undefined : apps.find((it) => it.id === id)
}

/** One of two apps of which the newer takes the place of the older: neither ends the other early. */
export const isPaired = (apps: readonly AuthenticatorRow[], id: string, now: number): boolean =>
  apps.some((it) => isOutgoing(it, now) && (it.id === id || it.replaced_by === id))

/** The secret of a new app is made, behind the confirmation and never beside it. */
export function beginLinking(house: House, before: Standing, visitor: Visitor, replaced?: string): Promise<Outcome> {
  return whenConfirmed<Outcome>(house, before, visitor, async (tx, here) => {
    const may = replaced === undefined ? addable(here).includes(linkApp.method) : await replaceable(tx, here, replaced)
    if (!may) return { said: 'method.unavailable', status: 422, field: 'method' }
    const attempt = here.attempt ?? (await openAttempt(tx, house, here, visitor))
    const enrolment = await preparePending(tx, house, { account: here.account, attempt: attempt.id, cookie: visitor.enrolment }, here.now)
    return { changed: 'made', cookies: enrolment ? { enrolment } : {} }
  })
}

/**
 * Whether this session has a picture to show. It was begun behind a confirmation and ends with any change, so that somebody who installs
 * the app meanwhile is not asked again.
 */
export async function isLinking(house: House, { account, attempt, now }: Standing): Promise<boolean> {
  const pending = attempt && (await openPending(house.storage.db, house, account.id, attempt.id, now))
  return pending !== undefined && pending.createdAt + linkingSeconds * 1000 > now
}

/** The first code of the new app. `replaced`: the one whose place it takes works on, until the new one was used twice or a week is over. */
export async function finishLinking(house: House, before: Standing, visitor: Visitor, typed: string, replaced?: string): Promise<Outcome> {
  if (!(await isLinking(house, before)) || !before.attempt) return { changed: 'due' }
  const old = replaced === undefined ? undefined : await replaceable(house.storage.db, before, replaced)
  if (replaced !== undefined && !old) return { changed: 'not-yours' }
  const outcome = await weighCode<Outcome>(house, asSituation(before, linkApp), visitor, linkApp, typed, async (tx, at, _, earlier) => {
    const here = { ...before, attempt: at.attempt }
    const context = { ...contextOf(house, here, visitor), method: linkApp.method }
    await audit.enrolmentCompleted(tx, context)
    await audit.authenticatorBound(tx, context)
    const method = { method: linkApp.method, boundAt: at.now }
    const account = { second_step_since: at.account.second_step_since ?? at.now }
    if (!old) return changed(tx, house, here, visitor, { account, notice: { notice: 'method-added', ...method } })

    const newest = (await authenticatorsOf(tx, at.account.id)).find((it) => !earlier.some((one) => one.id === it.id))
    const oldEndsAt = at.now + replacingSeconds * 1000
    await endAuthenticatorAt(tx, at.account.id, old.id, { endsAt: oldEndsAt, by: newest?.id ?? '' })
    return changed(tx, house, here, visitor, { account, notice: { notice: 'method-replacing', ...method, oldEndsAt } })
  })
  house.notify()
  return isSaid(outcome) || 'changed' in outcome ? outcome : { changed: 'due' }
}
