import type { Step } from '../decision/index.ts'
import { ConfirmPasswordPage, ConfirmSendPage, type Frame } from '../pages/index.ts'
import {
  awaitsCode,
  beginConfirm,
  type Changed,
  chooseForConfirm,
  confirmByCode,
  confirmByPassword,
  isChanged,
  notByApps,
  resendConfirm,
  type Standing,
  standingOf,
} from '../profile/index.ts'
import { heldBackNow, type Said, type Situation } from '../sign-in/index.ts'
import { setCookie } from './cookies.ts'
import { choosePage, drawPaused, drawStep, pageAnswer } from './draw.tsx'
import { frameFor } from './frame.ts'
import { basePath, type Path, path, pathFor, pathOf } from './paths.ts'
import { stand, touch } from './stand.ts'
import { troubleAnswer } from './trouble.tsx'
import { type Answer, type GetRoute, type Handler, type PostRoute, seeOther, type Visit } from './visit.ts'
import { wherePage } from './where.tsx'

/*
 * P41, the one gate before every change, and how a change comes back to its own page.
 *
 *     a button of the profile ─> POST /confirm/begin ── next ──> the page of the change, or /confirm?next=...
 */

/** Inside a whole session: else the step that is missing first. */
export const inSession =
  (work: (visit: Visit, standing: Standing) => Promise<Answer>): Handler =>
  async (visit) => {
    const standing = await standOf(visit)
    if (!standing) {
      const { step, need } = await stand(visit)
      return seeOther(basePath(visit.portal) + pathOf(step, need))
    }
    await touch(visit, { ...standing, step: standing.due } as unknown as Situation)
    return work(visit, standing)
  }

export function standOf(visit: Visit): Promise<Standing | undefined> {
  const { doors, portal, visitor, now } = visit
  const { house } = doors
  return standingOf(house.storage.db, house, portal, visitor, now, isAboutStolen(visit) ? notByApps : undefined)
}

/** Of two apps, one of which may be in wrong hands, neither may speak. */
const isAboutStolen = (visit: Visit): boolean => [ownPath(visit), nextOf(visit)].some((it) => it.startsWith(pathFor(path.oldStolen, '')))

/** A page of a change: drawn when it may be made now, else after P41. */
export const confirmedPage = (draw: (visit: Visit, standing: Standing) => Promise<Answer>): Handler =>
  inSession((visit, standing) => (standing.due ? Promise.resolve(toConfirm(visit, ownPath(visit))) : draw(visit, standing)))

/** What a change led to: `made` says where; what is due leads to P41 and back to this page. */
export async function answerChange(
  visit: Visit,
  outcome: Changed | Said,
  made: string,
  again: (visit: Visit, standing: Standing, said: Said) => Promise<Answer>,
  next = ownPath(visit),
): Promise<Answer> {
  if (!isChanged(outcome)) {
    const standing = await standOf(visit)
    if (!standing) return toConfirm(visit, next)
    if (outcome.said === 'code.paused' && outcome.until !== undefined) return drawPaused(visit, asSituation(standing), outcome.until)
    return withStatus(visit, await again(visit, standing, outcome), outcome)
  }
  if (outcome.changed === 'not-yours') return notYours(visit)
  if (outcome.changed === 'due') return toConfirm(visit, next, 'expired')
  // A change ended the other sessions: applications hear of it now.
  visit.doors.farewells.wake()
  return seeOther(basePath(visit.portal) + made, cookiesOf(visit, outcome))
}

const cookiesOf = ({ portal }: Visit, outcome: Changed): string[] =>
  'cookies' in outcome
    ? Object.entries(outcome.cookies).flatMap(([kind, value]) => (value ? [setCookie(portal, kind as 'session' | 'enrolment', value)] : []))
    : []

/** Not yours and not there: one answer. */
export const notYours = (visit: Visit): Answer => troubleAnswer(visit, { kind: 'not-found' }, 404)

export function toConfirm(visit: Visit, next: string, news?: 'expired' | 'new'): Answer {
  return seeOther(`${basePath(visit.portal)}${path.confirm}?next=${next}${news ? `&${news}` : ''}`)
}

/** The path of this very request, without what a form added. */
export const ownPath = ({ request, portal }: Visit): string =>
  (request.url ?? '').split('?')[0]?.slice(portal.id.length + 1) ?? path.profile

/** Only pages of the profile: a value from elsewhere leads to its first one. */
function nextOf({ query, fields }: Visit): string {
  const asked = fields.get('next') ?? query.get('next') ?? ''
  return /^\/profile(\/[\w-]{1,64}){0,3}$/.test(asked) ? asked : path.profile
}

/** The frame of pages inside a session; `next` stands in every form of it, and in the links between the pages of P41. */
function framedFor(visit: Visit): (frame: Frame) => Frame {
  const next = nextOf(visit)
  const at = (it: Path): string => basePath(visit.portal) + it
  return (frame) => ({
    ...frame,
    isSignedIn: true,
    next,
    languages: frame.languages.map((it) => ({ ...it, href: `${it.href}&next=${next}` })),
    ...(frame.place ? { place: `${frame.place}?next=${next}` } : {}),
    at: {
      ...frame.at,
      code: at(path.confirm),
      resend: at(path.confirmResend),
      choose: `${at(path.confirmChoose)}${visit.fields.size > 0 || frame.next ? '' : `?next=${next}`}`,
      where: `${at(path.confirmWhere)}?next=${next}`,
    },
  })
}

