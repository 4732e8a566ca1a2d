import type { Act, Asks, Person, Setting } from './case-words.ts'

/*
 * The policy as a table: a row says who, with what, did what, which application asks, what comes next, and why. To be read aloud with
 * whoever owns a portal. cases.test.ts plays every row, with the settings as told in case-words.ts and with the real portal files.
 *
 *   ':1' password alone     ':2-mail' a code by mail     ':2-remembered' a remembered browser     ':2' app or phone
 */
export interface Case {
  readonly who: Person
  readonly did: readonly Act[]
  readonly asks: Asks
  readonly next: string
  readonly why: string
  /** The line on the page that says why a code is asked. */
  readonly line?: string
  /** The day on which it happens, at noon. */
  readonly on?: string
}

type Row = readonly [who: Person, did: readonly Act[], asks: Asks, next: string, why: string, more?: Pick<Case, 'line' | 'on'>]
const table = (...rows: readonly Row[]): Case[] => rows.map(([who, did, asks, next, why, more]) => ({ who, did, asks, next, why, ...more }))

// biome-ignore format: a table is read by its columns
const eachTime = table(
  ['nobody', [], 'remembered', 'password', 'the password comes first'],
  ['app', ['app code'], 'remembered', 'password', 'a code is worth nothing without the password'],
  ['mail address only', ['password'], 'remembered', 'choose: totp, email', 'the person chooses at every sign-in', { line: 'new-browser' }],
  ['app, known browser', ['password'], 'remembered', 'choose: totp, email', 'no reason is better than a wrong one', { line: 'unknown' }],
  ['app', ['password'], 'every-time', 'choose: totp, email', 'this application asks each time', { line: 'application-always' }],
  ['mail address only', ['password', 'chose app'], 'remembered', 'not-registered', 'said calmly: no app is linked yet'],
  ['mail address only', ['password', 'chose app', 'went on'], 'remembered', 'gate by mail', 'a proof before any secret is shown'],
  ['mail address only', ['password', 'chose app', 'went on', 'gate by mail'], 'remembered', 'link app', 'the gate was passed'],
  ['app', ['password', 'chose app', 'went on', 'gate by mail', 'linked app'], 'remembered', 'in, :2', 'setting up ends signed in'],
  ['mail address only', ['password', 'gate by mail'], 'remembered', 'choose: totp, email', 'a gate is no second step'],
  ['mail address only', ['password', 'chose app', 'chose mail'], 'remembered', 'mail code', 'the last choice counts'],
  ['app', ['password', 'chose app'], 'remembered', 'app code', 'the chosen method is asked'],
  ['app', ['password', 'chose app', 'app code'], 'remembered', 'in, :2', 'password and app'],
  ['mail address only', ['password', 'chose mail', 'mail code'], 'remembered', 'in, :2-mail', 'a code by mail is a step, not a factor'],
  ['app', ['password', 'ticked the box, 29 days ago'], 'remembered', 'in, :2-remembered', 'once a month in the same browser'],
  ['app', ['password', 'ticked the box, 31 days ago'], 'remembered', 'choose: totp, email', 'the month is over', { line: 'remember-ended' }],
  ['app', ['password', 'ticked the box, 29 days ago'], 'every-time', 'choose: totp, email', 'this application remembers no browser'],
  ['app, changed yesterday', ['password', 'ticked the box, 2 days ago'], 'remembered', 'choose: totp, email', 'any change of methods forgets browsers', { line: 'method-changed' }],
  ['app', ['password, just before', 'app code, just before'], 'remembered', 'in, :2', 'inside a session nothing is asked twice'],
  ['app', ['password, just before', 'app code, just before'], 'every-time', 'choose: totp, email', 'but here a code is asked each time'],
  ['app', ['password, just before', 'app code, just before', 'chose app', 'app code'], 'every-time', 'in, :2', 'the password still holds'],
  ['app', ['password, just before', 'app code, just before'], 'remembered, sign in again', 'password', 'nothing from before counts'],
  ['app', ['password', 'ticked the box, 2 days ago'], 'remembered, at most an hour old', 'choose: totp, email', 'the old step is too old here'],
  ['app', ['password', 'ticked the box, 2 days ago'], 'nobody', 'choose: totp, email', 'without an application: as the strictest one', { line: 'unknown' }],
  ['app, no address', ['password'], 'remembered', 'app code', 'one method: nothing to choose'],
  ['no address at all', ['password'], 'remembered', 'refuse: no-channel', 'no way to prove anything'],
  ['app disabled', ['password'], 'remembered', 'mail code', 'the app is out, mail still works'],
  ['app, paused', ['password'], 'remembered', 'wait', 'too many wrong codes'],
  ['app', ['password', 'app code, in an hour'], 'remembered', 'choose: totp, email', 'what is still to come has not happened'],
  ['app', ['password', 'app code for a change'], 'remembered', 'choose: totp, email', 'a code for a change signs nobody in'],
  ['app', ['password', 'SMS code'], 'remembered', 'choose: totp, email', 'this portal takes no SMS'],
  ['app', ['password', 'chose app', 'ticket'], 'remembered', 'link app', 'a ticket leads to linking anew'],
  // What the application asks beyond the rule of the portal.
  ['app', ['password, just before', 'mail code, just before'], 'remembered, must be :2', 'app code', 'a code by mail is not enough here', { line: 'step-up' }],
  ['app', ['password, just before', 'mail code, just before', 'app code'], 'remembered, must be :2', 'in, :2', 'the password still holds'],
  ['app', ['password, just before', 'app code, just before'], 'remembered, must be :2', 'in, :2', 'it was shown already'],
  ['app', ['password', 'ticked the box, 2 days ago'], 'remembered, must be :2', 'app code', 'nor is a remembered browser', { line: 'step-up' }],
  ['mail address only', ['password, just before', 'mail code, just before'], 'remembered, must be :2', 'not-registered', 'an app can be linked'],
  ['app', ['password, just before', 'app code, just before'], 'remembered, must be :2-mail', 'mail code', 'exactly this, and no other'],
  ['app', ['password, just before', 'app code, just before'], 'every-time, must be :2', 'app code', 'the rule of the application stays'],
  ['app', ['password'], 'remembered, must be :1', 'choose: totp, email', 'what is weaker than the rule makes nothing weaker'],
  ['app', ['password', 'mail code'], 'remembered, must be :phr', 'in, :2-mail', 'what nobody can show is answered with what was shown'],
  ['app', ['password', 'ticked the box, 2 days ago'], 'remembered, wishes :2', 'app code', 'a wish is granted where it can be'],
  ['app', ['password', 'ticked the box, 2 days ago'], 'remembered, wishes :2-mail', 'choose: totp, email', 'this or a stronger one'],
  ['app', ['password, just before', 'app code, just before'], 'remembered, wishes :2-mail', 'in, :2', 'a stronger one is there'],
  ['app', ['password, just before', 'app code, just before'], 'every-time, wishes :1', 'choose: totp, email', 'a weaker wish changes nothing'],
  ['app', ['password', 'ticked the box, 2 days ago'], 'remembered, wishes :phr', 'in, :2-remembered', 'nor one that nobody knows'],
  ['later date', ['password'], 'remembered, must be :2', 'not-registered', 'and before the date too', { on: '2026-10-01' }],
  ['later date', ['password'], 'remembered, must be :1', 'in, :1', 'the password alone, where it is enough', { on: '2026-10-01' }],
  // One mailbox, one step: after a reset by mail, for 24 hours.
  ['reset by mail', ['password'], 'remembered', 'mailbox-rests', 'the mailbox gave the password: it gives no code'],
  ['reset by mail', ['password', 'chose mail', 'mail code'], 'remembered', 'mailbox-rests', 'nor does a code that came all the same'],
  ['reset by mail', ['password', 'chose app', 'went on', 'gate by mail'], 'remembered', 'mailbox-rests', 'nor does it open the gate'],
  ['reset by mail, app', ['password'], 'remembered', 'choose: totp, email rests', 'the app works; why mail does not is said'],
  ['reset by mail, app', ['password', 'chose mail'], 'remembered', 'choose: totp, email rests', 'what rests cannot be chosen'],
  ['reset by mail, app', ['password', 'chose app', 'app code'], 'remembered', 'in, :2', 'another factor'],
  ['reset by mail, app', ['password', 'app code', 'mail code'], 'every-time', 'in, :2', 'and after it mail is mail again'],
  ['reset by mail, app disabled', ['password'], 'remembered', 'mailbox-rests', 'nothing else is left'],
  ['reset by mail, known browser', ['password'], 'remembered', 'choose: totp, email', 'a browser of the 90 days before lifts it at once'],
  ['reset by mail, known browser', ['password', 'chose mail', 'mail code'], 'remembered', 'in, :2-mail', 'as the manual says'],
  ['reset by mail, browser not seen for long', ['password'], 'remembered', 'mailbox-rests', 'but not one of longer ago'],
  ['reset by mail, browser seen since', ['password'], 'remembered', 'mailbox-rests', 'nor one that came after it'],
  ['reset by mail', ['password', 'ticket'], 'remembered', 'link app', 'a ticket lifts it'],
  ['reset by mail 25 hours ago', ['password'], 'remembered', 'choose: totp, email', 'after 24 hours it is over'],
  ['reset by mail 25 hours ago', ['password', 'mail code, 24 hours ago'], 'remembered', 'choose: totp, email', 'but a code from within never counts'],
  // The date. Groups may have one of their own.
  ['later date', ['password'], 'remembered', 'in, :1', 'more than 45 days before the date', { on: '2026-10-01' }],
  ['later date', ['password'], 'remembered', 'offer', '45 days or less: told', { on: '2026-11-25' }],
  ['later date', ['password', 'later'], 'remembered', 'in, :1', 'and it may be later', { on: '2026-11-25' }],
  ['later date, told yesterday', ['password'], 'remembered', 'in, :1', 'at most once a week', { on: '2026-11-25' }],
  ['later date, told yesterday', ['password'], 'remembered', 'offer', 'in the last two weeks at every sign-in', { on: '2026-12-05' }],
  ['later date, told yesterday', ['password, 2 days ago'], 'remembered', 'in, :1', 'but once in a session', { on: '2026-12-05' }],
  ['later date', ['password', 'wants it'], 'remembered', 'choose: totp, email', 'whoever wants it now gets it now', { on: '2026-11-25' }],
  ['later date', ['password', 'later'], 'remembered', 'choose: totp, email', 'from the date on it is asked', { on: '2026-12-14' }],
  ['later date, app', ['password'], 'remembered', 'choose: totp, email', 'an app that is linked is asked before the date too', { on: '2026-10-01' }],
  ['mail address only', ['password'], 'remembered', 'choose: totp, email', 'others have the general date', { on: '2026-10-01' }],
  ['unknown group', ['password'], 'remembered', 'choose: totp, email', 'a group without a date has the general one'],
  ['app', ['password', 'app code'], 'a change', 'may change', 'a second step of this session, not older than 5 minutes'],
  ['app', ['password, just before', 'app code, 4 minutes ago'], 'a change', 'may change', 'still fresh'],
  ['app', ['password, just before', 'app code, 6 minutes ago'], 'a change', 'confirm by app code', 'too old: once more', { line: 'change' }],
  ['app', ['password, just before', 'app code for a change'], 'a change', 'may change', 'the confirmation'],
  ['app', ['password', 'ticked the box, 2 days ago'], 'a change', 'confirm by app code', 'a remembered browser confirms nothing'],
  ['app', ['password', 'gate by mail'], 'a change', 'confirm by app code', 'a gate confirms nothing'],
  ['app', ['password, just before', 'chose mail'], 'a change', 'confirm by mail code', 'mail is a method here'],
  ['mail address only', ['password, just before'], 'a change', 'confirm by mail code', 'the mailbox is the second step here'],
  ['later date', ['password'], 'a change', 'confirm by mail code', 'also before the date: a password alone changes nothing'],
  ['app, changed a minute ago', ['password, just before', 'app code, 4 minutes ago'], 'a change', 'confirm by app code', 'a change of methods voids what was shown before'],
  ['app, paused', ['password'], 'a change', 'wait', 'one pause for all doors'],
  ['app disabled', ['password'], 'a change', 'confirm by mail code', 'the other method still works'],
  ['reset by mail', ['password'], 'a change', 'mailbox-rests', 'the mailbox that gave the password confirms nothing for a day'],
  ['reset by mail, app', ['password', 'chose mail'], 'a change', 'confirm by app code', 'another factor does'],
)

