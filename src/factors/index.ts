/*
 * factors: one file a method. Slow work (a password hash) before the transaction, checking and spending inside it.
 *
 *     what was typed ──> typed-code.ts ──> six digits
 *                                             │
 *       totp.ts         spends a time step  <─┤
 *       sent-code.ts    spends a code       <─┘      and makes it: row and message in one transaction
 *       sending-limits.ts   what a number, a network and a portal may be sent
 *       passwords.ts    argon2id in a bounded queue; imported hashes in password-formats.ts, their work in password-work.ts
 *       new-password.ts what a new one must be; what everybody tries first in common-passwords.ts
 *       remembered-browser.ts   a dated fact out of a cookie; never a factor
 *       key-uri.ts      what the QR code says
 *       mail-address.ts, phone-number.ts   the grammars of what a person gives
 *       house.ts        what every story is told with
 *
 *   A factor answers with a proof or a refusal, both values. It never decides what comes next.
 */
export type { House } from './house.ts'
export { base32, fromBase32, keyUri } from './key-uri.ts'
export { type MailAddress, readMailAddress } from './mail-address.ts'
export { longestPassword, type PasswordRefusal, refusalOfPassword } from './new-password.ts'
export { formatOf, type HashFormat } from './password-formats.ts'
export { longestQueue, makePasswords, type Passwords, type PlaceInQueue } from './passwords.ts'
export { readPhoneNumber, writtenIn } from './phone-number.ts'
export {
  type BrowserState,
  graceSeconds,
  hashOfToken,
  knownSeconds,
  readBrowser,
  readBrowserById,
  rememberedUntil,
  type TokenKind,
  useMark,
} from './remembered-browser.ts'
export { budgetOf, mayMailUnasked } from './sending-limits.ts'
export {
  codeHeldBack,
  type HeldBack,
  isLive,
  type Sending,
  type Sent,
  type SentCodeRefusal,
  sendCode,
  verifySentCode,
} from './sent-code.ts'
export {
  codesAtOnce,
  equalInConstantTime,
  hotp,
  matchingStep,
  seedBytes,
  seedPlace,
  stepSeconds,
  stepWithin,
  type TotpRefusal,
  verifyTotp,
} from './totp.ts'
export { readTypedCode, type TypedCode } from './typed-code.ts'
