import type { Generated, Insertable, Selectable } from 'kysely'
import type { Instant } from '../decision/index.ts'
import type { AuditChainTable, AuditTable, PasswordWorkTable, ProtocolRecordTable, SettingTable, SigningKeyTable } from './house-tables.ts'

/*
 * One interface a table, alike on both engines: ids and texts are TEXT, moments are whole milliseconds (BIGINT), switches are
 * a moment or null, never a boolean. Secrets are ciphertext bound to table, column and row (secrets.ts).
 */

export interface AccountTable {
  id: string
  portal: string
  /** Canonical user name: what is compared. Unique within the portal. */
  name: string
  /** The user name as it was given: what is shown. */
  shown_name: string
  email: string | null
  phone: string | null
  phone_proven_at: Instant | null
  /** PHC or imported hash. Null: this account has no password and none is right. */
  password_hash: string | null
  password_changed_at: Instant | null
  language: string | null
  given_name: string | null
  family_name: string | null
  group_name: string | null
  disabled_at: Instant | null
  second_step_since: Instant | null
  authenticators_changed_at: Instant | null
  last_method: string | null
  announced_at: Instant | null
  /** From when a mail address or a number that was changed may be used to get back in. Null: always was theirs. */
  email_recovers_at: Instant | null
  phone_recovers_at: Instant | null
  created_at: Instant
  /** When the password was chosen anew through the mailbox; emptied by the next whole sign-in with a second step. */
  mailbox_reset_at: Generated<Instant | null>
  /** The owner said 'this was not me': nobody signs in before a password that is newer than this. */
  secured_at: Generated<Instant | null>
  /** Many wrong codes were tried: whoever signs in after this first chooses a newer password. */
  guessed_at: Generated<Instant | null>
  /** When the owner was last told that somebody had the password and no code. */
  half_told_at: Generated<Instant | null>
  /** The address from which a code or a link came back. Another one than `email`: that one is not proven. */
  proven_email: Generated<string | null>
}

export interface AuthenticatorTable {
  id: string
  account_id: string
  method: 'totp' | 'sms'
  /** Ciphertext of the TOTP seed; null for a phone, whose number stands in the account. */
  secret: string | null
  title: string | null
  /** The last time step that was spent (RFC 6238, section 5.2). Only moves forward. */
  last_step: number
  bound_at: Instant
  last_used_at: Instant | null
  disabled_at: Instant | null
  /** It works until then: another took its place. Null: it stays. */
  ends_at: Instant | null
  /** Which one took its place. */
  replaced_by: string | null
  /** How often it was used after it was bound. */
  uses: Generated<number>
  /** When the owner was told that it has ended. */
  end_told_at: Generated<Instant | null>
  /** When its QR code was saved as a file: one with the secret lies somewhere. */
  picture_saved_at: Generated<Instant | null>
}

/** An address or a number from before a change, for as long as the change can be undone. */
export interface FormerAddressTable {
  id: string
  portal: string
  account_id: string
  channel: 'email' | 'sms'
  address: string | null
  /** The user name that went with it, where people sign in by their address. */
  name: string | null
  shown_name: string | null
  replaced_at: Instant
  undo_until: Instant
  undone_at: Instant | null
}

/** At most one for an account: the app that is being linked. */
export interface PendingEnrolmentTable {
  account_id: string
  id: string
  attempt_id: string
  /** Keyed hash of the cookie of the browser that began it. */
  browser: string
  secret: string
  created_at: Instant
  ends_at: Instant
  picture_saved_at: Generated<Instant | null>
}

export interface AttemptTable {
  id: string
  portal: string
  /** Hash of the cookie value: a copy of the table opens nothing. */
  token_hash: string
  /** The application that asked, or null when nobody did. */
  application: string | null
  /** The interaction of the protocol that waits for this sign-in. */
  interaction: string | null
  /** The request of the application, JSON: what `requirementFor` must honour. */
  request: string
  /** As typed, for the page; the canonical form decides. */
  typed_name: string | null
  /** Set when the password was right, never before. */
  account_id: string | null
  /** A number or an address that is being given; not believed before a code sent to it came back. */
  phone: string | null
  email: string | null
  language: string
  help_number: string
  session_id: string | null
  created_at: Instant
  ends_at: Instant
  finished_at: Instant | null
  /** When the same browser began this sign-in of the same account anew: what was left was no sign of a stranger. */
  replaced_at: Generated<Instant | null>
  /** Hash of the form cookie of the browser that gave the password. */
  form_hash: Generated<string | null>
  /** The sign-in whose codes this one shares: the other click on one button. */
  codes_of: Generated<string | null>
}

export interface FactTable {
  id: string
  attempt_id: string
  account_id: string | null
  fact: string
  method: string | null
  purpose: string | null
  /** Where the codes of an app shall be made, when it was said with the choice. */
  way: Generated<string | null>
  at: Instant
  /** Its place among the facts of this sign-in: two of one moment keep their order. */
  seq: number
}

/** A code by mail or SMS. Its six digits are derived from the id under the master key; they stand nowhere. */
export interface CodeTable {
  id: string
  portal: string
  account_id: string
  attempt_id: string
  purpose: string
  channel: 'email' | 'sms'
  address: string
  /** The kenmerk: three characters, unique among the live codes of one address. */
  reference: string
  tries: Generated<number>
  created_at: Instant
  ends_at: Instant
  used_at: Instant | null
  /** A sibling of a code that was used, or a code with five wrong tries. */
  ended_at: Instant | null
}

