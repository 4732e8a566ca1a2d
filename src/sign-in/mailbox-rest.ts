import { type Instant, nextStep, requirementFor } from '../decision/index.ts'
import type { BrowserState } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { type AccountRow, browsersOf, type Db, type Tx } from '../storage/index.ts'
import { policyOf } from './policy.ts'
import { viewOf } from './situation.ts'

/** Until when nothing but a mailbox that rests could let this person in from this browser; undefined when something else can. */
export async function restsHereUntil(
  db: Db | Tx,
  portal: Portal,
  account: AccountRow,
  browser: BrowserState,
  now: Instant,
): Promise<Instant | undefined> {
  const view = await viewOf(db, account, browser, now)
  const need = requirementFor(policyOf(portal), { at: now }, view, now)
  const step = nextStep(need, view, [{ fact: 'proved', method: 'password', purpose: 'sign-in', at: now }], now)
  return step.step === 'mailbox-rests' ? step.until : undefined
}

/** The same for a mail, which is read anywhere: undefined as well when a browser that knows this person does not have to wait. */
export async function restsEverywhereUntil(db: Db | Tx, portal: Portal, account: AccountRow, now: Instant): Promise<Instant | undefined> {
  const browser = (await browsersOf(db, account.id)).toSorted((a, b) => a.seen_at - b.seen_at).at(-1)
  return restsHereUntil(db, portal, account, { facts: [], ...(browser ? { browser } : {}) }, now)
}
