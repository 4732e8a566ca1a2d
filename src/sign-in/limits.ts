import type { PauseRule } from '../decision/index.ts'
import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import type { CounterKey } from '../storage/index.ts'

const daySeconds = 86_400

/** One counter for all second steps and all doors of an account: changing the method never gives new tries. */
export const secondStepKey = (account: string): CounterKey => `second-step ${account}`
export const secondStepLongKey = (account: string): CounterKey => `second-step-30d ${account}`
export const longWindowSeconds = 30 * daySeconds
export const longWindowTries = 300

/** Kept by canonical name, so that a name that does not exist pauses just like one that does. A known browser has a count of its own. */
export function passwordKey(house: House, portal: Portal, name: string, knownBrowser: string | undefined): CounterKey {
  const who = house.vault.mac('password counter', portal.id, name)
  return knownBrowser ? `password ${who} ${knownBrowser}` : `password ${who}`
}

export const secondStepRule = ({ limits }: Portal): PauseRule => ({
  failures: limits.failuresBeforePause,
  pauseSeconds: limits.pauseSeconds,
  longestSeconds: daySeconds,
})
export const passwordRule = ({ limits }: Portal): PauseRule => ({
  failures: limits.passwordFailuresBeforePause,
  pauseSeconds: 60,
  longestSeconds: 900,
})
