import type { Generated } from 'kysely'
import type { Instant } from '../decision/index.ts'

/* What the house itself keeps: protocols, keys, the audit and its chain, settings. The rows of people and sign-ins are in tables.ts. */

export interface ProtocolRecordTable {
  /** Hash of model and id. */
  key: string
  model: string
  portal: string
  payload: string
  consumed_at: Instant | null
  ends_at: Instant | null
}

export interface SigningKeyTable {
  id: string
  portal: string
  algorithm: string
  /** Ciphertext of the private JWK. */
  jwk: string
  created_at: Instant
}

export interface AuditTable {
  id: string
  portal: string
  at: Instant
  event: string
  reason: string | null
  account_id: string | null
  /** Keyed hash of the canonical name, when there is no account. */
  name_hash: string | null
  attempt_id: string | null
  door: string | null
  method: string | null
  address: string | null
  /** Which kind of browser on which kind of system, JSON from fixed lists. */
  device: Generated<string | null>
  /** Set by the sealer: place in the chain of this portal, and the keyed hash over it and the one before. */
  seq: number | null
  seal: string | null
  /** Keyed hash over whom it tells of: it holds the chain together when an account was deleted and those columns are empty. */
  person_seal: Generated<string | null>
  /** Since when it tells of nobody any more. */
  erased_at: Generated<Instant | null>
}

/** Where the chain of a portal ends, and which process goes on with it. */
export interface AuditChainTable {
  portal: string
  seq: number
  seal: string
  holder: string
  leased_until: Instant
}

/** How much work the passwords of a portal are: the beginnings of their hashes, other than our own. */
export interface PasswordWorkTable {
  portal: string
  work: string
}

export interface SettingTable {
  key: string
  value: string
}
