import type { Instant } from '../decision/index.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'

/** An account was signed in from here. */
export async function noteNetwork(tx: Tx, account: string, network: string, now: Instant): Promise<void> {
  await noted(tx, account, network, now)
}
const noted = prepared(3, (db, account: string, network: string, now: Instant) =>
  db
    .insertInto('known_network')
    .values({ account_id: account, network, seen_at: now })
    .onConflict((it) => it.columns(['account_id', 'network']).doUpdateSet({ seen_at: now })),
)

/** Whether this account was signed in from here since then. */
export async function isKnownNetwork(db: Db | Tx, account: string, network: string, since: Instant): Promise<boolean> {
  const row = await db
    .selectFrom('known_network')
    .select('seen_at')
    .where('account_id', '=', account)
    .where('network', '=', network)
    .where('seen_at', '>', since)
    .executeTakeFirst()
  return row !== undefined
}
