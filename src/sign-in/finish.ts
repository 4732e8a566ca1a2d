import * as audit from '../audit/index.ts'
import type { SecondStep, Step } from '../decision/index.ts'
import { Fault } from '../errors.ts'
import { type House, hashOfToken, rememberedUntil } from '../factors/index.ts'
import {
  type AccountRow,
  addBrowser,
  addRemembered,
  addSession,
  changeAccount,
  clearCounter,
  endSession,
  finishAttempt,
  renewBrowser,
  renewSession,
  type Tx,
  touchBrowser,
} from '../storage/index.ts'
import { contextOf } from './context.ts'
import { passwordKey, secondStepKey } from './limits.ts'
import { absoluteSeconds, findLiveSession } from './sessions.ts'
import type { Situation, Visitor } from './situation.ts'

export interface Finished {
  readonly sessionId: string
  readonly cookies: { readonly session: string; readonly browser?: string }
}

type Done = Extract<Step, { step: 'done' }>

/**
 * Signs: session, cookie, cleared counters, known browser. Only called with `done`, in the transaction that holds the sign-in.
 * @returns undefined when the session that it would have stepped up has ended: nothing is signed then.
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
  const token = house.random.token()
  const sessionId = await openSession(tx, house, situation, account, visitor, token)
  if (sessionId === undefined || !(await finishAttempt(tx, attempt.id, sessionId, now))) return undefined

  // A remembered browser or an earlier step proves nothing anew: it must not give whoever sits there fresh tries at the codes.
  if (wasShownNow(situation)) await clearCounter(tx, secondStepKey(account.id))
  // The password was given in this sign-in: its counts end too, that of this browser among them.
  const counts = session ? [] : [undefined, situation.browser.browser?.id]
  for (const browser of counts) await clearCounter(tx, passwordKey(house, portal, account.name, browser))
  await changeAccount(tx, account.id, accountChange(situation, done))
  await audit.sessionStarted(tx, contextOf(house, situation, visitor))
  const browser = await knowBrowser(tx, house, situation, done, visitor, remember)
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
  })
  return id
}

function accountChange({ account, facts, now }: Situation, done: Done): Parameters<typeof changeAccount>[2] {
  if (done.secondStepAt === undefined)
    return facts.some((it) => it.fact === 'postponed') ? { announced_at: now } : { announced_at: account?.announced_at ?? null }
  const method = facts.findLast((it) => it.fact === 'proved' && isSecondStep(it.method) && it.purpose !== 'gate')
  return { second_step_since: account?.second_step_since ?? now, ...(method?.fact === 'proved' ? { last_method: method.method } : {}) }
}

/** After a real second step this browser is known to the account, and remembered when the person ticked the box and the rule allows. */
async function knowBrowser(
  tx: Tx,
  house: House,
  situation: Situation,
  done: Done,
  visitor: Visitor,
  remember: boolean,
): Promise<string | undefined> {
  const { portal, account, need, request, browser, now } = situation
  if (!account || done.secondStepAt === undefined || !wasShownNow(situation)) return undefined
  // A new value each time: one that somebody planted or copied before is worth nothing afterwards.
  const token = house.random.token()
  const tokenHash = hashOfToken(house.vault, 'browser', token)
  if (visitor.browser) await renewBrowser(tx, portal.id, hashOfToken(house.vault, 'browser', visitor.browser), tokenHash)
  const id = browser.browser?.id ?? house.random.id()
  if (browser.browser) await touchBrowser(tx, id, now)
  else
    await addBrowser(tx, {
      id,
      portal: portal.id,
      account_id: account.id,
      token_hash: tokenHash,
      seen_at: now,
      created_at: now,
      device: visitor.device ? JSON.stringify(visitor.device) : null,
    })

  const days = portal.secondStep.rememberedBrowser?.days
  if (remember && days !== undefined && need.rememberedSeconds > 0 && request.application !== undefined) {
    const endsAt = rememberedUntil(done.secondStepAt, days)
    await addRemembered(tx, {
      id: house.random.id(),
      browser_id: id,
      account_id: account.id,
      portal: portal.id,
      application: request.application,
      proved_at: done.secondStepAt,
      ends_at: endsAt,
      revoked_at: null,
    })
    await audit.rememberedCreated(tx, contextOf(house, situation, visitor))
  }
  return token
}

const wasShownNow = ({ facts, now }: Situation): boolean =>
  facts.some((it) => it.fact === 'proved' && it.at === now && it.purpose !== 'gate' && isSecondStep(it.method))
const isSecondStep = (method: string): method is SecondStep => method === 'totp' || method === 'email' || method === 'sms'
