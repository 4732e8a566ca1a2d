import type { Instant } from './decision/index.ts'

/** The one clock. Rooms get it as an argument; `now` is read once per request, at the door. */
export interface Clock {
  now(): Instant
}

export const systemClock: Clock = { now: () => Date.now() }
