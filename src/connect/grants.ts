import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { findRecord, putRecord } from '../storage/index.ts'
import { claimsOfScope } from './claims.ts'
import { type ClientOf, scopesOf } from './clients.ts'
import { lifeSeconds } from './lives.ts'
import type { RecordsOf } from './records.ts'

/*
 * What an application may know of a person is said by the portal file: a grant needs no row. Its name says for whom and for which client;
 * a mark is written only when it is revoked, and then all that stands on it is worth nothing, also what is being made at that moment.
 * The provider looks for the grant whenever a code or token is shown, so those stay where they are until they end.
 */

/** A grant of its own for each answer, so that one can be revoked alone. */
export const newGrantId = ({ random }: House, accountId: string, clientId: string): string => `${random.id()}~${accountId}~${clientId}`

export function grantsOf(house: House, portal: Portal, clients: ReadonlyMap<string, ClientOf>): RecordsOf {
  const { clock } = house
  return {
    async find(id) {
      const [, accountId, clientId] = id.split('~')
      const client = clients.get(clientId ?? '')
      if (!client || (await isRevoked(house, portal, id))) return undefined
      const scopes = scopesOf(client.of)
      const openid = { scope: scopes.join(' '), claims: scopes.flatMap((it) => claimsOfScope[it]) }
      const now = Math.floor(clock.now() / 1000)
      return { jti: id, kind: 'Grant', accountId, clientId, openid, iat: now, exp: now + lifeSeconds.Grant }
    },
    destroy: (id) => endGrant(house, portal, id),
    upsert: () => Promise.resolve(),
    findByUid: () => Promise.resolve(undefined),
    consume: () => Promise.resolve(),
    revokeByGrantId: () => Promise.resolve(),
  }
}

/** The mark outlives every token that could stand on the grant. */
export async function endGrant(house: House, portal: Portal, grant: string): Promise<void> {
  const ends_at = house.clock.now() + (lifeSeconds.RefreshToken + lifeSeconds.Grant) * 1000
  const mark = { key: markOf(house, portal, grant), model: 'RevokedGrant', portal: portal.id, payload: '{}', consumed_at: null, ends_at }
  await putRecord(house.storage.db, mark)
}

export const isRevoked = async (house: House, portal: Portal, grant: string): Promise<boolean> =>
  (await findRecord(house.storage.db, markOf(house, portal, grant), house.clock.now())) !== undefined

const markOf = ({ vault }: House, portal: Portal, grant: string): string => vault.mac('protocol grant', portal.id, grant)
