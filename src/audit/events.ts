import type { Instant, Method } from '../decision/index.ts'
import type { Random } from '../random.ts'
import { addAuditRows, type Db, type NewRow, networksOf, spendAllowance, type Tx } from '../storage/index.ts'
import { figures } from './figures.ts'

/** What every event knows: where, when, and as much of whom as there is. */
export interface Context {
  readonly random: Random
  readonly portal: string
  readonly at: Instant
  readonly accountId?: string
  /** Keyed hash of the canonical name, when no account has it. */
  readonly nameHash?: string
  readonly attemptId?: string
  /** The client's address, from the socket or a named proxy. */
  readonly address?: string
  /** Which kind of browser it says it is. */
  readonly device?: object
}

interface WithMethod extends Context {
  readonly method: Method
}

interface Refused<Reason extends string> extends WithMethod {
  readonly reason: Reason
}

export type CodeReason = 'wrong' | 'used' | 'expired' | 'out-of-window' | 'other-purpose' | 'paused'

/** A name and a password that do not belong together; also when no account has the name. */
export const passwordRefused = (tx: Db | Tx, it: Context): Promise<void> =>
  recordSome(tx, 'password.refused', { ...it, method: 'password' })
/** So many wrong passwords came from one network that it is held up for a moment. */
export const networkPaused = (tx: Db | Tx, it: Context): Promise<void> => record(tx, 'network.paused', it)
/** The right password of an account. */
export const passwordAccepted = (tx: Tx, it: Context): Promise<void> => record(tx, 'password.accepted', { ...it, method: 'password' })
/** A second step that did not count, with the reason. */
export const secondStepRefused = (tx: Tx, it: Refused<CodeReason>): Promise<void> => record(tx, 'second-step.refused', it)
/** A code that nobody looked at, because a pause lasts. */
export const secondStepPaused = (tx: Db | Tx, it: Context): Promise<void> => record(tx, 'second-step.refused', { ...it, reason: 'paused' })
/** A second step that counted. */
export const secondStepAccepted = (tx: Tx, it: WithMethod): Promise<void> => record(tx, 'second-step.accepted', it)
/** A code that did not count where one is asked before a method is set up. */
export const gateRefused = (tx: Tx, it: Refused<CodeReason>): Promise<void> => record(tx, 'gate.refused', it)
/** The proof that comes before a method is set up. */
export const gatePassed = (tx: Tx, it: WithMethod): Promise<void> => record(tx, 'gate.passed', it)
/** A first code of a new app or phone that did not count. */
export const enrolmentRefused = (tx: Tx, it: Refused<CodeReason>): Promise<void> => record(tx, 'enrolment.refused', it)
/** A method was set up and its first code counted. */
export const enrolmentCompleted = (tx: Tx, it: WithMethod): Promise<void> => record(tx, 'enrolment.completed', it)
/** An authenticator now belongs to an account. */
export const authenticatorBound = (tx: Tx, it: WithMethod): Promise<void> => record(tx, 'authenticator.bound', it)
/** A person changed the mail address of an account. */
export const emailChanged = (tx: Tx, it: Context): Promise<void> => record(tx, 'email.changed', it)
/** A person changed the phone number of an account. */
export const phoneChanged = (tx: Tx, it: Context): Promise<void> => record(tx, 'phone.changed', it)
/** A person who is signed in chose a new password. */
export const passwordChanged = (tx: Tx, it: Context): Promise<void> => record(tx, 'password.changed', it)
/** A person removed an authenticator. */
export const authenticatorRemoved = (tx: Tx, it: WithMethod): Promise<void> => record(tx, 'authenticator.removed', it)
/** Too many wrong codes turned an authenticator off. */
export const authenticatorDisabled = (tx: Tx, it: WithMethod): Promise<void> => record(tx, 'authenticator.disabled', it)
/** A sign-in was finished; `method` says what let in. */
export const sessionStarted = (tx: Tx, it: Context & { readonly method?: Method }): Promise<void> => record(tx, 'session.started', it)
/** A session was ended. */
export const sessionEnded = (tx: Db | Tx, it: Context & { readonly reason?: 'token-reused' }): Promise<void> =>
  record(tx, 'session.ended', it)
