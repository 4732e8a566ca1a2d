import type { Mail, Sms } from './messages/render.ts'

/** What became of one try to send. Whatever another server can cause is a value; nothing here is thrown. */
export type Outcome =
  /** Theirs now. */
  | { readonly outcome: 'accepted'; readonly code: string | null; readonly said: string | null; readonly providerId?: string }
  /** Later, perhaps. */
  | { readonly outcome: 'delayed'; readonly code: string; readonly said: string | null }
  /** Never. */
  | { readonly outcome: 'refused'; readonly code: string; readonly said: string | null }
  /** Nobody answered, or not in the way we must have it. `isUnclear`: the text had left, and nobody said what became of it. */
  | { readonly outcome: 'no-connection'; readonly code: string; readonly reason: string; readonly isUnclear: boolean }
  /** Our own no, at the moment the text would have left. */
  | { readonly outcome: 'stopped' }

/** Asked when the other server is ready to take the text: false when it must not leave any more. */
export type HandOver = () => Promise<boolean>

export interface Sender<Message extends Mail | Sms> {
  send(message: Message, handOver: HandOver): Promise<Outcome>
  /** Says goodbye; `force` also hangs up on what is in flight. */
  close(force?: boolean): Promise<void>
}

const saidLength = 200

/**
 * What another server said, fit for a page, a row and a log: no address, no link, no number that could be a code, no part of
 * the receiver's own address.
 */
export function cleaned(said: string, receiver = ''): string {
  const local = receiver.split('@')[0] ?? ''
  const text = said
    .replace(/\p{C}+/gu, ' ')
    .replace(/<?[^\s<>"']*@[^\s<>"',;]+>?/g, '…')
    .replace(/\b(?:[a-z][a-z0-9+.-]*:\/\/|www\.)[^\s<>"']*/gi, '…')
    .replace(/\b(?:[a-z0-9-]+\.)+[a-z]{2,}\/[^\s<>"']*/gi, '…')
    .replace(/(?<!\d)\d(?:[ -]?\d){5,}(?!\d)/g, '…')
  const nameless = local.length < 3 ? text : text.replaceAll(new RegExp(escaped(local), 'gi'), '…')
  return nameless.replace(/\s+/g, ' ').trim().slice(0, saidLength)
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
