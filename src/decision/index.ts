/*
 * decision: what a sign-in asks, and what comes next. Pure; imports nothing but itself.
 *
 *     policy + request + account + now ──> requirementFor ──> Requirement
 *                                                                 │
 *                     account + dated facts + now ──> nextStep <──┘
 *                                                        │
 *     identify ─ password ─ choose ─ not-registered ─ prove(gate) ─ register-phone ─ prove(new-phone) ─ enrol
 *                                  └ prove(sign-in) ─ offer ─ wait ─ refuse ─ done(acr, amr, authTime)
 *
 *   types.ts        the words of the house: facts, steps, methods, kinds
 *   requirement.ts  the policy                    next-step.ts    the answer
 *   sought.ts       what an application wishes beyond it      still-enough.ts  what it was told, under the rule of today
 *   statement.ts    what the proofs say           may-attempt.ts  tries and pauses
 *   change.ts       what is shown anew before the account is changed
 *   cases.ts        the policy as a table that anybody can read, in the words of case-words.ts; laws.test.ts asks all combinations
 *
 *   Never here: an address, a session, a clock, the name of a portal.
 */
export {
  addableTo,
  beforeChange,
  confirmedUntil,
  freshSeconds,
  hasOther,
  linkApp,
  mayFinish,
  proveNew,
  removalOf,
  secondMethodOf,
} from './change.ts'
export * from './may-attempt.ts'
export { canChooseOther, counts, kindOf, mayRecover, nextStep, optionsOf, recovers } from './next-step.ts'
export { mailboxRestsUntil, requirementFor } from './requirement.ts'
export { type Statement, statementOf } from './statement.ts'
export { isMost, stillEnough } from './still-enough.ts'
export * from './types.ts'
