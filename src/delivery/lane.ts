import type { Instant } from '../decision/index.ts'
import {
  addMessageEvent,
  dueMessages,
  endLateMessages,
  hastenMessages,
  keepLease,
  lateMessages,
  leaseMessages,
  type MessageRow,
} from '../storage/index.ts'
import { type Held, hold } from './held.ts'
import type { DeliveryHouse } from './house.ts'
import { domainOf } from './messages/render.ts'

export interface Pace {
  /** How many are sent at one moment, and how many of them to one mail domain: a dead one does not hold up the others. */
  readonly atOnce: number
  readonly perDomain: number
  /** After a crash another worker takes over when this ran out; while a message is being sent it is renewed. */
  readonly leaseSeconds: number
  /** After the first, the second and every later failure. */
  readonly retrySeconds: readonly [number, number, number]
  /** How often the outbox is looked at when nobody rings: what other processes put there, and what became due. */
  readonly lookSeconds: number
}

export interface Lane {
  wake(): void
  /** The way is open again: what waited for it goes now. */
  hasten(): void
  /** Takes nothing new. @returns when all that was in flight has ended. */
  finish(): Promise<void>
}

/** Takes what is due from the outbox, as much as may be in flight, and has `carry` bring it away. */
export function openLane(house: DeliveryHouse, channel: MessageRow['channel'], pace: Pace, carry: (held: Held) => Promise<void>): Lane {
  const inFlight = new Map<string, { held: Held; domain: string }>()
  const bell = makeBell()
  let isFinishing = false
  const leaseMilliseconds = pace.leaseSeconds * 1000
  const cannot = (what: string) => (error: Error) => house.log.error({ channel, error: error.message }, `delivery cannot ${what}`)

  const take = async (): Promise<readonly MessageRow[]> => {
    const free = pace.atOnce - inFlight.size
    const now = house.clock.now()
    await endLate(house, channel, now)
    if (free <= 0) return []
    const due = await dueMessages(house.storage.db, channel, 4 * pace.atOnce, crowded(), now)
    const chosen = withinShare(due).slice(0, free)
    if (chosen.length === 0) return []
    return house.storage.inTransaction((tx) => leaseMessages(tx, chosen, now + leaseMilliseconds, now))
  }
  const countOf = (domain: string): number => [...inFlight.values()].filter((it) => it.domain === domain).length
  const crowded = (): string[] => [...new Set([...inFlight.values()].map((it) => it.domain))].filter((it) => countOf(it) >= pace.perDomain)
  const withinShare = (due: readonly Pick<MessageRow, 'id' | 'address'>[]): string[] => {
    const places = new Map<string, number>()
    // After a leap of the clock our own lease looks as if it ran out.
    const others = due.filter(({ id }) => !inFlight.has(id))
    return others.flatMap(({ id, address }) => {
      const domain = domainOfReceiver(channel, address, id)
      const taken = places.get(domain) ?? countOf(domain)
      places.set(domain, taken + 1)
      return taken < pace.perDomain ? [id] : []
    })
  }
  const start = async (row: MessageRow): Promise<void> => {
    const held = hold(row)
    inFlight.set(row.id, { held, domain: domainOfReceiver(channel, row.address, row.id) })
    try {
      await carry(held)
    } catch (error) {
      // The lease runs out and the message is taken again.
      house.log.error({ message: row.id, error: (error as Error).message }, 'a message could not be brought away')
    }
    inFlight.delete(row.id)
    bell.ring()
  }
  const renewal = setInterval(() => {
    for (const { held } of inFlight.values()) renew(house, held, leaseMilliseconds).catch(cannot('renew a lease'))
  }, leaseMilliseconds / 4)

  const tend = async (): Promise<void> => {
    while (!isFinishing) {
      const taken = (await take().catch(cannot('read the outbox'))) ?? []
      for (const row of taken) void start(row)
      if (taken.length === 0) await bell.wait(pace.lookSeconds * 1000)
    }
    while (inFlight.size > 0) await bell.wait(1000)
    clearInterval(renewal)
  }
  const hasten = async (): Promise<void> => {
    await house.storage.inTransaction((tx) => hastenMessages(tx, channel, house.clock.now()))
    bell.ring()
  }
  const tended = tend()
  return {
    wake: bell.ring,
    hasten: () => void hasten().catch(cannot('hasten what waits')),
    finish: () => {
      isFinishing = true
      bell.ring()
      return tended
    },
  }
}

/** Phone numbers have no domain: each is one of its own. */
function domainOfReceiver(channel: MessageRow['channel'], address: string, id: string): string {
  const domain = domainOf(address)
  return channel === 'email' && /^[a-z0-9.-]+$/.test(domain) ? domain : id
}

async function renew({ clock, storage }: DeliveryHouse, held: Held, milliseconds: number): Promise<void> {
  await held.alone(async () => {
    const until = clock.now() + milliseconds
    const kept = await storage.inTransaction((tx) => keepLease(tx, held.lease, until))
    if (kept) held.lease = { ...held.lease, leasedUntil: until }
  })
}

/** A code whose life is over is never sent; its page says so. */
async function endLate({ storage, random }: DeliveryHouse, channel: MessageRow['channel'], now: Instant): Promise<void> {
  if ((await lateMessages(storage.db, channel, now)).length === 0) return
  await storage.inTransaction(async (tx) => {
    for (const message_id of await endLateMessages(tx, channel, now))
      await addMessageEvent(tx, { id: random.id(), message_id, at: now, state: 'too-late', code: null, said: null, next_at: null })
  })
}

interface Bell {
  ring(): void
  /** Until somebody rings, or rang since the last time. */
  wait(milliseconds: number): Promise<void>
}

function makeBell(): Bell {
  let rang = false
  let awake = (): void => undefined
  return {
    ring: () => {
      rang = true
      awake()
    },
    wait: async (milliseconds) => {
      if (!rang)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds)
          awake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      rang = false
      awake = () => undefined
    },
  }
}
