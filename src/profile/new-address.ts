import * as audit from '../audit/index.ts'
import { type Instant, mayFinish, proveNew } from '../decision/index.ts'
import { tellOwner } from '../delivery/index.ts'
import { bindPhone } from '../enrolment/index.ts'
import { type HeldBack, type House, readMailAddress, readPhoneNumber, sendCode } from '../factors/index.ts'
import { contextOf, heldBackSaid, isSaid, liveCode, type Said, secondStepKey, send, type Visitor, weighCode } from '../sign-in/index.ts'
import {
  addFormerAddress,
  canonicalName,
  changeAttempt,
  codeHolderOf,
  codesOf,
  type Db,
  endCodes,
  endLinks,
  findAccount,
  findAccountByName,
  type Tx,
  takeBackTry,
} from '../storage/index.ts'
import { type Changed, changed, whenConfirmed } from './changed.ts'
import { asSituation } from './confirm.ts'
import { openAttempt, type Standing, standingOf } from './standing.ts'

/** How long a change of address can be undone, and how long the new one may not be used to get back in (NIST SP 800-63B-4, section 4.6). */
const undoSeconds = 7 * 86_400

export type NewAddress = 'email' | 'sms'
type Outcome = Changed | Said

/** P44: the new address is written down, and a code goes to it. An address that somebody else has gets the same answer here, and another mail there. */
export async function giveEmail(house: House, before: Standing, visitor: Visitor, typed: string): Promise<Outcome> {
  const { portal, account } = before
  const read = readMailAddress(typed)
  if ('refused' in read) return { said: read.refused, status: 422, field: 'email' }
  if (account.email !== null && read.address === account.email) return { said: 'email.same', status: 422, field: 'email' }
  return whenConfirmed<Outcome>(house, before, visitor, async (tx, here) => {
    const { address } = read
    const attempt = here.attempt ?? (await openAttempt(tx, house, here, visitor))
    if (attempt.email !== address) await endCodes(tx, attempt.id, 'new-email', here.now)
    const language = account.language ?? attempt.language
    const taken = (await isTaken(tx, here, address)) ? { template: 'M11d' as const } : {}
    const sending = { portal, account, attempt: attempt.id, purpose: 'new-email', channel: 'email', address, language, ...taken } as const
    const sent = await sendCode(tx, house, sending, here.now)
    if (!sent.sent) return notNow(sent, 'email')
    await changeAttempt(tx, attempt.id, { email: address })
    return { changed: 'made', cookies: {} }
  })
}

/** P46: the same with a number. */
export async function giveNumber(house: House, before: Standing, visitor: Visitor, typed: string): Promise<Outcome> {
  const { portal, account } = before
  const read = readPhoneNumber(typed, portal)
  if ('refused' in read) return { said: read.refused, status: 422, field: 'phone' }
  const isBound = !portal.secondStep.methods.includes('sms') || before.view.bound.some((it) => it.method === 'sms')
  if (account.phone_proven_at !== null && read.number === account.phone && isBound)
    return { said: 'phone.same', status: 422, field: 'phone' }
  return whenConfirmed<Outcome>(house, before, visitor, async (tx, here) => {
    const address = read.number
    const attempt = here.attempt ?? (await openAttempt(tx, house, here, visitor))
    if (attempt.phone !== address) await endCodes(tx, attempt.id, 'new-phone', here.now)
    const language = account.language ?? attempt.language
    const sending = { portal, account, attempt: attempt.id, purpose: 'new-phone', channel: 'sms', address, language } as const
    const sent = await sendCode(tx, house, sending, here.now)
    if (!sent.sent) return notNow(sent, 'phone')
    await changeAttempt(tx, attempt.id, { phone: address })
    return { changed: 'made', cookies: {} }
  })
}

/** Nothing went out: the address is given once more then. */
const notNow = (heldBack: HeldBack, field: 'email' | 'phone'): Said => ({
  ...heldBackSaid(heldBack, 422),
  field,
  said: field === 'phone' && (heldBack.why === 'code.tooSoon' || heldBack.why === 'code.nextAt') ? 'phone.tooSoon' : heldBack.why,
})

/** Where people sign in by their address it is theirs alone; elsewhere a mailbox may have several accounts. */
async function isTaken(tx: Tx, { portal, account }: Standing, address: string): Promise<boolean> {
  if (portal.identifier !== 'email') return false
  const found = await findAccountByName(tx, portal.id, canonicalName(address) ?? '')
  return found !== undefined && found.id !== account.id
}

/** What waits for its code in this session. */
export const givenAddress = ({ attempt }: Standing, channel: NewAddress): string | null =>
  (channel === 'email' ? attempt?.email : attempt?.phone) ?? null

/** From when this address may be used to get back in; undefined when it may be now. */
export function recoversFrom({ account, now }: Standing, channel: NewAddress): Instant | undefined {
  const at = channel === 'email' ? account.email_recovers_at : account.phone_recovers_at
  return at !== null && at > now ? at : undefined
}

/** Whether what waits for its code may go on: now, or because it was begun when it might and its code still lives. */
export async function finishesNew(db: Db | Tx, here: Standing, channel: NewAddress): Promise<boolean> {
  return mayFinish(here.due, here.view, await begunAt(db, here, channel), here.now)
}

