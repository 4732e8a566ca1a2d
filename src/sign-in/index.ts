/*
 * sign-in: from the first page to 'you are signed in'.
 *
 *     GET  any step ──> situationOf ──> nextStep ──> the page of that step, or a redirect to it
 *                                          ^
 *     POST an act ─> password.ts ──────────┤
 *                    ticket.ts ────────────┤
 *                    answer.ts  (codes) ───┤     count, check and spend, believe, decide again
 *                    moves.ts   (the rest)─┘
 *                       │
 *                       └─ believe.ts ── done ──> finish.ts ──> session, cookies
 *
 *   situation.ts  reads attempt, account and facts; nobody else does
 *   begin.ts      the row of a sign-in, and what a right password begins
 *   believe.ts    the only way in which a later fact is added; sends what the next step needs
 *   finish.ts     signs: one of two tabs wins      browsers.ts  known, remembered and copied browsers
 *   refusals.ts   what a refused code is told, and what it causes        failures.ts   what many of them cause
 *   What a change asks, and every code that confirms one, comes through weighCode and checkPassword: one counter for all doors.
 *   sessions.ts   idle and absolute limits          limits.ts   which counter, which rule
 *   sweeper.ts    what is over goes, in small pieces
 *   crowd.ts      many wrong passwords from one network        guessing.ts   many at one name: its owner is told
 *   mailbox-rest.ts  until when a mailbox that gave the password lets nobody in
 *   work.ts       the little work that lets a stranger through in a network that pauses
 *   notices.ts    what the owner is told            half-finished.ts  of passwords without a code
 *   said.ts       refusals as values                policy.ts   a portal file in the words of the decision
 *
 *   Never here: a stored step; an account, time or strength taken from the request; two winners for one code.
 *   Start reading at decision/next-step.ts.
 */
export { answerCode, type Here, weighCode } from './answer.ts'
export { newAttempt } from './begin.ts'
export { liveCode, type Moved, send } from './believe.ts'
export { contextOf } from './context.ts'
export { mayBegin, networkPause, networkPauses } from './crowd.ts'
export { tellHalfFinished } from './half-finished.ts'
export { passwordKey, secondStepKey, secondStepLongKey } from './limits.ts'
export { restsEverywhereUntil, restsHereUntil } from './mailbox-rest.ts'
export { beginSetUp, beginStepUp, choose, giveName, givePhone, noteStepNotDue, postpone, resend, want, withdrawPhone } from './moves.ts'
export { wantedFrom } from './opt-in.ts'
export { checkPassword, givePassword, type Typed } from './password.ts'
export { policyOf } from './policy.ts'
export { heldBackSaid, isSaid, type Said, type SaidCode } from './said.ts'
export { heldBackNow, type SentSoFar, sentSoFar } from './sent.ts'
export {
  absoluteSeconds,
  endAll,
  endOthers,
  endSessionFor,
  findLiveSession,
  findLiveSessionById,
  findOpenSessionById,
  idleSeconds,
  mostSessions,
  noteActivity,
  signOut,
} from './sessions.ts'
export { type Asked, type Held, hasOtherMethod, type Situation, situationHeld, situationOf, type Visitor, viewOf } from './situation.ts'
export { startSweeper } from './sweeper.ts'
export { answerTicket, mayUseTicket } from './ticket.ts'
export { leastBits, mostBits, type Work, workFor } from './work.ts'
