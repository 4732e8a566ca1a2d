import type { Instant } from '../decision/index.ts'

/** The moment at which a day (2024-03-18) begins in a time zone; there where the clock skips midnight, the first moment of that day. */
export function startOfDay(day: string, timeZone: string): Instant {
  const utc = Date.parse(`${day}T00:00:00Z`)
  // The offset at the guess may differ from the one at the answer when the clock changes between them: look twice.
  const first = utc - offsetAt(utc, timeZone)
  return utc - offsetAt(first, timeZone)
}

/** Milliseconds that the clock of the zone is ahead of UTC at this moment. */
function offsetAt(at: Instant, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((it) => it.type === type)?.value)
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - Math.floor(at / 1000) * 1000
}
