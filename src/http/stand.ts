import type { ConnectAsked } from '../connect/index.ts'
import { noteActivity, type Situation, situationOf } from '../sign-in/index.ts'
import { setCookie } from './cookies.ts'
import type { Visit } from './visit.ts'

export interface Standing {
  readonly situation: Situation
  readonly cookies: readonly string[]
  readonly asked?: ConnectAsked | undefined
}

/** Where this browser stands at this portal, and what an application asked of it. Reads only. */
export async function stand(visit: Visit): Promise<Situation> {
  const { doors, portal, visitor, now, request, response } = visit
  const { house, connect } = doors
  const situation = await situationOf(house.storage.db, house, portal, visitor, now)
  if (isOpen(situation)) return situation
  const asked = await connect.asked(portal, request, response)
  return asked ? situationOf(house.storage.db, house, portal, visitor, now, asked) : situation
}

/**
 * The first page of a sign-in. Another application that asks meanwhile begins a sign-in of its own: the one that was left
 * half-way is left behind, so that two requests in one browser never mix.
 */
export async function standAtStart(visit: Visit): Promise<Standing> {
  const { doors, portal, visitor, now, request, response } = visit
  const { house, connect } = doors
  const situation = await situationOf(house.storage.db, house, portal, visitor, now)
  const asked = await connect.asked(portal, request, response)
  if (!asked || (isOpen(situation) && situation.interaction === asked.interaction)) return { situation, asked, cookies: [] }
  const fresh = await situationOf(house.storage.db, house, portal, { ...visitor, flow: undefined }, now, asked)
  return { situation: fresh, asked, cookies: isOpen(situation) ? [setCookie(portal, 'flow', '')] : [] }
}

export const isOpen = (situation: Situation): boolean => situation.attempt !== undefined && situation.attempt.finished_at === null

/** A person looked at a page inside a session: its idle time begins anew. */
export async function touch({ doors, now }: Visit, { session }: Situation): Promise<void> {
  if (session) await noteActivity(doors.house.storage.db, session, now)
}
