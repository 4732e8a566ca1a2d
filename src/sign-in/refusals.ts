import * as audit from '../audit/index.ts'
import type { Instant, Purpose } from '../decision/index.ts'
import { preparePending } from '../enrolment/index.ts'
import { equalInConstantTime, type House, type Sent } from '../factors/index.ts'
import { type AttemptRow, codeHolderOf, codesOf, digitsOf, type Tx, takeBackTry } from '../storage/index.ts'
import type { Asked, Here, Refusal } from './answer.ts'
import { liveCode, type Moved, send } from './believe.ts'
import { contextOf } from './context.ts'
import { secondStepKey } from './limits.ts'
import { heldBackSaid, type Said } from './said.ts'
import { situationOf, type Visitor } from './situation.ts'

/** A code that did not count. `excused`: it was no guess, and costs the account no try. */
export interface Refused {
  readonly refused: Said
  readonly sent?: Sent
  readonly excused?: true
}

/** A refusal commits: it is a value, and its event is written with it. What it causes at once happens here too. */
export async function refuse(
  tx: Tx,
  house: House,
  here: Here,
  visitor: Visitor,
  step: Asked,
  refusal: Refusal,
  digits: string,
  tries: { readonly pausedUntil?: Instant },
): Promise<Refused | Moved> {
  const sentFor = await otherPurposeOf(tx, house, here.attempt, step, digits)
  await note(tx, house, here, visitor, step, refusal, sentFor !== undefined)
  if (refusal.why === 'expired') return sendAnother(tx, house, here, step, refusal)
  if (refusal.why === 'spent')
    return tries.pausedUntil ? { refused: { said: 'code.spent', status: 422 } } : sendAnother(tx, house, here, step, refusal)
  if (refusal.why === 'gone') return showNewSecret(tx, house, here, visitor)
  return { refused: await sentenceOf(tx, here, step, refusal, sentFor !== undefined) }
}

async function note(tx: Tx, house: House, here: Here, visitor: Visitor, step: Asked, refusal: Refusal, isOther: boolean): Promise<void> {
  const context = contextOf(house, here, visitor)
  const reason = isOther && refusal.why === 'wrong' ? 'other-purpose' : reasonOf(refusal)
  if (step.step === 'enrol') await audit.enrolmentRefused(tx, { ...context, method: 'totp', reason })
  else if (step.purpose === 'gate') await audit.gateRefused(tx, { ...context, method: step.method, reason })
  else await audit.secondStepRefused(tx, { ...context, method: step.method, reason })
}

const reasonOf = ({ why }: Refusal): audit.CodeReason =>
  why === 'used' || why === 'expired' ? why : why === 'previous' || why === 'clock' ? 'out-of-window' : 'wrong'

/** A code whose life is over, or that had its tries, is answered with a new one, which counts as a resend. */
async function sendAnother(tx: Tx, house: House, here: Here, step: Asked, refusal: Refusal): Promise<Refused> {
  if (step.step === 'enrol') throw new Error('an app is sent no code')
  // A code that this sign-in sent and whose time is over is no guess: its try is given back.
  const isOver = refusal.why === 'expired'
  if (isOver) await takeBackTry(tx, secondStepKey(here.account.id), here.now)
  const excused = isOver ? { excused: true as const } : {}

  const newer = isOver ? await liveCode(tx, here, step) : undefined
  const sent = newer ? undefined : await send(tx, house, here, step)
  if (sent && !sent.sent) return { refused: heldBackSaid(sent, 422), ...excused }
  const reference = newer?.reference ?? (sent?.sent ? sent.reference : undefined)
  const refused: Said = {
    said: isOver ? 'code.expired' : 'code.spent',
    status: 422,
    ...(reference === undefined ? {} : { reference }),
    ...('endedAt' in refusal && refusal.endedAt ? { at: refusal.endedAt } : {}),
  }
  return { refused, ...(sent ? { sent } : {}), ...excused }
}

/** The secret of this page is no more: a new one stands in its place, unless the app was linked meanwhile. */
async function showNewSecret(tx: Tx, house: House, here: Here, visitor: Visitor): Promise<Refused | Moved> {
  const { account, attempt, portal, now } = here
  const situation = await situationOf(tx, house, portal, visitor, now)
  if (situation.step.step !== 'enrol') return { situation, cookies: {} }
  const enrolment = await preparePending(tx, house, { account, attempt: attempt.id, cookie: visitor.enrolment }, now)
  return { refused: { said: 'enrol.expired', status: 422, ...(enrolment ? { enrolment } : {}) } }
}

/**
 * The sentence for a refused code. Before it knows the browser the page says no more than that the code is not right; in a browser
 * that is known for the account, and for codes of this very sign-in, it says what happened.
 */
async function sentenceOf(tx: Tx, { attempt, view }: Here, step: Asked, refusal: Refusal, isOther: boolean): Promise<Said> {
  if (step.step === 'enrol') {
    if (refusal.why === 'clock') return { said: 'code.clock', status: 422, minutes: refusal.minutes, direction: refusal.direction }
    return { said: isOther ? 'code.otherKind' : 'code.wrongEnrol', status: 422 }
  }
  if (step.method === 'totp') {
    if (isOther) return { said: 'code.otherKind', status: 422 }
    if (view?.knownBrowser && refusal.why === 'used') return { said: 'code.usedApp', status: 422 }
    if (view?.knownBrowser && refusal.why === 'previous') return { said: 'code.previousApp', status: 422 }
    return { said: 'code.wrongApp', status: 422 }
  }
  if (refusal.why === 'used') return { said: 'code.usedSent', status: 422 }
  const newest = (await codesOf(tx, codeHolderOf(attempt), step.purpose)).find((it) => it.channel === step.method)
  return {
    said: step.method === 'email' ? 'code.wrongMail' : 'code.wrongSms',
    status: 422,
    ...(newest ? { reference: newest.reference } : {}),
  }
}

const sentPurposes: readonly Purpose[] = ['sign-in', 'gate', 'new-phone', 'change', 'new-email']

/** What this sign-in sent the code for, when it was for something else than what is asked here. */
async function otherPurposeOf(tx: Tx, house: House, attempt: AttemptRow, step: Asked, digits: string): Promise<Purpose | undefined> {
  const asked = step.step === 'prove' && step.method !== 'totp' ? step.purpose : undefined
  for (const purpose of sentPurposes.filter((it) => it !== asked)) {
    const codes = await codesOf(tx, codeHolderOf(attempt), purpose)
    if (codes.some((it) => equalInConstantTime(digitsOf(house.vault, it.id), digits))) return purpose
  }
  return undefined
}
