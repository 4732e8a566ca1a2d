import * as audit from '../audit/index.ts'
import type { Instant } from '../decision/index.ts'
import type { House } from '../factors/index.ts'
import { type AccountRow, addTicket, drawTicket } from '../storage/index.ts'

const ticketSeconds = 86_400

export interface GivenTicket {
  /** In groups of five, to be read aloud. Shown once; only a keyed hash is kept. */
  readonly code: string
  readonly endsAt: Instant
}

/** A way back for who has nothing left, after the operator's own check of who that is. It works once, together with the password. */
export async function giveTicket(house: House, account: AccountRow, now: Instant): Promise<GivenTicket> {
  const { storage, vault, random } = house
  const code = drawTicket(random)
  const endsAt = now + ticketSeconds * 1000
  await storage.inTransaction(async (tx) => {
    await addTicket(tx, vault, { id: random.id(), portal: account.portal, account: account.id, code, endsAt }, now)
    await audit.recoveryStarted(tx, { random, portal: account.portal, at: now, accountId: account.id, method: 'ticket' })
  })
  return { code: code.replace(/(.{5})(?=.)/g, '$1-'), endsAt }
}
