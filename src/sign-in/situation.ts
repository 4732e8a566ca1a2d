import {
  type Account,
  canChooseOther,
  type Fact,
  type Instant,
  nextStep,
  optionsOf,
  type Request,
  type Requirement,
  requirementFor,
  type Step,
} from '../decision/index.ts'
import type { Device } from '../delivery/index.ts'
import { type BrowserState, type House, hashOfToken, readBrowser, readBrowserById } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import {
  type AccountRow,
  type AttemptRow,
  type Db,
  factsOf,
  factsOfSession,
  findAccount,
  findAttempt,
  findPendingEnrolment,
  readCounter,
  type SessionRow,
  type Tx,
  workingAuthenticatorsOf,
} from '../storage/index.ts'
import { secondStepKey } from './limits.ts'
import { policyOf } from './policy.ts'
import { findLiveSession, findLiveSessionById } from './sessions.ts'

/** Who stands at the door: what the cookies of this portal say, and nothing else of the request. */
export interface Visitor {
  readonly flow?: string | undefined
  readonly session?: string | undefined
  readonly browser?: string | undefined
  readonly enrolment?: string | undefined
  /** The form cookie: which forms come from one browser. */
  readonly form?: string | undefined
  /** The client's address, from the socket or the named proxy. For the audit and for what is counted by network; it opens nothing. */
  readonly address: string
  /** Which kind of browser it says it is: told to the owner, never believed. */
  readonly device?: Device
  readonly language: string
}

/** What an application asked before this sign-in had a row of its own. */
export interface Asked {
  readonly interaction: string
  readonly request: Request
}

/** Where this sign-in stands: everything that was read, and the step that follows from it. */
export interface Situation {
  readonly portal: Portal
  /** The client's address: what is sent is counted by network too. */
  readonly from?: string
  readonly now: Instant
  readonly attempt?: AttemptRow
  readonly session?: SessionRow
  readonly account?: AccountRow
  readonly view?: Account
  readonly browser: BrowserState
  readonly request: Request
  readonly interaction?: string
  readonly need: Requirement
  readonly facts: readonly Fact[]
  readonly step: Step
}

/** Whether another method leads anywhere from here. */
export const hasOtherMethod = ({ step, need, view, facts }: Situation): boolean =>
  view !== undefined && canChooseOther(step, optionsOf(need, view, facts))

/** Reads attempt, session, account and facts; nobody else does. */
export async function situationOf(
  db: Db | Tx,
  house: House,
  portal: Portal,
  visitor: Visitor,
  now: Instant,
  asked?: Asked,
): Promise<Situation> {
  const attempt = visitor.flow ? await findAttempt(db, portal.id, hashOfToken(house.vault, 'flow', visitor.flow), now) : undefined
  const session = await findLiveSession(db, house, portal, visitor.session, now)
  if (attempt && attempt.finished_at === null) return attemptSituation(db, house, portal, attempt, session, visitor, now)

  // When no application asks, a session was asked when it began: it is not asked again at each page.
  const request = asked?.request ?? { at: session?.started_at ?? now }
  const account = session && (await findAccount(db, portal.id, session.account_id))
  const base = { portal, now, request, ...(attempt ? { attempt } : {}), ...(asked ? { interaction: asked.interaction } : {}) }
  if (!session || !account || account.disabled_at !== null) return decide(db, house, { ...base, facts: [] }, undefined, visitor)
  return decide(db, house, { ...base, session, facts: await factsOfSession(db, session.id, account.id) }, account, visitor)
}

/** What a protected host holds of a sign-in: pointers into our tables, none of the portal's cookies. */
export interface Held {
  readonly sessionId: string
  readonly browserId: string | null
}

/** The same for a protected host: whether this session still is what its rule asks, at this moment. */
export async function situationHeld(
  db: Db | Tx,
  house: House,
  portal: Portal,
  held: Held,
  { interaction, request }: Asked,
  now: Instant,
): Promise<Situation> {
  const session = await findLiveSessionById(db, portal, held.sessionId, now)
  const account = session && (await findAccount(db, portal.id, session.account_id))
  const base = { portal, now, request, interaction }
  if (!session || !account || account.disabled_at !== null) return decide(db, house, { ...base, facts: [] }, undefined, held)
  return decide(db, house, { ...base, session, facts: await factsOfSession(db, session.id, account.id) }, account, held)
}

