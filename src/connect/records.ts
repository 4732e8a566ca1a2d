import type { errors } from 'oidc-provider'
import { type Instant, isMost, stillEnough } from '../decision/index.ts'
import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { endSessionFor, findLiveSessionById, findOpenSessionById, policyOf, viewOf } from '../sign-in/index.ts'
import {
  addRecord,
  type CounterKey,
  consumeRecord,
  dropRecord,
  findAccount,
  findRecord,
  putRecord,
  spendAllowance,
} from '../storage/index.ts'
import { clientNamed, isAddressOf } from './clients.ts'
import { endGrant, isRevoked } from './grants.ts'
import { lifeSeconds } from './lives.ts'

/** Kept past its life, so that a second use is still seen as one. */
const keptSeconds: Readonly<Record<string, number>> = { AuthorizationCode: lifeSeconds.AccessToken, PushedAuthorizationRequest: 7_200 }

type Payload = Record<string, unknown> & {
  readonly grantId?: unknown
  readonly sessionUid?: unknown
  readonly scope?: unknown
  readonly clientId?: unknown
  readonly accountId?: unknown
  readonly acr?: unknown
  readonly redirectUri?: unknown
  readonly params?: { readonly client_id?: unknown; readonly redirect_uri?: unknown }
}

const exchanged: ReadonlySet<string> = new Set(['AuthorizationCode', 'RefreshToken'])

/** Written grace: an application that lost our answer, or asked twice at once, gets no second token, and is no thief yet. */
const graceSeconds = 10

/** Requests that one client may send ahead in a minute. */
export const mostPushed = 600
const pushedSeconds = 60

/** The provider keeps what was pushed as an unsigned token of its own making; the client in it is the one that was authenticated. */
function clientIn(request: unknown): string {
  const payload = JSON.parse(Buffer.from(String(request).split('.')[1] ?? '', 'base64url').toString('utf8')) as { client_id?: unknown }
  return String(payload.client_id)
}

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
 * nowhere else. A code or token is found only while the session that it was given in is alive. A refresh token that comes back after its
 * use ends the whole family, and the session behind it (RFC 9700, section 4.14.2).
 */
