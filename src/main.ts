import { startSealer } from './audit/index.ts'
import { readConfig } from './config.ts'
import type { Connect } from './connect/index.ts'
import { tellEndedByTime } from './enrolment/index.ts'
import { Fault } from './errors.ts'
import { letPagesGoFirst } from './hash-threads.ts'
import { type OpenHouse, openDelivery, openHouse } from './house.ts'
import { startHttp } from './http/index.ts'
import { deviationsOf, sentenceOf } from './portals/index.ts'
import { startSweeper, tellHalfFinished } from './sign-in/index.ts'

/** Runs the service until SIGINT or SIGTERM: running requests end, then the process does. */
export async function serve(configFile: string): Promise<void> {
  const config = readConfig(configFile, process.env)
  if (Array.isArray(config)) throw new Fault('config-refused', config.map(sentenceOf).join('\n'))
  // Heard from the first moment on: a stop that comes while the house opens is done when it is open.
  const stopAsked = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  let wake = (): void => undefined
  const house = await openHouse(config, () => wake())
  letPagesGoFirst()
  for (const portal of house.portals.values())
    for (const deviation of deviationsOf(portal)) house.log.warn({ portal: portal.id, ...deviation }, 'weaker than the house rule')
  const http = await startHttp(house, config)
  // After the pages: what waits in the outbox can wait a moment longer than the people at the door.
  const delivery = openDelivery(house, config)
  wake = delivery.wake
  house.log.info({ addresses: http.addresses, portals: [...house.portals.keys()] }, 'Sluis is open')
  void turnKeys(house, http.connect)
  const sealer = startSealer(house)
  const sweeping = startSweeper(house)
  const turning = setInterval(() => void turnKeys(house, http.connect), turnMilliseconds)
  const looking = setInterval(() => void lookForUntold(house), lookMilliseconds)
  await stopAsked
  clearInterval(turning)
  clearInterval(looking)
  await http.close()
  await delivery.close()
  await sealer.close()
  await sweeping.close()
  await house.close()
}

const turnMilliseconds = 3_600_000
const lookMilliseconds = 60_000

async function turnKeys({ log }: OpenHouse, connect: Connect): Promise<void> {
  await connect.makeKeys().catch((error: unknown) => log.error({ err: error }, 'the signing keys could not be made'))
}

/** What owners hear of although nobody came by: a sign-in that was left half-way, an old app that ended by time alone. */
async function lookForUntold(house: OpenHouse): Promise<void> {
  for (const tell of [tellHalfFinished, tellEndedByTime]) {
    try {
      await tell(house, house.clock.now())
    } catch (error) {
      house.log.error({ err: error }, 'what owners are to be told was not looked for')
    }
  }
}
