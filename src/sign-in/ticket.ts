import * as audit from '../audit/index.ts'
import { mayRecover, type Proved, recovers } from '../decision/index.ts'
import { tellOwner } from '../delivery/index.ts'
import type { House } from '../factors/index.ts'
import { type AuthenticatorRow, raise, readTicket, removeAuthenticator, spendTicket, type Tx, takeBackTry } from '../storage/index.ts'
import { type Here, paused } from './answer.ts'
import { act, believe, type Moved } from './believe.ts'
import { contextOf } from './context.ts'
import { afterFailure } from './failures.ts'
import { secondStepKey, secondStepRule } from './limits.ts'
import type { Refused } from './refusals.ts'
import type { Said } from './said.ts'
import { endOthers } from './sessions.ts'
import type { Situation, Visitor } from './situation.ts'

/** A ticket that an operator gave: counted like every code, spent by one write, believed in the same transaction. */
export async function answerTicket(house: House, before: Situation, visitor: Visitor, typed: string): Promise<Moved | Said> {
  const { step, attempt, account, need, portal, now } = before
  if (step.step === 'wait') return paused(house, before, visitor, step.until)
  if (!attempt || !account || !mayRecover(need, step)) return { situation: before, cookies: {} }
  if (typed.trim() === '') return { said: 'ticket.empty', status: 422, field: 'ticket' }

  const tries = await raise(house.storage.db, secondStepKey(account.id), secondStepRule(portal), now)
  if (!tries.raised) return paused(house, before, visitor, tries.pausedUntil ?? now)
  const code = readTicket(typed)
  const context = { ...contextOf(house, before, visitor), method: 'ticket' as const }
  const outcome = await act<Refused | Moved>(house, before, visitor, async (tx, held) => {
    if (code === undefined || !(await spendTicket(tx, house.vault, portal.id, account.id, code, now))) {
      await audit.recoveryRefused(tx, context)
      return { refused: { said: 'ticket.wrong', status: 422, field: 'ticket' } }
    }
    // A right one on the way is no failure, and clears none.
    await takeBackTry(tx, secondStepKey(account.id), now)
    await audit.recoveryAccepted(tx, context)
    return believe(tx, house, held, visitor, [{ fact: 'proved', method: 'ticket', purpose: 'recovery', at: now }], before)
  })
  return 'refused' in outcome ? afterFailure(house, before, visitor, outcome, tries) : outcome
}

/** Whether a ticket may stand in for what is asked at this moment. */
export const mayUseTicket = ({ need, step }: Situation): boolean => mayRecover(need, step)

/**
 * What was set up anew in this sign-in has been confirmed: what was registered before it ends, and so does whatever it let in or half-way
 * in. All known addresses are told.
 */
export async function endWhatWasLost(
  tx: Tx,
  house: House,
  here: Here,
  visitor: Visitor,
  earlier: readonly AuthenticatorRow[],
  proof: Proved,
): Promise<void> {
  const { need, facts, account, attempt, session, portal, now } = here
  if (!recovers(need, facts) || recovers(need, [...facts, proof])) return
  for (const old of earlier) await removeAuthenticator(tx, account.id, old.id)
  const context = contextOf(house, here, visitor)
  await endOthers(tx, context, account.id, { attempt: attempt.id, session: session?.id })
  await audit.recoveryCompleted(tx, { ...context, method: proof.method })
  const { language } = attempt
  await tellOwner(tx, house, { portal, account, device: visitor.device, language, now }, { notice: 'recovered' })
}
