import * as audit from '../audit/index.ts'
import type { Fact, Method, SecondStep, Step } from '../decision/index.ts'
import { Fault } from '../errors.ts'
import { type House, hashOfToken } from '../factors/index.ts'
import {
  type AccountRow,
  addSession,
  changeAccount,
  clearCounter,
  endSession,
  finishAttempt,
  keepNewestSessions,
  renewSession,
  type Tx,
} from '../storage/index.ts'
import { knowBrowser, letInByMark } from './browsers.ts'
import { contextOf } from './context.ts'
import { knowNetwork } from './crowd.ts'
import { passwordKey, secondStepKey } from './limits.ts'
import { absoluteSeconds, findLiveSession, mostSessions } from './sessions.ts'
import type { Situation, Visitor } from './situation.ts'

export interface Finished {
  readonly sessionId: string
  readonly cookies: { readonly session: string; readonly browser?: string }
}

const byMark = 'urn:sluis:acr:2-remembered'

type Done = Extract<Step, { step: 'done' }>

/**
 * Signs: session, cookie, cleared counters, known browser. Only called with `done`, in the transaction that holds the sign-in.
 * @returns undefined when the session that it would have stepped up has ended, or the mark that would let it in: nothing is signed then.
 */
export async function finish(
  tx: Tx,
  house: House,
  situation: Situation,
  done: Done,
  visitor: Visitor,
  remember: boolean,
): Promise<Finished | undefined> {
  const { attempt, account, session, portal, now } = situation
  if (!attempt || !account) throw new Fault('impossible', 'a sign-in without an account cannot be done')
  const isByMark = done.acr === byMark
  const letIn = isByMark ? await letInByMark(tx, house, situation, visitor) : undefined
  if (isByMark && !letIn) return undefined
  const token = house.random.token()
  const sessionId = await openSession(tx, house, situation, account, visitor, token, letIn?.bornOf ?? null)
  if (sessionId === undefined || !(await finishAttempt(tx, attempt.id, sessionId, now))) return undefined

  // A remembered browser or an earlier step proves nothing anew: it must not give whoever sits there fresh tries at the codes.
  if (wasShownNow(situation)) await clearCounter(tx, secondStepKey(account.id))
  // The password was given in this sign-in: its counts end too, that of this browser among them.
  const counts = session ? [] : [undefined, situation.browser.browser?.id]
  for (const browser of counts) await clearCounter(tx, passwordKey(house, portal, account.name, browser))
  if (!session) await knowNetwork(tx, house, account, visitor, now)
  await changeAccount(tx, account.id, accountChange(situation, done))
  await audit.sessionStarted(tx, { ...contextOf(house, situation, visitor), method: letInBy(situation, done) })
  const { secondStepAt } = done
  const browser =
    secondStepAt !== undefined && wasShownNow(situation)
      ? await knowBrowser(tx, house, { ...situation, account }, { ...done, secondStepAt }, visitor, remember)
      : letIn?.cookie
  return { sessionId, cookies: { session: token, ...(browser ? { browser } : {}) } }
}

/**
 * A step up keeps the session and changes its cookie value. A fresh sign-in has a session of its own, and the one that this browser
 * had before ends: nobody holds its cookie any more but who copied it.
 */
async function openSession(
  tx: Tx,
  house: House,
  situation: Situation,
  account: AccountRow,
  visitor: Visitor,
  token: string,
  bornOf: string | null,
): Promise<string | undefined> {
  const { portal, session, now } = situation
  const tokenHash = hashOfToken(house.vault, 'session', token)
  if (session) return (await renewSession(tx, session.id, tokenHash, now)) ? session.id : undefined

  const earlier = await findLiveSession(tx, house, portal, visitor.session, now)
  if (earlier && (await endSession(tx, earlier.id, now)))
    await audit.sessionEnded(tx, { ...contextOf(house, situation, visitor), accountId: earlier.account_id })
  const id = house.random.id()
  await addSession(tx, {
    id,
    portal: portal.id,
    token_hash: tokenHash,
    account_id: account.id,
    started_at: now,
    last_seen_at: now,
    ends_at: now + absoluteSeconds * 1000,
    ended_at: null,
    device: visitor.device ? JSON.stringify(visitor.device) : null,
    born_of: bornOf,
  })
  await keepNewestSessions(tx, account.id, mostSessions, now)
  return id
}

/** What let this person in beside the password, if anything did. */
function letInBy({ facts }: Situation, { acr, secondStepAt }: Done): Method {
  if (acr === byMark) return 'remembered-browser'
  return secondStepAt === undefined ? 'password' : (lastShown(facts) ?? 'password')
}

function lastShown(facts: readonly Fact[]): SecondStep | undefined {
  const shown = facts.findLast((it) => it.fact === 'proved' && isSecondStep(it.method) && it.purpose !== 'gate')
  return shown?.fact === 'proved' && isSecondStep(shown.method) ? shown.method : undefined
}

function accountChange(situation: Situation, done: Done): Parameters<typeof changeAccount>[2] {
  const { account, facts, now } = situation
  if (done.secondStepAt === undefined)
    return facts.some((it) => it.fact === 'postponed') ? { announced_at: now } : { announced_at: account?.announced_at ?? null }
  const method = lastShown(facts)
  // The mailbox that gave the password rests until a whole sign-in like this one.
  const lifted = wasShownNow(situation) ? { mailbox_reset_at: null } : {}
  return { ...lifted, second_step_since: account?.second_step_since ?? now, ...(method ? { last_method: method } : {}) }
}

const wasShownNow = ({ facts, now }: Situation): boolean =>
  facts.some((it) => it.fact === 'proved' && it.at === now && it.purpose !== 'gate' && isSecondStep(it.method))
const isSecondStep = (method: string): method is SecondStep => method === 'totp' || method === 'email' || method === 'sms'
