import type { Instant } from '../decision/index.ts'
import { equalInConstantTime, type House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { type AccountRow, countAccountsAt, type Db, findAccount, findLink, type LinkRow } from '../storage/index.ts'

export const resetPurpose = 'reset'

interface LinkFacts {
  /** Where it was sent; when the account has another address by now, it is dead. */
  readonly email: string
  /** Keyed hash of the browser that asked. */
  readonly asker: string
}

/** What a mailed link is worth now. The account comes from the link alone. */
export type Reset =
  | { readonly state: 'unknown' }
  | { readonly state: 'used'; readonly account: AccountRow }
  | { readonly state: 'over'; readonly at: Instant }
  | {
      readonly state: 'open'
      readonly link: LinkRow
      readonly account: AccountRow
      readonly asked: { readonly email: string; readonly at: Instant }
      /** This browser asked for it. */
      readonly isAsker: boolean
      /** Another browser, or an address of several accounts: the user name, which stands in no mail, is asked too. */
      readonly asksName: boolean
    }

/** The browser by its form cookie, which every browser has and no mail scanner. */
export const askerOf = ({ vault }: House, portal: Portal, formCookie: string): string => vault.mac('reset asker', portal.id, formCookie)

/** Reads only, so that programs which follow every link of a mail change nothing. */
export async function findReset(house: House, portal: Portal, token: string | undefined, formCookie: string, now: Instant): Promise<Reset> {
  const { db } = house.storage
  const link = token === undefined ? undefined : await findLink(db, house.vault, portal.id, resetPurpose, token)
  const account = link && (await findAccount(db, portal.id, link.account_id))
  if (!link || !account) return { state: 'unknown' }
  if (link.used_at !== null) return { state: 'used', account }
  if (link.ends_at <= now) return { state: 'over', at: link.ends_at }
  const { email, asker } = JSON.parse(link.facts) as LinkFacts
  if (account.email !== email || (account.password_changed_at ?? 0) > link.created_at) return { state: 'unknown' }
  const isAsker = equalInConstantTime(asker, askerOf(house, portal, formCookie))
  const asksName = !isAsker || (await isShared(db, portal, email))
  return { state: 'open', link, account, asked: { email, at: link.created_at }, isAsker, asksName }
}

const isShared = async (db: Db, portal: Portal, email: string): Promise<boolean> => (await countAccountsAt(db, portal.id, email)) > 1
