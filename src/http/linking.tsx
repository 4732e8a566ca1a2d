import type { Way } from '../decision/index.ts'
import { openPending } from '../enrolment/index.ts'
import { AskPage, type AskProps, type Frame, InstallAppPage } from '../pages/index.ts'
import {
  addable,
  beginLinking,
  decideEnding,
  type Ending,
  endingApp,
  finishLinking,
  isLinking,
  replaceable,
  type Standing,
} from '../profile/index.ts'
import type { Said } from '../sign-in/index.ts'
import { answerChange, asSituation, confirmedPage, inSession, notYours, ownPath, sessionFrame, toConfirm } from './confirm.tsx'
import { pageAnswer } from './draw.tsx'
import { standingAt } from './frame.ts'
import { basePath, type Path, path, pathFor } from './paths.ts'
import { pictureFile } from './picture.ts'
import { chooseEnrolmentPage, linkPage } from './set-up-pages.tsx'
import { troubleAnswer } from './trouble.tsx'
import { type Answer, type GetRoute, type Handler, type PostRoute, seeOther, type Visit } from './visit.ts'
import { drawWay, wayOf } from './without-phone.tsx'

/* A new app, beside the others (P15, P17) or in the place of one (P42, P17); and what becomes of that one. */

const at = ({ portal }: Visit, to: string): string => basePath(portal) + to
const field = ({ fields }: Visit, name: string): string => fields.get(name) ?? ''

function linkFrame(visit: Visit, standing: Standing, form: string, said?: Said): Frame {
  const frame = standingAt(sessionFrame(visit, standing, path.profile, said), at(visit, ownPath(visit)))
  const own = { enrol: path.addMethod, enrolApp: form, enrolHelp: path.addHelp, enrolPicture: path.addPicture }
  return { ...frame, at: { ...frame.at, ...Object.fromEntries(Object.entries(own).map(([key, to]) => [key, at(visit, to)])) } }
}

// ---- beside the others ----

async function choicePage(visit: Visit, standing: Standing, said?: Said): Promise<Answer> {
  const situation = asSituation(standing)
  const choices = addable(standing).map((method) => ({ method }))
  if (choices.length === 0) return seeOther(at(visit, path.profile))
  const frame = linkFrame(visit, standing, path.addApp, said)
  return pageAnswer(visit, situation, chooseEnrolmentPage({ visit, situation, frame }, choices))
}

/** A phone is given on its own page; an app gets its secret now. */
const add = inSession(async (visit, standing) => {
  const { house } = visit.doors
  const method = addable(standing).find((it) => it === field(visit, 'method'))
  if (standing.due) return toConfirm(visit, path.addMethod, 'expired')
  const asks: Readonly<Partial<Record<NonNullable<typeof method>, Path>>> = { sms: path.changePhone }
  const elsewhere = method && asks[method]
  if (elsewhere) return seeOther(at(visit, elsewhere))
  if (!method) return choicePage(visit, standing, { said: 'method.none', status: 422, field: 'method' })
  const way = wayOf(visit)
  return answerChange(visit, await beginLinking(house, standing, visit.visitor), way ? ways[way] : path.addApp, choicePage, path.addMethod)
})

// ---- in the place of one ----

async function replacePage(visit: Visit, standing: Standing, said?: Said): Promise<Answer> {
  const id = visit.id ?? ''
  if (!(await replaceable(visit.doors.house.storage.db, standing, id))) return notYours(visit)
  return askPage(visit, standing, { heading: 'P42.heading', body: 'P42.body', button: 'P42.link' }, said)
}

const replace = inSession(async (visit, standing) => {
  const id = visit.id ?? ''
  if (!(await replaceable(visit.doors.house.storage.db, standing, id))) return notYours(visit)
  const outcome = await beginLinking(visit.doors.house, standing, visit.visitor, id)
  return answerChange(visit, outcome, pathFor(path.replaceBy, id), replacePage)
})

// ---- the picture and the first code, for both ----

/** Drawn as long as the picture of this session can be finished; it was begun behind a confirmation. */
const picturePage =
  (isReplacing: boolean) =>
  async (visit: Visit, standing: Standing, said?: Said): Promise<Answer> => {
    const situation = asSituation(standing)
    const id = visit.id ?? ''
    const begin = isReplacing ? pathFor(path.replaceApp, id) : path.addMethod
    if (isReplacing && !(await replaceable(visit.doors.house.storage.db, standing, id))) return notYours(visit)
    const form = isReplacing ? pathFor(path.replaceBy, id) : path.addApp
    const page =
      (await isLinking(visit.doors.house, standing)) &&
      (await linkPage({ visit, situation }, linkFrame(visit, standing, form, said), () => ({
        news: undefined,
        canChooseOther: false,
        replaces: isReplacing,
      })))
    return page ? pageAnswer(visit, situation, page) : seeOther(at(visit, begin))
  }

