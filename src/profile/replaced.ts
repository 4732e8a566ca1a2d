import * as audit from '../audit/index.ts'
import { hasOther, type SecondStep } from '../decision/index.ts'
import { isOutgoing, isRetired } from '../enrolment/index.ts'
import type { House } from '../factors/index.ts'
import { contextOf, type Said, type Visitor } from '../sign-in/index.ts'
import { type AuthenticatorRow, authenticatorsOf, type Db, endAuthenticatorAt, noteEndTold, type Tx } from '../storage/index.ts'
import { type Changed, changed, whenConfirmed } from './changed.ts'
import { notYours } from './remove.ts'
import type { Standing } from './standing.ts'

/** Neither of two apps ends the other: something else must speak for the person. */
export const notByApps: SecondStep = 'totp'

/** What can be done about an app whose place another took. */
export type Ending = 'keep-both' | 'stolen' | 'put-back'

/** Which of these this app is open for now. */
export function endingsOf({ need, view, now }: Standing, app: AuthenticatorRow): Ending[] {
  if (isOutgoing(app, now)) return ['keep-both', ...(hasOther(need, view, notByApps) ? (['stolen'] as const) : [])]
  return isRetired(app, now) ? ['put-back'] : []
}

export async function endingApp(db: Db | Tx, here: Standing, id: string, ending: Ending): Promise<AuthenticatorRow | undefined> {
  const app = (await authenticatorsOf(db, here.account.id)).find((it) => it.id === id)
  return app && endingsOf(here, app).includes(ending) ? app : undefined
}

/** Both stay; the old one ends now, by something else than the two apps; or the one that ended comes back. */
export function decideEnding(house: House, before: Standing, visitor: Visitor, id: string, ending: Ending): Promise<Changed | Said> {
  return whenConfirmed<Changed | Said>(house, before, visitor, async (tx, here) => {
    const app = await endingApp(tx, here, id, ending)
    if (!app) return notYours(tx, house, here, visitor)
    const { method, bound_at: boundAt } = app
    const context = { ...contextOf(house, here, visitor), method }
    if (ending === 'stolen') {
      await endAuthenticatorAt(tx, here.account.id, id, { endsAt: here.now, by: app.replaced_by ?? '' })
      // The mail about this says it too.
      await noteEndTold(tx, id, here.now)
      await audit.authenticatorRemoved(tx, context)
      return changed(tx, house, here, visitor, { notice: { notice: 'method-removed', method, boundAt, isLast: false } })
    }
    await endAuthenticatorAt(tx, here.account.id, id, undefined)
    await audit.authenticatorBound(tx, context)
    return changed(tx, house, here, visitor, { notice: { notice: 'method-added', method, boundAt } })
  })
}
