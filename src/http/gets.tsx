import { optionsOf, type SecondStep, secondMethodOf } from '../decision/index.ts'
import { openPending } from '../enrolment/index.ts'
import { DonePage, type DoneProps, InstallAppPage, StartPage } from '../pages/index.ts'
import { beginStepUp, hasOtherMethod, type Situation } from '../sign-in/index.ts'
import { answerTo, onwards } from './after.ts'
import { browserGets } from './browsers.tsx'
import { standOf } from './confirm.tsx'
import { setCookie } from './cookies.ts'
import { choosePage, drawPaused, drawStep, homePage, pageAnswer } from './draw.tsx'
import { frameFor } from './frame.ts'
import { withHints } from './hints.ts'
import { applicationTitle } from './lines.tsx'
import { messageGets } from './message.tsx'
import { notMeGets } from './not-me.tsx'
import { basePath, type Path, path, pathOf } from './paths.ts'
import { hasPictureFile, pictureFile } from './picture.ts'
import { profileGets } from './profile.tsx'
import { recoveryGets } from './recovery.tsx'
import { chooseEnrolmentPage } from './set-up-pages.tsx'
import { signOutGets } from './sign-out.tsx'
import { isOpen, stand, standAtStart, touch } from './stand.ts'
import { troubleAnswer } from './trouble.tsx'
import { type Answer, type GetRoute, type Handler, seeOther, type Visit } from './visit.ts'
import { languagesOf } from './visitor.ts'
import { wherePage } from './where.tsx'
import { wayPage } from './without-phone.tsx'

const dueAddress = ({ portal }: Visit, { step, need }: Situation): string => basePath(portal) + pathOf(step, need)

/** The page of a step: drawn when it is due, else a redirect to the one that is. */
const stepPage =
  (at: Path): Handler =>
  async (visit) => {
    const situation = await stand(visit)
    if (pathOf(situation.step, situation.need) !== at) return seeOther(dueAddress(visit, situation))
    return drawStep(visit, situation, { at })
  }

/** Where every sign-in begins; inside a live session that is enough, straight back to who asked. */
const signIn =
  (wanted: boolean): Handler =>
  async (visit) => {
    const { situation, cookies, asked } = await standAtStart(visit)
    const { session, step, need } = situation
    if (session && !isOpen(situation) && pathOf(step, need) === path.home)
      return seeOther(await onwards(visit, situation, session.id), cookies)
    const begun = await beginInside(visit, situation)
    if (begun) return begun
    if (pathOf(step, need) !== path.signIn) return seeOther(dueAddress(visit, situation), cookies)
    const hinted = withHints(visit, asked)
    return { ...(await drawStep(hinted.visit, situation, { at: path.signIn, wanted })), cookies: [...cookies, ...hinted.cookies] }
  }

/** Inside a live session an application may ask a code alone: the sign-in that it needs begins here, with the method that is due. */
async function beginInside(visit: Visit, situation: Situation): Promise<Answer | undefined> {
  if (!situation.session || isOpen(situation) || visit.request.method !== 'GET') return undefined
  const begun = beginStepUp(visit.doors.house, situation, visit.visitor)
  return begun && answerTo(visit, path.signIn, await begun)
}

/** Beside the page that is due, a person in the middle of a sign-in may look at these. */
const detour =
  (draw: (visit: Visit, situation: Situation) => Promise<Answer | undefined>): Handler =>
  async (visit) => {
    const situation = await stand(visit)
    return (await draw(visit, situation)) ?? seeOther(dueAddress(visit, situation))
  }

const choose = detour(async (visit, situation) => {
  const { step } = situation
  if (step.step === 'choose') return drawStep(visit, situation, { at: path.choose })
  const canChoose = isOpen(situation) && step.step !== 'wait' && step.step !== 'offer' && hasOtherMethod(situation)
  if (!canChoose) return undefined
  return pageAnswer(visit, situation, choosePage({ visit, situation, frame: frameFor(visit, { situation, at: path.choose }) }))
})

const enrol = detour(async (visit, situation) => {
  const { step, need, view, facts } = situation
  if (step.step === 'choose-enrolment') return drawStep(visit, situation, { at: path.enrol })
  if ((step.step !== 'enrol' && step.step !== 'not-registered') || !view) return undefined
  return pageAnswer(
    visit,
    situation,
    chooseEnrolmentPage({ visit, situation, frame: frameFor(visit, { situation, at: path.enrol }) }, optionsOf(need, view, facts)),
  )
})

/** For everybody: a guide may lead here before anybody signs in. */
const enrolHelp: Handler = async (visit) => {
  const situation = await stand(visit)
  const frame = frameFor(visit, { situation, at: path.enrolHelp })
  return pageAnswer(visit, situation, <InstallAppPage frame={frame} isEnrolling={situation.step.step === 'enrol'} />)
}

