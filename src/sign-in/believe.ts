import type { Fact, Proved, SecondStep, Step } from '../decision/index.ts'
import { preparePending, wasBegunHere } from '../enrolment/index.ts'
import { type House, isLive, type Sent, sendCode } from '../factors/index.ts'
import {
  type AccountRow,
  type AttemptRow,
  addFact,
  type CodeRow,
  codeHolderOf,
  codesOf,
  type Db,
  holdAttempt,
  type Tx,
} from '../storage/index.ts'
import { stopCopied } from './browsers.ts'
import { type Finished, finish } from './finish.ts'
import { type Situation, situationOf, type Visitor } from './situation.ts'

/** What a person's act led to: where the sign-in stands now, what was sent, and the cookies that change. */
export interface Moved {
  readonly situation: Situation
  readonly sent?: Sent
  readonly finished?: Finished
  /** The owner was told of something. */
  readonly told?: boolean
  readonly cookies: { readonly flow?: string; readonly enrolment?: string; readonly session?: string; readonly browser?: string }
}

/**
 * An act of a person on a sign-in, whole or not at all; a message that it put in the outbox is sent at once. A sign-in that another
 * tab has finished meanwhile shows where it really is.
 */
export async function act<T extends object>(
  house: House,
  { attempt, portal, now }: Situation,
  visitor: Visitor,
  work: (tx: Tx, attempt: AttemptRow) => Promise<T>,
): Promise<T | Moved> {
  const outcome = await house.storage.inTransaction(async (tx) => {
    const held = attempt && (await holdAttempt(tx, attempt.id, now))
    return held ? work(tx, held) : { situation: await situationOf(tx, house, portal, visitor, now), cookies: {} }
  })
  wake(house, outcome)
  return outcome
}

/** Tells delivery that a message waits, once it is really there. What need not leave at once is found by its next look, within a second. */
export function wake(house: House, outcome: object): void {
  const { sent, told } = outcome as { sent?: Sent; told?: boolean }
  if (sent?.sent || told) house.notify()
}

/** Adds a fact to a sign-in and does what the next step needs; all inside the caller's transaction, so both or none. */
export async function believe(
  tx: Tx,
  house: House,
  attempt: AttemptRow,
  visitor: Visitor,
  facts: readonly Fact[],
  before: Situation,
  remember = false,
): Promise<Moved> {
  const { now, portal } = before
  for (const fact of facts) await addFact(tx, house.random.id(), attempt.id, attempt.account_id, fact)
  const situation = await situationOf(tx, house, portal, visitor, now)
  return goOn(tx, house, situation, visitor, remember)
}

/** Nothing is sent, made or signed but here, and only when the decision says that it is due. */
export async function goOn(tx: Tx, house: House, situation: Situation, visitor: Visitor, remember: boolean): Promise<Moved> {
  const told = await stopCopied(tx, house, situation, visitor)
  const moved = await takeStep(tx, house, situation, visitor, remember)
  return told ? { ...moved, told } : moved
}

async function takeStep(tx: Tx, house: House, situation: Situation, visitor: Visitor, remember: boolean): Promise<Moved> {
  const { attempt, account, portal, step, now } = situation
  if (!attempt || !account) return { situation, cookies: {} }
  if (step.step === 'done') {
    const finished = await finish(tx, house, situation, step, visitor, remember)
    if (!finished) {
      // The session has ended, or the mark: without both, this sign-in asks what is missing.
      const left = { ...visitor, session: undefined, browser: undefined }
      return { situation: await situationOf(tx, house, portal, left, now), cookies: {} }
    }
    return { situation, cookies: finished.cookies, finished }
  }
  // The app that this browser left half linked was chosen before the gate: it is not asked again.
  if (step.step === 'choose-enrolment' && (await wasBegunHere(tx, house, { account, cookie: visitor.enrolment }, now))) {
    await addFact(tx, house.random.id(), attempt.id, account.id, { fact: 'chose', method: 'totp', at: now })
    const chosen = await situationOf(tx, house, portal, visitor, now)
    return chosen.step.step === 'enrol' ? takeStep(tx, house, chosen, visitor, remember) : { situation: chosen, cookies: {} }
  }
  if (step.step === 'enrol') {
    const enrolment = await preparePending(tx, house, { account, attempt: attempt.id, cookie: visitor.enrolment }, now)
    return { situation, cookies: enrolment ? { enrolment } : {} }
  }
  if (step.step !== 'prove' || step.method === 'totp' || (await liveCode(tx, situation, step))) return { situation, cookies: {} }
  const sent = await send(tx, house, situation, step)
  return sent ? { situation, sent, cookies: {} } : { situation, cookies: {} }
}

/** Sends the code that this step asks for, to the stored address and nowhere else. */
export async function send(tx: Tx, house: House, situation: Situation, step: Extract<Step, { step: 'prove' }>): Promise<Sent | undefined> {
  const { portal, attempt, account, from, now } = situation
  if (!attempt || !account || step.method === 'totp') return undefined
  const address = addressFor(step, account, attempt)
  if (address === null) return undefined
  const language = account.language ?? attempt.language
  const to = { purpose: step.purpose, channel: step.method, address, from, language }
  return sendCode(tx, house, { portal, account, attempt: codeHolderOf(attempt), ...to }, now)
}

/** A number that is being registered stands in the sign-in; every other address in the account. */
export function addressFor(
  step: { method: SecondStep; purpose: Proved['purpose'] },
  account: AccountRow,
  attempt: AttemptRow,
): string | null {
  if (step.purpose === 'new-email') return attempt.email
  if (step.method === 'email') return account.email
  return step.purpose === 'new-phone' ? attempt.phone : account.phone
}

/** The newest code that this sign-in sent for the step, over its channel, and that can still be right. */
export async function liveCode(
  tx: Db | Tx,
  { attempt, portal, now }: Situation,
  { method, purpose }: Extract<Step, { step: 'prove' }>,
): Promise<CodeRow | undefined> {
  const codes = attempt ? await codesOf(tx, codeHolderOf(attempt), purpose) : []
  return codes.find((it) => it.channel === method && isLive(it, portal.limits.codeTries, now))
}