const finish = (isReplacing: boolean): Handler =>
  inSession(async (visit, standing) => {
    const id = isReplacing ? (visit.id ?? '') : undefined
    const outcome = await finishLinking(visit.doors.house, standing, visit.visitor, field(visit, 'code'), id)
    const begin = isReplacing ? pathFor(path.replaceApp, id ?? '') : path.addMethod
    return answerChange(visit, outcome, `${path.profile}?news=${isReplacing ? 'replacing' : 'added'}`, picturePage(isReplacing), begin)
  })

const ways: Readonly<Record<Way, Path>> = { browser: path.addBrowser, manager: path.addManager }

/** Without a smartphone: only while the picture of this session can be finished. */
const waysPage = (way: Way): Handler =>
  inSession(async (visit, standing) =>
    (await isLinking(visit.doors.house, standing))
      ? drawWay(visit, asSituation(standing), way, linkFrame(visit, standing, path.addApp))
      : seeOther(at(visit, path.addMethod)),
  )

const helpPage = inSession(async (visit, standing) =>
  pageAnswer(visit, asSituation(standing), <InstallAppPage frame={linkFrame(visit, standing, path.addApp)} isEnrolling />),
)

const picture = inSession(async (visit, standing) => {
  const { account, attempt } = standing
  const { house } = visit.doors
  const pending =
    attempt && (await isLinking(house, standing))
      ? await openPending(house.storage.db, house, account.id, attempt.id, visit.now)
      : undefined
  return pending ? pictureFile(visit, account, pending) : troubleAnswer(visit, { kind: 'not-found' }, 404)
})

// ---- what becomes of the old one ----

const endings: Readonly<Record<Ending, { readonly path: Path; readonly news: string } & Pick<AskProps, 'heading' | 'body' | 'button'>>> = {
  'keep-both': { path: path.keepBoth, news: 'kept', heading: 'keep.heading', body: 'keep.body', button: 'P40.keepBoth' },
  stolen: { path: path.oldStolen, news: 'stolen', heading: 'stolen.heading', body: 'stolen.body', button: 'stolen.button' },
  'put-back': { path: path.putBack, news: 'back', heading: 'putBack.heading', body: 'putBack.body', button: 'P40.putBack' },
}

export const endingPath = (ending: Ending, id: string): string => pathFor(endings[ending].path, id)

const endingPage =
  (ending: Ending) =>
  async (visit: Visit, standing: Standing, said?: Said): Promise<Answer> => {
    const found = await endingApp(visit.doors.house.storage.db, standing, visit.id ?? '', ending)
    return found ? askPage(visit, standing, endings[ending], said) : notYours(visit)
  }

function askPage(
  visit: Visit,
  standing: Standing,
  { heading, body, button }: Pick<AskProps, 'heading' | 'body' | 'button'>,
  said?: Said,
): Answer {
  return pageAnswer(
    visit,
    asSituation(standing),
    <AskPage
      frame={standingAt(sessionFrame(visit, standing, path.profile, said), at(visit, ownPath(visit)))}
      action={at(visit, ownPath(visit))}
      profile={at(visit, path.profile)}
      heading={heading}
      body={body}
      button={button}
    />,
  )
}

const decide = (ending: Ending): Handler =>
  inSession(async (visit, standing) => {
    const outcome = await decideEnding(visit.doors.house, standing, visit.visitor, visit.id ?? '', ending)
    return answerChange(visit, outcome, `${path.profile}?news=${endings[ending].news}`, endingPage(ending))
  })

const allEndings = Object.keys(endings) as Ending[]

export const linkingGets: readonly GetRoute[] = [
  { path: path.addMethod, handler: confirmedPage(choicePage) },
  { path: path.addApp, handler: inSession(picturePage(false)) },
  { path: path.addHelp, handler: helpPage },
  { path: path.addBrowser, handler: waysPage('browser') },
  { path: path.addManager, handler: waysPage('manager') },
  { path: path.addPicture, handler: picture },
  { path: path.replaceApp, handler: confirmedPage(replacePage) },
  { path: path.replaceBy, handler: inSession(picturePage(true)) },
  ...allEndings.map((it) => ({ path: endings[it].path, handler: confirmedPage(endingPage(it)) })),
]

export const linkingPosts: readonly PostRoute[] = [
  { path: path.addMethod, fields: ['method', 'by'], handler: add },
  { path: path.addApp, fields: ['code'], handler: finish(false) },
  { path: path.replaceApp, fields: [], handler: replace },
  { path: path.replaceBy, fields: ['code'], handler: finish(true) },
  ...allEndings.map((it) => ({ path: endings[it].path, fields: [], handler: decide(it) })),
]
