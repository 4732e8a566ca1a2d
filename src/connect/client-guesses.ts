import * as audit from '../audit/index.ts'
import type { Instant, PauseRule } from '../decision/index.ts'
import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { anyPause, type CounterKey, countInWindow, countsAround, networksOf, raiseEach, takenOf } from '../storage/index.ts'

/*
 * Guesses of the secret of an application are counted for the client and the network that they come from; a network that pauses is not
 * looked at, also when it shows the right one. Nobody can shut the application itself out: its servers stand where the right secret
 * came from before, and there nothing is counted. A secret has 32 characters at least; nobody guesses it in that place either. A right
 * one is never counted: a server that is new, and begins with many requests at once, is no guesser.
 */

/** Wrong secrets from one network in an hour before it pauses. */
export const clientGuesses: PauseRule = { failures: 20, pauseSeconds: 60, longestSeconds: 300, windowSeconds: 3_600 }
const daySeconds = 86_400
/** How long a network stays known after a right secret, and how often that is written down anew. */
const knownSeconds = 90 * daySeconds
const notedSeconds = 45 * daySeconds
/** A network that showed the right secret is not asked about again for this long: what is known in the database stays known longer. */
const restSeconds = daySeconds
const mostRemembered = 1_000

export interface Guesses {
  /** @returns whether the secret is right; false without looking when this network guessed too much. */
  weigh(client: string, address: string, isRight: () => Promise<boolean>): Promise<boolean>
}

export function openGuesses({ storage, vault, clock, random, log }: House, portal: Portal): Guesses {
  const { db } = storage
  const noted = new Map<string, Instant>()
  const keyOf = (kind: 'guess' | 'known', client: string, network: string): CounterKey =>
    `client-${kind} ${vault.mac('client network', portal.id, client, network)}`

  async function isKnown(key: CounterKey, now: Instant): Promise<boolean> {
    return (noted.get(key) ?? 0) > now || (await takenOf(db, key, knownSeconds, now)) > 0
  }

  async function note(key: CounterKey, now: Instant): Promise<void> {
    if ((noted.get(key) ?? 0) > now) return
    await countInWindow(db, key, notedSeconds, now)
    if (noted.size >= mostRemembered) noted.clear()
    noted.set(key, now + restSeconds * 1000)
  }

  return {
    async weigh(client, address, isRight) {
      const now = clock.now()
      const known = keyOf('known', client, networksOf(address)[0])
      const counts = (await isKnown(known, now)) ? [] : countsAround(address, (it) => keyOf('guess', client, it))
      if (await anyPause(db, counts, now)) return false
      if (await isRight()) {
        // Of many that came at once, the wrong ones were counted meanwhile.
        if (await anyPause(db, counts, clock.now())) return false
        await note(known, now)
        return true
      }
      if ((await raiseEach(db, counts, clientGuesses, now)).length > 0) {
        log.warn({ portal: portal.id, client }, 'one network showed many wrong secrets of an application and pauses')
        await audit.clientPaused(db, { random, portal: portal.id, at: now, address })
      }
      return false
    },
  }
}
