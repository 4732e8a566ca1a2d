import * as audit from '../audit/index.ts'
import { type Fact, optionsOf, type Step } from '../decision/index.ts'
import type { House } from '../factors/index.ts'
import {
  checkPassword,
  contextOf,
  type Here,
  heldBackSaid,
  isSaid,
  liveCode,
  type Moved,
  type Said,
  type Situation,
  secondStepKey,
  send,
  type Visitor,
  weighCode,
} from '../sign-in/index.ts'
import { addFact, type Tx, takeBackTry } from '../storage/index.ts'
import { type Changed, renewed } from './changed.ts'
import { openAttempt, type Standing, standingOf } from './standing.ts'

type Asked = Extract<Step, { step: 'prove' | 'enrol' }>
/** `due`: something more must be shown; `made`: the change may go on. */
type Confirmed = Changed | Said

/** A person wants to change something: when a code must be sent for that, it goes out now. */
export async function beginConfirm(house: House, before: Standing, visitor: Visitor): Promise<Confirmed> {
  if (!before.due) return { changed: 'made', cookies: {} }
  await inChanges(house, before, visitor, (tx, here) => sendDue(tx, house, here))
  return { changed: 'due' }
}

/** The code that the decision asks for, by the counter, the pause and the check of every other door. */
export async function confirmByCode(house: House, before: Standing, visitor: Visitor, typed: string): Promise<Confirmed> {
  const { due } = before
  if (!due) return { changed: 'made', cookies: {} }
  if (due.step === 'wait') return { said: 'code.paused', status: 429, until: due.until }
  if (due.step !== 'prove') return { changed: 'due' }
  const here = await withAttempt(house, before, visitor)
  const outcome = await weighCode<Changed>(house, asSituation(here, due), visitor, due, typed, async (tx, at, proof) => {
    const fact = { ...proof, purpose: 'change' } as const
    await addFact(tx, house.random.id(), at.attempt.id, at.account.id, fact)
    // A right code on the way is no failure; it clears none either.
    await takeBackTry(tx, secondStepKey(at.account.id), at.now)
    await audit.secondStepAccepted(tx, { ...contextOf(house, at, visitor), method: proof.method })
    return goOn(tx, house, here, visitor)
  })
  return ended(outcome)
}

/** The password once more, where the account has no second step yet; counted and checked as at the door. */
export async function confirmByPassword(house: House, before: Standing, visitor: Visitor, typed: string): Promise<Confirmed> {
  const { due, account, portal } = before
  if (due?.step !== 'password') return due ? { changed: 'due' } : { changed: 'made', cookies: {} }
  const wrong = await checkPassword(house, portal, account, visitor, typed, before.now)
  if (wrong) return wrong
  const here = await withAttempt(house, before, visitor)
  const outcome = await inChanges(house, here, visitor, async (tx, at) => {
    await believe(tx, house, at, { fact: 'proved', method: 'password', purpose: 'change', at: at.now })
    return goOn(tx, house, at, visitor)
  })
  return outcome ?? { changed: 'due' }
}

/** Another method for this confirmation; only one that the account really has. */
export async function chooseForConfirm(house: House, before: Standing, visitor: Visitor, method: string): Promise<Confirmed> {
  const { due, need, view, now } = before
  if (due?.step !== 'prove') return due ? { changed: 'due' } : { changed: 'made', cookies: {} }
  if (method === '') return { said: 'method.none', status: 422, field: 'method' }
  const option = optionsOf(need, view).find((it) => it.method === method && it.state === 'ready' && it.method !== before.than)
  if (!option) return { said: 'method.unavailable', status: 422, field: 'method' }
  await inChanges(house, before, visitor, async (tx, at) => {
    await believe(tx, house, at, { fact: 'chose', method: option.method, at: now })
    const chosen = await standingOf(tx, house, at.portal, visitor, now, at.than)
    if (chosen) await sendDue(tx, house, chosen)
  })
  return { changed: 'due' }
}

/** A new code over the same channel. */
export async function resendConfirm(house: House, before: Standing, visitor: Visitor): Promise<Confirmed> {
  const { due } = before
  if (due?.step === 'wait') return { said: 'code.paused', status: 429, until: due.until }
  if (due?.step !== 'prove') return due ? { changed: 'due' } : { changed: 'made', cookies: {} }
  const sent = await inChanges(house, before, visitor, (tx, at) => send(tx, house, asSituation(at, due), due))
  return sent && !sent.sent ? heldBackSaid(sent, 200) : { changed: 'due' }
}

type WithAttempt = Standing & Required<Pick<Standing, 'attempt'>>

/** Work on the row of this session's changes; nothing when the session is over. */
async function inChanges<T>(
  house: House,
  { portal, now, than }: Standing,
  visitor: Visitor,
  work: (tx: Tx, here: WithAttempt) => Promise<T>,
): Promise<T | undefined> {
  const outcome = await house.storage.inTransaction(async (tx) => {
    const here = await standingOf(tx, house, portal, visitor, now, than)
    return here && work(tx, { ...here, attempt: here.attempt ?? (await openAttempt(tx, house, here, visitor)) })
  })
  house.notify()
  return outcome
}

async function withAttempt(house: House, before: Standing, visitor: Visitor): Promise<WithAttempt> {
  const attempt = before.attempt ?? (await house.storage.inTransaction((tx) => openAttempt(tx, house, before, visitor)))
  return { ...before, attempt }
}

const believe = (tx: Tx, house: House, { attempt, account }: WithAttempt, fact: Fact): Promise<void> =>
  addFact(tx, house.random.id(), attempt.id, account.id, fact)

/** Sends the code of this step, unless one that was sent before still works. */
async function sendDue(tx: Tx, house: House, here: Standing): Promise<void> {
  const { due } = here
  if (due?.step !== 'prove' || !here.attempt || (await liveCode(tx, asSituation(here, due), due))) return
  await send(tx, house, asSituation(here, due), due)
}

/** After a proof: the change goes on under a new cookie value, or the next proof is asked. */
async function goOn(tx: Tx, house: House, before: WithAttempt, visitor: Visitor): Promise<Changed> {
  const here = await standingOf(tx, house, before.portal, visitor, before.now, before.than)
  if (!here) return { changed: 'due' }
  if (!here.due) return { changed: 'made', cookies: await renewed(tx, house, here) }
  await sendDue(tx, house, here)
  return { changed: 'due' }
}

/** The same for the parts of a sign-in that send and check codes. */
export const asSituation = (here: Standing, step: Asked): Situation & Here => ({ ...here, step }) as Situation & Here

/** A row that ended meanwhile shows where the session really is. */
function ended(outcome: Changed | Moved | Said): Confirmed {
  return isSaid(outcome) || 'changed' in outcome ? outcome : { changed: 'due' }
}

/** Whether a code has yet to be sent for this confirmation: the person presses a button for it, reading a page sends nothing. */
export async function awaitsCode(house: House, here: Standing): Promise<boolean> {
  const { due } = here
  if (due?.step !== 'prove' || due.method === 'totp') return false
  return !here.attempt || (await liveCode(house.storage.db, asSituation(here, due), due)) === undefined
}