/** Somebody came in at a protected host, on the strength of a session. */
export const hostEntered = (tx: Db | Tx, it: Context): Promise<void> => record(tx, 'host.entered', it)
/** A hand-over at a protected host that did not count: used or over, of another browser, or too little was proved. */
export const hostRefused = (tx: Db | Tx, it: Context & { readonly reason: 'over' | 'other-browser' | 'not-enough' }): Promise<void> =>
  record(tx, 'host.refused', it)
/** Somebody at the door for applications who is not the application that they say they are. */
export const clientRefused = (tx: Db | Tx, it: Context): Promise<void> => recordSome(tx, 'client.refused', it)
/** So many wrong secrets of one application came from one network that it is held up for a moment. */
export const clientPaused = (tx: Db | Tx, it: Context): Promise<void> => record(tx, 'client.paused', it)
/** A code of an application that was shown twice, by another application or without its proof: it is dead, with what it gave. */
export const codeRefused = (tx: Db | Tx, it: Context): Promise<void> => record(tx, 'code.refused', it)
/** An application took the end of a session. */
export const logoutSent = (tx: Tx, it: Context): Promise<void> => record(tx, 'logout.sent', it)
/** An application never took the end of a session, after all tries. */
export const logoutFailed = (tx: Tx, it: Context): Promise<void> => record(tx, 'logout.failed', it)
/** A browser was remembered. */
export const rememberedCreated = (tx: Tx, it: Context): Promise<void> => record(tx, 'remembered.created', it)
/** A remembered browser took the place of the second step. */
export const rememberedUsed = (tx: Tx, it: Context): Promise<void> => record(tx, 'remembered.used', it)
/** The cookie of a browser that did not count for this account at this application, with the reason. */
export const rememberedRefused = (
  tx: Tx,
  it: Context & { readonly reason: 'unknown' | 'other-account' | 'other-portal' | 'over' | 'revoked' },
): Promise<void> => record(tx, 'remembered.refused', it)
/** A value that had been replaced came back: somebody holds a copy. The browser is forgotten and what it let in has ended. */
export const rememberedTheftSuspected = (tx: Tx, it: Context): Promise<void> => record(tx, 'remembered.theft-suspected', it)
/** Remembered browsers were forgotten. */
export const rememberedForgotten = (tx: Tx, it: Context): Promise<void> => record(tx, 'remembered.forgotten', it)
/** An owner said 'this was not me', or secured the account from the profile. */
export const noticeActed = (tx: Tx, it: Context): Promise<void> => record(tx, 'notice.acted', it)
/** A form that did not come from the page that was due, or a cookie of ours that came twice. */
export const requestRefused = (
  tx: Db | Tx,
  it: Context & { readonly reason: 'step-not-due' | 'not-yours' | 'origin' | 'csrf' | 'malformed' | 'cookie' },
): Promise<void> => recordSome(tx, 'request.refused', it)
/** A link for a new password was asked, for a name that an account has or none. */
export const resetAsked = (tx: Db | Tx, it: Context): Promise<void> => recordSome(tx, 'reset.asked', it)
/** A new password was chosen by a mailed link. */
export const resetUsed = (tx: Tx, it: Context): Promise<void> => record(tx, 'reset.used', it)
/** A new password that was not taken: no link that works, or a user name that does not belong to it. */
export const resetRefused = (tx: Db | Tx, it: Context & { readonly reason: 'link' | 'name' }): Promise<void> =>
  recordSome(tx, 'reset.refused', it)
/** So many refusals of one kind came from one network, or to one portal, that no more of them are written down this hour. */
export const refusalsLeftOut = (tx: Db | Tx, it: Context & { readonly reason: 'network' | 'portal' }): Promise<void> =>
  record(tx, 'refusals.left-out', it)
