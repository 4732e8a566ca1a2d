import type { Instant, Purpose } from '../decision/index.ts'
import { codeHeldBack, type House, isLive } from '../factors/index.ts'
import { codeHolderOf, codesOf, type Db } from '../storage/index.ts'
import { addressFor } from './believe.ts'
import { heldBackSaid, type Said } from './said.ts'
import type { Situation } from './situation.ts'

/** What the person may know of the codes that this sign-in sent for one purpose. */
export interface SentSoFar {
  readonly codeId: string
  readonly channel: 'email' | 'sms'
  readonly address: string
  readonly reference: string
  readonly createdAt: Instant
  readonly endsAt: Instant
  /** The newest one is spent, ended or past its life. */
  readonly isOver: boolean
  /** Earlier ones that still work: the newest of them ends then. */
  readonly earlierEndsAt?: Instant
}

/** `tries`: how many a code has. */
export async function sentSoFar(db: Db, attempt: string, purpose: Purpose, tries: number, now: Instant): Promise<SentSoFar | undefined> {
  const [newest, ...earlier] = await codesOf(db, attempt, purpose)
  if (!newest) return undefined
  const alive = earlier.find((it) => isLive(it, tries, now))
  return {
    codeId: newest.id,
    channel: newest.channel,
    address: newest.address,
    reference: newest.reference,
    createdAt: newest.created_at,
    endsAt: newest.ends_at,
    isOver: !isLive(newest, tries, now),
    ...(alive ? { earlierEndsAt: alive.ends_at } : {}),
  }
}

/** Why this step's first code is not sent yet; undefined when it may be, or when none belongs to the step. */
export async function heldBackNow(house: House, { step, portal, account, attempt, from, now }: Situation): Promise<Said | undefined> {
  if (step.step !== 'prove' || step.method === 'totp' || !account || !attempt) return undefined
  const address = addressFor(step, account, attempt)
  if (address === null) return undefined
  const sending = { portal, account, attempt: codeHolderOf(attempt), purpose: step.purpose, channel: step.method, address, from }
  const held = await codeHeldBack(house.storage.db, house, sending, now)
  return held && heldBackSaid(held, 200)
}
