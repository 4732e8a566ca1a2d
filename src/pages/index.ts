/*
 * pages: props in, markup out. A page knows words and addresses that it is given; it decides nothing and builds no address.
 *
 *     http/views ── props ──> render(<CodePage .../>) ──> '<!doctype html>...'
 *
 *   frame.ts        what every page is given            layout.tsx   header, languages, account, footer
 *   parts.tsx       sentences, fields, forms, support   notice.tsx   calm boxes and the one that is not
 *
 *   sign-in.tsx     name and password                   choose.tsx   method, not registered, the date that comes
 *   code.tsx        every code: gate, number, sign-in   phone.tsx    a number to register
 *   set-up.tsx      what to set up, install, done       enrol.tsx    QR code (qr.tsx) and first code
 *   without-phone.tsx   the code in a browser's extension or a password manager
 *   where.tsx       where is my code                    profile.tsx  what the account has
 *   change.tsx      confirm, remove, rename
 *   recovery.tsx    a forgotten password                way-back.tsx a mailbox that rests, no code, a ticket
 *   start.tsx       start, home, sign out               stopped.tsx  pause, no channel, method off
 *   not-me.tsx      this was not me, secured            message.tsx  is this message from us?
 *                                                       trouble.tsx  when something is wrong
 *
 *   browsers.tsx    remembered browsers                  sessions.tsx, activity.tsx   where signed in, what happened
 *
 *   *.samples.tsx   each page in its states, for tests and the gallery
 *   styles.css      the look; a portal only gives colours (theme-css.ts)
 *   script.js       show, copy, focus: nothing that a page needs
 *
 *   Everything works without script. Nothing here is asked of the clock, the database or the request.
 */
export { ActivityPage, type ActivityProps, type ActivityRow, type Happening } from './activity.tsx'
export { BrowsersPage, type BrowsersProps, type RememberedRow } from './browsers.tsx'
export {
  AskPage,
  type AskProps,
  ChangeEmailPage,
  type ChangeEmailProps,
  ChangePasswordPage,
  type ChangePasswordProps,
  ChangePhonePage,
  type ChangePhoneProps,
  ConfirmPasswordPage,
  ConfirmSendPage,
  RemovePage,
  type RemoveProps,
  RenamePage,
  type RenameProps,
} from './change.tsx'
export { ChoosePage, type ChooseProps, type MethodChoice, NotRegisteredPage, OfferPage, type OfferProps } from './choose.tsx'
export { type CodeKind, CodePage, type CodePageProps, type SentLine } from './code.tsx'
export { EnrolAppPage, type EnrolAppProps, type EnrolNews } from './enrol.tsx'
export type { Addresses, Frame, Said, SupportLine } from './frame.ts'
export { render } from './layout.tsx'
export { MessagePage, type MessageProps } from './message.tsx'
export { type DatedEvent, NotMePage, type NotMeProps, OldLinkPage, PasswordDuePage, SecuredPage } from './not-me.tsx'
export { Sentence } from './parts.tsx'
export { PhonePage, type PhoneProps } from './phone.tsx'
export { type Action, type ProfileMethod, type ProfileNews, ProfilePage, type ProfileProps } from './profile.tsx'
export {
  ForgottenPage,
  type ForgottenProps,
  LinkClosedPage,
  type LinkClosedProps,
  NewPasswordPage,
  PasswordChangedPage,
  ResetSentPage,
} from './recovery.tsx'
export { SessionsPage, type SessionsProps } from './sessions.tsx'
export { ChooseEnrolmentPage, type ChooseEnrolmentProps, DonePage, type DoneProps, InstallAppPage } from './set-up.tsx'
export { IdentifyPage, PasswordPage, SignInPage, type SignInProps } from './sign-in.tsx'
export { HomePage, type HomeProps, SignedOutPage, SignOutPage, StartPage, type StartProps } from './start.tsx'
export { DisabledPage, NoChannelPage, PausedPage, type PausedProps } from './stopped.tsx'
export { themeCss } from './theme-css.ts'
export { type RequestFacts, type Trouble, TroublePage } from './trouble.tsx'
export { MailboxRestsPage, RecoverPage, TicketPage } from './way-back.tsx'
export { type WhereEvent, WherePage, type WhereProps, type WhereState } from './where.tsx'
export { type Extension, ExtensionPage, type ExtensionProps, ManagerPage } from './without-phone.tsx'
