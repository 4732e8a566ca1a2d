import { sql } from 'kysely'
import type { Instant, Purpose } from '../decision/index.ts'
import type { Random } from '../random.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import type { Vault } from './secrets.ts'
import type { NewRow, Row } from './tables.ts'

export type CodeRow = Row<'code'>

/** No 0 O 1 I L 5 S, and no vowels but none: three of them are never a word. */
const letters = 'BCDFGHJKMNPQRTVWXYZ'
const letterOrDigit = `${letters}2346789`

/**
 * The six digits of a code, made from its id under the master key: they are in no row, no queue and no backup.
 * 48 bits before the remainder, so no digit is likelier than another by more than 4e-9.
 */
export function digitsOf(vault: Vault, codeId: string): string {
  return String(vault.macBytes('code digits', codeId).readUIntBE(0, 6) % 1_000_000).padStart(6, '0')
}

/** Adds a code with a kenmerk that no other live code of the same address has. */
export async function addCode(tx: Tx, code: Omit<NewRow<'code'>, 'reference'>, random: Random): Promise<string> {
  const taken = await tx
    .selectFrom('code')
    .select('reference')
    .where('address', '=', code.address)
    .where('ends_at', '>', code.created_at)
    .execute()
  const reference = drawReference(random, new Set(taken.map((it) => it.reference)))
  await tx
    .insertInto('code')
    .values({ ...code, reference })
    .execute()
  return reference
}

function drawReference(random: Random, taken: ReadonlySet<string>): string {
  const draw = (from: string): string => from[random.below(from.length)] as string
  // At most a few hundred of 12,844 are ever taken; the bound is for a broken source of chance.
  for (let tries = 0; tries < 1000; tries++) {
    const reference = draw(letters) + draw(letterOrDigit) + draw(letterOrDigit)
    if (!taken.has(reference)) return reference
  }
  throw new Error('no free reference after 1000 draws')
}

/** All codes of this sign-in for one purpose, newest first: also spent and ended ones, so that the page can say what happened. */
export function codesOf(db: Db | Tx, attempt: string, purpose: Purpose): Promise<CodeRow[]> {
  return codeRows(db, attempt, purpose)
}
const codeRows = prepared(2, (db, attempt: string, purpose: Purpose) =>
  db
    .selectFrom('code')
    .selectAll()
    .where('attempt_id', '=', attempt)
    .where('purpose', '=', purpose)
    .orderBy('created_at', 'desc')
    .limit(sql.lit(50)),
)

/** The sign-in that the codes of this one hang on: itself, or the other click on one button. */
export const codeHolderOf = ({ id, codes_of }: Pick<Row<'attempt'>, 'id' | 'codes_of'>): string => codes_of ?? id

/** A sign-in of this account by the same form, whose code was sent at most so long before or after `now` and still waits. */
export async function findTwin(
  tx: Tx,
  { id, account_id, form_hash }: Pick<Row<'attempt'>, 'id' | 'account_id' | 'form_hash'>,
  purpose: Purpose,
  apartSeconds: number,
  now: Instant,
): Promise<string | undefined> {
  if (form_hash === null || account_id === null) return undefined
  const found = await tx
    .selectFrom('code')
    .innerJoin('attempt', 'attempt.id', 'code.attempt_id')
    .select('attempt.id')
    .where('code.account_id', '=', account_id)
    .where('code.purpose', '=', purpose)
    .where('code.created_at', '>', now - apartSeconds * 1000)
    .where('code.created_at', '<', now + apartSeconds * 1000)
    .where('code.used_at', 'is', null)
    .where('code.ended_at', 'is', null)
    .where('attempt.form_hash', '=', form_hash)
    .where('attempt.finished_at', 'is', null)
    .where('attempt.id', '<>', id)
    .orderBy('code.created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return found?.id
}

/** When codes of this account were made in the hour before, newest first, with the sign-in each belongs to. */
export function codesSince(tx: Db | Tx, account: string, since: Instant): Promise<{ attempt_id: string; created_at: Instant }[]> {
  return tx
    .selectFrom('code')
    .select(['attempt_id', 'created_at'])
    .where('account_id', '=', account)
    .where('created_at', '>', since)
    .orderBy('created_at', 'desc')
    .execute()
}

/**
 * Charges one try to every live code of this sign-in and purpose, before anybody looks at what was typed.
 * Only the codes that come back may be compared: parallel guesses cannot pass the limit.
 */
export function chargeTry(db: Db, attempt: string, purpose: Purpose, tries: number, now: Instant): Promise<CodeRow[]> {
  return db
    .updateTable('code')
    .set((it) => ({ tries: it('tries', '+', 1) }))
    .where('attempt_id', '=', attempt)
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('ended_at', 'is', null)
    .where('ends_at', '>', now)
    .where('tries', '<', tries)
    .returningAll()
    .execute()
}

/**
 * Spends a code: one winner, also when two tabs send it. Its siblings of the same sign-in and purpose end with it, in the same
 * statement: two tabs that send two of them take the rows in one order and do not stand in each other's way.
 */
export async function spendCode(tx: Tx, code: CodeRow, now: Instant): Promise<boolean> {
  const spent = await tx
    .updateTable('code')
    .set((it) => ({
      used_at: it.case().when('id', '=', code.id).then(now).else(it.ref('used_at')).end(),
      ended_at: it.case().when('id', '=', code.id).then(it.ref('ended_at')).else(now).end(),
    }))
    .where('attempt_id', '=', code.attempt_id)
    .where('purpose', '=', code.purpose)
    .where('used_at', 'is', null)
    .where('ended_at', 'is', null)
    .where((it) =>
      it.exists(
        it
          .selectFrom('code as this')
          .select('this.id')
          .where('this.id', '=', code.id)
          .where('this.used_at', 'is', null)
          .where('this.ended_at', 'is', null)
          .where('this.ends_at', '>', now),
      ),
    )
    .returning('id')
    .execute()
  return spent.some((it) => it.id === code.id)
}

/** Ends the codes that still live: after a success, or when the number they went to was withdrawn. */
export async function endCodes(tx: Tx, attempt: string, purpose: Purpose, now: Instant): Promise<void> {
  await tx
    .updateTable('code')
    .set({ ended_at: now })
    .where('attempt_id', '=', attempt)
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('ended_at', 'is', null)
    .execute()
}
