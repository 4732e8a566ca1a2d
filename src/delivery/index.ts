/*
 * delivery: mail and SMS, and what became of each.
 *
 *     sign-in ── enqueue(tx) ──> outbox (ids and states; the code's digits stand nowhere)
 *                                   │
 *                worker.ts  leases what is due, renders, sends, notes what the other server said
 *                   ├── smtp.ts   nodemailer            ├── smpp.ts   SMPP 3.4, receipts
 *                   └── messages/  the texts
 *                                   │
 *                timeline ──> the page that says where the message is
 *
 *   A message is in the outbox in the same transaction as its code: both or none. It is sent at least once, never after
 *   the life of its code. Delivery opens no door: it knows no session and no account but the address.
 */
export { enqueue, type Outgoing } from './outbox.ts'
