import type { Instant } from '../decision/index.ts'

/** A moment in words. Until-times are rounded down to the minute, so that we keep what we promise; waits are rounded up. */
export interface Moments {
  /** The clock alone: 14.35 uur. */
  clock(at: Instant): string
  /** Without a preposition; the clock alone today, else with the day: morgen 9.05 uur. */
  time(at: Instant): string
  /** The same for a wait: rounded up. */
  waitTime(at: Instant): string
  /** With its preposition, for a wait: om 14.35 uur; morgen om 9.05 uur. */
  moment(at: Instant): string
  /** 18 maart 2024; the year only when it is another one. */
  date(at: Instant): string
}

const minute = 60_000

interface Read {
  readonly day: string
  readonly year: number
  readonly hour: number
  readonly minute: number
}

const wording = {
  nl: { locale: 'nl-NL', clock: (h: number, m: string) => `${h}.${m}\u00a0uur`, tomorrow: 'morgen', at: 'om', on: 'op ' },
  en: { locale: 'en-GB', clock: (h: number, m: string) => `${h}:${m}`, tomorrow: 'tomorrow', at: 'at', on: '' },
} as const

export function momentsOf(language: 'nl' | 'en', timeZone: string, now: Instant): Moments {
  const { locale, clock: clockOf, tomorrow, at: atWord, on } = wording[language]
  const digits = digitsIn(timeZone)
  const read = (at: Instant): Read => {
    const parts = Object.fromEntries(digits.formatToParts(at).map((it) => [it.type, it.value]))
    return {
      day: `${parts.year}-${parts.month}-${parts.day}`,
      year: Number(parts.year),
      hour: Number(parts.hour),
      minute: Number(parts.minute),
    }
  }
  // Hardly any page tells a moment, and reading the calendar costs more than the rest of it.
  let known: Read | undefined
  const today = (): Read => {
    known ??= read(now)
    return known
  }
  // By the calendar: twice a year a day is not 24 hours long.
  const nextDay = (): string => new Date(Date.parse(today().day) + 24 * 60 * minute).toISOString().slice(0, 10)
  const clock = (at: Instant): string => {
    const it = read(at)
    return clockOf(it.hour, String(it.minute).padStart(2, '0'))
  }
  const longDate = (at: Instant, weekday: boolean): string =>
    new Intl.DateTimeFormat(locale, {
      timeZone,
      day: 'numeric',
      month: 'long',
      ...(weekday ? { weekday: 'long' } : {}),
      ...(read(at).year === today().year ? {} : { year: 'numeric' }),
    })
      .format(at)
      .replaceAll(',', '')
  const dayOf = (at: Instant): string | undefined => {
    const { day } = read(at)
    return day === today().day ? undefined : day === nextDay() ? tomorrow : longDate(at, true)
  }
  const time = (at: Instant): string => [dayOf(at), clock(at)].filter(Boolean).join(' ')
  return {
    clock,
    time,
    waitTime: (at) => time(up(at)),
    moment: (at) => {
      const day = dayOf(up(at))
      const prefix = day === undefined ? '' : `${day === tomorrow ? day : `${on}${day}`} `
      return `${prefix}${atWord} ${clock(up(at))}`
    },
    date: (at) => longDate(at, false),
  }
}

const up = (at: Instant): Instant => Math.ceil(at / minute) * minute

/** Making a format costs more than the page that it is for: one a time zone. */
const formats = new Map<string, Intl.DateTimeFormat>()

function digitsIn(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  formats.set(timeZone, made)
  return made
}