/** When the codes of this very change were sent; none once none of them lives. */
async function begunAt(db: Db | Tx, here: Standing, channel: NewAddress): Promise<readonly Instant[]> {
  const [step, address, { attempt }] = [proveNew(channel), givenAddress(here, channel), here]
  if (!attempt || address === null || !(await liveCode(db, asSituation(here, step), step))) return []
  return (await codesOf(db, codeHolderOf(attempt), step.purpose)).filter((it) => it.address === address).map((it) => it.created_at)
}

/** A new code to the address that was given. */
export async function resendNew(house: House, before: Standing, visitor: Visitor, channel: NewAddress): Promise<Outcome> {
  const step = proveNew(channel)
  const work = async (tx: Tx, here: Standing): Promise<Outcome> => {
    if (givenAddress(here, channel) === null) return { changed: 'due' }
    if (channel === 'email' && (await isTaken(tx, here, here.attempt?.email ?? ''))) return resendTaken(tx, house, here)
    const sent = await send(tx, house, asSituation(here, step), step)
    return sent && !sent.sent ? heldBackSaid(sent, 200) : { changed: 'made', cookies: {} }
  }
  return whenConfirmed<Outcome>(house, before, visitor, work, (tx, here) => finishesNew(tx, here, channel))
}

async function resendTaken(tx: Tx, house: House, { portal, account, attempt, now }: Standing): Promise<Outcome> {
  const address = attempt?.email ?? ''
  const language = account.language ?? attempt?.language ?? 'nl'
  const to = { purpose: 'new-email', channel: 'email', template: 'M11d' } as const
  const sent = await sendCode(tx, house, { portal, account, attempt: attempt?.id ?? '', address, language, ...to }, now)
  return sent.sent ? { changed: 'made', cookies: {} } : heldBackSaid(sent, 200)
}

/** P45, P13: the code came back from the very address it went to; from now on that one is theirs. */
export async function confirmNew(house: House, before: Standing, visitor: Visitor, channel: NewAddress, typed: string): Promise<Outcome> {
  if (!before.attempt || givenAddress(before, channel) === null) return { changed: 'due' }
  const begun = await begunAt(house.storage.db, before, channel)
  if (!mayFinish(before.due, before.view, begun, before.now)) return { changed: 'due' }
  const step = proveNew(channel)
  const outcome = await weighCode<Outcome>(house, asSituation(before, step), visitor, step, typed, async (tx, at) => {
    await takeBackTry(tx, secondStepKey(at.account.id), at.now)
    // Another change may have been first: then this proof is void, and so is what it was for.
    const here = await standingOf(tx, house, at.portal, visitor, at.now)
    if (!here || !mayFinish(here.due, here.view, begun, here.now)) return { changed: 'due' }
    return channel === 'email' ? moveEmail(tx, house, here, visitor) : moveNumber(tx, house, here, visitor)
  })
  house.notify()
  return isSaid(outcome) || 'changed' in outcome ? outcome : { changed: 'due' }
}

async function moveEmail(tx: Tx, house: House, here: Standing, visitor: Visitor): Promise<Outcome> {
  const { portal, account, attempt, now } = here
  const address = attempt?.email
  if (!address || (await isTaken(tx, here, address))) return { said: 'code.wrongMail', status: 422 }
  const isName = portal.identifier === 'email'
  const former = await keepFormer(tx, house, here, 'email', account.email, isName)
  const name = isName ? { name: canonicalName(address) ?? address, shown_name: address } : {}
  await changeAttempt(tx, attempt.id, { email: null })
  // A link that went to the old address chooses no password any more.
  await endLinks(tx, account.id, 'reset', now)
  await audit.emailChanged(tx, contextOf(house, here, visitor))
  const made = await changed(tx, house, here, visitor, {
    account: { ...name, email: address, proven_email: address, email_recovers_at: now + undoSeconds * 1000 },
    notice: { notice: 'email-changed', undoUntil: former.undoUntil, former: former.id },
    ...(account.email === null ? {} : { alsoTo: { email: account.email } }),
  })
  const after = await findAccount(tx, portal.id, account.id)
  const { device, language } = visitor
  if (after) await tellOwner(tx, house, { portal, account: after, device, language, now }, { notice: 'email-confirmed' })
  return made
}

async function moveNumber(tx: Tx, house: House, here: Standing, visitor: Visitor): Promise<Outcome> {
  const { portal, account, attempt, now } = here
  const number = attempt?.phone
  if (!number) return { changed: 'due' }
  const former = await keepFormer(tx, house, here, 'sms', account.phone, false)
  await bindPhone(tx, house, portal, account, number, now)
  await changeAttempt(tx, attempt.id, { phone: null })
  await audit.phoneChanged(tx, contextOf(house, here, visitor))
  return changed(tx, house, here, visitor, {
    account: { phone_recovers_at: now + undoSeconds * 1000 },
    notice: { notice: 'phone-changed', lastTwo: number.slice(-2), former: former.id },
    ...(account.phone === null ? {} : { alsoTo: { phone: account.phone } }),
  })
}

async function keepFormer(
  tx: Tx,
  house: House,
  { portal, account, now }: Standing,
  channel: NewAddress,
  address: string | null,
  isName: boolean,
): Promise<{ id: string; undoUntil: Instant }> {
  const [id, undoUntil] = [house.random.id(), now + undoSeconds * 1000]
  await addFormerAddress(tx, {
    id,
    portal: portal.id,
    account_id: account.id,
    channel,
    address,
    name: isName ? account.name : null,
    shown_name: isName ? account.shown_name : null,
    replaced_at: now,
    undo_until: undoUntil,
    undone_at: null,
  })
  return { id, undoUntil }
}
