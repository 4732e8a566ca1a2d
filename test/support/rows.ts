/* Rows as the stories of storage need them: whole, plain, with what matters named by the caller. */
import type { Purpose } from '../../src/decision/index.ts'
import { systemRandom as random } from '../../src/random.ts'
import { addAccount, addAttempt, addCode, type CodeRow, type Db, type NewRow } from '../../src/storage/index.ts'

/** The moment at which these stories begin. */
export const start = Date.parse('2026-11-25T12:00Z')

export async function account(db: Db, given: Partial<NewRow<'account'>> = {}): Promise<string> {
  const id = random.id()
  const row: NewRow<'account'> = {
    id,
    portal: 'haven',
    name: id,
    shown_name: id,
    email: 'fleur@voorbeeld.be',
    phone: null,
    phone_proven_at: null,
    password_hash: null,
    password_changed_at: null,
    language: null,
    given_name: null,
    family_name: null,
    group_name: null,
    disabled_at: null,
    second_step_since: null,
    authenticators_changed_at: null,
    last_method: null,
    announced_at: null,
    created_at: start,
    ...given,
  }
  return (await addAccount(db, row)) ? row.id : ''
}

export async function attempt(db: Db, of: string | null, given: Partial<NewRow<'attempt'>> = {}): Promise<string> {
  const row: NewRow<'attempt'> = {
    id: random.id(),
    portal: 'haven',
    token_hash: random.token(),
    application: null,
    interaction: null,
    request: '{}',
    typed_name: null,
    account_id: of,
    phone: null,
    language: 'nl',
    help_number: '0042',
    session_id: null,
    created_at: start,
    ends_at: start + 3_600_000,
    finished_at: null,
    ...given,
  }
  await addAttempt(db, row)
  return row.id
}

/** A sign-in of somebody, with codes that live for ten minutes. */
export async function codes(db: Db, count: number, purpose: Purpose = 'sign-in', address = 'fleur@voorbeeld.be', chance = random) {
  const who = await account(db)
  const sign = await attempt(db, who)
  const made: Omit<CodeRow, 'tries'>[] = []
  for (let place = 0; place < count; place++) {
    const row = {
      id: random.id(),
      portal: 'haven',
      account_id: who,
      attempt_id: sign,
      purpose,
      channel: 'email' as const,
      address,
      created_at: start + place,
      ends_at: start + place + 600_000,
      used_at: null,
      ended_at: null,
    }
    const reference = await db.transaction().execute((tx) => addCode(tx, row, chance))
    made.push({ ...row, reference })
  }
  return { account: who, attempt: sign, codes: made }
}
