import * as audit from '../audit/index.ts'
import { type Notice, tellOwner } from '../delivery/index.ts'
import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { endAll, passwordKey, secondStepKey, secondStepLongKey } from '../sign-in/index.ts'
import {
  type AccountRow,
  authenticatorsOf,
  browsersOf,
  type CounterKey,
  changeAccount,
  clearCounter,
  dropPendingEnrolment,
  holdAccount,
  readCounter,
  removeAuthenticator,
} from '../storage/index.ts'
import { Refused, type Report } from './report.ts'
import { accountNamed, type WhichAccount } from './which-account.ts'

/** What the audit knows of a command: where, when and whose account. */
export const contextOf = (house: House, portal: Portal, account: AccountRow): audit.Context => ({
  random: house.random,
  portal: portal.id,
  at: house.clock.now(),
  accountId: account.id,
})

/** Every counter of an account that can pause it, at every door. */
export async function countersOf(house: House, portal: Portal, account: AccountRow): Promise<CounterKey[]> {
  const browsers = (await browsersOf(house.storage.db, account.id)).map((it) => it.id)
  return [
    secondStepKey(account.id),
    secondStepLongKey(account.id),
    ...[undefined, ...browsers].map((it) => passwordKey(house, portal, account.name, it)),
  ]
}

/** `account unlock`: pauses and what was counted towards the next one. A method that was turned off stays so: it is set up anew. */
export async function unlockAccount(house: House, which: WhichAccount, report: Report): Promise<void> {
  const { portal, account } = await accountNamed(house, which)
  const now = house.clock.now()
  const keys = await countersOf(house, portal, account)
  const counters = await Promise.all(keys.map((it) => readCounter(house.storage.db, it)))
  const wasPaused = counters.some((it) => it.pausedUntil !== undefined && it.pausedUntil > now)
  await house.storage.inTransaction(async (tx) => {
    for (const key of keys) await clearCounter(tx, key)
    await audit.accountUnlocked(tx, contextOf(house, portal, account))
  })
  const off = (await authenticatorsOf(house.storage.db, account.id)).filter((it) => it.disabled_at !== null).map((it) => it.method)
  const name = `${account.shown_name} of ${portal.name}`
  report.done(
    { portal: portal.id, username: account.shown_name, wasPaused, turnedOff: off, disabled: account.disabled_at !== null },
    [
      wasPaused ? `${name} is not paused any more.` : `${name} was not paused; what was counted is forgotten.`,
      ...off.map((it) => `Its ${it} was turned off after too many codes and stays so: 'account remove-method', then it is set up anew.`),
      ...(account.disabled_at === null ? [] : ["The account itself is off: 'account enable'."]),
    ].join('\n'),
  )
}

/** `account end-sessions` */
export async function endSessions(house: House, which: WhichAccount, report: Report): Promise<void> {
  const { portal, account } = await accountNamed(house, which)
  const ended = await house.storage.inTransaction((tx) => endAll(tx, contextOf(house, portal, account), account.id))
  report.done(
    { portal: portal.id, username: account.shown_name, ...ended },
    `${account.shown_name} of ${portal.name}: ended ${ended.sessions} sessions, forgot ${ended.remembered} remembered browsers.`,
  )
}

export interface WhichMethod extends WhichAccount {
  readonly method: string
  readonly yes?: boolean
}

/** `account remove-method`: the next sign-in sets one up anew, behind the gate. The owner is told. */
export async function removeMethodCommand(house: House, given: WhichMethod, report: Report): Promise<void> {
  const { portal, account } = await accountNamed(house, given)
  const bound = await authenticatorsOf(house.storage.db, account.id)
  const going = bound.filter((it) => it.method === given.method)
  const [first] = going
  const name = `${account.shown_name} of ${portal.name}`
  if (!first) throw new Refused(`${name} has no ${given.method}. It has: ${bound.map((it) => it.method).join(', ') || 'nothing'}.`)
  const isLast = going.length === bound.length
  const effect = isLast ? 'It is the only method: the next sign-in sets one up anew.' : 'Another method stays.'
  if (!given.yes)
    throw new Refused(`This removes ${first.method} of ${name} and ends all sessions. ${effect} Nothing was changed; add --yes to do it.`)
  const notice: Notice = { notice: 'method-removed', method: first.method, boundAt: first.bound_at, isLast }
  await house.storage.inTransaction(async (tx) => {
    await holdAccount(tx, account.id)
    const context = contextOf(house, portal, account)
    for (const it of going)
      if (await removeAuthenticator(tx, account.id, it.id)) await audit.authenticatorRemoved(tx, { ...context, method: it.method })
    await changeAccount(tx, account.id, { authenticators_changed_at: context.at })
    await dropPendingEnrolment(tx, account.id)
    await endAll(tx, contextOf(house, portal, account), account.id)
    await tellOwner(tx, house, { portal, account, now: context.at }, notice)
  })
  report.done(
    { portal: portal.id, username: account.shown_name, removed: first.method, isLast },
    `Removed ${first.method} of ${name}. ${effect}`,
  )
}
