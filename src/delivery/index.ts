/*
 * delivery: mail and SMS, and what became of each.
 *
 *     whoever changes an account ── tellOwner(tx) ──┐   notices.ts: each known address, one link, gathered by the hour
 *     sign-in ── enqueue(tx) ──> outbox <───────────┘   ids and states; a code's digits and a link's token stand nowhere
 *                                   │
 *     worker.ts ──> lane.ts   takes what is due, for a while and alone; ends what is too late
 *                      │
 *                   carry.ts  makes the text, hands it over, notes what the other server said
 *                      ├── messages/   the texts
 *                      ├── smtp.ts     nodemailer
 *                      └── smpp.ts     one bound session (smpp-session.ts), receipts (receipt.ts)
 *                                   │
 *     timeline.ts ──> the page that says where the message is
 *
 *   A message is in the outbox in the same transaction as its code: both or none. Just before its text leaves, when the other
 *   server has asked for it, one update counts the sending and says whether it still may. So a server that is down costs no
 *   sending, a crash costs at most one, a text leaves at most twice and never after the life of its code.
 *   Delivery opens no door: it knows no session and no account but the address.
 */

export { type Mail, type Making, renderMail, renderSms, type Sms, septetsOf, textProblems } from './messages/render.ts'
export { type ResetFacts, resetPath, resetTemplate } from './messages/reset.ts'
export { type Device, type Happened, type Notice, type NoticeFacts, notMeSeconds } from './notice-kinds.ts'
export { type Telling, tellOwner } from './notices.ts'
export { enqueue, type Outgoing } from './outbox.ts'
export { cleaned, type Outcome } from './outcome.ts'
export { failureOf, type SmsFailure } from './receipt.ts'
export { type Happening, type MessageStory, stateOf, timelineOf } from './timeline.ts'
export { type Delivery, type DeliveryConfig, startDelivery } from './worker.ts'
