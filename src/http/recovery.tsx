import type { VNode } from 'preact'
import { longestPassword, readBrowser } from '../factors/index.ts'
import {
  ForgottenPage,
  type Frame,
  LinkClosedPage,
  NewPasswordPage,
  PasswordChangedPage,
  RecoverPage,
  ResetSentPage,
  TicketPage,
} from '../pages/index.ts'
import { askReset, chooseNewPassword, drawLetters, findReset, isRefused, lettersOf, type Refused, type Reset } from '../recovery/index.ts'
import {
  answerTicket,
  hasOtherMethod,
  isSaid,
  mayUseTicket,
  restsEverywhereUntil,
  restsHereUntil,
  type Said,
  type Situation,
} from '../sign-in/index.ts'
import type { AccountRow, Tx } from '../storage/index.ts'
import type { Told } from '../words/index.ts'
import { answerTo } from './after.ts'
import { readCookie, setCookie } from './cookies.ts'
import { drawPaused, pageAnswer } from './draw.tsx'
import { frameFor } from './frame.ts'
import { basePath, type Path, path, pathOf } from './paths.ts'
import { isOpen, stand } from './stand.ts'
import { type Answer, type GetRoute, type Handler, type PostRoute, seeOther, type Visit } from './visit.ts'

/*
 * A forgotten password, and what is left when no code comes. The value of a mailed link leaves the address before any page is drawn:
 * it waits in a cookie of its own, and every answer looks the link up anew.
 */
const field = ({ fields }: Visit, name: string): string => fields.get(name) ?? ''
const plainPage = (visit: Visit, page: VNode, status = 200): Answer => pageAnswer(visit, { request: { at: visit.now } }, page, status)

// ---- a link is asked ----

const forgot: Handler = async (visit) => forgottenPage(visit)

function forgottenPage(visit: Visit, refused?: Refused): Answer {
  const { doors, portal, formCookie } = visit
  const shown = drawLetters(doors.house)
  const letters = portal.password.typedCode && { text: lettersOf(doors.house, portal, formCookie, shown), shown }
  const name = field(visit, 'username').slice(0, 250)
  const page = (
    <ForgottenPage
      frame={framed(visit, path.forgot, refused)}
      identifier={portal.identifier}
      letters={letters || undefined}
      {...(name ? { name } : {})}
    />
  )
  return answered(visit, page, refused)
}

const ask: Handler = async (visit) => {
  const { doors, portal, visitor, formCookie, now } = visit
  const asking = {
    name: field(visit, 'username'),
    typed: field(visit, 'typed'),
    shown: field(visit, 'shown').slice(0, 100),
    formCookie,
    language: visitor.language,
    address: visitor.address,
  }
  const outcome = await askReset(doors.house, portal, asking, now)
  if (isRefused(outcome)) return forgottenPage(visit, outcome)
  // When the answer has left: nobody waits for a mail that another name would not have had.
  setImmediate(() => void outcome.after())
  return seeOther(basePath(portal) + path.resetSent)
}

const sent: Handler = async (visit) =>
  plainPage(visit, <ResetSentPage frame={frameFor(visit, { at: path.resetSent })} fromAddress={visit.portal.mail.from} />)

// ---- the link ----

const linkValue = /^[\w-]{20}$/

const newPassword: Handler = async (visit) => {
  const { portal, query } = visit
  const given = query.get('t')
  if (given === null) return newPasswordPage(visit, await resetOf(visit))
  return seeOther(basePath(portal) + path.newPassword, [setCookie(portal, 'reset', linkValue.test(given) ? given : '')])
}

const resetCookie = ({ portal, request }: Visit): string | undefined => readCookie(portal, request, 'reset')

const resetOf = (visit: Visit): Promise<Reset> =>
  findReset(visit.doors.house, visit.portal, resetCookie(visit), visit.formCookie, visit.now)

function newPasswordPage(visit: Visit, reset: Reset, refused?: Refused): Answer {
  const { portal } = visit
  const frame = framed(visit, path.newPassword, refused)
  if (reset.state === 'open') {
    const name = field(visit, 'username').slice(0, 250)
    const asksName = reset.asksName ? { identifier: portal.identifier, ...(name ? { name } : {}) } : undefined
    const page = <NewPasswordPage frame={frame} minimum={portal.password.minimumLength} asksName={asksName} />
    return answered(visit, page, refused)
  }
  const why = reset.state === 'over' ? ({ is: 'over', time: frame.words.told.time(reset.at) } as const) : { is: reset.state }
  return plainPage(visit, <LinkClosedPage frame={frame} why={why} />)
}

