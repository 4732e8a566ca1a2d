import type * as audit from '../audit/index.ts'
import type { House } from '../factors/index.ts'
import type { Situation, Visitor } from './situation.ts'

/** What the audit may know of where a sign-in stands. */
export function contextOf(
  house: House,
  { portal, account, attempt, now }: Pick<Situation, 'portal' | 'account' | 'attempt' | 'now'>,
  visitor: Visitor | undefined,
): audit.Context {
  return {
    random: house.random,
    portal: portal.id,
    at: now,
    ...(account ? { accountId: account.id } : {}),
    ...(attempt ? { attemptId: attempt.id } : {}),
    ...(visitor ? { address: visitor.address } : {}),
    ...(visitor?.device ? { device: visitor.device } : {}),
  }
}
