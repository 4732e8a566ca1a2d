import type { Clock } from '../clock.ts'

/** What arrived, as the outside contract names it. `text` and `html` are '' where there is none. */
export interface Message {
  id: string
  kind: 'mail' | 'sms'
  from: string
  to: string
  subject: string
  text: string
  html: string
  receivedAt: string
  mail?: MailFacts
  sms?: SmsFacts
}

export interface MailFacts {
  envelope: { from: string; to: string[] }
  /** The name beside the address of the sender, '' when there is none. */
  fromName: string
  /** Lower-case names; a header that stands there twice is joined by line ends. */
  headers: Record<string, string>
  raw: string
}

export interface SmsFacts {
  smppId: string
  systemId: string
  sourceTon: number
  sourceNpi: number
  destTon: number
  destNpi: number
  dataCoding: number
  encoding: 'gsm-7' | 'latin-1' | 'ucs-2' | 'other'
  registeredDelivery: number
  via: 'short_message' | 'message_payload'
}

export interface Inbox {
  add(message: Omit<Message, 'id' | 'receivedAt'>): Message
  /** Newest first. */
  all(): Message[]
  find(id: string): Message | undefined
  clear(): void
}

/** Keeps the last `limit` messages in memory and nothing on disk: an inbox of codes that outlives its process helps nobody. */
export function createInbox(clock: Clock, limit = 1000): Inbox {
  const messages: Message[] = []
  // The start in the id: after a restart no id comes back with another message behind it.
  const start = clock().toString(36)
  let count = 0
  return {
    add(message) {
      const kept = { id: `${start}-${++count}`, ...message, receivedAt: new Date(clock()).toISOString() }
      messages.unshift(kept)
      messages.length = Math.min(messages.length, limit)
      return kept
    },
    all: () => [...messages],
    find: (id) => messages.find((message) => message.id === id),
    clear: () => void messages.splice(0),
  }
}
