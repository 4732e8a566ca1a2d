import { beforeChange, confirmedUntil, type Instant, type SecondStep, type Step } from '../decision/index.ts'
import { type House, hashOfToken } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { newAttempt, type Situation, situationOf, type Visitor } from '../sign-in/index.ts'
import { type AttemptRow, addAttemptOnce, type Db, factsOf, findAttempt, type SessionRow, type Tx } from '../storage/index.ts'

type Known = Required<Pick<Situation, 'account' | 'view' | 'session'>>

/** Where a person stands who may want to change something: the session, and what must be shown before a change. */
export interface Standing extends Omit<Situation, 'attempt' | 'account' | 'view' | 'session'>, Known {
  /** The row that codes and facts of this session's changes hang on, once there is one. */
  readonly attempt?: AttemptRow
  /** Undefined: a change may be made now. */
  readonly due: Step | undefined
  readonly confirmedUntil?: Instant
  /** Another method than this one must speak for the person. */
  readonly than?: SecondStep
}

/** Reads it; undefined when there is no whole session. An open sign-in of this browser is left aside: the session stands alone. */
export async function standingOf(
  db: Db | Tx,
  house: House,
  portal: Portal,
  visitor: Visitor,
  now: Instant,
  than?: SecondStep,
): Promise<Standing | undefined> {
  const { attempt: _, ...read } = await situationOf(db, house, portal, { ...visitor, flow: undefined }, now)
  const { session, account, view, need, step } = read
  if (!session || !account || !view || step.step !== 'done') return undefined
  const attempt = await findAttempt(db, portal.id, attemptHash(house, session), now)
  const facts = [...read.facts, ...(attempt ? await factsOf(db, attempt.id) : [])]
  const until = confirmedUntil(need, view, facts, now, than)
  return {
    ...read,
    session,
    account,
    view,
    facts,
    due: beforeChange(need, view, facts, now, than),
    ...(than === undefined ? {} : { than }),
    ...(attempt ? { attempt } : {}),
    ...(until === undefined ? {} : { confirmedUntil: until }),
  }
}

/** The row for codes and facts of this session's changes: made at the first need, one a session. */
export async function openAttempt(
  tx: Tx,
  house: House,
  { portal, session, account, now }: Standing,
  visitor: Visitor,
): Promise<AttemptRow> {
  const token_hash = attemptHash(house, session)
  const fresh = newAttempt(house, portal, visitor, token_hash, now, {
    application: null,
    interaction: null,
    request: JSON.stringify({ at: now }),
    typed_name: account.shown_name,
    account_id: account.id,
    session_id: session.id,
    created_at: now,
    ends_at: session.ends_at,
  })
  await addAttemptOnce(tx, { ...fresh, token_hash })
  return (await findAttempt(tx, portal.id, token_hash, now)) ?? fresh
}

/** Made from the session: no cookie holds a value that leads here. */
const attemptHash = ({ vault }: House, { id }: SessionRow): string => hashOfToken(vault, 'change', id)
