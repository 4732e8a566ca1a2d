import type { Instant } from '../decision/index.ts'
import { enqueue } from '../delivery/index.ts'
import type { House } from '../factors/index.ts'
import type { Situation } from './situation.ts'

const noticeSeconds = 86_400

/** Tells the owner that many wrong codes were tried (M16). It holds nothing that a person typed. */
export async function pauseNotice(
  house: House,
  { portal, account, attempt, now }: Situation,
  effect: { pausedUntil: Instant } | { disabled: 'totp' },
): Promise<void> {
  const address = account?.email
  if (!account || !address) return
  const message = {
    portal: portal.id,
    template: 'M16',
    channel: 'email' as const,
    accountId: account.id,
    codeId: null,
    address,
    language: account.language ?? attempt?.language ?? 'nl',
    facts: effect,
    endsAt: now + noticeSeconds * 1000,
  }
  await house.storage.inTransaction((tx) => enqueue(tx, message, house.random, now))
  house.notify()
}
