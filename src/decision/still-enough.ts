import { requirementFor } from './requirement.ts'
import { acrOf, rankOf } from './sought.ts'
import type { Account, Instant, Policy } from './types.ts'

/**
 * Whether what an answer to an application said is still as much as that application asks now: rules are raised and dates come while
 * what was given for it is still good.
 */
export function stillEnough(policy: Policy, application: string, account: Account, acr: string, now: Instant): boolean {
  const { anyOf } = requirementFor(policy, { application, at: now }, account, now)
  return anyOf.some((kinds) => rankOf(acrOf(kinds)) <= rankOf(acr))
}

/** Nothing asks more than this: there is nothing to look up. */
export const isMost = (acr: string): boolean => acr === ('urn:sluis:acr:2' satisfies ReturnType<typeof acrOf>)
