import type { Instant } from '../decision/index.ts'
import {
  addMessageEvent,
  codeOfMessage,
  eventsOf,
  findMessage,
  handOverMessage,
  type MessageChange,
  type MessageEventRow,
  type MessageRow,
  noteMessage,
  type Tx,
} from '../storage/index.ts'
import type { Held } from './held.ts'
import type { DeliveryHouse } from './house.ts'
import type { Pace } from './lane.ts'
import { type Mail, type Making, makingOf, type Sms } from './messages/render.ts'
import type { Outcome, Sender } from './outcome.ts'

/** A text leaves at most twice: once, and once more when a crash or a silence left it unclear what became of the first. */
const mostSends = 2

type End = Outcome | { readonly outcome: 'unrenderable' }
type Event = Pick<MessageEventRow, 'state' | 'code' | 'said' | 'next_at'>

/** Brings one message away: makes its text, hands it to the other server, and notes what that server said. */
export function carrier<Message extends Mail | Sms>(
  house: DeliveryHouse,
  channel: MessageRow['channel'],
  pace: Pace,
  render: (making: Making) => Message,
  sender: Sender<Message>,
  wayOpened: () => void,
): (held: Held) => Promise<void> {
  const { storage, clock, log } = house
  let troubleCode: string | undefined

  /** One alarm when the way closes and one line when it opens, not one for each message. */
  const mindTheWay = (end: End): void => {
    if (end.outcome === 'stopped' || end.outcome === 'unrenderable') return
    const code = end.outcome === 'no-connection' ? end.code : undefined
    if (code === troubleCode) return
    troubleCode = code
    if (end.outcome === 'no-connection') log.error({ channel, code, reason: end.reason }, 'messages cannot leave')
    else {
      log.info({ channel }, 'messages leave again')
      wayOpened()
    }
  }

  const made = async (row: MessageRow): Promise<Message | undefined> => {
    const code = await codeOfMessage(storage.db, row)
    try {
      return render(makingOf(house, row, code, clock.now()))
    } catch (error) {
      log.error({ message: row.id, portal: row.portal, template: row.template, error: (error as Error).message }, 'a message is set aside')
      return undefined
    }
  }

  return async (held) => {
    const message = await made(held.row)
    let hasLeft = false
    const end: End = message
      ? await sender.send(message, async () => {
          hasLeft = await handOver(house, held, pace)
          return hasLeft
        })
      : { outcome: 'unrenderable' }
    await held.alone(() => storage.inTransaction((tx) => note(tx, house, held, end, hasLeft, pace)))
    log.info({ message: held.row.id, portal: held.row.portal, template: held.row.template, ...toldOf(end) }, 'a message was carried')
    mindTheWay(end)
  }
}

const toldOf = (end: End): object => ('code' in end ? { outcome: end.outcome, code: end.code } : { outcome: end.outcome })

function handOver({ storage, clock }: DeliveryHouse, held: Held, { leaseSeconds }: Pace): Promise<boolean> {
  return held.alone(async () => {
    const now = clock.now()
    const until = now + leaseSeconds * 1000
    const may = await storage.inTransaction((tx) => handOverMessage(tx, held.lease, until, mostSends, now))
    if (may) held.lease = { ...held.lease, leasedUntil: until }
    return may
  })
}

/** Row and timeline in one transaction; nothing when the message is another worker's by now. */
async function note(tx: Tx, { clock, random }: DeliveryHouse, { row, lease }: Held, end: End, hasLeft: boolean, pace: Pace): Promise<void> {
  const now = clock.now()
  const [change, ...events] = await consequenceOf(tx, row.id, end, pace, now)
  const saidNo = end.outcome === 'delayed' || end.outcome === 'refused' || (end.outcome === 'no-connection' && !end.isUnclear)
  if (!(await noteMessage(tx, lease, change, !(hasLeft && saidNo)))) return
  for (const event of events) await addMessageEvent(tx, { ...event, id: random.id(), message_id: row.id, at: now })
}

async function consequenceOf(tx: Tx, id: string, end: End, pace: Pace, now: Instant): Promise<[MessageChange, ...Event[]]> {
  switch (end.outcome) {
    case 'accepted': {
      const { code, said, providerId } = end
      return [
        { state: 'accepted', ...(providerId ? { provider_id: providerId } : {}) },
        { state: 'accepted', code, said, next_at: null },
      ]
    }
    case 'refused':
      return [{ state: 'refused' }, { state: 'refused', code: end.code, said: end.said, next_at: null }]
    case 'unrenderable':
      return closing('set-aside', 'unrenderable')
    case 'stopped': {
      const row = await findMessage(tx, id)
      return row && row.tries >= mostSends ? closing('set-aside', 'sent-twice') : closing('too-late', null)
    }
    case 'delayed':
      return againLater(tx, id, 'delayed', { state: 'delayed', code: end.code, said: end.said }, pace, now)
    case 'no-connection':
      if (end.isUnclear && ((await findMessage(tx, id))?.tries ?? 0) >= mostSends) return closing('set-aside', 'sent-twice')
      return againLater(tx, id, 'queued', { state: 'no-connection', code: end.code, said: null }, pace, now)
  }
}

const closing = (state: 'set-aside' | 'too-late', code: string | null): [MessageChange, Event] => [
  { state },
  { state, code, said: null, next_at: null },
]

/** When the next try would come after the end of its life, that is said now: the person can ask for a new code at once. */
async function againLater(
  tx: Tx,
  id: string,
  state: 'queued' | 'delayed',
  event: Omit<Event, 'next_at'>,
  pace: Pace,
  now: Instant,
): Promise<[MessageChange, ...Event[]]> {
  const row = await findMessage(tx, id)
  const nextAt = now + waitSeconds(await eventsOf(tx, id), pace, now) * 1000
  if (row && nextAt < row.ends_at)
    return [
      { state, next_at: nextAt },
      { ...event, next_at: nextAt },
    ]
  const [change, end] = closing('too-late', null)
  return [change, { ...event, next_at: null }, end]
}

/** By how long the trouble lasts: the timeline holds one line for the same trouble, however often it came. */
function waitSeconds(events: readonly MessageEventRow[], { retrySeconds }: Pace, now: Instant): number {
  const [first, second, later] = retrySeconds
  const since = events.find((it) => it.state === 'no-connection' || it.state === 'delayed')?.at
  if (since === undefined) return first
  return now - since < (first + second) * 1000 ? second : later
}
