import type { Instant } from '../decision/index.ts'
import type { Random } from '../random.ts'
import { endLinks } from './links.ts'
import type { Tx } from './open.ts'
import type { Vault } from './secrets.ts'

/** Letters and digits that nobody confuses when they are read aloud: 26 of them, so twenty are 94 bits. */
const alphabet = 'BCDFGHJKMNPQRTVWXYZ2346789'
const ticketLength = 20
const purpose = 'ticket'

export const drawTicket = (random: Random): string =>
  Array.from({ length: ticketLength }, () => alphabet[random.below(alphabet.length)]).join('')

/** What was typed, as it was given: blanks, hyphens and small letters do not matter. Undefined: it can be no ticket. */
export function readTicket(typed: string): string | undefined {
  const text = typed
    .slice(0, 100)
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s.\p{Pd}\p{Cf}]/gu, '')
  return text.length === ticketLength && [...text].every((it) => alphabet.includes(it)) ? text : undefined
}

export interface NewTicket {
  readonly id: string
  readonly portal: string
  readonly account: string
  readonly code: string
  readonly endsAt: Instant
}

/** Gives an account a ticket; an earlier one that was not used ends. Only a keyed hash of its code is kept. */
export async function addTicket(tx: Tx, vault: Vault, { id, portal, account, code, endsAt }: NewTicket, now: Instant): Promise<void> {
  await endLinks(tx, account, purpose, now)
  const row = { id, portal, account_id: account, purpose, facts: '{}', created_at: now, ends_at: endsAt, used_at: null }
  await tx
    .insertInto('link')
    .values({ ...row, token_hash: hashOfTicket(vault, code) })
    .execute()
}

/** Spends a ticket of this very account: one write that carries every condition. @returns false: unknown, used, over or another's. */
export async function spendTicket(tx: Tx, vault: Vault, portal: string, account: string, code: string, now: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('link')
    .set({ used_at: now })
    .where('token_hash', '=', hashOfTicket(vault, code))
    .where('purpose', '=', purpose)
    .where('portal', '=', portal)
    .where('account_id', '=', account)
    .where('used_at', 'is', null)
    .where('ends_at', '>', now)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

const hashOfTicket = (vault: Vault, code: string): string => vault.mac('token ticket', code)
