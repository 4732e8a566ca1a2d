import type { House } from '../factors/index.ts'
import { sweepSome } from '../storage/index.ts'

export interface Sweeper {
  close(): Promise<void>
}

const restSeconds = 300
/** After a flood much is over at once: then the next piece goes soon, and everybody else in between. */
const soonMilliseconds = 250

/** Takes away what is over, in small pieces, until it is closed. Two nodes that do it at once take away no more than one. */
export function startSweeper({ storage, clock, log }: Pick<House, 'storage' | 'clock' | 'log'>): Sweeper {
  let isClosing = false
  let timer: NodeJS.Timeout | undefined
  const piece = async (): Promise<number> => {
    try {
      const { hasMore } = await sweepSome(storage.db, clock.now(), undefined, () => isClosing)
      return hasMore ? soonMilliseconds : restSeconds * 1000
    } catch (error) {
      log.error({ err: error }, 'what is over was not swept away')
      return restSeconds * 1000
    }
  }
  let running = Promise.resolve()
  const wait = (milliseconds: number): void => {
    timer = setTimeout(() => {
      running = piece().then((next) => {
        if (!isClosing) wait(next)
      })
    }, milliseconds)
  }
  wait(restSeconds * 1000)
  return {
    close: async () => {
      isClosing = true
      clearTimeout(timer)
      await running
    },
  }
}
