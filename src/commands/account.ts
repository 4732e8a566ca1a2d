import * as audit from '../audit/index.ts'
import { type House, readMailAddress, readPhoneNumber } from '../factors/index.ts'
import type { Language, Portal } from '../portals/index.ts'
import {
  type AccountRow,
  addAccount,
  authenticatorsOf,
  canonicalName,
  changeAccount,
  endSessionsOf,
  findAccountByName,
  type NewRow,
} from '../storage/index.ts'
import { readNewPassword } from './password-input.ts'
import { Refused, type Report } from './report.ts'

export interface WhichAccount {
  readonly portal: string
  readonly username: string
}

export interface NewAccount extends WhichAccount {
  readonly email?: string
  readonly phone?: string
  readonly language?: string
  readonly group?: string
  readonly givenName?: string
  readonly familyName?: string
}

export function portalNamed(house: House, id: string): Portal {
  const portal = house.portals.get(id)
  if (!portal) throw new Refused(`There is no portal '${id}'. There are: ${[...house.portals.keys()].join(', ')}.`)
  return portal
}

/** `account add`: everything is checked before anything is written. */
export async function addAccountCommand(house: House, given: NewAccount & { passwordStdin?: boolean }, report: Report): Promise<void> {
  const portal = portalNamed(house, given.portal)
  const row = accountRow(house, portal, given)
  const password = await readNewPassword(given.passwordStdin === true)
  if ([...password].length < portal.password.minimumLength)
    throw new Refused(`A password of ${portal.name} has at least ${portal.password.minimumLength} characters.`)
  const hash = await house.passwords.hash(password)
  const added = await house.storage.inTransaction(async (tx) => {
    if (!(await addAccount(tx, { ...row, password_hash: hash }))) return false
    await audit.accountAdded(tx, { random: house.random, portal: portal.id, at: row.created_at, accountId: row.id })
    return true
  })
  if (!added) throw new Refused(`${portal.name} already has an account '${row.name}'.`)
  report.done({ portal: portal.id, username: row.shown_name, id: row.id }, `Added ${row.shown_name} to ${portal.name}.`)
}

/** A new row out of what was given. @throws Refused in words when a value cannot be taken. */
export function accountRow(house: House, portal: Portal, given: NewAccount): NewRow<'account'> {
  const now = house.clock.now()
  const name = canonicalName(given.username)
  if (name === undefined) throw new Refused(`'${given.username}' cannot be a user name: use letters, digits and . _ @ + ' -, at most 250.`)
  const mail = readMailAddress(given.email ?? (portal.identifier === 'email' ? given.username : ''))
  if ('refused' in mail && mail.refused === 'email.format') throw new Refused(`'${given.email ?? given.username}' is no mail address.`)
  const phone = given.phone ? readPhoneNumber(given.phone, portal) : undefined
  if (phone && 'refused' in phone) throw new Refused(`'${given.phone}' is no mobile number that ${portal.name} texts (${phone.refused}).`)
  if (given.language && !portal.languages.includes(given.language as Language))
    throw new Refused(`${portal.name} speaks ${portal.languages.join(', ')}, not '${given.language}'.`)
  return {
    id: house.random.id(),
    portal: portal.id,
    name,
    shown_name: given.username.trim(),
    email: 'address' in mail ? mail.address : null,
    phone: phone && 'number' in phone ? phone.number : null,
    phone_proven_at: null,
    password_hash: null,
    password_changed_at: now,
    language: given.language || null,
    given_name: given.givenName || null,
    family_name: given.familyName || null,
    group_name: given.group || null,
    disabled_at: null,
    second_step_since: null,
    authenticators_changed_at: null,
    last_method: null,
    announced_at: null,
    created_at: now,
  }
}

export async function accountNamed(house: House, { portal: id, username }: WhichAccount): Promise<{ portal: Portal; account: AccountRow }> {
  const portal = portalNamed(house, id)
  const name = canonicalName(username)
  const account = name === undefined ? undefined : await findAccountByName(house.storage.db, portal.id, name)
  if (!account) throw new Refused(`${portal.name} has no account '${username}'.`)
  return { portal, account }
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
    if (!on) await endSessionsOf(tx, account.id, now)
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
