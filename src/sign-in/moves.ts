import * as audit from '../audit/index.ts'
import { type Fact, optionsOf, type Way } from '../decision/index.ts'
import { type HeldBack, type House, readPhoneNumber, sendCode } from '../factors/index.ts'
import { type AttemptRow, addAttempt, addFact, changeAttempt, codeHolderOf, endCodes, holdAttempt, type Tx } from '../storage/index.ts'
import { newAttempt } from './begin.ts'
import { act, believe, goOn, type Moved, send, wake } from './believe.ts'
import { contextOf } from './context.ts'
import { mayBegin } from './crowd.ts'
import { heldBackSaid, type Said } from './said.ts'
import { type Situation, situationOf, type Visitor } from './situation.ts'

/*
 * What a person does besides giving a password or a code. Each asks the decision whether it is due at this moment; a form of
 * another moment changes nothing and shows where the sign-in really is.
 */

/** When it is worth trying again, where very many begin at once. */
const busySeconds = 10

/** Identifier first: the name is noted, known or not; nothing else happens. */
export async function giveName(house: House, before: Situation, visitor: Visitor, typed: string): Promise<Moved | Said> {
  const { portal, now } = before
  if (typed.trim() === '') return { said: portal.identifier === 'email' ? 'email.empty' : 'username.empty', status: 422, field: 'username' }
  // PostgreSQL holds no NUL; like that one, its stand-in is in nobody's name.
  const name = typed.trim().slice(0, 250).replaceAll('\0', '\ufffd')
  const token = house.random.token()
  return house.storage.inTransaction(async (tx): Promise<Moved | Said> => {
    if (!(await mayBegin(tx, house, portal, visitor, now))) return { said: 'server.busy', status: 429, until: now + busySeconds * 1000 }
    const attempt = newAttempt(house, portal, visitor, token, now, {
      application: before.request.application ?? null,
      interaction: before.interaction ?? null,
      request: JSON.stringify(before.request),
      typed_name: name,
      account_id: null,
    })
    await addAttempt(tx, attempt)
    if (before.facts.some((it) => it.fact === 'wanted')) await addFact(tx, house.random.id(), attempt.id, null, { fact: 'wanted', at: now })
    await addFact(tx, house.random.id(), attempt.id, null, { fact: 'named', at: now })
    return { situation: await situationOf(tx, house, portal, { ...visitor, flow: token }, now), cookies: { flow: token } }
  })
}

/**
 * The method for this sign-in. The list is made here and now, from portal, account and requirement; never taken from the form.
 * `settingUp`: chosen where methods are set up, so one that is not there yet is begun with that.
 */
export function choose(
  house: House,
  before: Situation,
  visitor: Visitor,
  method: string,
  settingUp?: { readonly way: Way | undefined },
): Promise<Moved | Said> {
  const { step, need, view, facts, now } = before
  const asked =
    step.step === 'choose' ||
    step.step === 'not-registered' ||
    step.step === 'choose-enrolment' ||
    step.step === 'enrol' ||
    step.step === 'register-phone' ||
    step.step === 'prove'
  if (!asked || !view) return Promise.resolve({ situation: before, cookies: {} })
  if (method === '') return Promise.resolve({ said: 'method.none', status: 422, field: 'method' })
  const option = optionsOf(need, view, facts).find((it) => it.method === method)
  if (!option) return Promise.resolve({ said: 'method.unavailable', status: 422, field: 'method' })
  if (option.state === 'resting')
    return Promise.resolve({
      said: 'method.mailAfterReset',
      status: 422,
      field: 'method',
      ...(need.mailbox ? { until: need.mailbox.countsFrom } : {}),
    })
  if (option.state === 'disabled') return Promise.resolve({ said: 'method.disabled', status: 422, field: 'method' })
  const { way } = settingUp ?? {}
  const chose: Fact = { fact: 'chose', method: option.method, ...(way ? { way } : {}), at: now }
  const begins = settingUp !== undefined && step.step === 'not-registered'
  return add(house, before, visitor, begins ? [chose, { fact: 'began', method: option.method, at: now }] : [chose])
}

/**
 * Inside a live session an application may ask a code, or a method to be set up, and nothing else: the sign-in that it needs begins
 * without a page of its own. Undefined when a person has something to choose or to read first.
 */
export function beginStepUp(house: House, before: Situation, visitor: Visitor): Promise<Moved> | undefined {
  const { step, now } = before
  switch (step.step) {
    case 'prove':
      return add(house, before, visitor, [
        step.purpose === 'sign-in' ? { fact: 'chose', method: step.method, at: now } : { fact: 'wanted', at: now },
      ])
    case 'enrol':
    case 'register-phone':
    case 'choose-enrolment':
      return add(house, before, visitor, [{ fact: 'wanted', at: now }])
    default:
      return undefined
  }
}

/** 'Doorgaan': the app is to be set up now; the gate comes first. */
export async function beginSetUp(house: House, before: Situation, visitor: Visitor): Promise<Moved | Said> {
  const { step, now } = before
  if (step.step === 'enrol') return restart(house, before, visitor)
  if (step.step !== 'not-registered') return { situation: before, cookies: {} }
  return add(house, before, visitor, [{ fact: 'began', method: step.method, at: now }])
}

