import * as audit from '../audit/index.ts'
import type { Step } from '../decision/index.ts'
import { type House, hashOfToken, rememberedUntil, useMark } from '../factors/index.ts'
import {
  type AccountRow,
  addBrowser,
  addRemembered,
  dropBrowser,
  endSessionsBornOf,
  findRemembered,
  ownersOfBrowser,
  proveBrowser,
  renewBrowser,
  type Tx,
} from '../storage/index.ts'
import { contextOf } from './context.ts'
import { tell } from './notices.ts'
import type { Situation, Visitor } from './situation.ts'

type Done = Extract<Step, { step: 'done' }>
type Known = Situation & { readonly account: AccountRow }

/**
 * After a second step that was really shown this browser is known to the account, and remembered when the person ticked the box and
 * the rule allows. Whoever came back by a ticket or a recovery code shows an ordinary second step first.
 * @returns the new value of its cookie: one that somebody planted or copied before is worth nothing afterwards.
 */
export async function knowBrowser(
  tx: Tx,
  house: House,
  situation: Known,
  done: Done & { readonly secondStepAt: number },
  visitor: Visitor,
  remember: boolean,
): Promise<string> {
  const { portal, account, need, request, browser, facts, now } = situation
  const token = house.random.token()
  const tokenHash = hashOfToken(house.vault, 'browser', token)
  const held = browser.browser?.token_hash ?? (visitor.browser && hashOfToken(house.vault, 'browser', visitor.browser))
  if (held) await renewBrowser(tx, portal.id, held, tokenHash, 'proof', now)
  const id = browser.browser?.id ?? house.random.id()
  // At the first sign-in of an account every browser is new, also when its app was imported: that is no news.
  if (!browser.browser && account.last_method !== null) await tell(tx, house, situation, visitor, { notice: 'new-browser' })
  if (browser.browser) await proveBrowser(tx, id, now)
  else
    await addBrowser(tx, {
      id,
      portal: portal.id,
      account_id: account.id,
      token_hash: tokenHash,
      value_at: now,
      proved_at: now,
      seen_at: now,
      created_at: now,
      device: visitor.device ? JSON.stringify(visitor.device) : null,
    })

  const days = portal.secondStep.rememberedBrowser?.days
  const cameBack = facts.some((it) => it.fact === 'proved' && it.purpose === 'recovery')
  if (!remember || cameBack || days === undefined || need.rememberedSeconds === 0 || request.application === undefined) return token
  await addRemembered(tx, {
    id: house.random.id(),
    browser_id: id,
    account_id: account.id,
    portal: portal.id,
    application: request.application,
    proved_at: done.secondStepAt,
    ends_at: rememberedUntil(done.secondStepAt, days),
    revoked_at: null,
  })
  await audit.rememberedCreated(tx, contextOf(house, situation, visitor))
  return token
}

/** What a mark let in: the browser that it belongs to, and the next value of its cookie. */
export interface LetIn {
  readonly bornOf: string
  readonly cookie: string
}

/** Spends the mark that takes the place of the second step. @returns undefined when it does not count any more. */
export async function letInByMark(tx: Tx, house: House, situation: Situation, visitor: Visitor): Promise<LetIn | undefined> {
  const { browser, mark } = situation.browser
  if (!browser || !mark || visitor.browser === undefined) return undefined
  const cookie = await useMark(tx, house.vault, { browser, mark }, visitor.browser, situation.now)
  if (cookie === undefined) return undefined
  await audit.rememberedUsed(tx, contextOf(house, situation, visitor))
  return { bornOf: browser.id, cookie }
}

/**
 * A value came back that had been replaced: two hold this cookie, and nobody can say who is the thief. The browser is forgotten, what
 * its marks let in ends, the owner is told. Once: of two who come with it at the same moment, one finds it still there.
 * @returns whether the owner was told.
 */
export async function stopCopied(tx: Tx, house: House, situation: Situation, visitor: Visitor): Promise<boolean> {
  const { account, browser, now } = situation
  if (!account || !browser.copied || !(await dropBrowser(tx, account.id, browser.copied.id))) return false
  const ended = await endSessionsBornOf(tx, account.id, browser.copied.id, now)
  const context = contextOf(house, situation, visitor)
  await audit.rememberedTheftSuspected(tx, context)
  for (let nr = 0; nr < ended; nr++) await audit.sessionEnded(tx, context)
  await tell(tx, house, situation, visitor, { notice: 'browser-copied' })
  return true
}

/** Where a remembered browser would have counted and this one did not: why, for the audit alone. */
export async function noteUncounted(tx: Tx, house: House, situation: Situation, visitor: Visitor): Promise<void> {
  const { account, browser, need, request, step } = situation
  if (!account || !visitor.browser || browser.copied || need.rememberedSeconds === 0 || step.step === 'done') return
  const reason = browser.browser ? await whyOver(tx, browser.browser.id, request.application) : await whose(tx, house, situation, visitor)
  if (reason) await audit.rememberedRefused(tx, { ...contextOf(house, situation, visitor), reason })
}

/** Undefined: it was never remembered here. */
async function whyOver(tx: Tx, browser: string, application: string | undefined): Promise<'over' | 'revoked' | undefined> {
  const mark = application === undefined ? undefined : await findRemembered(tx, browser, application)
  return mark && (mark.revoked_at === null ? 'over' : 'revoked')
}

async function whose(tx: Tx, house: House, { portal }: Situation, visitor: Visitor): Promise<'other-account' | 'other-portal' | 'unknown'> {
  const owners = await ownersOfBrowser(tx, hashOfToken(house.vault, 'browser', visitor.browser ?? ''))
  if (owners.some((it) => it.portal === portal.id)) return 'other-account'
  return owners.length > 0 ? 'other-portal' : 'unknown'
}