const choosePassword: Handler = async (visit) => {
  const { doors, portal, visitor, formCookie, now } = visit
  const choosing = {
    token: resetCookie(visit),
    formCookie,
    password: field(visit, 'new_password'),
    name: field(visit, 'username'),
    address: visitor.address,
    device: visitor.device,
    mailAgainAt: (tx: Tx, account: AccountRow) => restsEverywhereUntil(tx, portal, account, now),
  }
  const outcome = await chooseNewPassword(doors.house, portal, choosing, now)
  if (isRefused(outcome)) return newPasswordPage(visit, await resetOf(visit), outcome)
  if (outcome.outcome === 'closed') return seeOther(basePath(portal) + path.newPassword)
  const ended = (['session', 'flow', 'enrolment'] as const).map((kind) => setCookie(portal, kind, ''))
  return seeOther(basePath(portal) + path.passwordChanged, ended)
}

/** Says what comes next for whose link this was; the decision knows. */
const changed: Handler = async (visit) => {
  const reset = await resetOf(visit)
  const frame = frameFor(visit, { at: path.passwordChanged })
  const mailAgain = reset.state === 'used' ? await mailAgainAt(visit, frame, reset.account) : undefined
  return plainPage(
    visit,
    <PasswordChangedPage frame={frame} remembers={Boolean(visit.portal.secondStep.rememberedBrowser)} mailAgain={mailAgain} />,
  )
}

async function mailAgainAt(
  { doors: { house }, portal, visitor, now }: Visit,
  { words }: Frame,
  account: AccountRow,
): Promise<Told | undefined> {
  const browser = await readBrowser(house.storage.db, house.vault, account, undefined, visitor.browser, now)
  const until = await restsHereUntil(house.storage.db, portal, account, browser, now)
  return until === undefined ? undefined : words.told.moment(until)
}

// ---- no code comes ----

/** In the middle of a sign-in, after the right password; else the page that is due. */
const duringSignIn =
  (at: Path, draw: (frame: Frame, situation: Situation) => VNode): Handler =>
  async (visit) => {
    const situation = await stand(visit)
    if (!isOpen(situation) || !mayUseTicket(situation)) return seeOther(basePath(visit.portal) + pathOf(situation.step, situation.need))
    return pageAnswer(visit, situation, draw(frameFor(visit, { situation, at }), situation))
  }

const recover = duringSignIn(path.recover, (frame, situation) => <RecoverPage frame={frame} canChooseOther={hasOtherMethod(situation)} />)
const ticket = duringSignIn(path.ticket, (frame) => <TicketPage frame={frame} />)

const giveTicket: Handler = async (visit) => {
  const situation = await stand(visit)
  const outcome = await answerTicket(visit.doors.house, situation, visit.visitor, field(visit, 'ticket'))
  if (!isSaid(outcome)) return answerTo(visit, path.ticket, outcome)
  return ticketRefused(visit, situation, outcome)
}

function ticketRefused(visit: Visit, situation: Situation, said: Said): Answer {
  if (said.said === 'code.paused' && said.until !== undefined) return drawPaused(visit, situation, said.until)
  return pageAnswer(visit, situation, <TicketPage frame={frameFor(visit, { situation, at: path.ticket, said })} />, said.status)
}

// ---- what was not taken ----

function framed(visit: Visit, at: Path, refused: Refused | undefined): Frame {
  const frame = frameFor(visit, { at })
  if (!refused) return frame
  const { words } = frame
  const text = words.t(refused.refused, {
    n: refused.length ?? longestPassword,
    min: refused.minimum ?? visit.portal.password.minimumLength,
    ...(refused.until === undefined ? {} : { time: words.told.waitTime(refused.until) }),
  })
  return { ...frame, said: { text, ...(refused.field ? { field: refused.field } : {}) } }
}

function answered(visit: Visit, page: VNode, refused: Refused | undefined): Answer {
  const wait = refused?.until === undefined ? {} : { retryAfterSeconds: Math.ceil((refused.until - visit.now) / 1000) }
  return { ...plainPage(visit, page, refused?.status), ...wait }
}

export const recoveryGets: readonly GetRoute[] = [
  { path: path.forgot, handler: forgot },
  { path: path.resetSent, handler: sent },
  { path: path.newPassword, handler: newPassword },
  { path: path.passwordChanged, handler: changed },
  { path: path.recover, handler: recover },
  { path: path.ticket, handler: ticket },
]

export const recoveryPosts: readonly PostRoute[] = [
  { path: path.forgot, fields: ['username', 'typed', 'shown'], handler: ask },
  { path: path.newPassword, fields: ['username', 'new_password'], handler: choosePassword },
  { path: path.ticket, fields: ['ticket'], handler: giveTicket },
]