/** An operator gave a ticket. */
export const recoveryStarted = (tx: Tx, it: WithMethod): Promise<void> => record(tx, 'recovery.started', it)
/** A ticket that did not count. */
export const recoveryRefused = (tx: Tx, it: WithMethod): Promise<void> => record(tx, 'recovery.refused', it)
/** A ticket was taken: something may be set up anew. */
export const recoveryAccepted = (tx: Tx, it: WithMethod): Promise<void> => record(tx, 'recovery.accepted', it)
/** Something was set up anew, and what was there before has ended. */
export const recoveryCompleted = (tx: Tx, it: WithMethod): Promise<void> => record(tx, 'recovery.completed', it)
/** An account was added on the command line. */
export const accountAdded = (tx: Db | Tx, it: Context): Promise<void> => record(tx, 'account.added', it)
/** The same for many accounts at once, as an import adds them. */
export const accountsAdded = (tx: Tx, them: readonly Context[]): Promise<void> => recordAll(tx, 'account.added', them)
/** The same for many apps at once, as an import links them. */
export const authenticatorsBound = (tx: Tx, them: readonly WithMethod[]): Promise<void> => recordAll(tx, 'authenticator.bound', them)
/** An import changed what an account has. */
export const accountChanged = (tx: Tx, it: Context): Promise<void> => record(tx, 'account.changed', it)
/** An operator ended the pauses of an account. */
export const accountUnlocked = (tx: Tx, it: Context): Promise<void> => record(tx, 'account.unlocked', it)
/** Everything that stands about a person was written out on the command line. */
export const accountExported = (tx: Db | Tx, it: Context): Promise<void> => record(tx, 'account.exported', it)
/** A person was deleted. It does not say who. */
export const accountDeleted = (tx: Tx, it: Omit<Context, 'accountId' | 'nameHash' | 'attemptId'>): Promise<void> =>
  record(tx, 'account.deleted', it)
/** An account was turned off or on. */
export const accountSwitched = (tx: Db | Tx, it: Context & { readonly reason: 'disabled' | 'enabled' }): Promise<void> =>
  record(tx, 'account.switched', it)

interface Told extends Context {
  readonly method?: Method
  readonly reason?: string
}

const record = (tx: Db | Tx, event: string, it: Told): Promise<void> => recordAll(tx, event, [it])

/**
 * What strangers cause without end is written down so often in an hour and no more; that something was left out is written down too. What
 * happened to an account is always written: there the tries are counted.
 */
async function recordSome(tx: Db | Tx, event: string, it: Told): Promise<void> {
  if (it.accountId !== undefined && event !== 'request.refused') return record(tx, event, it)
  const bounds = [
    ['network', `noted ${event} ${it.portal} ${networksOf(it.address ?? '')[0]}`, mostRefusalsOfNetwork],
    ['portal', `noted ${event} ${it.portal}`, mostRefusalsOfPortal],
  ] as const
  for (const [reason, key, most] of bounds) {
    const turn = await spendAllowance(tx, key, most, hourSeconds, it.at)
    if (!turn.spent) return figures.publish({ event, portal: it.portal, isLeftOut: true })
    if (turn.count === most) await refusalsLeftOut(tx, { ...it, reason })
  }
  return record(tx, event, it)
}

/** Of one kind of refusal, in an hour. */
export const mostRefusalsOfNetwork = 600
export const mostRefusalsOfPortal = 5_000
const hourSeconds = 3_600

async function recordAll(tx: Db | Tx, event: string, them: readonly Told[]): Promise<void> {
  await addAuditRows(
    tx,
    them.map((it) => rowOf(event, it)),
  )
  for (const it of them) figures.publish({ event, portal: it.portal, ...(it.reason === undefined ? {} : { reason: it.reason }) })
}

function rowOf(event: string, it: Told): NewRow<'audit'> {
  return {
    id: it.random.id(),
    portal: it.portal,
    at: it.at,
    event,
    reason: it.reason ?? null,
    account_id: it.accountId ?? null,
    name_hash: it.nameHash ?? null,
    attempt_id: it.attemptId ?? null,
    door: null,
    method: it.method ?? null,
    address: it.address ?? null,
    device: it.device ? JSON.stringify(it.device) : null,
    seq: null,
    seal: null,
  }
}
