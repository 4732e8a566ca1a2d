import * as audit from '../audit/index.ts'
import type { SecondStep, Step } from '../decision/index.ts'
import { type House, hashOfToken, rememberedUntil } from '../factors/index.ts'
import {
  addBrowser,
  addRemembered,
  addSession,
  changeAccount,
  clearCounter,
  finishAttempt,
  renewBrowser,
  renewSession,
  type Tx,
  touchBrowser,
} from '../storage/index.ts'
import { passwordKey, secondStepKey } from './limits.ts'
import { absoluteSeconds } from './sessions.ts'
import type { Situation, Visitor } from './situation.ts'

export interface Finished {
  readonly sessionId: string
  /** False when another tab of this sign-in was first: its session holds. */
  readonly won: boolean
  readonly cookies: { readonly session?: string; readonly browser?: string }
}

type Done = Extract<Step, { step: 'done' }>

/** Signs: session, cookie, cleared counters, known browser. Only called with `done`, and one of two tabs wins. */
export async function finish(
  tx: Tx,
  house: House,
  situation: Situation,
  done: Done,
  visitor: Visitor,
  remember: boolean,
): Promise<Finished> {
  const { attempt, account, portal, session, now } = situation
  if (!attempt || !account) throw new Error('a sign-in without an account cannot be done')
  const [sessionId, sessionToken] = [session?.id ?? house.random.id(), house.random.token()]
  if (!(await finishAttempt(tx, attempt.id, sessionId, now))) return { sessionId, won: false, cookies: {} }

  const tokenHash = hashOfToken(house.vault, 'session', sessionToken)
  // A step up keeps the session and changes its cookie value; a fresh sign-in has a session of its own.
  if (!session || !(await renewSession(tx, session.id, tokenHash, now))) {
    await addSession(tx, {
      id: sessionId,
      portal: portal.id,
      token_hash: tokenHash,
      account_id: account.id,
      started_at: now,
      last_seen_at: now,
      ends_at: now + absoluteSeconds * 1000,
      ended_at: null,
    })
  }
  // A remembered browser proves nothing anew: it must not give whoever sits at it fresh tries at the codes.
  if (done.secondStepAt !== undefined) await clearCounter(tx, secondStepKey(account.id))
  await clearCounter(tx, passwordKey(house, portal, account.name, undefined))
  await changeAccount(tx, account.id, accountChange(situation, done))
  await audit.sessionStarted(tx, {
    random: house.random,
    portal: portal.id,
    at: now,
    accountId: account.id,
    attemptId: attempt.id,
    address: visitor.address,
  })
  const browser = await knowBrowser(tx, house, situation, done, visitor, remember)
  return { sessionId, won: true, cookies: { session: sessionToken, ...(browser ? { browser } : {}) } }
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
  { portal, account, need, request, browser, facts, now }: Situation,
  done: Done,
  visitor: Visitor,
  remember: boolean,
): Promise<string | undefined> {
  const shownNow = facts.some((it) => it.fact === 'proved' && it.at === now && it.purpose !== 'gate' && isSecondStep(it.method))
  if (!account || done.secondStepAt === undefined || !shownNow) return undefined
  // A new value each time: one that somebody planted or copied before is worth nothing afterwards.
  const token = house.random.token()
  const tokenHash = hashOfToken(house.vault, 'browser', token)
  if (visitor.browser) await renewBrowser(tx, portal.id, hashOfToken(house.vault, 'browser', visitor.browser), tokenHash)
  const id = browser.browser?.id ?? house.random.id()
  if (browser.browser) await touchBrowser(tx, id, now)
  else await addBrowser(tx, { id, portal: portal.id, account_id: account.id, token_hash: tokenHash, seen_at: now, created_at: now })

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
    await audit.rememberedCreated(tx, { random: house.random, portal: portal.id, at: now, accountId: account.id, address: visitor.address })
  }
  return token
}

const isSecondStep = (method: string): method is SecondStep => method === 'totp' || method === 'email' || method === 'sms'