/** For the drawers of a sign-in: the step that is due before a change, or that of a session in which none is. */
export const asSituation = (standing: Standing): Situation => ({ ...standing, step: standing.due ?? standing.step })

export const sessionFrame = (visit: Visit, standing: Standing, at: Path, said?: Said): Frame => {
  const frame = frameFor(visit, { situation: { ...asSituation(standing) }, at, said })
  return { ...frame, isSignedIn: true }
}

async function drawConfirm(visit: Visit, standing: Standing, said?: Said): Promise<Answer> {
  const { due } = standing
  if (!due) return seeOther(basePath(visit.portal) + nextOf(visit))
  const situation = asSituation(standing)
  const framed = framedFor(visit)
  const { house } = visit.doors
  const frame = (): Frame => framed(frameFor(visit, { situation, at: path.confirm, said }))
  const drawCode = async (): Promise<Answer> => {
    const mustSend = !said && (await awaitsCode(house, standing)) && !(await heldBackNow(house, situation))
    if (mustSend)
      return pageAnswer(visit, situation, <ConfirmSendPage frame={frame()} action={basePath(visit.portal) + path.confirmBegin} />)
    const expired: Said | undefined = visit.query.has('expired') ? { said: 'profile.stepExpired', status: 200 } : undefined
    return drawStep(visit, situation, { at: path.confirm, said: said ?? expired, framed })
  }
  const drawPassword = async (): Promise<Answer> =>
    pageAnswer(visit, situation, <ConfirmPasswordPage frame={frame()} action={basePath(visit.portal) + path.confirmPassword} />)
  const drawWait = async (): Promise<Answer> => drawPaused(visit, situation, 'until' in due ? due.until : visit.now)
  const draw: Partial<Record<Step['step'], () => Promise<Answer>>> = { prove: drawCode, password: drawPassword, wait: drawWait }
  return (draw[due.step] ?? (() => drawStep(visit, situation, { at: path.confirm, said, framed })))()
}

async function answerConfirm(visit: Visit, outcome: Changed | Said, sent = false): Promise<Answer> {
  if (isChanged(outcome)) {
    if (outcome.changed === 'due') return toConfirm(visit, nextOf(visit), sent ? 'new' : undefined)
    return seeOther(basePath(visit.portal) + nextOf(visit), cookiesOf(visit, outcome))
  }
  const standing = await standOf(visit)
  if (!standing) return toConfirm(visit, nextOf(visit))
  if (outcome.said === 'code.paused' && outcome.until !== undefined) return drawPaused(visit, asSituation(standing), outcome.until)
  return withStatus(visit, await drawConfirm(visit, standing, outcome), outcome)
}

function withStatus(visit: Visit, answer: Answer, said: Said): Answer {
  if (answer.status !== 200) return answer
  const wait = said.status === 429 && said.until !== undefined ? { retryAfterSeconds: Math.ceil((said.until - visit.now) / 1000) } : {}
  return { ...answer, status: said.status, ...wait }
}

const drawChoose = (visit: Visit, standing: Standing, said?: Said): Answer => {
  const situation = asSituation(standing)
  const next = nextOf(visit)
  const plain = framedFor(visit)(frameFor(visit, { situation, at: path.confirm, said }))
  const frame = { ...plain, next, at: { ...plain.at, choose: basePath(visit.portal) + path.confirmChoose } }
  return pageAnswer(visit, situation, choosePage({ visit, situation, frame }))
}

const field = ({ fields }: Visit, name: string): string => fields.get(name) ?? ''

export const confirmGets: readonly GetRoute[] = [
  { path: path.confirm, handler: inSession((visit, standing) => drawConfirm(visit, standing)) },
  {
    path: path.confirmChoose,
    handler: inSession(async (visit, standing) =>
      standing.due && 'options' in standing.due ? drawChoose(visit, standing) : toConfirm(visit, nextOf(visit)),
    ),
  },
  {
    path: path.confirmWhere,
    handler: inSession(async (visit, standing) => {
      const page = standing.due && (await wherePage(visit, asSituation(standing), framedFor(visit)))
      return page ?? toConfirm(visit, nextOf(visit))
    }),
  },
]

export const confirmPosts: readonly PostRoute[] = [
  {
    path: path.confirmBegin,
    fields: ['next'],
    handler: inSession(async (visit, it) => answerConfirm(visit, await beginConfirm(visit.doors.house, it, visit.visitor))),
  },
  {
    path: path.confirm,
    fields: ['next', 'code'],
    handler: inSession(async (visit, it) =>
      answerConfirm(visit, await confirmByCode(visit.doors.house, it, visit.visitor, field(visit, 'code'))),
    ),
  },
  {
    path: path.confirmPassword,
    fields: ['next', 'password'],
    handler: inSession(async (visit, it) =>
      answerConfirm(visit, await confirmByPassword(visit.doors.house, it, visit.visitor, field(visit, 'password'))),
    ),
  },
  {
    path: path.confirmChoose,
    fields: ['next', 'method'],
    handler: inSession(async (visit, it) => {
      const outcome = await chooseForConfirm(visit.doors.house, it, visit.visitor, field(visit, 'method'))
      return isChanged(outcome) ? answerConfirm(visit, outcome) : withStatus(visit, drawChoose(visit, it, outcome), outcome)
    }),
  },
  {
    path: path.confirmResend,
    fields: ['next'],
    handler: inSession(async (visit, it) => answerConfirm(visit, await resendConfirm(visit.doors.house, it, visit.visitor), true)),
  },
]
