import type { Instant, Proved } from '../decision/index.ts'
import { tellOwner } from '../delivery/index.ts'
import { type House, hashOfToken, matchingStep, seedBytes, seedPlace, stepSeconds, stepWithin } from '../factors/index.ts'
import {
  type AccountRow,
  type AttemptRow,
  addAuthenticator,
  adoptPendingEnrolment,
  changeAccount,
  type Db,
  findPendingEnrolment,
  holdAccount,
  type PendingEnrolmentRow,
  replacePendingEnrolment,
  spendPendingEnrolment,
  type Tx,
} from '../storage/index.ts'

/** An enrolment that was begun can be finished for a day (decided, not a standard). */
const pendingSeconds = 86_400

export interface Enrolling {
  readonly account: AccountRow
  readonly attempt: string
  /** The enrolment cookie of this browser, when it has one. */
  readonly cookie: string | undefined
}

/**
 * Makes sure that this sign-in has a secret to show, and writes nothing when it has one. Only called after the gate.
 * The same browser goes on with the secret it had; another browser, with a gate proof of its own, gets a new one.
 * @returns the enrolment cookie to set, when one was made.
 */
export async function preparePending(
  tx: Tx,
  house: House,
  { account, attempt, cookie }: Enrolling,
  now: Instant,
): Promise<string | undefined> {
  if ((await findPendingEnrolment(tx, account.id, now))?.attempt_id === attempt) return undefined
  // Two tabs may come here at once: the second waits, and then sees the secret of the first.
  await holdAccount(tx, account.id)
  const pending = await findPendingEnrolment(tx, account.id, now)
  if (pending?.attempt_id === attempt) return undefined
  if (pending && isOfBrowser(house, pending, cookie)) {
    await adoptPendingEnrolment(tx, pending.id, attempt)
    return undefined
  }
  const [id, token] = [house.random.id(), house.random.token()]
  const secret = house.vault.seal(house.random.bytes(seedBytes), pendingPlace(id))
  const browser = hashOfToken(house.vault, 'enrolment', token)
  await replacePendingEnrolment(tx, {
    id,
    account_id: account.id,
    attempt_id: attempt,
    browser,
    secret,
    created_at: now,
    ends_at: now + pendingSeconds * 1000,
  })
  if (pending) await tellReplaced(tx, house, account, now)
  return token
}

/** Whether this browser left an app half linked: its picture waits for whoever passes the gate again. */
export async function wasBegunHere(tx: Tx, house: House, { account, cookie }: Omit<Enrolling, 'attempt'>, now: Instant): Promise<boolean> {
  const pending = await findPendingEnrolment(tx, account.id, now)
  return pending !== undefined && isOfBrowser(house, pending, cookie)
}

const isOfBrowser = (house: House, { browser }: PendingEnrolmentRow, cookie: string | undefined): boolean =>
  cookie !== undefined && browser === hashOfToken(house.vault, 'enrolment', cookie)

/** The owner is told that the secret that stood open went over to another browser. */
async function tellReplaced(tx: Tx, house: House, account: AccountRow, now: Instant): Promise<void> {
  const portal = house.portals.get(account.portal)
  if (portal) await tellOwner(tx, house, { portal, account, now }, { notice: 'enrolment-restarted' })
}

export interface OpenEnrolment {
  readonly id: string
  readonly seed: Uint8Array
  readonly createdAt: Instant
  readonly pictureSavedAt: Instant | null
}

/** The secret that this very sign-in may show; nobody else's, and none before the gate or after the first code. */
export async function openPending(
  db: Db | Tx,
  house: House,
  account: string,
  attempt: string,
  now: Instant,
): Promise<OpenEnrolment | undefined> {
  const pending = await findPendingEnrolment(db, account, now)
  if (!pending || pending.attempt_id !== attempt) return undefined
  return { id: pending.id, seed: openSeed(house, pending), createdAt: pending.created_at, pictureSavedAt: pending.picture_saved_at }
}

/** Half linked in a sign-in before this one: whoever came back hears that the picture is the same. */
export const isOlderThan = ({ createdAt }: OpenEnrolment, attempt: AttemptRow): boolean => createdAt < attempt.created_at

export type EnrolmentRefusal =
  | { readonly fact: 'refused'; readonly why: 'gone' | 'wrong' }
  | { readonly fact: 'refused'; readonly why: 'clock'; readonly minutes: number; readonly direction: 'behind' | 'ahead' }

/** Checks the first code of the app and binds it: pending row, authenticator and account change together. */
export async function confirmPending(
  tx: Tx,
  house: House,
  account: AccountRow,
  attempt: string,
  digits: string,
  now: Instant,
): Promise<Proved | EnrolmentRefusal> {
  const pending = await openPending(tx, house, account.id, attempt, now)
  if (!pending) return { fact: 'refused', why: 'gone' }
  const step = matchingStep(pending.seed, digits, now)
  if (step === undefined) return explain(pending.seed, digits, now)
  if (!(await spendPendingEnrolment(tx, pending.id))) return { fact: 'refused', why: 'gone' }

  const id = house.random.id()
  const secret = house.vault.seal(pending.seed, seedPlace(id))
  await addAuthenticator(tx, {
    id,
    account_id: account.id,
    method: 'totp',
    secret,
    title: null,
    last_step: step,
    bound_at: now,
    last_used_at: now,
    disabled_at: null,
    picture_saved_at: pending.pictureSavedAt,
  })
  await changeAccount(tx, account.id, { authenticators_changed_at: now })
  return { fact: 'proved', method: 'totp', purpose: 'enrol', at: now }
}

/** A clock that is off by at most ten steps is named, so that the person can mend it; it is never accepted. */
function explain(seed: Uint8Array, digits: string, now: Instant): EnrolmentRefusal {
  const step = stepWithin(seed, digits, now, 10)
  if (step === undefined) return { fact: 'refused', why: 'wrong' }
  const away = step - Math.floor(now / 1000 / stepSeconds)
  return {
    fact: 'refused',
    why: 'clock',
    minutes: Math.max(1, Math.round((Math.abs(away) * stepSeconds) / 60)),
    direction: away < 0 ? 'behind' : 'ahead',
  }
}

const openSeed = (house: House, row: PendingEnrolmentRow): Uint8Array => house.vault.open(row.secret, pendingPlace(row.id))
const pendingPlace = (id: string): { table: string; column: string; row: string } => ({
  table: 'pending_enrolment',
  column: 'secret',
  row: id,
})
