import { isSaid, type Moved, type Said, type Situation } from '../sign-in/index.ts'
import { setCookie } from './cookies.ts'
import { drawPaused, drawStep } from './draw.tsx'
import { basePath, type Path, path, pathOf } from './paths.ts'
import { stand } from './stand.ts'
import { type Answer, seeOther, type Visit } from './visit.ts'
import { firstPageOf } from './without-phone.tsx'

/** What a person's act led to, as an answer: the next page by a redirect, or the same page with what was said. */
export async function answerTo(visit: Visit, at: Path, outcome: Moved | Said): Promise<Answer> {
  if (isSaid(outcome)) return sayOn(visit, at, outcome)
  const { portal } = visit
  const cookies = Object.entries(outcome.cookies).flatMap(([kind, value]) =>
    value === undefined ? [] : [setCookie(portal, kind as 'flow', value)],
  )
  if (outcome.finished) {
    // Whatever was planted or copied before is worth nothing in a form of the session that begins now.
    const form = setCookie(portal, 'form', visit.doors.house.random.token())
    return seeOther(await afterFinish(visit, outcome.situation, outcome.finished.sessionId), [...cookies, form])
  }
  const { step, need } = outcome.situation
  const news = outcome.sent?.sent && pathOf(step, need) === at ? '?new' : ''
  const next = at === path.enrolApp ? pathOf(step, need) : firstPageOf(outcome.situation)
  return seeOther(basePath(portal) + next + news, cookies)
}

/** Where a finished sign-in leads: the sentence of the manual after setting up, then the application, else the portal's own page. */
async function afterFinish(visit: Visit, situation: Situation, sessionId: string): Promise<string> {
  const { portal } = visit
  if (situation.facts.some((it) => it.fact === 'proved' && (it.purpose === 'enrol' || it.purpose === 'new-phone')))
    return basePath(portal) + path.done
  return onwards(visit, situation, sessionId)
}

/** Back to the application that asked; to the portal's own page when none did or its question is over. */
export async function onwards({ doors, portal }: Visit, { interaction, account, browser }: Situation, sessionId: string): Promise<string> {
  const back =
    interaction && account
      ? await doors.connect.resume(portal, interaction, { id: sessionId, accountId: account.id, browserId: browser.browser?.id })
      : undefined
  return back ?? basePath(portal) + path.home
}

/** The same page again, read anew: what the application asked and what the person wished stand as before. */
async function sayOn(visit: Visit, at: Path, said: Said): Promise<Answer> {
  const { portal, visitor } = visit
  const cookies = said.enrolment ? [setCookie(portal, 'enrolment', said.enrolment)] : []
  // A name or password that is not taken is asked again, also in a browser where another sign-in is under way, or a session.
  const left = at === path.signIn ? { flow: undefined, session: undefined } : {}
  const again = { ...visit, visitor: { ...visitor, ...left, enrolment: said.enrolment ?? visitor.enrolment } }
  const situation = await stand(again)
  if (said.said === 'code.paused' && said.until !== undefined) return { ...drawPaused(again, situation, said.until), cookies }
  const page = await drawStep(again, situation, { at, said, wanted: visit.fields.has('opt-in') })
  return {
    ...page,
    status: said.status,
    cookies,
    ...(said.status === 429 && said.until !== undefined ? { retryAfterSeconds: Math.ceil((said.until - visit.now) / 1000) } : {}),
  }
}
