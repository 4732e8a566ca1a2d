/*
 * profile: the user's own page, and every change that a person makes there.
 *
 *     GET  a page of a change ─> standingOf ──> due? ── yes ──> P41, and back to the change
 *                                                └─ no ──> its page
 *     POST a change ─> whenConfirmed ─ holds the account, asks again ─> the change ─> changed ─> told
 *
 *   standing.ts   who stands here, and what must be shown first (the decision says it)
 *   confirm.ts    a code or the password once more, by the counters of the sign-in
 *   changed.ts    what every change causes: other sessions end, browsers are forgotten, open sign-ins begin anew, the owner hears of it
 *   add.ts        a new app, beside the others or in the place of one    replaced.ts  what becomes of that one
 *   remove.ts     a method goes; its name changes
 *   sessions.ts   where one is signed in, and where a browser is remembered: seen and ended
 *   new-address.ts  a mail address or a number, believed when a code came back from it; the one before can come back for 7 days
 *   password.ts   the current one and a new one
 *
 *   The row for codes and facts of a session's changes is an attempt that no cookie names.
 *   Never here: a change without a fresh proof of this session; an id of somebody else; a proof that outlives a change.
 *   Start reading at decision/change.ts.
 */
export { addable, beginLinking, finishLinking, isLinking, isPaired, replaceable } from './add.ts'
export { type Changed, isChanged } from './changed.ts'
export { awaitsCode, beginConfirm, chooseForConfirm, confirmByCode, confirmByPassword, resendConfirm } from './confirm.ts'
export { confirmNew, finishesNew, giveEmail, giveNumber, givenAddress, type NewAddress, recoversFrom, resendNew } from './new-address.ts'
export { changePassword } from './password.ts'
export { removal, removeMethod, renameMethod } from './remove.ts'
export { decideEnding, type Ending, endingApp, endingsOf, notByApps } from './replaced.ts'
export { endAnotherSession, endEverywhere, forgetBrowsers, ownSessions } from './sessions.ts'
export { type Standing, standingOf } from './standing.ts'
