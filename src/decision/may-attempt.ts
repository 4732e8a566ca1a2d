import type { Instant } from './types.ts'

/** After each `failures` tries in a row a pause; each pause is twice the one before, up to the longest. */
export interface PauseRule {
  readonly failures: number
  readonly pauseSeconds: number
  readonly longestSeconds: number
  /** Counted within a time that begins with the first try; left out: until somebody clears the count. */
  readonly windowSeconds?: number
}

/** A pause doubles at most this often; the longest pause is reached long before. */
export const longestDoublings = 20

export type Turn = { readonly may: true; readonly left: number } | { readonly may: false; readonly until: Instant }

/** Whether a try may be made now, and how many are left before the next pause. */
export function mayAttempt(counter: { readonly count: number; readonly pausedUntil?: Instant }, rule: PauseRule, now: Instant): Turn {
  if (counter.pausedUntil !== undefined && counter.pausedUntil > now) return { may: false, until: counter.pausedUntil }
  return { may: true, left: rule.failures - (counter.count % rule.failures) }
}
