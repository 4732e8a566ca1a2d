import type { Instant } from '../decision/index.ts'
import type { Portal } from '../portals/index.ts'

/** A moment as an operator reads it, in the time of the portal: 2026-11-25 15:08 (Europe/Brussels). */
export const clockOf = (at: Instant, { timeZone }: Pick<Portal, 'timeZone'>): string =>
  `${new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(at)} (${timeZone})`