/** The secret of this sign-in was replaced by another browser: begin here again, behind the gate that was passed here. */
function restart(house: House, before: Situation, visitor: Visitor): Promise<Moved> {
  const { portal, now } = before
  return act(house, before, visitor, async (tx) => goOn(tx, house, await situationOf(tx, house, portal, visitor, now), visitor, false))
}

/** 'Nu instellen', or the opt-in link before the password. */
export const want = (house: House, before: Situation, visitor: Visitor): Promise<Moved | Said> =>
  whenOffered(house, before, visitor, { fact: 'wanted', at: before.now })
/** 'Later'. */
export const postpone = (house: House, before: Situation, visitor: Visitor): Promise<Moved | Said> =>
  whenOffered(house, before, visitor, { fact: 'postponed', at: before.now })

function whenOffered(house: House, before: Situation, visitor: Visitor, fact: Fact): Promise<Moved | Said> {
  return before.step.step === 'offer' ? add(house, before, visitor, [fact]) : Promise.resolve({ situation: before, cookies: {} })
}

/** A phone number, by the portal's grammar; `known` takes the one that stands in the account. A code goes to it at once. */
export async function givePhone(house: House, before: Situation, visitor: Visitor, typed: string, known: boolean): Promise<Moved | Said> {
  const { step, portal, account, attempt, now } = before
  if (step.step !== 'register-phone' || !attempt || !account) return { situation: before, cookies: {} }
  const read = known && account.phone ? { number: account.phone } : readPhoneNumber(typed, portal)
  if ('refused' in read) return { said: read.refused, status: 422, field: 'phone' }
  return act(house, before, visitor, async (tx, held) => {
    await endCodes(tx, codeHolderOf(held), 'new-phone', now)
    const language = account.language ?? held.language
    const sending = {
      portal,
      account,
      attempt: codeHolderOf(held),
      purpose: 'new-phone',
      channel: 'sms',
      address: read.number,
      from: before.from,
      language,
    } as const
    const sent = await sendCode(tx, house, sending, now)
    if (!sent.sent) return tooSoon(sent)
    await changeAttempt(tx, held.id, { phone: read.number })
    return { ...(await believe(tx, house, held, visitor, [{ fact: 'gave-phone', at: now }], before)), sent }
  })
}

/** The number stays as it was: it is given once more when a message may go to it. */
const tooSoon = (heldBack: HeldBack): Said => ({
  ...heldBackSaid(heldBack, 422),
  field: 'phone',
  said: heldBack.why === 'code.nextAt' ? 'phone.tooSoon' : heldBack.why,
})

/** 'Wijzig het nummer': its codes end. */
export async function withdrawPhone(house: House, before: Situation, visitor: Visitor): Promise<Moved | Said> {
  const { step, now } = before
  if (step.step !== 'prove' || step.purpose !== 'new-phone') return { situation: before, cookies: {} }
  return act(house, before, visitor, async (tx, held) => {
    await endCodes(tx, codeHolderOf(held), 'new-phone', now)
    return believe(tx, house, held, visitor, [{ fact: 'withdrew-phone', at: now }], before)
  })
}

/** A new code over the same channel; earlier ones of this sign-in live out their own time. */
export async function resend(house: House, before: Situation): Promise<Moved | Said> {
  const { step, attempt, now } = before
  if (step.step === 'wait') return { said: 'code.paused', status: 429, until: step.until }
  if (step.step !== 'prove' || step.method === 'totp' || !attempt) return { situation: before, cookies: {} }
  const moved = await house.storage.inTransaction(async (tx) => {
    const held = await holdAttempt(tx, attempt.id, now)
    const sent = held && (await send(tx, house, { ...before, attempt: held }, step))
    return { situation: before, cookies: {}, ...(sent ? { sent } : {}) }
  })
  wake(house, moved)
  const { sent } = moved
  return sent && !sent.sent ? heldBackSaid(sent, 200) : moved
}

async function add(house: House, before: Situation, visitor: Visitor, facts: readonly Fact[]): Promise<Moved> {
  if (before.attempt?.finished_at === null)
    return act(house, before, visitor, (tx, held) => believe(tx, house, held, visitor, facts, before))
  const moved = await house.storage.inTransaction(async (tx) => {
    const { attempt, flow } = await beginInside(tx, house, before, visitor)
    const moved = await believe(tx, house, attempt, { ...visitor, flow }, facts, before)
    return { ...moved, cookies: { flow, ...moved.cookies } }
  })
  wake(house, moved)
  return moved
}

/** Inside a live session an application may ask more: the sign-in gets its row with the first thing that the person does. */
async function beginInside(tx: Tx, house: House, before: Situation, visitor: Visitor): Promise<{ attempt: AttemptRow; flow: string }> {
  const { account, session, portal, now } = before
  const flow = house.random.token()
  const attempt = newAttempt(house, portal, visitor, flow, now, {
    application: before.request.application ?? null,
    interaction: before.interaction ?? null,
    request: JSON.stringify(before.request),
    typed_name: account?.shown_name ?? null,
    account_id: account?.id ?? null,
    session_id: session?.id ?? null,
  })
  await addAttempt(tx, attempt)
  return { attempt, flow }
}

/** A form of another moment was sent: only the audit hears of it. */
export const noteStepNotDue = (house: House, situation: Situation, visitor: Visitor): Promise<void> =>
  audit.requestRefused(house.storage.db, { ...contextOf(house, situation, visitor), reason: 'step-not-due' })
