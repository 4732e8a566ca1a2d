/*
 * enrolment: from the gate to the first code. Sign-in, profile and recovery all come through here.
 *
 *     gate proved ──> preparePending ──> openPending ──> QR, key ──> confirmPending ──> authenticator bound
 *                        one a account     this sign-in only           first code, one winner
 *
 *   pending.ts    the secret that is being linked      phone.ts   a number that was proven
 *   replacing.ts  an app whose place another took: until when it works, and when it ends
 *   qr-image.ts   the picture: modules and PNG
 *
 *   Never here: a secret before the gate; a secret to another browser; a second pending secret beside the first.
 */

export {
  confirmPending,
  type Enrolling,
  type EnrolmentRefusal,
  isOlderThan,
  type OpenEnrolment,
  openPending,
  preparePending,
  wasBegunHere,
} from './pending.ts'
export { bindPhone } from './phone.ts'
export { qrModules, qrPng } from './qr-image.ts'
export { endReplaced, isOutgoing, isRetired, replacingSeconds, tellEndedByTime } from './replacing.ts'