// biome-ignore format: a table is read by its columns
const appOnly = table(
  ['mail address only', ['password'], 'session', 'gate by mail', 'mandatory at once; the gate comes first'],
  ['mail address only', ['password', 'gate by mail'], 'session', 'link app', 'one method: nothing to choose'],
  ['app', ['password', 'gate by mail', 'linked app'], 'session', 'in, :2', 'setting up ends signed in'],
  ['app', ['password'], 'session', 'app code', 'every next sign-in asks the code', { line: 'always' }],
  ['app, secured yesterday', [], 'session', 'password', 'nothing is told before the password'],
  ['app, secured yesterday', ['password'], 'session', 'refuse: secured', "after 'this was not me' the old password opens nothing"],
  ['app, secured yesterday', ['password', 'app code'], 'session', 'refuse: secured', 'nor with a code'],
  ['app, secured, new password since', ['password'], 'session', 'app code', 'a new password, and a code as always'],
  ['app, guessed at yesterday', ['password'], 'session', 'app code', '300 wrong codes: the code still comes first'],
  ['app, guessed at yesterday', ['password', 'app code'], 'session', 'refuse: new-password', 'then a new password is due'],
  ['app, guessed at yesterday', ['password, 2 days ago', 'app code, 2 days ago'], 'session', 'in, :2', 'whoever was in stays in'],
  ['app, guessed at yesterday', ['password, 2 days ago', 'app code'], 'session', 'refuse: new-password', 'but a code after it counts no more than a new sign-in'],
  ['app, guessed at, new password since', ['password', 'app code'], 'session', 'in, :2', 'until it was chosen'],
  ['app', ['password', 'ticked the box, 2 days ago'], 'session', 'app code', 'this portal remembers no browser'],
  ['app', ['password', 'gate by mail'], 'session', 'app code', 'a gate is no second step'],
  ['app', ['password', 'mail code'], 'session', 'app code', 'this portal takes no code by mail'],
  ['app', ['password'], 'nobody', 'app code', 'also without an application', { line: 'always' }],
  ['second step on, app removed', ['password'], 'session', 'gate by mail', 'after removing, the first-time steps again'],
  ['no address at all', ['password'], 'session', 'refuse: no-channel', 'no gate can be passed'],
  ['app disabled', ['password'], 'session', 'refuse: method-disabled', 'a hundred wrong codes: only recovery helps'],
  ['app disabled', ['password', 'gate by mail'], 'session', 'refuse: method-disabled', 'a gate does not undo that'],
  ['app disabled', ['password', 'ticket'], 'session', 'link app', 'a ticket does'],
  ['reset by mail', ['password'], 'session', 'mailbox-rests', 'the gate uses the same mailbox'],
  ['reset by mail', ['password', 'gate by mail'], 'session', 'mailbox-rests', 'also when a code came back from it'],
  ['reset by mail', ['password', 'ticket'], 'session', 'link app', 'a ticket stands in for the gate'],
  ['reset by mail, app', ['password'], 'session', 'app code', 'an app has nothing to do with the mailbox'],
  ['reset by mail, app disabled', ['password'], 'session', 'refuse: method-disabled', 'time does not help here, a ticket does'],
  ['reset by mail 25 hours ago', ['password'], 'session', 'gate by mail', 'after 24 hours the gate opens again'],
  ['app', ['password', 'recovery code'], 'session', 'link app', 'whatever is registered'],
  ['app', ['password', 'recovery code', 'linked app'], 'session', 'in, :2', 'and the new app signs in'],
  ['app', ['password, just before', 'mail code for a change'], 'a change', 'confirm by app code', 'mail is no method here'],
  ['app', ['password', 'linked app'], 'a change', 'may change', 'the first code of the app that this sign-in linked is one of it'],
  ['app', ['password', 'linked app, 6 minutes ago'], 'a change', 'confirm by app code', 'for five minutes'],
  ['app, changed a minute ago', ['password', 'linked app, 4 minutes ago'], 'a change', 'confirm by app code', 'and for one change'],
  ['app disabled', ['password'], 'a change', 'refuse: method-disabled', 'who has an app is not asked for less'],
  ['mail address only', ['password, just before'], 'a change', 'password', 'nothing registered: the password once more'],
  ['mail address only', ['password for a change'], 'a change', 'confirm by mail code', 'and a code over the channel of the gate'],
  ['mail address only', ['password for a change', 'mail code for a change'], 'a change', 'may change', 'as much as the gate asks'],
  ['no address at all', ['password'], 'a change', 'refuse: no-channel', 'no gate can be passed'],
)

