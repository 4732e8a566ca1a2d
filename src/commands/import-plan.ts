import { type House, seedPlace } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { type AccountRow, type AuthenticatorRow, authenticatorsOf, findAccountsByName } from '../storage/index.ts'
import type { Line, RefusedLine } from './people-file.ts'
import type { Person } from './person.ts'

/** What an import would do, line by line. Reads the database and writes nothing. */
export interface Plan {
  readonly adds: readonly Line[]
  readonly changes: readonly Change[]
  readonly unchanged: number
  readonly refused: readonly RefusedLine[]
}

export interface Change {
  readonly line: Line
  readonly account: AccountRow
  readonly set: Partial<AccountRow>
  readonly bindsApp: boolean
}

const namesAtOnce = 500

export async function planOf(house: House, portal: Portal, lines: readonly Line[], update: boolean): Promise<Plan> {
  const adds: Line[] = []
  const changes: Change[] = []
  const refused: RefusedLine[] = []
  let unchanged = 0
  for (let at = 0; at < lines.length; at += namesAtOnce) {
    const some = lines.slice(at, at + namesAtOnce)
    const found = await findAccountsByName(
      house.storage.db,
      portal.id,
      some.map((it) => it.person.name),
    )
    const known = new Map(found.map((it) => [it.name, it]))
    for (const line of some) {
      const account = known.get(line.person.name)
      if (!account) adds.push(line)
      else if (!update) refused.push({ line: line.line, column: 'username', reason: 'exists already; --update changes who exists' })
      else {
        const planned = await changeOf(house, line, account)
        if ('reason' in planned) refused.push(planned)
        else if (planned.bindsApp || Object.keys(planned.set).length > 0 || line.person.password !== null) changes.push(planned)
        else unchanged++
      }
    }
  }
  return { adds, changes, unchanged, refused }
}

/** What is given and differs. What is left empty stays; what a person set up here is never replaced by a file. */
async function changeOf(house: House, line: Line, account: AccountRow): Promise<Change | RefusedLine> {
  const { person } = line
  const set = differences(person, account)
  const needsApps = person.seed !== null || set.phone !== undefined
  const apps = needsApps ? await authenticatorsOf(house.storage.db, account.id) : []
  if (set.phone !== undefined && apps.some((it) => it.method === 'sms'))
    return { line: line.line, column: 'phone', reason: 'differs from the number that this account proved and signs in with' }
  const totp = apps.filter((it) => it.method === 'totp')
  const { seed } = person
  const isSame = seed !== null && totp.some((it) => hasSeed(house, it, seed))
  if (seed !== null && totp.length > 0 && !isSame)
    return { line: line.line, column: 'totp_secret', reason: 'differs from the app that this account has' }
  return { line, account, set, bindsApp: seed !== null && totp.length === 0 }
}

function differences(person: Person, account: AccountRow): Partial<AccountRow> {
  const given: Partial<AccountRow> = {
    ...(person.email === null ? {} : { email: person.email }),
    ...(person.phone === null ? {} : { phone: person.phone }),
    ...(person.passwordHash === null ? {} : { password_hash: person.passwordHash }),
    ...(person.language === null ? {} : { language: person.language }),
    ...(person.givenName === null ? {} : { given_name: person.givenName }),
    ...(person.familyName === null ? {} : { family_name: person.familyName }),
    ...(person.group === null ? {} : { group_name: person.group }),
  }
  const changed = Object.entries(given).filter(([key, value]) => account[key as keyof AccountRow] !== value)
  return { ...Object.fromEntries(changed), ...(changed.some(([key]) => key === 'phone') ? { phone_proven_at: null } : {}) }
}

function hasSeed(house: House, app: AuthenticatorRow, seed: Uint8Array): boolean {
  return app.secret !== null && Buffer.from(house.vault.open(app.secret, seedPlace(app.id))).equals(seed)
}