async function attemptSituation(
  db: Db | Tx,
  house: House,
  portal: Portal,
  attempt: AttemptRow,
  session: SessionRow | undefined,
  visitor: Visitor,
  now: Instant,
): Promise<Situation> {
  const account = attempt.account_id === null ? undefined : await findAccount(db, portal.id, attempt.account_id)
  const lost = attempt.account_id !== null && (!account || account.disabled_at !== null)
  const own = lost ? [] : await factsOf(db, attempt.id)
  const inside = session && account && session.id === attempt.session_id ? session : undefined
  const inherited = inside ? await factsOfSession(db, inside.id, inside.account_id) : []
  const base = {
    portal,
    now,
    attempt,
    request: JSON.parse(attempt.request) as Request,
    facts: [...inherited, ...own],
    ...(inside ? { session: inside } : {}),
    ...(attempt.interaction ? { interaction: attempt.interaction } : {}),
  }
  return decide(db, house, base, lost ? undefined : account, visitor)
}

type Read = Omit<Situation, 'need' | 'step' | 'browser' | 'account' | 'view'>

async function decide(db: Db | Tx, house: House, read: Read, account: AccountRow | undefined, seen: Visitor | Held): Promise<Situation> {
  const { portal, request, now } = read
  const browser = account ? await browserOf(db, house, read, account, seen) : { facts: [] }
  const view = account && (await viewOf(db, account, browser, now))
  const need = requirementFor(policyOf(portal), request, view, now)
  const facts = [...browser.facts, ...read.facts]
  const from = 'address' in seen ? { from: seen.address } : {}
  return { ...read, ...from, facts, browser, need, step: nextStep(need, view, facts, now), ...(account && view ? { account, view } : {}) }
}

function browserOf(
  db: Db | Tx,
  { vault }: House,
  { request, now }: Read,
  account: AccountRow,
  seen: Visitor | Held,
): Promise<BrowserState> {
  if ('browserId' in seen) return readBrowserById(db, account, request.application, seen.browserId, now)
  return readBrowser(db, vault, account, request.application, seen.browser, now)
}

/** The account as the decision sees it: no name, no address, no secret. */
export async function viewOf(db: Db | Tx, row: AccountRow, browser: BrowserState, now: Instant): Promise<Account> {
  const [authenticators, counter, pending] = [
    await workingAuthenticatorsOf(db, row.id, now),
    await readCounter(db, secondStepKey(row.id)),
    await findPendingEnrolment(db, row.id, now),
  ]
  return {
    bound: authenticators.map((it) => ({
      method: it.method,
      disabled: it.disabled_at !== null,
      ...(it.last_used_at === null ? {} : { lastUsedAt: it.last_used_at }),
    })),
    hasEmail: row.email !== null,
    phone: row.phone === null ? 'none' : row.phone_proven_at === null ? 'known' : 'proven',
    hasPendingEnrolment: pending !== undefined,
    knownBrowser: browser.isKnown === true,
    ...(row.group_name === null ? {} : { group: row.group_name }),
    ...(row.second_step_since === null ? {} : { secondStepSince: row.second_step_since }),
    ...(row.authenticators_changed_at === null ? {} : { authenticatorsChangedAt: row.authenticators_changed_at }),
    ...(browser.browser ? { browserSeenAt: browser.browser.seen_at } : {}),
    ...(row.mailbox_reset_at === null ? {} : { mailboxResetAt: row.mailbox_reset_at }),
    ...(row.announced_at === null ? {} : { announcedAt: row.announced_at }),
    ...(row.secured_at === null ? {} : { securedAt: row.secured_at }),
    ...(row.guessed_at === null ? {} : { guessedAt: row.guessed_at }),
    ...(row.password_changed_at === null ? {} : { passwordChangedAt: row.password_changed_at }),
    ...(counter.pausedUntil === undefined ? {} : { pausedUntil: counter.pausedUntil }),
    ...(row.last_method === null ? {} : { lastMethod: row.last_method as NonNullable<Account['lastMethod']> }),
  }
}
