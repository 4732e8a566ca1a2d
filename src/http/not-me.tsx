import type { Happened } from '../delivery/index.ts'
import { type DatedEvent, NotMePage, OldLinkPage, SecuredPage } from '../pages/index.ts'
import { askNotMe, type Done, lookAtNotMe, type NotMe, sayNotMe, secureNow } from '../recovery/index.ts'
import type { Words } from '../words/index.ts'
import { readCookie, setCookie } from './cookies.ts'
import { pageAnswer } from './draw.tsx'
import { frameFor } from './frame.ts'
import { basePath, path, pathOf } from './paths.ts'
import { stand } from './stand.ts'
import { type Answer, type GetRoute, type Handler, type PostRoute, seeOther, type Visit } from './visit.ts'

/*
 * P58 and P59. The value of the link leaves the address at once for a cookie that lives a quarter of an hour; looking changes
 * nothing. Whoever stands here is signed in by nothing that happens, and hears no name.
 */

const linkValue = /^[a-z2-9]{14}$/

/** From the address into the cookie; what cannot be a link of ours is an old one. */
function moveIn({ portal }: Visit, value: string): Answer {
  return seeOther(basePath(portal) + path.notMe, [setCookie(portal, 'not-me', linkValue.test(value) ? value : '')])
}

const fromMail: Handler = async (visit) => {
  const value = visit.query.get('t')
  return value === null ? show(visit, await inCookie(visit, lookAtNotMe)) : moveIn(visit, value)
}

/** The short address of a text message: /n?value. */
const fromText: Handler = async (visit) => moveIn(visit, [...visit.query.keys()][0] ?? '')

const confirm: Handler = async (visit) => {
  await inCookie(visit, (house, portal, token, now) => sayNotMe(house, portal, token, visit.visitor.address, now))
  return seeOther(basePath(visit.portal) + path.notMe)
}

async function inCookie({ doors, portal, request, now }: Visit, work: typeof lookAtNotMe): Promise<NotMe> {
  const token = readCookie(portal, request, 'not-me')
  return token === undefined ? { link: 'old' } : work(doors.house, portal, token, now)
}

function show(visit: Visit, it: NotMe): Answer {
  const frame = frameFor(visit, { at: path.notMe })
  const { words } = frame
  const dated = (at: number, event: string): DatedEvent => ({ date: words.told.date(at), time: words.told.clock(at), event })
  const nobody = { request: { at: visit.now } }
  switch (it.link) {
    case 'old':
      return pageAnswer(visit, nobody, <OldLinkPage frame={frame} />, 404)
    case 'used':
      return pageAnswer(visit, nobody, <SecuredPage frame={frame} events={it.done.map((one) => dated(it.usedAt, doneWords(one, words)))} />)
    case 'open':
      return pageAnswer(visit, nobody, <NotMePage frame={frame} events={it.events.map((one) => dated(one.at, eventWords(one, words)))} />)
  }
}

const doneWords = (done: Done, words: Words): string => words.t(`done.${done}`)
const eventWords = (event: Happened, words: Words): string =>
  words.t(`event.${event.notice}`, 'method' in event ? { method: words.t(`method.${event.method}`) } : {})

/** 'Beveilig mijn account nu', from inside: the session that pressed it ends too. */
const secure: Handler = async (visit) => {
  const { doors, portal, visitor, now } = visit
  const { session, account, step, need } = await stand(visit)
  if (!session || !account || pathOf(step, need) !== path.home) return seeOther(basePath(portal) + pathOf(step, need))
  const token = await secureNow(doors.house, portal, account.id, visitor.address, now)
  const ended = (['session', 'flow', 'form'] as const).map((kind) => setCookie(portal, kind, ''))
  return seeOther(basePath(portal) + path.notMe, [...ended, setCookie(portal, 'not-me', token)])
}

/** 'Dit was ik niet' in the list of what happened: the question first. */
const ask: Handler = async (visit) => {
  const { doors, portal, now } = visit
  const { session, account, step, need } = await stand(visit)
  if (!session || !account || pathOf(step, need) !== path.home) return seeOther(basePath(portal) + pathOf(step, need))
  const token = await askNotMe(doors.house, portal, account.id, now)
  return seeOther(basePath(portal) + path.notMe, [setCookie(portal, 'not-me', token)])
}

export const notMeGets: readonly GetRoute[] = [
  { path: path.notMe, handler: fromMail },
  { path: path.notMeShort, handler: fromText },
]
export const notMePosts: readonly PostRoute[] = [
  { path: path.notMe, fields: [], handler: confirm },
  { path: path.secure, fields: [], handler: secure },
  { path: path.askNotMe, fields: [], handler: ask },
]
