import type { Instant } from '../decision/index.ts'
import { eraseFromAudit } from './audit-chain.ts'
import type { Db, Tx } from './open.ts'

/*
 * What stands about a person, for who asks what we keep and for who asks to be forgotten (GDPR, articles 15, 17 and 20). Each column of
 * each table that tells of an account stands here as shown or as hidden; a test fails when a new one was forgotten.
 */
interface Kept {
  readonly shown: readonly string[]
  /** Secrets, hashes and pointers of ours: they tell nothing about the person. */
  readonly hidden: readonly string[]
  /** The table whose rows these belong to, and by which column; left out: the account itself. */
  readonly of?: readonly [table: string, column: string]
}

export const kept: Readonly<Record<string, Kept>> = {
  authenticator: {
    shown: ['method', 'title', 'bound_at', 'last_used_at', 'disabled_at', 'ends_at', 'uses', 'picture_saved_at', 'end_told_at'],
    hidden: ['id', 'account_id', 'secret', 'last_step', 'replaced_by'],
  },
  former_address: {
    shown: ['channel', 'address', 'name', 'shown_name', 'replaced_at', 'undo_until', 'undone_at'],
    hidden: ['id', 'portal', 'account_id'],
  },
  pending_enrolment: {
    shown: ['created_at', 'ends_at', 'picture_saved_at'],
    hidden: ['id', 'account_id', 'attempt_id', 'browser', 'secret'],
  },
  attempt: {
    shown: [
      'id',
      'application',
      'typed_name',
      'phone',
      'email',
      'language',
      'help_number',
      'created_at',
      'ends_at',
      'finished_at',
      'replaced_at',
    ],
    hidden: ['portal', 'token_hash', 'interaction', 'request', 'account_id', 'session_id', 'form_hash', 'codes_of'],
  },
  fact: { shown: ['attempt_id', 'fact', 'method', 'purpose', 'way', 'at'], hidden: ['id', 'account_id', 'seq'] },
  code: {
    shown: ['purpose', 'channel', 'address', 'reference', 'tries', 'created_at', 'ends_at', 'used_at', 'ended_at'],
    hidden: ['id', 'portal', 'account_id', 'attempt_id'],
  },
  link: {
    shown: ['purpose', 'created_at', 'ends_at', 'used_at'],
    hidden: ['id', 'portal', 'account_id', 'token_hash', 'facts'],
  },
  message: {
    shown: ['id', 'template', 'channel', 'address', 'language', 'number', 'state', 'tries', 'created_at', 'ends_at'],
    hidden: ['portal', 'account_id', 'code_id', 'facts', 'next_at', 'leased_until', 'provider_id'],
  },
  message_event: { of: ['message', 'message_id'], shown: ['message_id', 'at', 'state', 'code', 'said'], hidden: ['id', 'next_at'] },
  session: {
    shown: ['id', 'started_at', 'last_seen_at', 'ends_at', 'ended_at', 'device'],
    hidden: ['portal', 'token_hash', 'account_id', 'born_of'],
  },
  session_client: {
    of: ['session', 'session_id'],
    shown: ['session_id', 'client_id', 'state'],
    hidden: ['sid', 'tries', 'next_at', 'said'],
  },
  host_session: {
    of: ['session', 'session_id'],
    shown: ['session_id', 'application', 'asked_at', 'created_at'],
    hidden: ['token_hash', 'portal', 'browser_id'],
  },
  browser: {
    shown: ['id', 'seen_at', 'proved_at', 'created_at', 'device'],
    hidden: ['portal', 'account_id', 'token_hash', 'value_at'],
  },
  retired_value: { of: ['browser', 'browser_id'], shown: ['browser_id', 'retired_at'], hidden: ['token_hash', 'retired_by'] },
  known_network: { shown: ['seen_at'], hidden: ['account_id', 'network'] },
  remembered: {
    shown: ['browser_id', 'application', 'proved_at', 'ends_at', 'revoked_at', 'used_at'],
    hidden: ['id', 'account_id', 'portal'],
  },
  audit: {
    shown: ['at', 'event', 'reason', 'method', 'address', 'device', 'attempt_id'],
    hidden: ['id', 'portal', 'account_id', 'name_hash', 'door', 'seq', 'seal', 'person_seal', 'erased_at'],
  },
}

const own: Kept = {
  shown: [
    ...['id', 'portal', 'name', 'shown_name', 'email', 'phone', 'phone_proven_at', 'password_changed_at', 'language', 'given_name'],
    ...['family_name', 'group_name', 'disabled_at', 'second_step_since', 'authenticators_changed_at', 'last_method', 'announced_at'],
    ...['email_recovers_at', 'phone_recovers_at', 'mailbox_reset_at', 'guessed_at', 'half_told_at', 'secured_at', 'created_at'],
    'proven_email',
  ],
  hidden: ['password_hash'],
}
export const keptOfAccount = own

export type Rows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>

/** Everything that stands about a person, table by table, without a secret. */
export async function everythingOf(db: Db | Tx, account: string): Promise<Rows> {
  const everything: Record<string, Rows[string]> = {
    account: await rows(db.selectFrom('account').where('id', '=', account), own.shown),
  }
  for (const [table, { shown, of }] of Object.entries(kept)) everything[table] = await rows(rowsAbout(db, table, account, of), shown)
  return everything
}

/** How many rows there are of each kind. */
export async function countsOf(db: Db | Tx, account: string): Promise<Record<string, number>> {
  const everything = Object.entries(await everythingOf(db, account)).map(([table, of]) => [table, of.length] as const)
  return Object.fromEntries(everything.filter(([, count]) => count > 0))
}

// Tables and columns are those of the list above; the names of a table are types everywhere else.
type Query = ReturnType<typeof selectFrom>
const selectFrom = (db: Db | Tx, table: string) => db.selectFrom(table as 'session')

function rowsAbout(db: Db | Tx, table: string, account: string, of: Kept['of']): Query {
  if (!of) return selectFrom(db, table).where('account_id', '=', account)
  const [parent, column] = of
  return selectFrom(db, table).where(column as 'id', 'in', selectFrom(db, parent).select('id').where('account_id', '=', account))
}

const rows = (query: object, shown: readonly string[]): Promise<Rows[string]> =>
  (query as Query).select(shown as readonly 'id'[]).execute() as Promise<Rows[string]>

/**
 * Removes a person: everything that hangs on the account, its counters, what the protocol keeps for it. What happened stays, and tells
 * of nobody. `counters`: the keys that do not name the account.
 */
export async function deleteAccount(tx: Tx, account: string, counters: readonly string[], now: Instant): Promise<boolean> {
  await eraseFromAudit(tx, account, now)
  await tx
    .deleteFrom('counter')
    .where((it) => it.or([it('key', 'like', `%${account}%`), it('key', 'in', counters.length > 0 ? counters : [''])]))
    .execute()
  await tx.deleteFrom('protocol_record').where('payload', 'like', `%"accountId":"${account}"%`).execute()
  const done = await tx.deleteFrom('account').where('id', '=', account).executeTakeFirst()
  return done.numDeletedRows === 1n
}

/** How many applications have yet to hear that a session of this account ended. */
export async function waitingFarewells(db: Db | Tx, account: string): Promise<number> {
  const { count } = await db
    .selectFrom('session_client')
    .innerJoin('session', 'session.id', 'session_client.session_id')
    .select((it) => it.fn.countAll<number>().as('count'))
    .where('session.account_id', '=', account)
    .where('session.ended_at', 'is not', null)
    .where('session_client.state', '=', 'joined')
    .executeTakeFirstOrThrow()
  return Number(count)
}