/** A link in a mail: works once. Its token is derived from the id under the master key; it stands nowhere. */
export interface LinkTable {
  id: string
  portal: string
  account_id: string
  /** What it is for: 'reset', 'not-me' and so on. One kind is worth nothing as another. */
  purpose: string
  token_hash: string
  /** What the page of the link needs, JSON; nothing secret. */
  facts: string
  created_at: Instant
  ends_at: Instant
  used_at: Instant | null
}

/** The outbox: ids and states, never a secret. */
export interface MessageTable {
  id: string
  portal: string
  /** Which text: M01, S02 and so on. */
  template: string
  channel: 'email' | 'sms'
  account_id: string
  code_id: string | null
  address: string
  language: string
  /** The message number that stands in the mail: eight characters. */
  number: string
  /** Moments and counts that the text of a notice needs, JSON; nothing a person typed. */
  facts: string
  state: MessageState
  tries: Generated<number>
  next_at: Instant
  leased_until: Instant | null
  created_at: Instant
  /** Past this the message is not sent any more. */
  ends_at: Instant
  provider_id: string | null
}

export type MessageState = 'queued' | 'accepted' | 'delayed' | 'refused' | 'too-late' | 'delivered' | 'failed' | 'set-aside'

/** The timeline of a message, in the words of a machine; the page finds the words for people. */
export interface MessageEventTable {
  id: string
  message_id: string
  at: Instant
  state: MessageState | 'no-connection'
  code: string | null
  /** What the other server said, at most 200 characters, cleaned of addresses and links. */
  said: string | null
  next_at: Instant | null
}

export interface CounterTable {
  key: string
  count: number
  paused_until: Instant | null
  first_at: Instant
  last_at: Instant
}

export interface SessionTable {
  id: string
  portal: string
  token_hash: string
  account_id: string
  /** The attempts whose facts this session stands on: the first sign-in and its step-ups. */
  started_at: Instant
  last_seen_at: Instant
  ends_at: Instant
  ended_at: Instant | null
  /** Which kind of browser on which kind of system, JSON from fixed lists; null when unknown. */
  device: string | null
  /** The browser whose mark let this session in; null when a second step was shown. Ends with it when it was copied. */
  born_of: Generated<string | null>
}

/** What a browser holds at a protected host: a pointer to our session, which alone says whether it still counts. */
export interface HostSessionTable {
  token_hash: string
  portal: string
  application: string
  session_id: string
  /** The known browser it came from, whose mark may stand in for a second step. */
  browser_id: string | null
  /** When this host asked: what its rule wants is counted from then. */
  asked_at: Instant
  created_at: Instant
}

/** An application that a session let in. It is told when the session has ended: the end itself is the entry in the queue. */
export interface SessionClientTable {
  session_id: string
  client_id: string
  /** How the id_token calls the session. */
  sid: string
  state: 'joined' | 'told' | 'failed'
  tries: number
  /** No try before; while one is under way it lies ahead. */
  next_at: Instant
  /** Why the last try failed: a short code. */
  said: string | null
}

/** A browser that this account was fully signed in from. Remembered for an application when a row of `remembered` says so. */
export interface BrowserTable {
  id: string
  portal: string
  account_id: string
  /** Keyed hash of the value that its cookie has now; those from before stand in `retired_value`. */
  token_hash: string
  /** Since when the cookie has this value. */
  value_at: Generated<Instant>
  /** The last sign-in with a second step that was really shown. */
  proved_at: Generated<Instant>
  seen_at: Instant
  created_at: Instant
  device: string | null
}

/** From where an account was signed in: strangers who guess there do not keep it out. */
export interface KnownNetworkTable {
  account_id: string
  /** Keyed hash: a copy of the table tells nobody where somebody lives. */
  network: string
  seen_at: Instant
}

/** A value that the cookie of a browser had before: told apart from one that nobody ever gave out. */
export interface RetiredValueTable {
  browser_id: string
  token_hash: string
  retired_at: Instant
  /** `use`: it let somebody in and has a successor. `proof`: a second step was shown, and nothing leads on from it. */
  retired_by: 'use' | 'proof'
}

export interface RememberedTable {
  id: string
  browser_id: string
  account_id: string
  portal: string
  application: string
  /** When the second step was really shown. */
  proved_at: Instant
  ends_at: Instant
  revoked_at: Instant | null
  /** When it last let somebody in; its days do not count from here. */
  used_at: Generated<Instant | null>
}

export interface Tables {
  account: AccountTable
  authenticator: AuthenticatorTable
  former_address: FormerAddressTable
  pending_enrolment: PendingEnrolmentTable
  attempt: AttemptTable
  fact: FactTable
  code: CodeTable
  link: LinkTable
  message: MessageTable
  message_event: MessageEventTable
  counter: CounterTable
  session: SessionTable
  session_client: SessionClientTable
  host_session: HostSessionTable
  browser: BrowserTable
  retired_value: RetiredValueTable
  known_network: KnownNetworkTable
  remembered: RememberedTable
  protocol_record: ProtocolRecordTable
  signing_key: SigningKeyTable
  audit: AuditTable
  password_work: PasswordWorkTable
  audit_chain: AuditChainTable
  setting: SettingTable
}

export type Row<T extends keyof Tables> = Selectable<Tables[T]>
export type NewRow<T extends keyof Tables> = Insertable<Tables[T]>
