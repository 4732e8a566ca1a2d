import type { ColumnDefinitionBuilder, CreateTableBuilder } from 'kysely'
import type { AnyShape } from './any-shape.ts'

type Column = (it: ColumnDefinitionBuilder) => ColumnDefinitionBuilder
const needed: Column = (it) => it.notNull()
const zero: Column = (it) => it.notNull().defaultTo(0)

export async function up(db: AnyShape): Promise<void> {
  const table = async (
    name: string,
    columns: readonly string[],
    more: (it: CreateTableBuilder<string, string>) => CreateTableBuilder<string, string> = (it) => it,
  ): Promise<void> => {
    let builder: CreateTableBuilder<string, string> = db.schema.createTable(name) as never
    for (const column of columns) builder = add(builder, column)
    await more(builder).execute()
  }
  const index = (name: string, of: string, columns: string[]): Promise<void> =>
    db.schema.createIndex(name).on(of).columns(columns).execute()

  await table(
    'account',
    [
      'id key',
      'portal',
      'name',
      'shown_name',
      'email?',
      'phone?',
      'phone_proven_at? at',
      'password_hash?',
      'password_changed_at? at',
      'language?',
      'given_name?',
      'family_name?',
      'group_name?',
      'disabled_at? at',
      'second_step_since? at',
      'authenticators_changed_at? at',
      'last_method?',
      'announced_at? at',
      'created_at at',
    ],
    (it) => it.addUniqueConstraint('account_name', ['portal', 'name'] as never),
  )
  await table('authenticator', [
    'id key',
    'account_id -> account',
    'method',
    'secret?',
    'title?',
    'last_step zero',
    'bound_at at',
    'last_used_at? at',
    'disabled_at? at',
  ])
  await index('authenticator_account', 'authenticator', ['account_id'])
  await table(
    'attempt',
    [
      'id key',
      'portal',
      'token_hash',
      'application?',
      'interaction?',
      'request',
      'typed_name?',
      'account_id? -> account',
      'phone?',
      'language',
      'help_number',
      'session_id?',
      'created_at at',
      'ends_at at',
      'finished_at? at',
    ],
    (it) => it.addUniqueConstraint('attempt_token', ['token_hash'] as never),
  )
  await index('attempt_ends', 'attempt', ['ends_at'])
  await table('fact', ['id key', 'attempt_id -> attempt', 'account_id?', 'fact', 'method?', 'purpose?', 'at at'])
  await index('fact_attempt', 'fact', ['attempt_id'])
  await table('pending_enrolment', ['account_id key -> account', 'id', 'attempt_id', 'browser', 'secret', 'created_at at', 'ends_at at'])
  await table('code', [
    'id key',
    'portal',
    'account_id -> account',
    'attempt_id -> attempt',
    'purpose',
    'channel',
    'address',
    'reference',
    'tries zero',
    'created_at at',
    'ends_at at',
    'used_at? at',
    'ended_at? at',
  ])
  await index('code_attempt', 'code', ['attempt_id'])
  await index('code_address', 'code', ['address', 'ends_at'])
  await table('message', [
    'id key',
    'portal',
    'template',
    'channel',
    'account_id -> account',
    'code_id?',
    'address',
    'language',
    'number',
    'facts',
    'state',
    'tries zero',
    'next_at at',
    'leased_until? at',
    'created_at at',
    'ends_at at',
    'provider_id?',
  ])
  await index('message_due', 'message', ['state', 'next_at'])
  await index('message_code', 'message', ['code_id'])
  await index('message_provider', 'message', ['provider_id'])
  await table('message_event', ['id key', 'message_id -> message', 'at at', 'state', 'code?', 'said?', 'next_at? at'])
  await index('message_event_message', 'message_event', ['message_id'])
  await table('counter', ['key key', 'count zero', 'paused_until? at', 'first_at at', 'last_at at'])
  await table(
    'session',
    ['id key', 'portal', 'token_hash', 'account_id -> account', 'started_at at', 'last_seen_at at', 'ends_at at', 'ended_at? at'],
    (it) => it.addUniqueConstraint('session_token', ['token_hash'] as never),
  )
  await index('session_account', 'session', ['account_id'])
  await table('browser', ['id key', 'portal', 'account_id -> account', 'token_hash', 'seen_at at', 'created_at at'])
  await index('browser_token', 'browser', ['token_hash'])
  await table('remembered', [
    'id key',
    'browser_id -> browser',
    'account_id -> account',
    'portal',
    'application',
    'proved_at at',
    'ends_at at',
    'revoked_at? at',
  ])
  await index('remembered_browser', 'remembered', ['browser_id'])
  await table('protocol_record', ['key key', 'model', 'portal', 'payload', 'grant_id?', 'uid?', 'consumed_at? at', 'ends_at? at'])
  await index('protocol_record_grant', 'protocol_record', ['grant_id'])
  await index('protocol_record_uid', 'protocol_record', ['uid'])
  await index('protocol_record_ends', 'protocol_record', ['ends_at'])
  await table('signing_key', ['id key', 'portal', 'algorithm', 'jwk', 'created_at at'])
  await table('audit', [
    'id key',
    'portal',
    'at at',
    'event',
    'reason?',
    'account_id?',
    'name_hash?',
    'attempt_id?',
    'door?',
    'method?',
    'address?',
    'seq? at',
    'seal?',
  ])
  await index('audit_unsealed', 'audit', ['portal', 'seq'])
  await index('audit_account', 'audit', ['account_id', 'at'])
  await table('setting', ['key key', 'value'])
}

/** `name? kind -> table`: a question mark means it may be empty; kinds are text, at (a moment), zero (a count), key. */
function add(builder: CreateTableBuilder<string, string>, column: string): CreateTableBuilder<string, string> {
  const [named = '', ...rest] = column.split(' ')
  const name = named.replace('?', '')
  const type = rest.includes('at') || rest.includes('zero') ? 'bigint' : 'text'
  const target = rest.includes('->') ? rest[rest.indexOf('->') + 1] : undefined
  return builder.addColumn(name, type, (it) => {
    let made = rest.includes('zero') ? zero(it) : named.endsWith('?') ? it : needed(it)
    if (rest.includes('key')) made = made.primaryKey()
    if (target) made = made.references(`${target}.id`).onDelete('cascade')
    return made
  }) as never
}
