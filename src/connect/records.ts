import type { errors } from 'oidc-provider'
import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { findLiveSessionById } from '../sign-in/index.ts'
import { consumeRecord, dropRecord, dropRecordsOfGrant, findRecord, putRecord } from '../storage/index.ts'

/** How long what the provider makes is good for, in seconds. */
export const lifeSeconds = {
  AuthorizationCode: 60,
  AccessToken: 600,
  IdToken: 600,
  /** Outlives every token that stands on it; without its grant a token is worth nothing. */
  Grant: 900,
  /** Longer than a sign-in may take, which begins after it. */
  Interaction: 7_200,
  /** Never stored; the provider wants a number. */
  Session: 60,
} as const

/** Kept past its life, so that a second use is still seen as one. */
const keptSeconds: Readonly<Record<string, number>> = { AuthorizationCode: lifeSeconds.AccessToken, PushedAuthorizationRequest: 7_200 }

type Payload = Record<string, unknown> & { readonly grantId?: unknown; readonly sessionUid?: unknown }

/** What the provider keeps of one kind. */
export interface RecordsOf {
  upsert(id: string, payload: Payload, expiresInSeconds: number): Promise<void>
  find(id: string): Promise<Payload | undefined>
  findByUid(uid: string): Promise<undefined>
  consume(id: string): Promise<void>
  destroy(id: string): Promise<void>
  revokeByGrantId(grant: string): Promise<void>
}

/**
 * The provider's records of one kind, in our table. The id of a code or token is its secret: it stands there as a keyed hash and
 * nowhere else. A code or token is found only while the session that it was given in is alive.
 */
export function recordsOf(house: House, portal: Portal, refused: typeof errors, model: string): RecordsOf {
  if (model === 'Session') return noRecords
  const { clock, storage } = house
  const { db } = storage
  const key = (id: string): string => recordKey(house, portal, model, id)
  const grantOf = (id: string): string => grantColumn(house, portal, id)
  return {
    async upsert(id, { jti: _secret, ...payload }, expiresInSeconds) {
      const now = clock.now()
      const grant = model === 'Grant' ? id : payload.grantId
      await putRecord(db, {
        key: key(id),
        model,
        portal: portal.id,
        payload: JSON.stringify(payload),
        grant_id: typeof grant === 'string' ? grantOf(grant) : null,
        uid: null,
        consumed_at: null,
        ends_at: now + (expiresInSeconds + (keptSeconds[model] ?? 0)) * 1000,
      })
    },
    async find(id) {
      const now = clock.now()
      const row = await findRecord(db, key(id), now)
      if (!row) return undefined
      const payload = JSON.parse(row.payload) as Payload
      if (typeof payload.sessionUid === 'string' && !(await findLiveSessionById(db, portal, payload.sessionUid, now))) return undefined
      return { ...payload, jti: id, ...(row.consumed_at === null ? {} : { consumed: Math.floor(row.consumed_at / 1000) }) }
    },
    // One winner. Who comes second hears that it was used; answers.ts ends the grant for whoever shows a code in vain.
    async consume(id) {
      if (await consumeRecord(db, key(id), clock.now())) return
      throw model === 'PushedAuthorizationRequest'
        ? new refused.InvalidRequestUri('request_uri was already used')
        : new refused.InvalidGrant()
    },
    destroy: (id) => dropRecord(db, key(id)),
    revokeByGrantId: (grant) => dropRecordsOfGrant(db, grantOf(grant)),
    findByUid: () => Promise.resolve(undefined),
  }
}

/** Sessions are ours: the provider finds none, and what it would write is not kept. */
const noRecords: RecordsOf = {
  upsert: () => Promise.resolve(),
  find: () => Promise.resolve(undefined),
  findByUid: () => Promise.resolve(undefined),
  consume: () => Promise.resolve(),
  destroy: () => Promise.resolve(),
  revokeByGrantId: () => Promise.resolve(),
}

/** A code that was shown and refused is dead, and so is all that was given for it (RFC 9700, section 4.5). */
export async function endCode(house: House, portal: Portal, code: string): Promise<void> {
  const { db } = house.storage
  const row = await findRecord(db, recordKey(house, portal, 'AuthorizationCode', code), house.clock.now())
  if (row?.grant_id) await dropRecordsOfGrant(db, row.grant_id)
}

/** The portal is part of the key: a code of one portal is no code at another. */
export const recordKey = ({ vault }: House, portal: Portal, model: string, id: string): string =>
  vault.mac('protocol record', portal.id, model, id).toString('base64url')

const grantColumn = ({ vault }: House, portal: Portal, grant: string): string =>
  vault.mac('protocol grant', portal.id, grant).toString('base64url')
