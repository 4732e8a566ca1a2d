import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Random } from '../random.ts'
import { type SealingHouse, sealEvents } from './seal.ts'

const everyMilliseconds = 500

export interface Sealer {
  /** What waits is sealed once more, then it rests. */
  close(): Promise<void>
}

interface SealerHouse extends SealingHouse {
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly portals: ReadonlyMap<string, unknown>
}

/** Seals twice a second until it is closed. Each process may run one: the lease lets one at a time work on a portal. */
export function startSealer(house: SealerHouse): Sealer {
  const holder = house.random.id()
  const turn = async (): Promise<void> => {
    try {
      for (const portal of house.portals.keys()) await sealEvents(house, portal, holder, house.clock.now())
    } catch (error) {
      house.log.error({ err: error }, 'events were not sealed')
    }
  }
  let running = Promise.resolve()
  let isIdle = true
  const timer = setInterval(() => {
    if (!isIdle) return
    isIdle = false
    running = turn().finally(() => {
      isIdle = true
    })
  }, everyMilliseconds)
  return {
    close: async () => {
      clearInterval(timer)
      await running
      await turn()
    },
  }
}
