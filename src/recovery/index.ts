/*
 * recovery: the way back for who forgot the password, the ticket for who lost everything else, and what helps who was attacked or doubts.
 *
 *     'forgotten' ──> ask.ts ── the same answer for every name ──> later, unseen: a link to the address of the account (M04)
 *                                                                        │
 *     the link ──> link.ts    which link is this, and is the user name asked too?  <─┘   GET and HEAD change nothing
 *                     │
 *                  choose.ts  a new password: the link is spent by one write, and with it everything that the old one opened
 *                             (sessions, remembered browsers, open sign-ins, an enrolment that was begun)
 *
 *     a notice in the mail ── 'this was not me' ──> not-me.ts ──> secure.ts ──> nobody is in, known or half-way;
 *     the profile ─────────── 'secure my account' ─────^             │          a new password is due
 *                                                                    └── undo.ts   the change itself, where that can be
 *
 *     typed.ts    the four letters that are typed over     ticket.ts   a code that an operator gives after a check of his own
 *     message-check.ts   whether a message is ours
 *
 *   A reset proves the mailbox and nothing else: it signs nobody in, clears no counter, wakes no account, and for a day the same
 *   mailbox gives no second step (src/decision). A ticket is answered in src/sign-in, like every other proof. 'This was not me' only
 *   closes: it works once, shows afterwards what was done, and names nobody.
 *   Never here: an account, an address or a strength that comes from the request.
 */
export { type Asking, askReset, type ResetAsked } from './ask.ts'
export { type Choosing, type ChosenNew, chooseNewPassword } from './choose.ts'
export { askerOf, findReset, type Reset } from './link.ts'
export { checkMessage, type MessageCheck } from './message-check.ts'
export { askNotMe, lookAtNotMe, type NotMe, sayNotMe, secureNow } from './not-me.ts'
export { isRefused, type Refused, type RefusedCode } from './refused.ts'
export { type Done, secureAccount } from './secure.ts'
export { type GivenTicket, giveTicket } from './ticket.ts'
export { drawLetters, lettersOf } from './typed.ts'
