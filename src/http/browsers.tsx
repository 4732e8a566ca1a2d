import { BrowsersPage, SessionsPage } from '../pages/index.ts'
import { endEverywhere, endOne, forgetBrowsers, isConfirmed, ownSessions } from '../sign-in/index.ts'
import { applicationsIn, rememberedOf } from '../storage/index.ts'
import { activity } from './activity.tsx'
import { setCookie } from './cookies.ts'
import { deviceKept } from './device.ts'
import { pageAnswer } from './draw.tsx'
import { frameFor } from './frame.ts'
import { type Indoors, indoors } from './inside.ts'
import { applicationTitle } from './lines.tsx'
import { basePath, path } from './paths.ts'
import { type Answer, type GetRoute, type PostRoute, seeOther, type Visit } from './visit.ts'

/** P47. This one first; nothing of the cookie is shown or handed out. */
const browsers = indoors(async (visit, situation) => {
  const { account, browser, now } = situation
  const frame = frameFor(visit, { situation, at: path.browsers })
  const found = await rememberedOf(visit.doors.house.storage.db, account.id, now)
  const rows = found.map(({ browser: it, marks }) => ({
    id: it.id,
    device: deviceKept(it.device),
    until: frame.words.told.date(Math.max(...marks.map((mark) => mark.ends_at))),
    seen: frame.words.told.date(it.seen_at),
    isThis: it.id === browser.browser?.id,
  }))
  const ordered = [...rows.filter((it) => it.isThis), ...rows.filter((it) => !it.isThis)]
  return pageAnswer(visit, situation, <BrowsersPage frame={frame} rows={ordered} forgot={visit.query.has('forgot')} />)
})

const forget = indoors(async (visit, situation) => {
  const id = visit.fields.get('browser') ?? ''
  const forgot = id !== '' && (await forgetBrowsers(visit.doors.house, situation, visit.visitor, id))
  return back(visit, path.browsers, forgot ? '?forgot' : '')
})

const forgetAll = indoors(async (visit, situation) => {
  await forgetBrowsers(visit.doors.house, situation, visit.visitor)
  return back(visit, path.browsers)
})

/** P50 */
const sessions = indoors((visit, situation) => drawSessions(visit, situation))

async function drawSessions(visit: Visit, situation: Indoors, isRefused = false): Promise<Answer> {
  const { house } = visit.doors
  const said = isRefused ? ({ said: 'profile.stepExpired', status: 422 } as const) : undefined
  const frame = frameFor(visit, { situation, at: path.sessions, said })
  const found = await ownSessions(house, situation)
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
    isThis: it.id === situation.session.id,
  }))
  return pageAnswer(visit, situation, <SessionsPage frame={frame} rows={rows} ended={visit.query.has('ended')} />, isRefused ? 422 : 200)
}

/** Ending this one is signing out; ending another takes a second step that is fresh. */
const end = indoors(async (visit, situation) => {
  const id = visit.fields.get('session') ?? ''
  const isThis = id === situation.session.id
  if (!isThis && !isConfirmed(situation)) return drawSessions(visit, situation, true)
  const ended = await endOne(visit.doors.house, situation, visit.visitor, id)
  return isThis ? leftHere(visit) : back(visit, path.sessions, ended ? '?ended' : '')
})

const endAll = indoors(async (visit, situation) => {
  if (!isConfirmed(situation)) return drawSessions(visit, situation, true)
  await endEverywhere(visit.doors.house, situation, visit.visitor)
  return leftHere(visit)
})

const back = ({ portal }: Visit, to: string, news = ''): Answer => seeOther(basePath(portal) + to + news)

const leftHere = ({ portal }: Visit): Answer => ({
  ...seeOther(
    basePath(portal) + path.signedOut,
    (['session', 'flow', 'form'] as const).map((kind) => setCookie(portal, kind, '')),
  ),
  headers: { 'clear-site-data': '"cache"' },
})

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
