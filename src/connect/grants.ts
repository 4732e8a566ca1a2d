import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { dropRecordsOfGrant, findRecord, putRecord } from '../storage/index.ts'
import { claimsOfScope } from './claims.ts'
import { type ClientOf, scopesOf } from './clients.ts'
import { lifeSeconds } from './lives.ts'
import type { RecordsOf } from './records.ts'

/*
 * What an application may know of a person is said by the portal file: a grant needs no row. Its name says for whom and for which client;
 * a row is written only when it is revoked, and then all that stands on it is worth nothing, also what is being made at that moment.
 */

/** A grant of its own for each answer, so that one can be revoked alone. */
export const newGrantId = ({ random }: House, accountId: string, clientId: string): string => `${random.id()}~${accountId}~${clientId}`

export function grantsOf(house: House, portal: Portal, clients: ReadonlyMap<string, ClientOf>): RecordsOf {
  const { storage, clock } = house
  return {
    async find(id) {
      const [, accountId, clientId] = id.split('~')
      const client = clients.get(clientId ?? '')
      if (!client || (await findRecord(storage.db, grantColumn(house, portal, id), clock.now()))) return undefined
      const scopes = scopesOf(client.of)
      const openid = { scope: scopes.join(' '), claims: scopes.flatMap((it) => claimsOfScope[it]) }
      const now = Math.floor(clock.now() / 1000)
      return { jti: id, kind: 'Grant', accountId, clientId, openid, iat: now, exp: now + lifeSeconds.Grant }
    },
    destroy: (id) => endGrant(house, portal, grantColumn(house, portal, id)),
    upsert: () => Promise.resolve(),
    findByUid: () => Promise.resolve(undefined),
    consume: () => Promise.resolve(),
    revokeByGrantId: () => Promise.resolve(),
  }
}

/** First the mark, then the rows: what another request makes meanwhile is found, and stands on nothing. */
export async function endGrant({ storage, clock }: House, portal: Portal, grant: string): Promise<void> {
  const ends_at = clock.now() + (lifeSeconds.RefreshToken + lifeSeconds.Grant) * 1000
  const nothing = { payload: '{}', grant_id: null, uid: null, consumed_at: null }
  await putRecord(storage.db, { key: grant, model: 'RevokedGrant', portal: portal.id, ...nothing, ends_at })
  await dropRecordsOfGrant(storage.db, grant)
}

/** How the rows of a grant are found: a keyed hash of its name. */
export const grantColumn = ({ vault }: House, portal: Portal, grant: string): string =>
  vault.mac('protocol grant', portal.id, grant).toString('base64url')
