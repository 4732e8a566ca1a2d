import * as audit from '../audit/index.ts'
import { type Bound, removalOf } from '../decision/index.ts'
import type { House } from '../factors/index.ts'
import { contextOf, type Said, type Visitor } from '../sign-in/index.ts'
import {
  type AuthenticatorRow,
  authenticatorsOf,
  type Db,
  removeAuthenticator,
  renameAuthenticator,
  type Tx,
  workingAuthenticatorsOf,
} from '../storage/index.ts'
import { isPaired } from './add.ts'
import { type Changed, changed, whenConfirmed } from './changed.ts'
import type { Standing } from './standing.ts'

export interface Removal {
  readonly method: AuthenticatorRow
  readonly may: boolean
  readonly isLast: boolean
  /** Over which channel the next sign-in begins, when it is the last one. */
  readonly gate?: 'email' | 'sms'
}

/** What removing this one would mean; undefined when the account has no such authenticator. */
export async function removal(db: Db | Tx, { account, view, need, now }: Standing, id: string): Promise<Removal | undefined> {
  const method = (await authenticatorsOf(db, account.id)).find((it) => it.id === id)
  if (!method) return undefined
  const left = (await workingAuthenticatorsOf(db, account.id, now)).filter((it) => it.id !== id)
  const bound = left.map((it): Bound => ({ method: it.method, disabled: it.disabled_at !== null }))
  return { method, ...removalOf(need, { ...view, bound }) }
}

/** The code of this app or phone proves nothing any more, at no door; the last one only where the portal lets it go. */
export function removeMethod(house: House, before: Standing, visitor: Visitor, id: string): Promise<Changed | Said> {
  return whenConfirmed<Changed | Said>(house, before, visitor, async (tx, here) => {
    const { account } = here
    const found = await removal(tx, here, id)
    if (!found) return notYours(tx, house, here, visitor)
    // Of two apps, of which the newer takes the place of the older, neither removes the other early.
    if (isPaired(await authenticatorsOf(tx, account.id), id, here.now)) return { said: 'method.unavailable', status: 422 }
    if (!found.may) return { said: 'profile.lastMethod', status: 422, field: 'method' }
    if (!(await removeAuthenticator(tx, account.id, id))) return notYours(tx, house, here, visitor)
    const { method, bound_at: boundAt } = found.method
    await audit.authenticatorRemoved(tx, { ...contextOf(house, here, visitor), method })
    return changed(tx, house, here, visitor, { notice: { notice: 'method-removed', method, boundAt, isLast: found.isLast } })
  })
}

const longestName = 40

/** What the person calls it, for their own eyes. Nothing about who gets in changes, so nobody is signed out. */
export function renameMethod(house: House, before: Standing, visitor: Visitor, id: string, typed: string): Promise<Changed | Said> {
  const name = typed
    .normalize('NFC')
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
  const length = [...name].length
  if (length > longestName) return Promise.resolve({ said: 'profile.nameLong', status: 422, field: 'name', left: length })
  return whenConfirmed<Changed | Said>(house, before, visitor, async (tx, here) =>
    (await renameAuthenticator(tx, here.account.id, id, name === '' ? null : name))
      ? { changed: 'made', cookies: {} }
      : notYours(tx, house, here, visitor),
  )
}

/** An id of somebody else and one that nobody has: the same answer. */
export async function notYours(tx: Db | Tx, house: House, here: Standing, visitor: Visitor): Promise<Changed> {
  await audit.requestRefused(tx, { ...contextOf(house, here, visitor), reason: 'not-yours' })
  return { changed: 'not-yours' }
}
