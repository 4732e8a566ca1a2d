import type { Instant } from '../decision/index.ts'
import type { Random } from '../random.ts'
import { addMessage, type Tx } from '../storage/index.ts'

export interface Outgoing {
  readonly portal: string
  /** Which text: M01, S02 and so on. */
  readonly template: string
  readonly channel: 'email' | 'sms'
  readonly accountId: string
  readonly codeId: string | null
  /** Where it goes: the stored address, never one that was just typed, but for a number that is being proven. */
  readonly address: string
  readonly language: string
  /** Moments and counts that the text needs; nothing that a person typed. */
  readonly facts: object
  /** Not before this moment; left out: at once. */
  readonly dueAt?: Instant
  /** After this moment it is not sent any more. */
  readonly endsAt: Instant
}

/** Digits and letters that nobody confuses when reading them aloud. */
const numberAlphabet = 'BCDFGHJKMNPQRTVWXYZ2346789'

/** Puts a message in the outbox, in the transaction of what it tells of. @returns its id. */
export async function enqueue(
  tx: Tx,
  { accountId, codeId, dueAt = 0, endsAt, facts, ...rest }: Outgoing,
  random: Random,
  now: Instant,
): Promise<string> {
  const id = random.id()
  const number = Array.from({ length: 8 }, () => numberAlphabet[random.below(numberAlphabet.length)]).join('')
  await addMessage(tx, {
    ...rest,
    id,
    account_id: accountId,
    code_id: codeId,
    facts: JSON.stringify(facts),
    number,
    state: 'queued',
    next_at: Math.max(dueAt, now),
    leased_until: null,
    created_at: now,
    ends_at: endsAt,
    provider_id: null,
  })
  return id
}
