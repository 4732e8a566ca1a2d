import type { Instant, Proved, Purpose } from '../decision/index.ts'
import { enqueue } from '../delivery/index.ts'
import type { Portal } from '../portals/index.ts'
import {
  type AccountRow,
  addCode,
  type CodeRow,
  codesOf,
  codesSince,
  type Db,
  digitsOf,
  holdAccount,
  spendCode,
  type Tx,
} from '../storage/index.ts'
import type { House } from './house.ts'
import { ownLimitOf, type SendingRefusal, sharedLimitOf, spendSending } from './sending-limits.ts'
import { equalInConstantTime } from './totp.ts'

const hourMilliseconds = 3_600_000
/** An old code still gets an answer, and a new one in its place, for two hours. */
const explainedMilliseconds = 2 * hourMilliseconds

export interface Sending {
  readonly portal: Portal
  readonly account: AccountRow
  readonly attempt: string
  readonly purpose: Exclude<Purpose, 'enrol' | 'recovery'>
  readonly channel: 'email' | 'sms'
  readonly address: string
  /** The client's address, where one network may not use up what all share. */
  readonly from?: string | undefined
  readonly language: string
  /** Another text than the one with the digits: to an address that belongs to somebody else. */
  readonly template?: 'M11d'
}

export type Sent = { readonly sent: true; readonly reference: string; readonly endsAt: Instant } | HeldBack

/** No code goes out before `at`. `until`: the end of the newest that still works. `sentBefore`: how many the hour allows, and had. */
export interface HeldBack {
  readonly sent: false
  /** What is said where an earlier code still works, or where none does. */
  readonly why: 'code.tooSoon' | 'code.tooManySent' | 'code.nextAt' | 'code.noneLeft' | SendingRefusal
  readonly at: Instant
  readonly until: Instant
  readonly sentBefore: number
}

/** Makes a code and puts its message in the outbox, in one transaction; or says from when that is possible again. */
export async function sendCode(tx: Tx, house: House, sending: Sending, now: Instant): Promise<Sent> {
  const { portal, account, attempt, purpose, channel, address } = sending
  await holdAccount(tx, account.id)
  const heldBack = await codeHeldBack(tx, house, sending, now)
  if (heldBack) return heldBack
  const full = await spendSending(tx, house, claimed(sending), now)
  if (full) return { sent: false, why: full.why, at: full.at, until: now, sentBefore: full.most }

  const id = house.random.id()
  const endsAt = now + portal.secondStep.codeLifeSeconds * 1000
  const code = {
    id,
    portal: portal.id,
    account_id: account.id,
    attempt_id: attempt,
    purpose,
    channel,
    address,
    created_at: now,
    ends_at: endsAt,
    used_at: null,
    ended_at: null,
  }
  const reference = await addCode(tx, code, house.random)
  const message = {
    portal: portal.id,
    template: sending.template ?? templateOf(portal, sending),
    channel,
    accountId: account.id,
    codeId: id,
    address,
    language: sending.language,
    facts: {},
    endsAt,
  }
  await enqueue(tx, message, house.random, now)
  return { sent: true, reference, endsAt }
}

/**
 * Why a code may not be sent now; undefined when it may. First codes of new sign-ins and resends are counted apart; both per account
 * and hour, over all its sign-ins. What the number had comes before, what others share comes last.
 */
