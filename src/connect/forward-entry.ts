import type { Instant } from '../decision/index.ts'
import { equalInConstantTime, type House, hashOfToken } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { type Held, situationHeld } from '../sign-in/index.ts'
import { addHostSession, consumeRecord, dropRecord, findRecord, putRecord } from '../storage/index.ts'
import type { ConnectAsked } from './connect.ts'
import { doorPath, hostOf, type ProtectedHost } from './forward-hosts.ts'
import { recordKey } from './records.ts'

/*
 * One way in at a protected host, in two records: `Entry` waits at the portal while somebody signs in, `HandOver` carries the outcome
 * back. Both are known by a keyed hash of their value alone.
 */
interface Entry {
  readonly application: string
  /** Keyed hash of the cookie that was set at the host before leaving. */
  readonly state: string
  readonly page: string
  readonly askedAt: Instant
}

/** `entry`: the key of what waited, which is over once somebody came in. */
type HandOver = Entry & Held & { readonly entry: string }

const entrySeconds = 7_200
const handOverSeconds = 60

/** Somebody left this host to sign in. @returns the name of what waits for them. */
export async function beginEntry(house: House, host: ProtectedHost, state: string, page: string, now: Instant): Promise<string> {
  const id = house.random.token()
  const entry: Entry = { application: host.application, state: hashOfState(house, state), page, askedAt: now }
  await put(house, host.portal, 'Entry', id, entry, now + entrySeconds * 1000)
  return id
}

export async function entryAsked(house: House, portal: Portal, id: string, now: Instant): Promise<ConnectAsked | undefined> {
  const entry = await find<Entry>(house, portal, 'Entry', id, now)
  const host = entry && hostOf(portal, entry.application)
  if (!entry || !host) return undefined
  const request = { application: entry.application, at: entry.askedAt }
  return { interaction: id, request, clientTitle: host.title, redirectOrigin: host.origin }
}

/** After a finished sign-in: the address at the host that takes its outcome over. Undefined when nobody waits any more. */
export async function handOver(house: House, portal: Portal, id: string, held: Held, now: Instant): Promise<string | undefined> {
  const entry = await find<Entry>(house, portal, 'Entry', id, now)
  const host = entry && hostOf(portal, entry.application)
  if (!entry || !host) return undefined
  const code = house.random.token()
  const outcome: HandOver = {
    ...entry,
    entry: recordKey(house, portal, 'Entry', id),
    sessionId: held.sessionId,
    browserId: held.browserId,
  }
  await put(house, portal, 'HandOver', code, outcome, now + handOverSeconds * 1000)
  return `${host.origin}${doorPath}back?code=${code}`
}

export type TakenOver =
  | { readonly taken: true; readonly token: string; readonly page: string; readonly accountId: string }
  /** `page`: where this browser wanted to go, when it is the one that left. */
  | { readonly taken: false; readonly reason: 'over' | 'other-browser' | 'not-enough'; readonly page?: string }

/** Spends a hand-over at the host and in the browser that it was made for: of two that try, one is let in. */
export async function takeOver(
  house: House,
  host: ProtectedHost,
  code: string,
  state: string | undefined,
  now: Instant,
): Promise<TakenOver> {
  const { portal, application } = host
  const token = house.random.token()
  return house.storage.inTransaction(async (tx) => {
    const key = recordKey(house, portal, 'HandOver', code)
    const row = await findRecord(tx, key, now)
    const given = row && (JSON.parse(row.payload) as HandOver)
    if (!given || given.application !== application) return { taken: false, reason: 'over' }
    // Before it is spent: whoever found the code in a log cannot even use it up.
    if (state === undefined || !equalInConstantTime(hashOfState(house, state), given.state))
      return { taken: false, reason: 'other-browser' }
    const { page, askedAt, sessionId, browserId } = given
    if (!(await consumeRecord(tx, key, now))) return { taken: false, reason: 'over', page }
    const asked = { interaction: '', request: { application, at: askedAt } }
    const { step, account } = await situationHeld(tx, house, portal, { sessionId, browserId }, asked, now)
    if (step.step !== 'done' || !account) return { taken: false, reason: 'not-enough' }
    await dropRecord(tx, given.entry)
    await addHostSession(tx, {
      token_hash: hashOfToken(house.vault, 'host', token),
      portal: portal.id,
      application,
      session_id: sessionId,
      browser_id: browserId,
      asked_at: askedAt,
      created_at: now,
    })
    return { taken: true, token, page, accountId: account.id }
  })
}

const hashOfState = ({ vault }: House, state: string): string => hashOfToken(vault, 'host-state', state)

type Model = 'Entry' | 'HandOver'

async function put(house: House, portal: Portal, model: Model, id: string, payload: object, endsAt: Instant): Promise<void> {
  await putRecord(house.storage.db, {
    key: recordKey(house, portal, model, id),
    model,
    portal: portal.id,
    payload: JSON.stringify(payload),
    consumed_at: null,
    ends_at: endsAt,
  })
}

async function find<T extends Entry>(house: House, portal: Portal, model: Model, id: string, now: Instant): Promise<T | undefined> {
  const row = await findRecord(house.storage.db, recordKey(house, portal, model, id), now)
  return row && (JSON.parse(row.payload) as T)
}