// biome-ignore format: a table is read by its columns
const phoneFirst = table(
  ['nobody', [], 'session', 'identify', 'the name comes first'],
  ['nobody', ['name'], 'session', 'password', 'known or not: the same next page'],
  ['phone known', ['name', 'password'], 'session', 'gate by SMS', 'the portal picks the channel: a phone is known'],
  ['phone proven', ['name', 'password', 'gate by SMS'], 'session', 'link app', 'the code came back: the phone is proven'],
  ['mail address only', ['name', 'password'], 'session', 'gate by mail', 'no phone is known'],
  ['mail address only', ['name', 'password', 'gate by mail'], 'session', 'register-phone', 'a phone first'],
  ['mail address only', ['name', 'password', 'gave number'], 'session', 'gate by mail', 'no phone before the gate'],
  ['mail address only', ['name', 'password', 'gate by mail', 'gave number'], 'session', 'code to the number', 'a number is believed when its code came back'],
  ['mail address only', ['name', 'password', 'gate by mail', 'gave number', 'other number'], 'session', 'register-phone', 'another number'],
  ['phone proven', ['name', 'password', 'gate by mail', 'gave number', 'proved number'], 'session', 'link app', 'then the app'],
  ['app', ['name', 'password', 'gate by mail', 'proved number', 'linked app'], 'session', 'in, :2', 'set up, and in'],
  ['phone proven', ['name', 'password', 'gate by SMS', 'proved number'], 'session', 'link app', 'the phone is no second step here'],
  ['app', ['name', 'password'], 'session', 'app code', 'from now on the app at every sign-in', { line: 'always' }],
  ['app', ['name', 'password', 'app code'], 'session', 'in, :2', 'password and app'],
  ['app', ['password, just before', 'app code, just before'], 'session', 'in, :2', 'one sign-in for all applications'],
  ['reset by mail, phone known', ['name', 'password'], 'session', 'gate by SMS', 'a phone is another channel: no wait'],
  ['reset by mail', ['name', 'password'], 'session', 'mailbox-rests', 'no phone: the mailbox would give both'],
  ['no address at all', ['name', 'password'], 'session', 'refuse: no-channel', 'neither phone nor mail'],
  ['phone proven', ['password', 'mail code for a change'], 'a change', 'confirm by SMS code', 'the gate goes to the phone that is known'],
  ['phone proven', ['password', 'SMS code for a change'], 'a change', 'may change', 'the password and the gate'],
)

