import type { Instant } from '../decision/index.ts'

/*
 * The life of a signing key, derived from when each was made; nothing about it is stored.
 *
 *     made ── published, not used: a day ──> signs: 90 days ──> published for what it signed: two days ──> gone
 */
const leadMilliseconds = 86_400_000
const signsMilliseconds = 90 * 86_400_000
/** Longer than any token or hint lives that it signed. */
const keptMilliseconds = 2 * 86_400_000

interface Made {
  readonly id: string
  readonly algorithm: string
  readonly created_at: Instant
}

export interface KeyTimes<Key extends Made> {
  /** What the key set holds: for each algorithm first the one that signs. */
  readonly published: readonly Key[]
  /** Algorithms whose next key is to be made now. */
  readonly due: readonly string[]
  /** What nobody needs any more. */
  readonly over: readonly Key[]
}

export function keyTimes<Key extends Made>(keys: readonly Key[], now: Instant): KeyTimes<Key> {
  const algorithms = [...new Set(keys.map((it) => it.algorithm))]
  const lives = algorithms.map((algorithm) => livesOf(keys.filter((it) => it.algorithm === algorithm)))
  return {
    published: lives.flatMap((all) => {
      const there = all.filter(({ until }) => now < until + keptMilliseconds)
      const signs = there.findLast(({ from }) => from <= now)
      return [...(signs ? [signs] : []), ...there.filter((it) => it !== signs)].map((it) => it.key)
    }),
    due: lives.flatMap((all) => {
      const newest = all.at(-1)
      return newest && newest.from + signsMilliseconds - leadMilliseconds <= now ? [newest.key.algorithm] : []
    }),
    over: lives.flat().flatMap(({ key, until }) => (now < until + keptMilliseconds ? [] : [key])),
  }
}

/** From when until when each signs. The first of all has nobody before it: it signs from the moment it is made. */
function livesOf<Key extends Made>(keys: readonly Key[]): { key: Key; from: Instant; until: Instant }[] {
  const ordered = keys.toSorted((a, b) => a.created_at - b.created_at)
  const froms = ordered.map((it, place) => (place === 0 ? it.created_at : it.created_at + leadMilliseconds))
  return ordered.map((key, place) => ({ key, from: froms[place] ?? 0, until: froms[place + 1] ?? Number.POSITIVE_INFINITY }))
}
