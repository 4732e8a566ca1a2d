import type { Clock } from '../clock.ts'

/** How far a long command is, on a terminal alone: a log file wants no moving line. */
export interface Progress {
  /** A new stretch of work; `total` where it is known. */
  begin(what: string, total?: number): void
  step(by?: number): void
  /** Wipes the line, so that what follows begins on a clean one. */
  end(): void
}

const barWidth = 24
const redrawMilliseconds = 100

export function makeProgress(out: NodeJS.WriteStream, clock: Clock): Progress {
  if (!out.isTTY) return { begin: () => undefined, step: () => undefined, end: () => undefined }
  let stretch = { what: '', total: undefined as number | undefined, done: 0, beganAt: 0, drawnAt: 0 }
  const draw = (now: number): void => {
    stretch.drawnAt = now
    out.write(`\r\x1b[K${lineOf(stretch.what, stretch.done, stretch.total, (now - stretch.beganAt) / 1000)}`)
  }
  return {
    begin: (what, total) => {
      const now = clock.now()
      stretch = { what, total, done: 0, beganAt: now, drawnAt: 0 }
      draw(now)
    },
    step: (by = 1) => {
      stretch.done += by
      const now = clock.now()
      if (now - stretch.drawnAt >= redrawMilliseconds || stretch.done === stretch.total) draw(now)
    },
    end: () => void out.write('\r\x1b[K'),
  }
}

/** `Hashing [######------] 250 of 1000, 98 a second, 8 s left` */
export function lineOf(what: string, done: number, total: number | undefined, seconds: number): string {
  const rate = seconds > 0 ? done / seconds : 0
  const speed = rate > 0 ? `, ${rate < 10 ? rate.toFixed(1) : Math.round(rate)} a second` : ''
  if (total === undefined) return `${what} ${done}${speed}`
  const filled = total === 0 ? barWidth : Math.floor((barWidth * done) / total)
  const left = rate > 0 && done < total ? `, ${spoken((total - done) / rate)} left` : ''
  return `${what} [${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}] ${done} of ${total}${speed}${left}`
}

function spoken(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  return whole < 3600
    ? `${Math.floor(whole / 60)} min ${whole % 60} s`
    : `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