// biome-ignore format: a table is read by its columns
const ownWish = table(
  ['mail address only', ['password'], 'remembered', 'in, :1', 'nobody asked for a second step yet'],
  ['mail address only', ['password', 'wants it'], 'remembered', 'gate by mail', 'the link under the form'],
  ['mail address only', ['password', 'wants it', 'gate by mail'], 'remembered', 'what to link: totp, sms', 'app or SMS'],
  ['mail address only', ['password', 'wants it', 'gate by mail', 'chose app'], 'remembered', 'link app', 'the app'],
  ['mail address only', ['password', 'wants it', 'gate by mail', 'chose SMS'], 'remembered', 'register-phone', 'or a phone'],
  ['phone known', ['password', 'wants it', 'gate by mail', 'chose SMS'], 'remembered', 'register-phone', 'a phone that is known is not proven'],
  ['SMS', ['password', 'wants it', 'gate by mail', 'gave number', 'proved number'], 'remembered', 'in, :2', 'SMS alone is enough'],
  ['reset by mail', ['password'], 'remembered', 'in, :1', 'a password alone is as it was'],
  ['reset by mail', ['password', 'wants it'], 'remembered', 'mailbox-rests', 'but nothing is added by mail'],
  ['reset by mail, SMS', ['password'], 'remembered', 'SMS code', 'a phone is another channel'],
  ['app begun, not finished', ['password'], 'remembered', 'offer', 'what was begun is offered again'],
  ['app begun, not finished', ['password', 'later'], 'remembered', 'in, :1', 'and it may be later'],
  ['app', ['password'], 'remembered', 'app code', 'on from the first confirmed method', { line: 'new-browser' }],
  ['second step on, app removed', ['password'], 'remembered', 'gate by mail', 'and it stays on'],
  ['app', ['password', 'mail code'], 'remembered', 'app code', 'who reads your mail could read your codes'],
  ['app and SMS, last used SMS', ['password'], 'remembered', 'SMS code', 'the last used method'],
  ['app and SMS, last used SMS', ['password', 'chose app'], 'remembered', 'app code', 'when an SMS is late, the app still works'],
  ['app', ['password', 'chose SMS'], 'remembered', 'app code', 'what is registered speaks before something new is added'],
  ['app', ['password', 'chose SMS', 'gate by mail'], 'remembered', 'app code', 'and a mailbox cannot add a phone'],
  ['app disabled', ['password'], 'remembered', 'refuse: method-disabled', 'nor after a hundred wrong codes'],
  ['app disabled, SMS', ['password'], 'remembered', 'SMS code', 'the other method still works'],
  ['app disabled', ['password', 'ticket'], 'remembered', 'what to link: totp, sms', 'a ticket leads to linking anew'],
  ['app', ['password', 'ticked the box, 6 days ago'], 'remembered', 'in, :2-remembered', 'seven days'],
  ['app', ['password', 'ticked the box, 8 days ago'], 'remembered', 'app code', 'and no more', { line: 'remember-ended' }],
  ['mail address only', ['password'], 'a change', 'confirm by mail code', 'who has no second step yet passes the gate'],
  ['app and SMS, last used SMS', ['password, just before'], 'a change', 'confirm by SMS code', 'the last used method'],
  ['app and SMS, last used SMS', ['password, just before', 'chose app'], 'a change', 'confirm by app code', 'or the other one'],
  ['app', ['password', 'mail code for a change'], 'a change', 'confirm by app code', 'who reads your mail changes nothing'],
  ['reset by mail', ['password'], 'a change', 'mailbox-rests', 'nor does it pass the gate'],
)

