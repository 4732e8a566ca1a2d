import { BrowsersPage, SessionsPage } from '../pages/index.ts'
import { endAnotherSession, endEverywhere, forgetBrowsers, ownSessions } from '../profile/index.ts'
import { applicationsIn, rememberedOf } from '../storage/index.ts'
import { activity } from './activity.tsx'
import { asSituation, inSession, notYours, sessionFrame, toConfirm } from './confirm.tsx'
import { deviceKept } from './device.ts'
import { pageAnswer } from './draw.tsx'
import { applicationTitle } from './lines.tsx'
import { basePath, path } from './paths.ts'
import { endSession, leftAnswer } from './sign-out.tsx'
import { type Answer, type GetRoute, type PostRoute, seeOther, type Visit } from './visit.ts'

/** P47. This one first; nothing of the cookie is shown or handed out. */
const browsers = inSession(async (visit, standing) => {
  const { account, browser, now } = standing
  const frame = sessionFrame(visit, standing, path.browsers)
  const found = await rememberedOf(visit.doors.house.storage.db, account, now)
  const rows = found.map(({ browser: it, marks }) => ({
    id: it.id,
    device: deviceKept(it.device),
    until: frame.words.told.date(Math.max(...marks.map((mark) => mark.ends_at))),
    seen: frame.words.told.date(it.seen_at),
    isThis: it.id === browser.browser?.id,
  }))
  const ordered = [...rows.filter((it) => it.isThis), ...rows.filter((it) => !it.isThis)]
  return pageAnswer(visit, asSituation(standing), <BrowsersPage frame={frame} rows={ordered} forgot={visit.query.has('forgot')} />)
})

const forget = inSession(async (visit, standing) => {
  const id = visit.fields.get('browser') ?? ''
  const forgot = id !== '' && (await forgetBrowsers(visit.doors.house, standing, visit.visitor, id))
  return back(visit, path.browsers, forgot ? '?forgot' : '')
})

const forgetAll = inSession(async (visit, standing) => {
  await forgetBrowsers(visit.doors.house, standing, visit.visitor)
  return back(visit, path.browsers)
})

/** P50 */
const sessions = inSession(async (visit, standing) => {
  const { house } = visit.doors
  const frame = sessionFrame(visit, standing, path.sessions)
  const found = await ownSessions(house, standing)
  const opened = await applicationsIn(
    house.storage.db,
    found.map((it) => it.id),
  )
  const rows = found.map((it) => ({
    id: it.id,
    device: deviceKept(it.device),
    applications: (opened.get(it.id) ?? []).map((application) => applicationTitle(visit.portal, application)),
    since: frame.words.told.time(it.started_at),
    active: frame.words.told.time(it.last_seen_at),
    isThis: it.id === standing.session.id,
  }))
  const ended = visit.query.has('ended')
  return pageAnswer(visit, asSituation(standing), <SessionsPage frame={frame} rows={rows} ended={ended} />)
})

/** Ending this one is signing out; ending another takes a fresh proof, and the person comes back here with it. */
const end = inSession(async (visit, standing) => {
  const { house } = visit.doors
  const id = visit.fields.get('session') ?? ''
  if (id === standing.session.id) {
    return leftAnswer(visit, await endSession(visit))
  }
  const outcome = await endAnotherSession(house, standing, visit.visitor, id)
  if (outcome.changed === 'due') return toConfirm(visit, path.sessions)
  if (outcome.changed === 'not-yours') return notYours(visit)
  visit.doors.farewells.wake()
  return back(visit, path.sessions, '?ended')
})

const endAll = inSession(async (visit, standing) => {
  const outcome = await endEverywhere(visit.doors.house, standing, visit.visitor)
  if (outcome.changed === 'due') return toConfirm(visit, path.sessions)
  visit.doors.farewells.wake()
  return leftAnswer(visit, standing.session.id)
})

const back = ({ portal }: Visit, to: string, news = ''): Answer => seeOther(basePath(portal) + to + news)

export const browserGets: readonly GetRoute[] = [
  { path: path.browsers, handler: browsers },
  { path: path.activity, handler: activity },
  { path: path.sessions, handler: sessions },
]

export const browserPosts: readonly PostRoute[] = [
  { path: path.forget, fields: ['browser'], handler: forget },
  { path: path.forgetAll, fields: [], handler: forgetAll },
  { path: path.endSession, fields: ['session'], handler: end },
  { path: path.endEverywhere, fields: [], handler: endAll },
]
