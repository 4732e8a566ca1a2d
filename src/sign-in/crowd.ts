import { setTimeout as pause } from 'node:timers/promises'
import * as audit from '../audit/index.ts'
import type { Instant, PauseRule } from '../decision/index.ts'
import { type House, hashOfToken } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import {
  type AccountRow,
  anyPause,
  type CounterKey,
  countsAround,
  type Db,
  isKnownNetwork,
  type NetworkCount,
  networksOf,
  noteNetwork,
  ownersOfBrowser,
  raiseEach,
  spendAllowance,
  type Tx,
} from '../storage/index.ts'
import type { Said } from './said.ts'
import type { Visitor } from './situation.ts'

/*
 * One wrong password for each of many names: no count of a name sees it, so they are counted by network and portal as well. Many
 * people share an address, so a network is only slowed: its pauses are short, a right password is never counted, and whoever has a known
 * browser, or was signed in from this network lately, is checked all the same. All others hear the same words, after the same time,
 * whatever they typed and whoever has the name: nobody learns who is known here. Their page lets a script work for them (work.ts).
 */

/** An office on its first morning must fit, and a pause must be shorter than patience. */
export const networkPauses = { first: 30, longest: 60 } as const
const windowSeconds = 3_600
/** How long an account stays known where it was signed in. */
const knownNetworkSeconds = 90 * 86_400
/** Longer than a password takes to be checked; waiting holds no thread. */
const evenMilliseconds = 500

const countsFor = ({ vault }: House, portal: Portal, address: string): NetworkCount[] =>
  countsAround(address, (network) => `network password ${vault.mac('network counter', portal.id, network)}`)
const ruleOf = ({ limits }: Portal): PauseRule => ({
  failures: limits.passwordFailuresPerNetwork,
  pauseSeconds: networkPauses.first,
  longestSeconds: networkPauses.longest,
  windowSeconds,
})

/** Until when the network of this visitor pauses; undefined when it does not. */
export const networkPause = (house: House, portal: Portal, { address }: Visitor, now: Instant): Promise<Instant | undefined> =>
  anyPause(house.storage.db, countsFor(house, portal, address), now)

/**
 * A wrong password. Counted after the check, unlike the tries of a name: a right one in a crowd is no failure, and the queue of the
 * checks bounds how many can be under way at once.
 */
export async function countNetworkFailure(house: House, portal: Portal, { address }: Visitor, now: Instant): Promise<void> {
  for (const { count } of await raiseEach(house.storage.db, countsFor(house, portal, address), ruleOf(portal), now)) {
    house.log.warn({ portal: portal.id, failures: count }, 'one network gave many wrong passwords and pauses')
    await audit.networkPaused(house.storage.db, { random: house.random, portal: portal.id, at: now, address })
  }
}

/** Somebody was signed in: from here that account is not held up by strangers. */
export const knowNetwork = (tx: Tx, house: House, account: AccountRow, { address }: Visitor, now: Instant): Promise<void> =>
  noteNetwork(tx, account.id, hashOf(house, address), now)

export const isKnownHere = (db: Db, house: House, account: AccountRow, { address }: Visitor, now: Instant): Promise<boolean> =>
  isKnownNetwork(db, account.id, hashOf(house, address), now - knownNetworkSeconds * 1000)

const hashOf = ({ vault }: House, address: string): string => vault.mac('known network', networksOf(address)[0])

/** What everybody in a paused network hears, at the same moment after they asked. `began`: of performance.now(). */
export async function heldUp(until: Instant, began: number): Promise<Said> {
  await pause(Math.max(0, began + evenMilliseconds - performance.now()))
  return { said: 'signin.paused', status: 429, until }
}

/** What begins a sign-in before anybody gave a password is a row for a stranger. It goes by itself; a network makes so many in a minute. */
const beginWindowSeconds = 60

/**
 * Whether a sign-in may be written down for somebody who gave no password yet: a name that was typed, an application or a protected host
 * that waits. A browser that was signed in from before is never held up.
 */
export async function mayBegin(
  db: Db | Tx,
  house: House,
  portal: Portal,
  { address, browser }: Pick<Visitor, 'address' | 'browser'>,
  now: Instant,
): Promise<boolean> {
  const key: CounterKey = `network begun ${house.vault.mac('network counter', portal.id, networksOf(address)[0])}`
  if ((await spendAllowance(db, key, portal.limits.signInsPerNetworkPerMinute, beginWindowSeconds, now)).spent) return true
  if (browser === undefined) return false
  return (await ownersOfBrowser(db, hashOfToken(house.vault, 'browser', browser))).some((it) => it.portal === portal.id)
}
