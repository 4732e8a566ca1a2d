import type { Instant } from '../decision/index.ts'
import { type Db, eventsOf, type MessageEventRow, type MessageRow, messageOfCode, messagesOfAttempt } from '../storage/index.ts'
import { domainOf } from './messages/render.ts'
import { failureOf, type SmsFailure } from './receipt.ts'

/** One line of the story of a message. */
export interface Happening {
  readonly at: Instant
  readonly state: MessageEventRow['state']
  /** What the other server called it: 451, UNDELIV 001, ECONNREFUSED. */
  readonly code?: string
  /** Its own words, cleaned of addresses and links. */
  readonly said?: string
  readonly nextAt?: Instant
}

/** A message as its page tells it: no address, no name, no digits. */
export interface MessageStory {
  readonly template: string
  readonly channel: 'email' | 'sms'
  readonly state: MessageRow['state']
  /** The kenmerk of its code. */
  readonly reference: string
  readonly askedAt: Instant
  readonly endsAt: Instant
  /** Of a mail: what stands behind the @. */
  readonly domain?: string
  /** Of a mail: its identification, for those who look for it in a log. */
  readonly number: string
  /** While nobody answers: since when, and when we try again. */
  readonly trouble?: { readonly since: Instant; readonly nextAt: Instant }
  /** Of a text message that did not arrive. */
  readonly failure?: SmsFailure
  /** Oldest first. */
  readonly events: readonly Happening[]
}

/** The newest messages of this sign-in that carry a code, newest first. */
export async function timelineOf(db: Db, attempt: string): Promise<MessageStory[]> {
  const stories: MessageStory[] = []
  for (const message of await messagesOfAttempt(db, attempt)) stories.push(storyOf(message, await eventsOf(db, message.id)))
  return stories
}

function storyOf(message: MessageRow & { reference: string }, events: readonly MessageEventRow[]): MessageStory {
  const { template, channel, state, reference, number, created_at, ends_at, address } = message
  const last = events.at(-1)
  return {
    template,
    channel,
    state,
    reference,
    number,
    askedAt: created_at,
    endsAt: ends_at,
    ...(channel === 'email' ? { domain: domainOf(address) } : {}),
    ...(state === 'queued' && last?.state === 'no-connection' ? { trouble: { since: sinceOf(events), nextAt: message.next_at } } : {}),
    ...(channel === 'sms' && (state === 'failed' || state === 'refused') ? { failure: failureIn(events, state) } : {}),
    events: events.map(happeningOf),
  }
}

/** The first of the lines at the end that all tell of no connection. */
function sinceOf(events: readonly MessageEventRow[]): Instant {
  const before = events.findLastIndex((it) => it.state !== 'no-connection')
  return events[before + 1]?.at ?? 0
}

const failureIn = (events: readonly MessageEventRow[], state: MessageRow['state']): SmsFailure =>
  failureOf(events.findLast((it) => it.state === state)?.code ?? null)

const happeningOf = ({ at, state, code, said, next_at }: MessageEventRow): Happening => ({
  at,
  state,
  ...(code === null ? {} : { code }),
  ...(said === null ? {} : { said }),
  ...(next_at === null ? {} : { nextAt: next_at }),
})

export interface MessageNow {
  readonly state: MessageRow['state']
  readonly sentAt?: Instant
  /** It waits because nobody answered us. */
  readonly isHeldUp: boolean
}

/** Where the message of this code is, in a word; undefined while it waits in the outbox for its first try. */
export async function stateOf(db: Db, codeId: string): Promise<MessageNow | undefined> {
  const message = await messageOfCode(db, codeId)
  if (!message || (message.state === 'queued' && message.next_at <= message.created_at)) return undefined
  const events = await eventsOf(db, message.id)
  const sent = events.find((it) => it.state === 'accepted')
  const isHeldUp = message.state === 'queued' && events.at(-1)?.state === 'no-connection'
  return { state: message.state, isHeldUp, ...(sent ? { sentAt: sent.at } : {}) }
}