export async function codeHeldBack(
  db: Db | Tx,
  house: House,
  sending: Omit<Sending, 'language' | 'template'>,
  now: Instant,
): Promise<HeldBack | undefined> {
  const { portal, account, attempt, purpose, channel } = sending
  const atNumber = await ownLimitOf(db, house, claimed(sending), now)
  if (atNumber) return { sent: false, why: atNumber.why, at: atNumber.at, until: now, sentBefore: atNumber.most }
  const before = (await codesOf(db, attempt, purpose)).filter((it) => it.channel === channel)
  const { codeTries, resendSeconds, resendsPerHour, firstCodesPerHour } = portal.limits
  const recent = await codesSince(db, account.id, now - hourMilliseconds)
  const firsts = recent.filter((it, place) => !recent.slice(place + 1).some((older) => older.attempt_id === it.attempt_id))
  const again = before.length > 0
  const counted = again ? recent.filter((it) => !firsts.includes(it)) : firsts
  const limit = again ? resendsPerHour : firstCodesPerHour
  const oldest = counted[limit - 1]
  const live = before.find((it) => isLive(it, codeTries, now))
  const said = { sent: false, until: live?.ends_at ?? now, sentBefore: limit } as const
  if (oldest) return { ...said, why: live ? 'code.tooManySent' : 'code.noneLeft', at: oldest.created_at + hourMilliseconds }
  const wait = resendSeconds[Math.min(before.length, resendSeconds.length) - 1] ?? 0
  const at = (before[0]?.created_at ?? 0) + wait * 1000
  if (at > now) return { ...said, why: live ? 'code.tooSoon' : 'code.nextAt', at }
  const atAll = await sharedLimitOf(db, house, sending, now)
  return atAll && { ...said, why: atAll.why, at: atAll.at, sentBefore: atAll.most }
}

/** A number or address that is being registered is a claim until its code came back. */
const claimed = <T extends Pick<Sending, 'purpose'>>(sending: T): T & { readonly isClaimed: boolean } => ({
  ...sending,
  isClaimed: sending.purpose === 'new-phone' || sending.purpose === 'new-email',
})

const texts = { 'sign-in': 'S01', gate: 'S02', 'new-phone': 'S03', 'new-email': 'S03', change: 'S07' } as const
const mails = { 'sign-in': 'M01', gate: 'M02', 'new-phone': 'M02', 'new-email': 'M11a', change: 'M20' } as const

function templateOf(portal: Portal, { purpose, channel }: Sending): string {
  if (channel === 'sms') return texts[purpose]
  return purpose === 'gate' && portal.secondStep.phoneBeforeApp ? 'M03' : mails[purpose]
}

/** Whether a code can still be right. */
export const isLive = (it: CodeRow, tries: number, now: Instant): boolean =>
  it.used_at === null && it.ended_at === null && it.ends_at > now && it.tries < tries

export type SentCodeRefusal = { readonly fact: 'refused'; readonly why: 'wrong' | 'used' | 'expired' | 'spent'; readonly endedAt?: Instant }

/**
 * Checks a mailed or texted code and spends it. `charged` are the codes that this try was charged to; no other code can be right.
 */
export async function verifySentCode(
  tx: Tx,
  house: House,
  attempt: string,
  purpose: Purpose,
  charged: readonly CodeRow[],
  digits: string,
  tries: number,
  now: Instant,
): Promise<Proved | SentCodeRefusal> {
  const matching = charged.filter((it) => equalInConstantTime(digitsOf(house.vault, it.id), digits))
  for (const code of matching) {
    if (await spendCode(tx, code, now)) return { fact: 'proved', method: code.channel, purpose, at: now }
  }
  return explain(await codesOf(tx, attempt, purpose), house, digits, tries, now)
}

/** After the right password, for codes that this very sign-in sent, the person hears what is wrong with the code. */
function explain(codes: readonly CodeRow[], house: House, digits: string, tries: number, now: Instant): SentCodeRefusal {
  const same = codes.find((it) => equalInConstantTime(digitsOf(house.vault, it.id), digits))
  if (same?.used_at) return { fact: 'refused', why: 'used' }
  if (same && same.ends_at <= now && same.ends_at > now - explainedMilliseconds && !same.ended_at && same.tries < tries)
    return { fact: 'refused', why: 'expired', endedAt: same.ends_at }
  const live = codes.some((it) => isLive(it, tries, now))
  const [newest] = codes
  const isSpent = !live && newest !== undefined && newest.used_at === null && newest.ended_at === null && newest.tries >= tries
  return { fact: 'refused', why: isSpent ? 'spent' : 'wrong' }
}
