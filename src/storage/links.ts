import type { Instant } from '../decision/index.ts'
import type { Db, Tx } from './open.ts'
import type { Vault } from './secrets.ts'
import type { NewRow, Row } from './tables.ts'

export type LinkRow = Row<'link'>

/** The value in the address of a link: 120 bits made from its id under the master key, in no row, no queue and no backup. */
export const linkToken = (vault: Vault, id: string): string => vault.mac('link', id).slice(0, 20)

/** Letters and digits that survive a text message and a thumb. */
const shortAlphabet = 'abcdefghijkmnpqrstuvwxyz23456789'

/** The same in 14 letters, 70 bits: for a link that only closes and must fit a text message. */
export const shortLinkToken = (vault: Vault, id: string): string =>
  Array.from(vault.macBytes('short link', id).subarray(0, 14), (byte) => shortAlphabet[byte % shortAlphabet.length]).join('')

/** Adds a link; whoever has its id can make its token, nobody else. */
export async function addLink(
  tx: Tx,
  vault: Vault,
  link: Omit<NewRow<'link'>, 'token_hash'>,
  token = linkToken(vault, link.id),
): Promise<void> {
  await tx
    .insertInto('link')
    .values({ ...link, token_hash: hashOfLink(vault, token) })
    .execute()
}

/** The link with this token, also when it was used or is over: the page says which. */
export function findLink(db: Db | Tx, vault: Vault, portal: string, purpose: string, token: string): Promise<LinkRow | undefined> {
  return db
    .selectFrom('link')
    .selectAll()
    .where('token_hash', '=', hashOfLink(vault, token))
    .where('portal', '=', portal)
    .where('purpose', '=', purpose)
    .executeTakeFirst()
}

/** Spends it. @returns false when it was used before or is over; nothing is changed then. */
export async function spendLink(tx: Tx, id: string, now: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('link')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('ends_at', '>', now)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** Ends all open links of one kind of an account, such as the resets asked before a new password was chosen. */
export async function endLinks(tx: Tx, account: string, purpose: string, now: Instant): Promise<void> {
  await tx
    .updateTable('link')
    .set({ ends_at: now })
    .where('account_id', '=', account)
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('ends_at', '>', now)
    .execute()
}

const hashOfLink = (vault: Vault, token: string): string => vault.mac('token link', token)
