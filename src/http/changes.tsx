import { proveNew } from '../decision/index.ts'
import { ChangeEmailPage, ChangePasswordPage, ChangePhonePage, type Frame } from '../pages/index.ts'
import {
  changePassword,
  confirmNew,
  finishesNew,
  giveEmail,
  giveNumber,
  givenAddress,
  type NewAddress,
  resendNew,
  type Standing,
} from '../profile/index.ts'
import type { Said, Situation } from '../sign-in/index.ts'
import { answerChange, asSituation, confirmedPage, inSession, ownPath, sessionFrame, toConfirm } from './confirm.tsx'
import { drawStep, pageAnswer } from './draw.tsx'
import { standingAt } from './frame.ts'
import { basePath, type Path, path } from './paths.ts'
import { phoneExample } from './say.ts'
import { isShared } from './set-up-pages.tsx'
import { type Answer, type GetRoute, type Handler, type PostRoute, seeOther, type Visit } from './visit.ts'
import { wherePage } from './where.tsx'

/* P44 and P45, P46 and P13, P52: the address, the number, the password. */

const at = ({ portal }: Visit, to: Path): string => basePath(portal) + to
const field = ({ fields }: Visit, name: string): string => fields.get(name) ?? ''

// ---- what is given ----

async function emailPage(visit: Visit, standing: Standing, said?: Said): Promise<Answer> {
  const situation = asSituation(standing)
  return pageAnswer(
    visit,
    situation,
    <ChangeEmailPage
      frame={sessionFrame(visit, standing, path.changeEmail, said)}
      action={at(visit, path.changeEmail)}
      profile={at(visit, path.profile)}
      typed={visit.fields.get('email') ?? givenAddress(standing, 'email') ?? undefined}
      sharedAddress={isShared(visit, situation)}
    />,
  )
}

async function phonePage(visit: Visit, standing: Standing, said?: Said): Promise<Answer> {
  return pageAnswer(
    visit,
    asSituation(standing),
    <ChangePhonePage
      frame={sessionFrame(visit, standing, path.changePhone, said)}
      action={at(visit, path.changePhone)}
      profile={at(visit, path.profile)}
      example={phoneExample(visit.portal)}
      typed={visit.fields.get('phone') ?? givenAddress(standing, 'sms') ?? undefined}
      isFirst={standing.account.phone === null}
    />,
  )
}

async function passwordPage(visit: Visit, standing: Standing, said?: Said): Promise<Answer> {
  return pageAnswer(
    visit,
    asSituation(standing),
    <ChangePasswordPage
      frame={sessionFrame(visit, standing, path.changePassword, said)}
      action={at(visit, path.changePassword)}
      profile={at(visit, path.profile)}
      minimum={visit.portal.password.minimumLength}
    />,
  )
}

// ---- what comes back from it ----

interface Way {
  readonly give: Path
  readonly code: Path
  readonly resend: Path
  readonly where: Path
  readonly done: string
}

const ways: Readonly<Record<NewAddress, Way>> = {
  email: {
    give: path.changeEmail,
    code: path.newEmail,
    resend: path.newEmailResend,
    where: path.newEmailWhere,
    done: `${path.profile}?news=email`,
  },
  sms: {
    give: path.changePhone,
    code: path.newNumber,
    resend: path.newNumberResend,
    where: path.newNumberWhere,
    done: `${path.profile}?news=phone`,
  },
}

const framed =
  (visit: Visit, { code, resend, where }: Way) =>
  (frame: Frame): Frame => ({
    ...standingAt(frame, at(visit, code)),
    isSignedIn: true,
    at: {
      ...frame.at,
      code: at(visit, code),
      resend: at(visit, resend),
      where: at(visit, where),
      phoneChange: at(visit, path.otherNumber),
    },
  })

const proving = (standing: Standing, channel: NewAddress): Situation => ({ ...asSituation(standing), step: proveNew(channel) })

const codePage =
  (channel: NewAddress) =>
  async (visit: Visit, standing: Standing, said?: Said): Promise<Answer> => {
    const way = ways[channel]
    if (givenAddress(standing, channel) === null) return seeOther(at(visit, way.give))
    return drawStep(visit, proving(standing, channel), { at: way.code, said, framed: framed(visit, way) })
  }

const whereIs =
  (channel: NewAddress) =>
  async (visit: Visit, standing: Standing): Promise<Answer> =>
    (await wherePage(visit, proving(standing, channel), framed(visit, ways[channel]))) ?? seeOther(at(visit, ways[channel].give))

const confirm = (channel: NewAddress) =>
  inSession(async (visit, standing) => {
    const outcome = await confirmNew(visit.doors.house, standing, visit.visitor, channel, field(visit, 'code'))
    const isFirst = channel === 'sms' && standing.account.phone === null
    return answerChange(visit, outcome, isFirst ? `${path.profile}?news=number` : ways[channel].done, codePage(channel))
  })

const again = (channel: NewAddress) =>
  inSession(async (visit, standing) => {
    const outcome = await resendNew(visit.doors.house, standing, visit.visitor, channel)
    return answerChange(visit, outcome, `${ways[channel].code}?new`, codePage(channel), ways[channel].code)
  })

/** Also when the step that it was begun with is older by now: its code came late. */
const begunPage = (channel: NewAddress, draw: (visit: Visit, standing: Standing) => Promise<Answer>): Handler =>
  inSession(async (visit, standing) =>
    (await finishesNew(visit.doors.house.storage.db, standing, channel)) ? draw(visit, standing) : toConfirm(visit, ownPath(visit)),
  )

export const changeGets: readonly GetRoute[] = [
  { path: path.changeEmail, handler: confirmedPage(emailPage) },
  { path: path.newEmail, handler: begunPage('email', codePage('email')) },
  { path: path.newEmailWhere, handler: begunPage('email', whereIs('email')) },
  { path: path.changePhone, handler: confirmedPage(phonePage) },
  { path: path.newNumber, handler: begunPage('sms', codePage('sms')) },
  { path: path.newNumberWhere, handler: begunPage('sms', whereIs('sms')) },
  { path: path.changePassword, handler: confirmedPage(passwordPage) },
]

export const changePosts: readonly PostRoute[] = [
  {
    path: path.changeEmail,
    fields: ['email'],
    handler: inSession(async (visit, it) =>
      answerChange(visit, await giveEmail(visit.doors.house, it, visit.visitor, field(visit, 'email')), path.newEmail, emailPage),
    ),
  },
  { path: path.newEmail, fields: ['code'], handler: confirm('email') },
  { path: path.newEmailResend, fields: [], handler: again('email') },
  {
    path: path.changePhone,
    fields: ['phone'],
    handler: inSession(async (visit, it) =>
      answerChange(visit, await giveNumber(visit.doors.house, it, visit.visitor, field(visit, 'phone')), path.newNumber, phonePage),
    ),
  },
  { path: path.newNumber, fields: ['code'], handler: confirm('sms') },
  { path: path.newNumberResend, fields: [], handler: again('sms') },
  { path: path.otherNumber, fields: [], handler: inSession(async (visit) => seeOther(at(visit, path.changePhone))) },
  {
    path: path.changePassword,
    fields: ['password', 'new_password'],
    handler: inSession(async (visit, it) => {
      const typed = { current: field(visit, 'password'), fresh: field(visit, 'new_password') }
      const outcome = await changePassword(visit.doors.house, it, visit.visitor, typed)
      return answerChange(visit, outcome, `${path.profile}?news=password`, passwordPage)
    }),
  },
]
