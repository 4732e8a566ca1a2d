import type { Fact, Instant } from '../decision/index.ts'
import { type BrowserRow, type Db, findBrowser, findRemembered, type Tx, type Vault } from '../storage/index.ts'

export interface BrowserState {
  /** This account was fully signed in from this browser before. */
  readonly browser?: BrowserRow
  /** The mark of this browser for this application, as a dated fact; the decision says whether it still counts. */
  readonly facts: readonly Fact[]
}

/** What the browser's cookie says about this account. Nothing is believed that is not in the table. */
export async function readBrowser(
  db: Db | Tx,
  vault: Vault,
  portal: string,
  account: string,
  application: string | undefined,
  cookie: string | undefined,
): Promise<BrowserState> {
  if (!cookie) return { facts: [] }
  const browser = await findBrowser(db, portal, hashOfToken(vault, 'browser', cookie), account)
  if (!browser) return { facts: [] }
  const mark = application === undefined ? undefined : await findRemembered(db, browser.id, application)
  if (!mark || mark.revoked_at !== null) return { browser, facts: [] }
  return { browser, facts: [{ fact: 'proved', method: 'remembered-browser', purpose: 'sign-in', at: mark.proved_at }] }
}

export type TokenKind = 'session' | 'flow' | 'browser' | 'enrolment'

/** Tables hold a keyed hash of each cookie, by kind: one kind of token is worth nothing as another. */
export function hashOfToken(vault: Vault, kind: TokenKind, token: string): string {
  return vault.mac(`token ${kind}`, token).toString('base64url')
}

/** When a remembered browser was last really proven and until when it counts. */
export const rememberedUntil = (provedAt: Instant, days: number): Instant => provedAt + days * 86_400_000
