import * as audit from '../audit/index.ts'
import type { Proved } from '../decision/index.ts'
import type { House } from '../factors/index.ts'
import {
  type AccountRow,
  endOpenAttempts,
  endOwnSession,
  endSessionsOf,
  forgetRememberedOf,
  type SessionRow,
  sessionsOf,
} from '../storage/index.ts'
import { contextOf } from './context.ts'
import { absoluteSeconds } from './sessions.ts'
import type { Situation, Visitor } from './situation.ts'

/** Who is signed in and looks after their own account. */
export type Inside = Pick<Situation, 'portal' | 'now'> & { readonly account: AccountRow; readonly session: SessionRow }

/** How fresh a second step must be before others are signed out (ASVS 5.0, 7.5.1). */
const freshSeconds = 300

/** Whether this session showed a real second step in the last five minutes; a remembered browser is none. */
export function isConfirmed({ facts, now }: Pick<Situation, 'facts' | 'now'>): boolean {
  return facts.some((it) => it.fact === 'proved' && isSecondStep(it) && it.at <= now && it.at > now - freshSeconds * 1000)
}

const isSecondStep = ({ method, purpose }: Proved): boolean =>
  method !== 'password' && method !== 'remembered-browser' && purpose !== 'gate' && purpose !== 'recovery'

/** The sessions of this account that are open, also where nobody looked for an hour: this one first, then the one seen last. */
export async function ownSessions({ storage }: House, { portal, account, session, now }: Inside): Promise<SessionRow[]> {
  const found = await sessionsOf(storage.db, portal.id, account.id, now - absoluteSeconds * 1000, now)
  return [...found.filter((it) => it.id === session.id), ...found.filter((it) => it.id !== session.id)]
}

/** Ends one session of this account. One that is not theirs, or over, is left as it is. */
export async function endOne(house: House, inside: Inside, visitor: Visitor, id: string): Promise<boolean> {
  const { account, now } = inside
  return house.storage.inTransaction(async (tx) => {
    const ended = await endOwnSession(tx, account.id, id, now)
    if (ended) await audit.sessionEnded(tx, contextOf(house, inside, visitor))
    return ended
  })
}

/** Signs out everywhere, here as well: no session, no half-way sign-in and no remembered browser is left. */
export async function endEverywhere(house: House, inside: Inside, visitor: Visitor): Promise<number> {
  const { account, now } = inside
  return house.storage.inTransaction(async (tx) => {
    const context = contextOf(house, inside, visitor)
    const ended = await endSessionsOf(tx, account.id, now)
    for (let nr = 0; nr < ended; nr++) await audit.sessionEnded(tx, context)
    await endOpenAttempts(tx, account.id, undefined, now)
    if ((await forgetRememberedOf(tx, account.id, now)) > 0) await audit.rememberedForgotten(tx, context)
    return ended
  })
}

/** Forgets one remembered browser of this account, or all of them. The browser stays known, which asks no less of anybody. */
export async function forgetBrowsers(house: House, inside: Inside, visitor: Visitor, browser?: string): Promise<boolean> {
  const { account, now } = inside
  return house.storage.inTransaction(async (tx) => {
    const forgot = (await forgetRememberedOf(tx, account.id, now, browser)) > 0
    if (forgot) await audit.rememberedForgotten(tx, contextOf(house, inside, visitor))
    return forgot
  })
}