// biome-ignore format: a table is read by its columns
const smsOrMail = table(
  ['nobody', [], 'remembered', 'identify', 'the name comes first'],
  ['mail address only', ['name', 'password'], 'remembered', 'mail code', 'the one that is ready'],
  ['mail address only', ['name', 'password', 'chose SMS'], 'remembered', 'gate by mail', 'a phone can be added: mail is as strong here'],
  ['mail address only', ['name', 'password', 'chose SMS', 'gate by mail'], 'remembered', 'register-phone', 'after the gate'],
  ['SMS', ['name', 'password'], 'every-time', 'SMS code', 'the first of the portal', { line: 'application-always' }],
  ['SMS', ['name', 'password', 'ticked the box, 2 days ago'], 'remembered', 'in, :2-remembered', 'three days'],
  ['SMS', ['name', 'password', 'ticked the box, 4 days ago'], 'remembered', 'SMS code', 'and no more'],
  ['SMS', ['name', 'password', 'ticked the box, 2 days ago'], 'session', 'SMS code', 'only where an application remembers'],
  ['SMS', ['name', 'password', 'SMS code'], 'session', 'in, :2', 'password and phone'],
  ['reset by mail', ['name', 'password'], 'remembered', 'mailbox-rests', 'mail is all that this person has'],
  ['reset by mail, SMS', ['name', 'password', 'chose mail', 'mail code'], 'session', 'SMS code', 'mail rests, the phone does not'],
)

// biome-ignore format: a table is read by its columns
const smsOrMailEachTime = table(
  ['SMS', ['name', 'password'], 'remembered', 'choose: sms, email', 'asked each time'],
  ['mail address only', ['name', 'password'], 'remembered', 'choose: sms, email', 'also what is not registered'],
  ['mail address only', ['name', 'password', 'chose SMS'], 'remembered', 'gate by mail', 'a phone needs the gate'],
  ['SMS', ['name', 'password', 'chose mail', 'mail code'], 'every-time', 'in, :2-mail', 'a step, not a factor'],
  ['no address at all', ['name', 'password'], 'remembered', 'refuse: no-channel', 'no gate can be passed'],
)

export const cases: Readonly<Record<Setting, readonly Case[]>> = {
  'asked each time: app or mail': eachTime,
  'app only': appOnly,
  'name first, phone before app': phoneFirst,
  'by own wish: app or SMS': ownWish,
  'name first: SMS or mail': smsOrMail,
  'name first, asked each time: SMS or mail': smsOrMailEachTime,
}
