/*
 * audit: who did what, when, at which door. One typed function an event; nobody writes a row past them.
 *
 *     sign-in, enrolment, ... ── audit.passwordRefused(tx, who) ──> events.ts ──> table `audit`
 *                                                                                 (unsealed, in the same transaction
 *                                                                                  as what it tells of)
 *
 *     seal.ts      gives committed events their place in the chain of their portal, within a second; verify.ts walks it
 *     activity.ts  what a person is told of their own account
 *
 *   A row holds ids, a method, a reason of a closed list and the address of the client. Never a code, a secret, a mail
 *   address, a phone number or what a person typed; a name without an account stands there as a keyed hash.
 *   An event that tells of a refusal is written as well when the answer tells the person nothing.
 */
export { type Activity, activityOf } from './activity.ts'
export * from './events.ts'
export { type Figure, figures } from './figures.ts'
export { type SealingHouse, sealEvents } from './seal.ts'
export { type Sealer, startSealer } from './sealer.ts'
export { type ChainProblem, type ChainReport, verifyChain } from './verify.ts'