/** Only the picture, only while it is due, only in this sign-in. */
const enrolPicture: Handler = async (visit) => {
  const { account, attempt, step } = await stand(visit)
  const { house } = visit.doors
  const pending =
    step.step === 'enrol' && account && attempt ? await openPending(house.storage.db, house, account.id, attempt.id, visit.now) : undefined
  return pending && account ? pictureFile(visit, account, pending) : troubleAnswer(visit, { kind: 'not-found' }, 404)
}

const start: Handler = async (visit) => {
  const situation = await stand(visit)
  const { account, need, session } = situation
  const at = need.announce?.mandatoryAt
  const frame = frameFor(visit, { situation, at: path.start })
  const signedIn = session && account ? { username: account.shown_name } : undefined
  return pageAnswer(
    visit,
    situation,
    <StartPage frame={frame} signedIn={signedIn} announced={at === undefined ? undefined : frame.words.told.date(at)} />,
  )
}

const paused: Handler = async (visit) => {
  const situation = await stand(visit)
  return situation.step.step === 'wait' ? drawPaused(visit, situation, situation.step.until) : seeOther(dueAddress(visit, situation))
}

/** Inside a full session: else the step that is missing first. */
const inside =
  (draw: (visit: Visit, situation: Situation) => Promise<Answer>): Handler =>
  async (visit) => {
    const situation = await stand(visit)
    if (!situation.session || pathOf(situation.step, situation.need) !== path.home) return seeOther(dueAddress(visit, situation))
    await touch(visit, situation)
    return draw(visit, situation)
  }

const home = inside(async (visit, situation) =>
  pageAnswer(visit, situation, homePage(visit, frameFor(visit, { situation, at: path.home }))),
)

/** The sentence of the manual, once the first method was set up; the button leads on to who asked. */
const done: Handler = async (visit) => {
  const situation = await stand(visit)
  const { session, attempt, account, facts } = situation
  if (!session || attempt?.session_id !== session.id) return seeOther(dueAddress(visit, situation))
  const isApp = facts.some((it) => it.fact === 'proved' && it.purpose === 'enrol')
  const page = (
    <DonePage
      frame={frameFor(visit, { situation, at: path.done })}
      method={isApp ? 'app' : 'sms'}
      application={applicationTitle(visit.portal, attempt.application)}
      hasFile={isApp && account !== undefined && (await hasPictureFile(visit, account))}
      also={await anotherMethod(visit)}
    />
  )
  return pageAnswer(visit, { request: JSON.parse(attempt.request) }, page)
}

/** Two methods are safer than one: what this portal has beside what was set up, and where it is set up. */
async function anotherMethod(visit: Visit): Promise<DoneProps['also']> {
  const standing = await standOf(visit)
  const method = standing && secondMethodOf(standing.need, standing.view)
  const next = method && nextFor[method]
  return next && { ...next, begin: basePath(visit.portal) + path.confirmBegin }
}
const nextFor: Readonly<Partial<Record<SecondStep, Pick<NonNullable<DoneProps['also']>, 'method' | 'next'>>>> = {
  totp: { method: 'app', next: path.addMethod },
  sms: { method: 'sms', next: path.changePhone },
}

/** A link of the header: remembers the language and leaves the address. */
const withLanguage =
  (handler: Handler): Handler =>
  async (visit) => {
    const chosen = visit.query.get('lang')
    const language = languagesOf(visit.portal).find((it) => it === chosen)
    if (!language) return handler(visit)
    const rest = (visit.request.url ?? '').split('?')[0]?.slice(visit.portal.id.length + 1) ?? ''
    return seeOther(basePath(visit.portal) + rest || '/', [setCookie(visit.portal, 'language', language)])
  }

const steps = [
  path.password,
  path.offer,
  path.notRegistered,
  path.gateMail,
  path.gateSms,
  path.phone,
  path.newPhone,
  path.codeApp,
  path.codeMail,
  path.codeSms,
  path.enrolApp,
  path.stopped,
  path.mailboxRests,
]

export const getRoutes: readonly GetRoute[] = [
  { path: path.start, handler: start },
  { path: path.signIn, handler: signIn(false) },
  { path: path.optIn, handler: signIn(true) },
  ...steps.map((it) => ({ path: it, handler: stepPage(it) })),
  { path: path.choose, handler: choose },
  { path: path.where, handler: detour(wherePage) },
  { path: path.paused, handler: paused },
  { path: path.enrol, handler: enrol },
  { path: path.enrolHelp, handler: enrolHelp },
  { path: path.enrolBrowser, handler: detour(wayPage('browser')) },
  { path: path.enrolManager, handler: detour(wayPage('manager')) },
  { path: path.enrolPicture, handler: enrolPicture },
  { path: path.done, handler: done },
  { path: path.home, handler: home },
  ...profileGets,
  ...browserGets,
  ...signOutGets,
  ...recoveryGets,
  ...notMeGets,
  ...messageGets,
].map((it) => ({ ...it, handler: withLanguage(it.handler) }))
