import { setTimeout as pause } from 'node:timers/promises'
import * as audit from '../audit/index.ts'
import type { House } from '../factors/index.ts'
import { endAll } from '../sign-in/index.ts'
import { countsOf, deleteAccount, everythingOf, type Rows, waitingFarewells } from '../storage/index.ts'
import { contextOf, countersOf } from './account-end.ts'
import { Refused, type Report } from './report.ts'
import { accountNamed, type WhichAccount } from './which-account.ts'

/** `account export`: everything that stands about a person, as JSON, without secrets (GDPR, articles 15 and 20). */
export async function exportAccount(house: House, which: WhichAccount, report: Report): Promise<void> {
  const { portal, account } = await accountNamed(house, which)
  const everything = Object.entries(await everythingOf(house.storage.db, account.id)).map(
    ([table, rows]) => [table, rows.map(withMoments)] as const,
  )
  await audit.accountExported(house.storage.db, contextOf(house, portal, account))
  const value = { exportedAt: new Date(house.clock.now()).toISOString(), ...Object.fromEntries(everything) }
  report.done(value, JSON.stringify(value, null, 2))
}

/** Moments as people and other programs read them. */
function withMoments(row: Rows[string][number]): Record<string, unknown> {
  const read = ([key, value]: [string, unknown]): [string, unknown] =>
    typeof value === 'number' && /(^|_)(at|until)$/.test(key) ? [key, new Date(value).toISOString()] : [key, value]
  return Object.fromEntries(Object.entries(row).map(read))
}

const patienceMilliseconds = 10_000
const lookMilliseconds = 250

/**
 * `account delete`: removes everything of a person for good (GDPR, article 17). That it happened stays, without a word about whom. The
 * sessions end first, in a write of their own, so that applications hear of it while somebody can still tell them.
 */
export async function deleteAccountCommand(house: House, which: WhichAccount & { readonly yes?: boolean }, report: Report): Promise<void> {
  const { portal, account } = await accountNamed(house, which)
  const { storage, random } = house
  const name = `${account.shown_name} of ${portal.name}`
  if (!which.yes) {
    const counts = Object.entries(await countsOf(storage.db, account.id)).map(([table, count]) => `${count} ${table}`)
    throw new Refused(`This deletes ${name} for good: ${counts.join(', ')}. Nothing was changed; add --yes to do it.`)
  }
  const counters = await countersOf(house, portal, account)
  await storage.inTransaction((tx) => endAll(tx, contextOf(house, portal, account), account.id))
  const unheard = await whenApplicationsHeard(house, account.id)
  const isDone = await storage.inTransaction(async (tx) => {
    if (!(await deleteAccount(tx, account.id, counters, house.clock.now()))) return false
    await audit.accountDeleted(tx, { random, portal: portal.id, at: house.clock.now() })
    return true
  })
  if (!isDone) throw new Refused(`${name} was deleted by somebody else meanwhile.`)
  if (unheard > 0) report.note(`${unheard} applications had not heard of it: does the service run?`)
  report.done({ portal: portal.id, deleted: true, unheard }, `Deleted ${name} and everything about them.`)
}

/** @returns how many have not after ten seconds. */
async function whenApplicationsHeard({ storage }: House, account: string): Promise<number> {
  for (let waited = 0; ; waited += lookMilliseconds) {
    const waiting = await waitingFarewells(storage.db, account)
    if (waiting === 0 || waited >= patienceMilliseconds) return waiting
    await pause(lookMilliseconds)
  }
}
