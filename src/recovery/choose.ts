import * as audit from '../audit/index.ts'
import type { Instant, PauseRule } from '../decision/index.ts'
import { type Device, tellOwner } from '../delivery/index.ts'
import { equalInConstantTime, type House, type PasswordRefusal, refusalOfPassword } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import {
  type AccountRow,
  type CounterKey,
  canonicalName,
  dropPendingEnrolment,
  endLinks,
  endWhatStands,
  findAccount,
  holdAccount,
  raise,
  resetPassword,
  spendLink,
  type Tx,
} from '../storage/index.ts'
import { findReset, type Reset, resetPurpose } from './link.ts'
import type { Refused } from './refused.ts'

/** Names that do not belong to a link: five, counted for who asked and for everybody else apart, so that no program locks a person out. */
const nameRule: PauseRule = { failures: 5, pauseSeconds: 3_600, longestSeconds: 3_600 }

export interface Choosing {
  /** The value of the link, from its own cookie. */
  readonly token: string | undefined
  readonly formCookie: string
  readonly password: string
  readonly name: string
  readonly address: string
  readonly device?: Device | undefined
  /** From when a code by mail counts again, for who has nothing else: the sign-in knows. */
  readonly mailAgainAt: (tx: Tx, account: AccountRow) => Promise<Instant | undefined>
}

/** `chosen`: it holds from now on. `closed`: the link is not, or no longer, good for this. */
export type ChosenNew = { readonly outcome: 'chosen' } | { readonly outcome: 'closed' }

type Open = Extract<Reset, { state: 'open' }>

/** A new password by a mailed link. The link is looked up now, whatever a page said before, and spent by the write that changes the password. */
export async function chooseNewPassword(house: House, portal: Portal, choosing: Choosing, now: Instant): Promise<ChosenNew | Refused> {
  const reset = await findReset(house, portal, choosing.token, choosing.formCookie, now)
  if (reset.state !== 'open') {
    await audit.resetRefused(house.storage.db, {
      random: house.random,
      portal: portal.id,
      at: now,
      address: choosing.address,
      reason: 'link',
    })
    return { outcome: 'closed' }
  }
  // Whose password it is comes first: what is said of a name in a password would tell the name.
  const easy = refusalOfPassword(house.passwords, portal, undefined, choosing.password)
  if (easy) return refusedFor(easy)
  const stranger = reset.asksName ? await nameRefusal(house, portal, reset, choosing, now) : undefined
  if (stranger) return stranger
  const known = refusalOfPassword(house.passwords, portal, reset.account, choosing.password)
  if (known) return refusedFor(known)

  const hash = await house.passwords.hash(choosing.password)
  const isChosen = await house.storage.inTransaction((tx) => change(tx, house, portal, reset, choosing, hash, now))
  if (isChosen) house.notify()
  return { outcome: isChosen ? 'chosen' : 'closed' }
}

const refusedFor = (it: PasswordRefusal): Refused => ({ ...it, status: 422, field: 'new_password' })

/** Counted before it is compared; an empty field costs nothing. */
async function nameRefusal(
  house: House,
  portal: Portal,
  reset: Open,
  { name, address }: Choosing,
  now: Instant,
): Promise<Refused | undefined> {
  const isMail = portal.identifier === 'email'
  if (name.trim() === '') return { refused: isMail ? 'email.empty' : 'username.empty', status: 422, field: 'username' }
  const key: CounterKey = `reset-name ${reset.link.id}${reset.isAsker ? ' asker' : ''}`
  const turn = await raise(house.storage.db, key, nameRule, now)
  if (!turn.raised) return { refused: 'reset.tooMany', status: 429, until: turn.pausedUntil ?? now }
  if (equalInConstantTime(canonicalName(name) ?? '', reset.account.name)) return undefined
  await audit.resetRefused(house.storage.db, {
    random: house.random,
    portal: portal.id,
    at: now,
    address,
    accountId: reset.account.id,
    reason: 'name',
  })
  return { refused: 'reset.nameMismatch', status: 422, field: 'username' }
}

/**
 * All of it or nothing: the link is spent, the password is the new one, and what the old one opened is shut. Open sign-ins end before
 * the sessions do, so that one that finishes at this moment leaves none behind.
 */
async function change(tx: Tx, house: House, portal: Portal, reset: Open, choosing: Choosing, hash: string, now: Instant): Promise<boolean> {
  const { account, link, asked } = reset
  await holdAccount(tx, account.id)
  if (!(await spendLink(tx, link.id, now))) return false
  if (!(await resetPassword(tx, account.id, hash, asked, now))) return false
  await endLinks(tx, account.id, resetPurpose, now)
  await endWhatStands(tx, account.id, now)
  await dropPendingEnrolment(tx, account.id)
  await audit.resetUsed(tx, {
    random: house.random,
    portal: portal.id,
    at: now,
    address: choosing.address,
    accountId: account.id,
    ...(choosing.device ? { device: choosing.device } : {}),
  })
  const changed = (await findAccount(tx, portal.id, account.id)) ?? account
  const mailCodeAgainAt = await choosing.mailAgainAt(tx, changed)
  const byMail = mailCodeAgainAt === undefined ? {} : { mailCodeAgainAt }
  await tellOwner(tx, house, { portal, account: changed, device: choosing.device, now }, { notice: 'password-changed', ...byMail })
  return true
}
