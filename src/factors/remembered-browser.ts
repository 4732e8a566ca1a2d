import type { Fact, Instant } from '../decision/index.ts'
import {
  type AccountRow,
  type BrowserRow,
  type Db,
  findBrowser,
  findBrowserById,
  findByRetiredValue,
  findRemembered,
  type RememberedRow,
  rememberedOf,
  renewBrowser,
  type Tx,
  touchBrowser,
  useRemembered,
  type Vault,
} from '../storage/index.ts'

/*
 * A remembered browser is a series: the value of its cookie changes each time its mark lets somebody in, and a value that was
 * replaced tells that two hold the cookie.
 *
 *     the value it has now     counts
 *     the one before           counts for 60 seconds and leads to the same successor: tabs at once, a reply that was lost
 *     an older one             somebody holds a copy
 *
 * The successor is made from the value before, so that every tab and every node finds the same one and none has to be kept.
 */
export const graceSeconds = 60
/** A browser is known for so long after a full sign-in in it. */
export const knownSeconds = 90 * 86_400

export interface BrowserState {
  /** This account was fully signed in from this browser before. */
  readonly browser?: BrowserRow
  /** And not longer ago than 90 days. */
  readonly isKnown?: boolean
  /** The mark of this browser for this application, as a dated fact; the decision says whether it still counts. */
  readonly facts: readonly Fact[]
  readonly mark?: RememberedRow
  /** The browser that this cookie was copied from, or that was: its value had been replaced too long ago. */
  readonly copied?: BrowserRow
}

/** What the browser's cookie says about this account. Reads only; nothing is believed that is not in the table. */
export async function readBrowser(
  db: Db | Tx,
  vault: Vault,
  account: AccountRow,
  application: string | undefined,
  cookie: string | undefined,
  now: Instant,
): Promise<BrowserState> {
  const found = cookie === undefined ? undefined : await browserWith(db, account, hashOfToken(vault, 'browser', cookie), now)
  if (!found || 'copied' in found) return { facts: [], ...found }
  return marksOf(db, account, found.browser, application, now)
}

/** The same for a protected host, which holds a pointer to the browser and none of its cookies. */
export async function readBrowserById(
  db: Db | Tx,
  account: AccountRow,
  application: string | undefined,
  id: string | null,
  now: Instant,
): Promise<BrowserState> {
  const browser = id === null ? undefined : await findBrowserById(db, id, account.id)
  return browser ? marksOf(db, account, browser, application, now) : { facts: [] }
}

async function marksOf(
  db: Db | Tx,
  account: AccountRow,
  browser: BrowserRow,
  application: string | undefined,
  now: Instant,
): Promise<BrowserState> {
  const known = { browser, isKnown: browser.proved_at + knownSeconds * 1000 > now }
  const mark = application === undefined ? undefined : await findRemembered(db, browser.id, application)
  // A new password ends what was remembered before it, whoever forgot to say so.
  if (!mark || mark.revoked_at !== null || mark.proved_at < (account.password_changed_at ?? 0)) return { ...known, facts: [] }
  return { ...known, mark, facts: [{ fact: 'proved', method: 'remembered-browser', purpose: 'sign-in', at: mark.proved_at }] }
}

async function browserWith(
  db: Db | Tx,
  account: AccountRow,
  hash: string,
  now: Instant,
): Promise<{ readonly browser: BrowserRow } | { readonly copied: BrowserRow } | undefined> {
  const browser = await findBrowser(db, account.portal, hash, account.id)
  if (browser) return { browser }
  const retired = await findByRetiredValue(db, account.portal, hash, account.id)
  if (!retired) return undefined
  if (now < retired.value.retired_at + graceSeconds * 1000)
    return retired.value.retired_by === 'use' ? { browser: retired.browser } : undefined
  // Where nothing is remembered a copy is worth nothing, and nobody is alarmed.
  const remembered = await rememberedOf(db, account, now)
  return remembered.some((it) => it.browser.id === retired.browser.id) ? { copied: retired.browser } : undefined
}

/**
 * The mark lets somebody in: its cookie gets the next value, unless it has this one for less than the grace.
 * @returns the value for the cookie; undefined when the mark was revoked, or the value replaced, since it was read.
 */
export async function useMark(
  tx: Tx,
  vault: Vault,
  { browser, mark }: { readonly browser: BrowserRow; readonly mark: RememberedRow },
  cookie: string,
  now: Instant,
): Promise<string | undefined> {
  if (!(await useRemembered(tx, mark.id, now))) return undefined
  const [held, next] = [hashOfToken(vault, 'browser', cookie), successorOf(vault, cookie)]
  const isYoung = browser.token_hash === held && now < browser.value_at + graceSeconds * 1000
  if (isYoung) return (await touchBrowser(tx, browser.id, held, now)) ? cookie : undefined
  const nextHash = hashOfToken(vault, 'browser', next)
  await renewBrowser(tx, browser.portal, held, nextHash, 'use', now)
  return (await touchBrowser(tx, browser.id, nextHash, now)) ? next : undefined
}

const successorOf = (vault: Vault, cookie: string): string => vault.mac('browser successor', cookie)

export type TokenKind = 'session' | 'flow' | 'browser' | 'enrolment' | 'host' | 'host-state' | 'change' | 'form'

/** Tables hold a keyed hash of each cookie, by kind: one kind of token is worth nothing as another. */
export function hashOfToken(vault: Vault, kind: TokenKind, token: string): string {
  return vault.mac(`token ${kind}`, token)
}

/** When a remembered browser was last really proven and until when it counts. */
export const rememberedUntil = (provedAt: Instant, days: number): Instant => provedAt + days * 86_400_000