export function recordsOf(house: House, portal: Portal, refused: typeof errors, model: string): RecordsOf {
  if (model === 'Session') return noRecords
  const { clock, storage, vault } = house
  const { db } = storage
  const key = (id: string): string => recordKey(house, portal, model, id)
  return {
    async upsert(id, { jti: _secret, ...payload }, expiresInSeconds) {
      const now = clock.now()
      const row = {
        key: key(id),
        model,
        portal: portal.id,
        payload: JSON.stringify(payload),
        consumed_at: null,
        ends_at: now + (expiresInSeconds + (keptSeconds[model] ?? 0)) * 1000,
      }
      if (model === 'PushedAuthorizationRequest') await countPushed(payload, now)
      // An assertion was shown: of two at once, on two nodes too, one is the first.
      if (model !== 'ReplayDetection') await putRecord(db, row)
      else if (!(await addRecord(db, row))) throw new refused.InvalidClientAuth('the assertion was already used')
    },
    async find(id) {
      const now = clock.now()
      const row = await findRecord(db, key(id), now)
      if (!row) return undefined
      const payload = JSON.parse(row.payload) as Payload
      if (typeof payload.sessionUid === 'string' && !(await isSessionThere(payload, now))) return undefined
      if (!goesWhereItMay(payload) || !(await isStillEnough(payload, now))) return undefined
      if (model === 'RefreshToken' && row.consumed_at !== null) {
        if (now < row.consumed_at + graceSeconds * 1000) throw new refused.InvalidGrant('refresh token was used a moment ago')
        // It came back before, and the server died between the end of the family and that of the session.
        if (await isRevoked(house, portal, String(payload.grantId))) return endSessionBehind(payload, now)
      }
      return { ...payload, jti: id, ...(row.consumed_at === null ? {} : { consumed: Math.floor(row.consumed_at / 1000) }) }
    },
    // One winner. Who comes second hears that it was used; answers.ts ends the grant for whoever shows a code in vain.
    async consume(id) {
      if (await consumeRecord(db, key(id), clock.now())) return
      throw model === 'PushedAuthorizationRequest'
        ? new refused.InvalidRequestUri('request_uri was already used')
        : new refused.InvalidGrant()
    },
    // A refresh token that came back stays where it is: whoever shows it once more is answered as now, whatever was done in between.
    async destroy(id) {
      const now = clock.now()
      const row = model === 'RefreshToken' ? await findRecord(db, key(id), now) : undefined
      if (row?.consumed_at) await endSessionBehind(JSON.parse(row.payload) as Payload, now)
      else await dropRecord(db, key(id))
    },
    // What stands on a revoked grant is worth nothing: grants.ts.
    revokeByGrantId: () => Promise.resolve(),
    findByUid: () => Promise.resolve(undefined),
  }

  async function endSessionBehind({ sessionUid }: Payload, now: Instant): Promise<undefined> {
    if (typeof sessionUid === 'string') await endSessionFor(house, portal, sessionUid, 'token-reused', now)
  }

  /** Who pushes was authenticated. It is counted for each client, so that one that runs wild stops nobody else (RFC 9126, section 7). */
  async function countPushed({ request }: Payload, now: Instant): Promise<void> {
    const key: CounterKey = `pushed ${vault.mac('pushed requests', portal.id, clientIn(request))}`
    if ((await spendAllowance(db, key, mostPushed, pushedSeconds, now)).spent) return
    throw new refused.TemporarilyUnavailable('too many requests were pushed')
  }

  /** A request that waits, or a code that was given, for an address that was taken out of the portal file since, is none. */
  function goesWhereItMay({ clientId, redirectUri, params }: Payload): boolean {
    if (model === 'AuthorizationCode') return redirectUri === undefined || isAddressOf(portal, clientId, redirectUri)
    return model !== 'Interaction' || params === undefined || isAddressOf(portal, params.client_id, params.redirect_uri)
  }

  /** What is exchanged for tokens holds under the rule of this moment, not of the one it was given at. */
  async function isStillEnough({ acr, accountId, clientId }: Payload, now: Instant): Promise<boolean> {
    if (!exchanged.has(model) || typeof acr !== 'string' || isMost(acr)) return true
    const application = clientNamed(portal, clientId)?.application
    const account = await findAccount(db, portal.id, String(accountId))
    if (application === undefined || !account) return false
    return stillEnough(policyOf(portal), application, await viewOf(db, account, { facts: [] }, now), acr, now)
  }

  /** With offline_access a token does not rest when the person does; the end of the session is the end of both. */
  async function isSessionThere({ sessionUid, scope }: Payload, now: Instant): Promise<boolean> {
    const isOffline = typeof scope === 'string' && scope.split(' ').includes('offline_access')
    const find = isOffline && model !== 'AuthorizationCode' ? findOpenSessionById : findLiveSessionById
    return (await find(db, portal, String(sessionUid), now)) !== undefined
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

/**
 * A code that was shown and refused is dead, and so is all that was given for it (RFC 9700, section 4.5).
 * @returns whose it was; undefined when there is no such code any more.
 */
export async function endCode(house: House, portal: Portal, code: string): Promise<string | undefined> {
  const { db } = house.storage
  const row = await findRecord(db, recordKey(house, portal, 'AuthorizationCode', code), house.clock.now())
  const { grantId, accountId }: Payload = row ? JSON.parse(row.payload) : {}
  if (typeof grantId !== 'string') return undefined
  await endGrant(house, portal, grantId)
  return typeof accountId === 'string' ? accountId : undefined
}

/** The portal is part of the key: a code of one portal is no code at another. */
export const recordKey = ({ vault }: House, portal: Portal, model: string, id: string): string =>
  vault.mac('protocol record', portal.id, model, id)
