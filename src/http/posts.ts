import {
  answerCode,
  beginSetUp,
  choose,
  giveName,
  givePassword,
  givePhone,
  type Moved,
  noteStepNotDue,
  postpone,
  resend,
  type Said,
  type Situation,
  want,
  wantedFrom,
  withdrawPhone,
} from '../sign-in/index.ts'
import { answerTo, onwards } from './after.ts'
import { browserPosts } from './browsers.tsx'
import { setCookie } from './cookies.ts'
import { messagePosts } from './message.tsx'
import { notMePosts } from './not-me.tsx'
import { basePath, type Path, path, pathOf } from './paths.ts'
import { profilePosts } from './profile.tsx'
import { recoveryPosts } from './recovery.tsx'
import { endSession, signOutPosts } from './sign-out.tsx'
import { stand } from './stand.ts'
import { type Answer, type Handler, type PostRoute, seeOther, type Visit } from './visit.ts'
import { wayOf } from './without-phone.tsx'

type Act = (visit: Visit, situation: Situation) => Promise<Moved | Said>

const field = ({ fields }: Visit, name: string): string => fields.get(name) ?? ''

/** One act of a person at the step whose page this is; a form of another step leads to the page that is due, without an error. */
const act =
  (at: Path, work: Act, isDue: (due: Path) => boolean = (due) => due === at): Handler =>
  async (visit) => {
    const situation = await stand(visit)
    const due = pathOf(situation.step, situation.need)
    if (isDue(due)) return answerTo(visit, at, await work(visit, situation))
    await noteStepNotDue(visit.doors.house, situation, visit.visitor)
    return seeOther(basePath(visit.portal) + due)
  }

const always = (): boolean => true
const chooseEnrolment = act(
  path.enrol,
  (visit, it) => choose(visit.doors.house, it, visit.visitor, field(visit, 'method'), { way: wayOf(visit) }),
  always,
)
/** During a pause the page of the code may still stand open: what is typed there hears until when. */
const giveCode = (at: Path): Handler =>
  act(
    at,
    (visit, situation) => answerCode(visit.doors.house, situation, visit.visitor, field(visit, 'code'), field(visit, 'remember') === '1'),
    (due) => due === at || due === path.paused,
  )

/** On one page name and password come together; identifier first the name alone. Both begin a sign-in, whatever stood here before. */
const signIn: Handler = async (visit) => {
  const { house } = visit.doors
  const before = await stand(visit)
  const situation = field(visit, 'opt-in') ? wantedFrom(before) : before
  const name = field(visit, 'username')
  const outcome = visit.fields.has('password')
    ? await givePassword(house, situation, visit.visitor, { name, password: field(visit, 'password'), work: visit.fields.get('work') })
    : await giveName(house, situation, visit.visitor, name)
  return answerTo(visit, path.signIn, outcome)
}

/** The name was noted before; it comes from the sign-in, not from this form. */
const password = act(path.password, (visit, situation) =>
  givePassword(visit.doors.house, situation, visit.visitor, {
    name: situation.attempt?.typed_name ?? field(visit, 'username'),
    password: field(visit, 'password'),
    work: visit.fields.get('work'),
  }),
)

const goOn: Handler = async (visit) => {
  const situation = await stand(visit)
  const { attempt, session } = situation
  const interaction = attempt?.interaction ?? situation.interaction
  return seeOther(
    session
      ? await onwards(visit, { ...situation, ...(interaction ? { interaction } : {}) }, session.id)
      : basePath(visit.portal) + path.signIn,
  )
}

/** 'Ander account': this sign-in is left, and the session that it stood in; nothing is said about the account. */
const otherAccount: Handler = async (visit) => {
  const ended = (await endSession(visit)) ? (['session', 'flow', 'form'] as const) : (['flow'] as const)
  return seeOther(
    basePath(visit.portal) + path.signIn,
    ended.map((kind) => setCookie(visit.portal, kind, '')),
  )
}

export const postRoutes: readonly PostRoute[] = [
  { path: path.signIn, fields: ['username', 'password', 'opt-in', 'work'], handler: signIn },
  { path: path.password, fields: ['username', 'password', 'work'], handler: password },
  {
    path: path.choose,
    fields: ['method'],
    handler: act(path.choose, (visit, it) => choose(visit.doors.house, it, visit.visitor, field(visit, 'method')), always),
  },
  {
    path: path.notRegistered,
    fields: [],
    handler: act(
      path.notRegistered,
      (visit, it) => beginSetUp(visit.doors.house, it, visit.visitor),
      (due) => due === path.notRegistered || due === path.enrolApp,
    ),
  },
  { path: path.offer, fields: [], handler: act(path.offer, (visit, it) => want(visit.doors.house, it, visit.visitor)) },
  { path: path.postpone, fields: [], handler: act(path.offer, (visit, it) => postpone(visit.doors.house, it, visit.visitor)) },
  ...[path.codeApp, path.codeMail, path.codeSms, path.gateMail, path.gateSms, path.newPhone, path.enrolApp].map((it) => ({
    path: it,
    fields: ['code', 'remember'],
    handler: giveCode(it),
  })),
  { path: path.resend, fields: [], handler: resendCode },
  {
    path: path.phone,
    fields: ['phone'],
    handler: act(path.phone, (visit, it) => givePhone(visit.doors.house, it, visit.visitor, field(visit, 'phone'), false)),
  },
  { path: path.phoneKnown, fields: [], handler: act(path.phone, (visit, it) => givePhone(visit.doors.house, it, visit.visitor, '', true)) },
  { path: path.phoneChange, fields: [], handler: act(path.newPhone, (visit, it) => withdrawPhone(visit.doors.house, it, visit.visitor)) },
  {
    path: path.enrol,
    fields: ['method', 'by'],
    handler: chooseEnrolment,
  },
  { path: path.otherAccount, fields: [], handler: otherAccount },
  { path: path.goOn, fields: [], handler: goOn },
  ...browserPosts,
  ...profilePosts,
  ...signOutPosts,
  ...recoveryPosts,
  ...notMePosts,
  ...messagePosts,
]

/** A new code; its page is that of the step for which it is sent. */
async function resendCode(visit: Visit): Promise<Answer> {
  const situation = await stand(visit)
  return answerTo(visit, pathOf(situation.step, situation.need), await resend(visit.doors.house, situation))
}
