import type { Instant, PauseRule } from '../decision/index.ts'
import { type Counter, type CounterKey, countInWindow, raise, readCounter, takenOf } from './counters.ts'
import { networksOf } from './network.ts'
import type { Db } from './open.ts'

/** Many subscribers share the wider network: it may have so many times as much as the nearest. */
const widerTimes = 4

/** A count of one network that an address stands in. */
export interface NetworkCount {
  readonly key: CounterKey
  /** How many times as much as the nearest it may have. */
  readonly times: number
}

/** What is counted by network is counted for each that the address stands in, the nearest first. */
export const countsAround = (address: string, keyOf: (network: string) => CounterKey): NetworkCount[] =>
  networksOf(address).map((network, place) => ({ key: keyOf(network), times: place > 0 ? widerTimes : 1 }))

/** Raises each, by a rule that is meant for the nearest. @returns the counts whose pause begins with this one. */
export async function raiseEach(db: Db, counts: readonly NetworkCount[], rule: PauseRule, now: Instant): Promise<Counter[]> {
  const begun: Counter[] = []
  for (const { key, times } of counts) {
    const { raised, ...count } = await raise(db, key, { ...rule, failures: rule.failures * times }, now)
    if (raised && count.pausedUntil !== undefined) begun.push(count)
  }
  return begun
}

/** Until when one of them pauses at least; undefined when none does. */
export async function anyPause(db: Db, counts: readonly NetworkCount[], now: Instant): Promise<Instant | undefined> {
  let latest = now
  for (const { key } of counts) latest = Math.max(latest, (await readCounter(db, key)).pausedUntil ?? now)
  return latest > now ? latest : undefined
}

/** Counts one more in each, within a fixed window. */
export async function countInEach(db: Db, counts: readonly NetworkCount[], windowSeconds: number, now: Instant): Promise<void> {
  for (const { key } of counts) await countInWindow(db, key, windowSeconds, now)
}

/** The most that any has in its window, as if it were the nearest. */
export async function mostTaken(db: Db, counts: readonly NetworkCount[], windowSeconds: number, now: Instant): Promise<number> {
  let most = 0
  for (const { key, times } of counts) most = Math.max(most, (await takenOf(db, key, windowSeconds, now)) / times)
  return most
}
