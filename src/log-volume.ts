import { type DestinationStream, type LogFn, type Logger, pino } from 'pino'
import { linesTo } from './log-lines.ts'

export interface LogVolume {
  /** Lines with the same words in a minute; the rest are counted and told in one line. */
  readonly most?: number
  readonly everyMilliseconds?: number
  readonly destination?: DestinationStream
}

/** The words of our lines are fixed; should some ever not be, they share one count. */
const mostKinds = 500

/** The log of the house: one JSON line an event, and no stranger fills a disk with it. */
export function openLog({ most = 600, everyMilliseconds = 60_000, destination }: LogVolume = {}): Logger {
  const written = new Map<string, number>()
  const isLeftOut = (words: string): boolean => {
    const kind = written.has(words) || written.size < mostKinds ? words : 'other'
    const count = (written.get(kind) ?? 0) + 1
    written.set(kind, count)
    return count > most
  }
  const options = {
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: {
      logMethod(args: Parameters<LogFn>, write: LogFn): void {
        const words = [args[0], args[1]].find((it) => typeof it === 'string') ?? ''
        if (!isLeftOut(words)) write.apply(log, args)
      },
    },
  }
  const log: Logger = pino(options, destination ?? linesTo(1, (lost) => log.warn({ lost }, 'lines found no room in the log')))
  setInterval(() => {
    const crowded = [...written].filter(([, count]) => count > most)
    written.clear()
    for (const [of, count] of crowded) log.warn({ of, leftOut: count - most }, 'lines were left out of the log')
  }, everyMilliseconds).unref()
  return log
}
