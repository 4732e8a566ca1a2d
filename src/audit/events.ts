import type { Instant, Method } from '../decision/index.ts'
import type { Random } from '../random.ts'
import { addAuditRow, type Db, type Tx } from '../storage/index.ts'

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
}

interface WithMethod extends Context {
  readonly method: Method
}

interface Refused<Reason extends string> extends WithMethod {
  readonly reason: Reason
}

export type CodeReason = 'wrong' | 'used' | 'expired' | 'out-of-window'

export const passwordRefused = (tx: Db | Tx, it: Context): Promise<void> => record(tx, 'password.refused', { ...it, method: 'password' })
export const passwordAccepted = (tx: Tx, it: Context): Promise<void> => record(tx, 'password.accepted', { ...it, method: 'password' })
export const secondStepRefused = (tx: Tx, it: Refused<CodeReason>): Promise<void> => record(tx, 'second-step.refused', it)
export const secondStepAccepted = (tx: Tx, it: WithMethod): Promise<void> => record(tx, 'second-step.accepted', it)
export const gateRefused = (tx: Tx, it: Refused<CodeReason>): Promise<void> => record(tx, 'gate.refused', it)
export const gatePassed = (tx: Tx, it: WithMethod): Promise<void> => record(tx, 'gate.passed', it)
export const enrolmentRefused = (tx: Tx, it: Refused<CodeReason>): Promise<void> => record(tx, 'enrolment.refused', it)
export const enrolmentCompleted = (tx: Tx, it: WithMethod): Promise<void> => record(tx, 'enrolment.completed', it)
export const authenticatorBound = (tx: Tx, it: WithMethod): Promise<void> => record(tx, 'authenticator.bound', it)
export const authenticatorDisabled = (tx: Tx, it: WithMethod): Promise<void> => record(tx, 'authenticator.disabled', it)
export const sessionStarted = (tx: Tx, it: Context): Promise<void> => record(tx, 'session.started', it)
export const sessionEnded = (tx: Db | Tx, it: Context): Promise<void> => record(tx, 'session.ended', it)
export const rememberedCreated = (tx: Tx, it: Context): Promise<void> => record(tx, 'remembered.created', it)
export const requestRefused = (tx: Db | Tx, it: Context & { readonly reason: 'step-not-due' | 'origin' | 'csrf' }): Promise<void> =>
  record(tx, 'request.refused', it)
export const accountAdded = (tx: Db | Tx, it: Context): Promise<void> => record(tx, 'account.added', it)
export const accountSwitched = (tx: Db | Tx, it: Context & { readonly reason: 'disabled' | 'enabled' }): Promise<void> =>
  record(tx, 'account.switched', it)

function record(tx: Db | Tx, event: string, it: Context & { readonly method?: Method; readonly reason?: string }): Promise<void> {
  return addAuditRow(tx, {
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
    seq: null,
    seal: null,
  })
}
