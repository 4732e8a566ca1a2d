import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { type AccountRow, canonicalName, findAccountByName } from '../storage/index.ts'
import { Refused } from './report.ts'

export interface WhichAccount {
  readonly portal: string
  readonly username: string
}

export function portalNamed(house: House, id: string): Portal {
  const portal = house.portals.get(id)
  if (!portal) throw new Refused(`There is no portal '${id}'. There are: ${[...house.portals.keys()].join(', ')}.`)
  return portal
}

export async function accountNamed(house: House, { portal: id, username }: WhichAccount): Promise<{ portal: Portal; account: AccountRow }> {
  const portal = portalNamed(house, id)
  const name = canonicalName(username)
  const account = name === undefined ? undefined : await findAccountByName(house.storage.db, portal.id, name)
  if (!account) throw new Refused(`${portal.name} has no account '${username}'.`)
  return { portal, account }
}
