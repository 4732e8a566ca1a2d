import type { Situation } from '../sign-in/index.ts'
import type { AccountRow, SessionRow } from '../storage/index.ts'
import { basePath, path, pathOf } from './paths.ts'
import { stand, touch } from './stand.ts'
import { type Answer, type Handler, seeOther, type Visit } from './visit.ts'

/** Somebody inside a full session. */
export type Indoors = Situation & { readonly account: AccountRow; readonly session: SessionRow }

/** Inside a full session: else the step that is missing first. */
export const indoors =
  (work: (visit: Visit, situation: Indoors) => Promise<Answer>): Handler =>
  async (visit) => {
    const situation = await stand(visit)
    const { session, account, step, need } = situation
    const due = pathOf(step, need)
    if (!session || !account || due !== path.home) return seeOther(basePath(visit.portal) + due)
    await touch(visit, situation)
    return work(visit, { ...situation, session, account })
  }
