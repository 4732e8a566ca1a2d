/*
 * storage: rows and the conditions inside the writes.
 *
 *     openStorage(address) ──> Storage { db, inTransaction }      one door for both engines
 *            │
 *            ├── sqlite.ts    node:sqlite, WAL, begin immediate      the only two files
 *            └── postgres.ts  pg                                      that know an engine; patience.ts waits for others
 *            disk.ts when a journal is on the disk; checkpoints.ts how it comes into the database, beside the work
 *
 *     tables.ts, house-tables.ts  what the rows are   migrations/  how they came to be, one list
 *     secrets.ts      what the master key makes: sealed columns, keyed hashes
 *     accounts.ts     people                       authenticators.ts  what they have; pending enrolment
 *     attempts.ts     sign-ins and their facts     codes.ts           codes by mail and SMS, derived digits
 *     counters.ts     tries, pauses, sendings      messages.ts        the outbox and its timeline
 *     sessions.ts     who is signed in             browsers.ts        known and remembered browsers
 *     records.ts      what the protocol keeps      settings.ts        the few values of the house
 *     links.ts        links in mails, derived       audit.ts           what happened; audit-chain.ts: in which order
 *     told.ts         what owners were told of
 *     host-sessions.ts  who is in at a protected host
 *     known-networks.ts  from where an account was signed in
 *     network.ts      which addresses are counted together         network-counts.ts  and the counts of them
 *     password-work.ts   how much work the hashes of a portal are
 *     session-clients.ts  applications that a session let in, and whether they heard of its end
 *     tickets.ts      a way back, given by hand
 *
 *     prepared.ts     statements that are built once      sweep.ts  what is over goes, in small pieces
 *     what-stands.ts  all that is open of an account, ended at once
 *
 *     personal.ts     all that stands about one person: shown on request, deleted on request
 *
 *   Never here: a rule of a portal, a clock, a hash, a mail. Whatever works once is spent by ONE update that carries its condition.
 */
export * from './accounts.ts'
export * from './attempts.ts'
export * from './audit.ts'
export * from './audit-chain.ts'
export * from './authenticators.ts'
export * from './browsers.ts'
export * from './codes.ts'
export * from './counters.ts'
export * from './host-sessions.ts'
export * from './known-networks.ts'
export * from './links.ts'
export * from './messages.ts'
export { networksOf, plainAddress } from './network.ts'
export * from './network-counts.ts'
export { type Db, openStorage, type Storage, type Tx } from './open.ts'
export * from './password-work.ts'
export * from './personal.ts'
export * from './records.ts'
export { makeVault, masterKeyBytes, type Place, type Vault } from './secrets.ts'
export * from './session-clients.ts'
export * from './sessions.ts'
export * from './settings.ts'
export { notSwept, type Swept, sweepSome, sweeps } from './sweep.ts'
export type * from './tables.ts'
export * from './tickets.ts'
export * from './told.ts'
export * from './what-stands.ts'
