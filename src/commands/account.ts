import * as audit from '../audit/index.ts'
import { type House, longestPassword, type PasswordRefusal, refusalOfPassword } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { endAll } from '../sign-in/index.ts'
import { addAccount, authenticatorsOf, changeAccount } from '../storage/index.ts'
import { contextOf } from './account-end.ts'
import { readNewPassword } from './password-input.ts'
import { newAccountRow, type Person, readPerson } from './person.ts'
import { Refused, type Report } from './report.ts'
import { accountNamed, portalNamed, type WhichAccount } from './which-account.ts'

export interface NewAccount extends WhichAccount {
  readonly email?: string
  readonly phone?: string
  readonly language?: string
  readonly group?: string
  readonly givenName?: string
  readonly familyName?: string
}

/** `account add`: everything is checked before anything is written. */
export async function addAccountCommand(house: House, given: NewAccount & { passwordStdin?: boolean }, report: Report): Promise<void> {
  const portal = portalNamed(house, given.portal)
  const person = personOf(portal, given)
  const password = await readNewPassword(given.passwordStdin === true)
  const { name, shownName, email, givenName, familyName } = person
  const named = { name, shown_name: shownName, email, given_name: givenName, family_name: familyName }
  const refusal = refusalOfPassword(house.passwords, portal, named, password)
  if (refusal) throw new Refused(`${passwordReasons[refusal.refused](portal)} Nothing was added.`)
  const hash = await house.passwords.hash(password)
  const row = newAccountRow(house, portal, person, house.clock.now(), hash)
  const added = await house.storage.inTransaction(async (tx) => {
    if (!(await addAccount(tx, row))) return false
    await audit.accountAdded(tx, { random: house.random, portal: portal.id, at: row.created_at, accountId: row.id })
    return true
  })
  if (!added) throw new Refused(`${portal.name} already has an account '${row.name}'.`)
  report.done({ portal: portal.id, username: row.shown_name, id: row.id }, `Added ${row.shown_name} to ${portal.name}.`)
}

/** What the page of a new password says, for who gives the first one. */
const lengthReason = ({ name, password }: Portal): string =>
  `A password of ${name} has ${password.minimumLength} to ${longestPassword} characters.`
const passwordReasons: Readonly<Record<PasswordRefusal['refused'], (portal: Portal) => string>> = {
  'password.empty': lengthReason,
  'password.short': lengthReason,
  'password.tooLong': lengthReason,
  'password.common': () => 'This password is one of those that are guessed first.',
  'password.context': () => 'This password holds the name of the portal or of the person, or a word that belongs to them.',
}

function personOf(portal: Portal, given: NewAccount): Person {
  const read = readPerson(portal, { ...given, given_name: given.givenName, family_name: given.familyName })
  if ('name' in read) return read
  throw new Refused(`${read.map(({ column, reason }) => `--${column.replaceAll('_', '-')} ${reason}`).join('; ')}. Nothing was added.`)
}

export async function showAccount(house: House, which: WhichAccount, report: Report): Promise<void> {
  const { portal, account } = await accountNamed(house, which)
  const methods = await authenticatorsOf(house.storage.db, account.id)
  const shown = {
    portal: portal.id,
    username: account.shown_name,
    id: account.id,
    email: account.email,
    phone: account.phone,
    phoneProven: account.phone_proven_at !== null,
    disabled: account.disabled_at !== null,
    secondStepSince: iso(account.second_step_since),
    methods: methods.map((it) => ({
      method: it.method,
      added: iso(it.bound_at),
      lastUsed: iso(it.last_used_at),
      disabled: it.disabled_at !== null,
    })),
  }
  report.done(
    shown,
    Object.entries(shown)
      .map(([key, value]) => `${key}: ${typeof value === 'object' ? JSON.stringify(value) : value}`)
      .join('\n'),
  )
}

export async function switchAccount(house: House, which: WhichAccount, on: boolean, report: Report): Promise<void> {
  const { portal, account } = await accountNamed(house, which)
  const now = house.clock.now()
  await house.storage.inTransaction(async (tx) => {
    await changeAccount(tx, account.id, { disabled_at: on ? null : now })
    if (!on) await endAll(tx, contextOf(house, portal, account), account.id)
    await audit.accountSwitched(tx, {
      random: house.random,
      portal: portal.id,
      at: now,
      accountId: account.id,
      reason: on ? 'enabled' : 'disabled',
    })
  })
  report.done(
    { portal: portal.id, username: account.shown_name, disabled: !on },
    `${account.shown_name} of ${portal.name} is ${on ? 'on' : 'off'}.`,
  )
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())
