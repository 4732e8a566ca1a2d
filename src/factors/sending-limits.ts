import type { Instant } from '../decision/index.ts'
import type { Portal } from '../portals/index.ts'
import { type CounterKey, type Db, fullUntil, networksOf, spendAllowance, type Tx } from '../storage/index.ts'
import type { House } from './house.ts'

/*
 * What can be sent is shared, and a text message costs money. Limits bite in this order, the one that most people share last:
 *
 *     the address or number ─> the account ─> the block of numbers, the country ─> the network that asks ─> the portal
 *                              sent-code.ts
 *
 * so that whoever uses up one of them is stopped by their own before everybody is by the portal's. Other methods stay offered.
 */

export interface SentFrom {
  readonly portal: Portal
  readonly channel: 'email' | 'sms'
  readonly address: string
  /** The client's address; left out where somebody is signed in. */
  readonly from?: string | undefined
  /** Somebody says that the address is theirs: they leave the last fifth of it to whom it may really belong to. */
  readonly isClaimed?: boolean
}

export type SendingRefusal = 'phone.limit' | 'sms.limit' | 'mail.limit'

interface Limit {
  readonly key: CounterKey
  readonly most: number
  readonly windowSeconds: number
  readonly why: SendingRefusal
}

const hour = 3_600
const day = 86_400
/** From here on operators are warned, and mails that anybody can ask for wait. */
const warnedShare = 0.8

const own = (house: House, { portal, channel, address, isClaimed }: SentFrom): Limit[] => {
  const { smsPerNumberPerDay, mailPerAddressPerHour } = portal.limits
  const most = (all: number): number => (isClaimed ? Math.ceil(all * warnedShare) : all)
  return channel === 'sms'
    ? [limit(house, portal, 'number', address, most(smsPerNumberPerDay), day, 'phone.limit')]
    : [limit(house, portal, 'mailbox', address, most(mailPerAddressPerHour), hour, 'mail.limit')]
}

const shared = (house: House, { portal, channel, address, from }: SentFrom): Limit[] => {
  const { smsPerBlockPerHour, smsPerForeignCountryPerDay, codesPerNetworkPerHour } = portal.limits
  const why = channel === 'sms' ? 'sms.limit' : 'mail.limit'
  const country = channel === 'sms' ? callingCodeOf(address) : undefined
  return [
    ...(channel === 'sms' ? [limit(house, portal, 'block', address.slice(0, -4), smsPerBlockPerHour, hour, why)] : []),
    ...(country !== undefined && country !== callingCodes[portal.country]
      ? [limit(house, portal, 'country', country, smsPerForeignCountryPerDay, day, why)]
      : []),
    ...(from === undefined ? [] : [limit(house, portal, 'network', networksOf(from)[0], codesPerNetworkPerHour, hour, why)]),
    budgetOf(portal, channel),
  ]
}

function limit(
  { vault }: House,
  portal: Portal,
  kind: string,
  of: string,
  most: number,
  windowSeconds: number,
  why: SendingRefusal,
): Limit {
  return { key: `sent ${kind} ${vault.mac('sending counter', portal.id, kind, of)}`, most, windowSeconds, why }
}

/** What a portal may send: text messages in a day, mails in an hour. */
export const budgetOf = ({ id, limits }: Portal, channel: 'email' | 'sms'): Limit =>
  channel === 'sms'
    ? { key: `sent portal sms ${id}`, most: limits.smsPerDay, windowSeconds: day, why: 'sms.limit' }
    : { key: `sent portal email ${id}`, most: limits.mailPerHour, windowSeconds: hour, why: 'mail.limit' }

export interface Full {
  readonly why: SendingRefusal
  /** From when it is possible again. */
  readonly at: Instant
  readonly most: number
}

/** Whether this very address had enough. */
export const ownLimitOf = (db: Db | Tx, house: House, sending: SentFrom, now: Instant): Promise<Full | undefined> =>
  firstFull(db, own(house, sending), now)
/** Whether one of those had enough that other people share. */
export const sharedLimitOf = (db: Db | Tx, house: House, sending: SentFrom, now: Instant): Promise<Full | undefined> =>
  firstFull(db, shared(house, sending), now)

async function firstFull(db: Db | Tx, limits: readonly Limit[], now: Instant): Promise<Full | undefined> {
  for (const { key, most, windowSeconds, why } of limits) {
    const at = await fullUntil(db, key, most, windowSeconds, now)
    if (at !== undefined) return { why, at, most }
  }
  return undefined
}

/**
 * Counts one sending at all of them, each by a write that holds its condition. When another node was faster and one is full after all,
 * those before it have counted one too many, which opens nothing.
 */
export async function spendSending(tx: Tx, house: House, sending: SentFrom, now: Instant): Promise<Full | undefined> {
  for (const { key, most, windowSeconds, why } of [...own(house, sending), ...shared(house, sending)]) {
    const spent = await spendAllowance(tx, key, most, windowSeconds, now)
    if (!spent.spent) return { why, at: spent.at, most }
    if (key.startsWith('sent portal ')) watch(house, sending, spent.count, most)
  }
  return undefined
}

/** A mail that anybody can have sent to anybody. It leaves the last fifth of everything to those who gave a password. */
export async function mayMailUnasked(tx: Tx, house: House, sending: Omit<SentFrom, 'channel'>, now: Instant): Promise<boolean> {
  const mail = { ...sending, channel: 'email' } as const
  const limits = [...own(house, mail), ...shared(house, mail)]
  const left = limits.map((it) => ({ ...it, most: Math.ceil(it.most * warnedShare) }))
  return (await firstFull(tx, left, now)) === undefined && (await spendSending(tx, house, mail, now)) === undefined
}

function watch({ log }: House, { portal, channel }: SentFrom, count: number, most: number): void {
  if (count === Math.ceil(most * warnedShare))
    log.warn({ portal: portal.id, channel, sent: count, most }, 'four fifths of what this portal may send are used')
  if (count === most) log.error({ portal: portal.id, channel, most }, 'this portal has sent all that it may: no more codes leave')
}

/** The countries that a portal can stand in; the number of any other has the first three digits as its place. */
const callingCodes: Readonly<Record<string, string>> = { BE: '+32', NL: '+31', FR: '+33', DE: '+49', LU: '+352' }
const callingCodeOf = (number: string): string => Object.values(callingCodes).find((it) => number.startsWith(it)) ?? number.slice(0, 4)
