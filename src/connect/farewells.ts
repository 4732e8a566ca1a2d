import * as audit from '../audit/index.ts'
import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { dueFarewells, type Farewell, farewellsOf, noteFarewell, takeFarewell } from '../storage/index.ts'
import { clientNamed } from './clients.ts'
import type { Issuer } from './issuer.ts'
import { type NotTold, tellClient } from './tell-client.ts'

/*
 * The end of a session is told to every application that it let in. Nobody has to remember that: whoever ends a session, by whatever
 * door and on whatever node, has put it in the queue by doing so.
 *
 *     session.ended_at ──> dueFarewells ──> take one try ──> logout token ──> tell-client.ts ──> told, or once more later
 */
const lookMilliseconds = 1_000
const atOnce = 20
/** Of these, for one application: whoever is silent holds nobody else up. */
const atOnceForOne = 10
/** After the first, the second and every further try; the last one is given up. */
const retrySeconds = [5, 15, 30, 60, 300, 900, 3_600, 10_800] as const
const longestMilliseconds = 86_400_000

export interface Farewells {
  /** A session has ended here: its applications are told at once. */
  wake(): void
  /** Takes nothing new, and waits for what is in flight. */
  close(): Promise<void>
}

export function openFarewells(house: House, issuerOf: (portal: Portal) => Promise<Issuer>): Farewells {
  const inFlight = new Map<Promise<void>, Farewell>()
  let isClosing = false
  let ring = (): void => undefined

  const tell = async (farewell: Farewell): Promise<void> => {
    try {
      await tellOne(house, issuerOf, farewell)
    } catch (error) {
      // Its next try is already written down.
      house.log.error({ err: error, client: farewell.client_id }, 'an application could not be told of a sign-out')
    }
  }
  const underWayFor = ({ portal, client_id }: Farewell): number =>
    inFlight.values().reduce((sum, it) => sum + Number(it.portal === portal && it.client_id === client_id), 0)
  const isFull = (it: Farewell): boolean => underWayFor(it) >= atOnceForOne
  const look = async (): Promise<void> => {
    const now = house.clock.now()
    const free = atOnce - inFlight.size
    if (free <= 0) return
    for (const it of await dueFarewells(house.storage.db, now - longestMilliseconds, free, now, [...inFlight.values()].filter(isFull))) {
      // Looks again at once, for those behind it.
      if (isFull(it)) return ring()
      const work: Promise<void> = tell(it).finally(() => {
        inFlight.delete(work)
        ring()
      })
      inFlight.set(work, it)
    }
  }
  const tend = async (): Promise<void> => {
    while (!isClosing) {
      const { promise, resolve } = Promise.withResolvers<void>()
      ring = resolve
      const timer = setTimeout(resolve, lookMilliseconds)
      await look().catch((error: unknown) => house.log.error({ err: error }, 'the ended sessions could not be read'))
      await promise
      clearTimeout(timer)
    }
    await Promise.all(inFlight.keys())
  }
  const tended = tend()
  return {
    wake: () => ring(),
    close: () => {
      isClosing = true
      ring()
      return tended
    },
  }
}

async function tellOne(house: House, issuerOf: (portal: Portal) => Promise<Issuer>, farewell: Farewell): Promise<void> {
  const { storage, clock, portals, log } = house
  const now = clock.now()
  const wait = retrySeconds[farewell.tries]
  if (!(await takeFarewell(storage.db, farewell, now + (wait ?? 10) * 1000, now))) return
  const portal = portals.get(farewell.portal)
  const address = portal && clientNamed(portal, farewell.client_id)?.of.backchannelLogoutUri
  // An application that is not there any more has nothing to hear.
  if (!address) return noteFarewell(storage.db, farewell, { state: 'failed', said: 'gone' })
  const said = await tellClient(address, await logoutToken(await issuerOf(portal), farewell, house))
  if (said === undefined) return note(house, farewell, 'told')
  log.warn({ portal: portal.id, client: farewell.client_id, said, tries: farewell.tries + 1 }, 'an application did not take a sign-out')
  if (wait !== undefined) return noteFarewell(storage.db, farewell, { state: 'joined', said })
  return note(house, farewell, 'failed', said)
}

async function note(house: House, farewell: Farewell, state: 'told' | 'failed', said: NotTold | null = null): Promise<void> {
  const { storage, random, clock } = house
  const context = { random, portal: farewell.portal, at: clock.now(), accountId: farewell.account_id }
  await storage.inTransaction(async (tx) => {
    await noteFarewell(tx, farewell, { state, said })
    await (state === 'told' ? audit.logoutSent(tx, context) : audit.logoutFailed(tx, context))
  })
}

/** Back-Channel Logout 1.0, section 2.4: who and which session, good for two minutes, with a number of its own at each try. */
async function logoutToken({ provider }: Issuer, { client_id, account_id, sid }: Farewell, { random }: House): Promise<string> {
  const client = await provider.Client.find(client_id)
  if (!client) throw new Error('the provider does not know a client of the portal file')
  const token = new provider.IdToken({ sub: account_id }, { client, ctx: undefined })
  token.mask = { sub: null }
  token.set('events', { 'http://schemas.openid.net/event/backchannel-logout': {} })
  token.set('jti', random.id())
  token.set('sid', sid)
  return token.issue({ use: 'logout' })
}

const answerMilliseconds = 5_500
const stepMilliseconds = 50

/** The titles of the applications that did not take the end of this session at the first try; waits for that try, and no longer. */
export async function silentOf(house: House, portal: Portal, session: string): Promise<string[]> {
  for (let waited = 0; ; waited += stepMilliseconds) {
    const rows = await farewellsOf(house.storage.db, portal.id, session)
    const isDecided = rows.every((it) => it.state !== 'joined' || it.said !== null)
    if (isDecided || waited >= answerMilliseconds)
      return rows.filter((it) => it.state !== 'told').flatMap((it) => clientNamed(portal, it.client_id)?.title ?? [])
    await new Promise((resolve) => setTimeout(resolve, stepMilliseconds))
  }
}
