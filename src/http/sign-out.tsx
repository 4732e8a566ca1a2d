import type { IncomingMessage, ServerResponse } from 'node:http'
import * as audit from '../audit/index.ts'
import type { Instant } from '../decision/index.ts'
import { SignedOutPage, SignOutPage } from '../pages/index.ts'
import type { Portal } from '../portals/index.ts'
import { forgetBrowsers } from '../profile/index.ts'
import { findLiveSession, type Situation, signOut, type Visitor } from '../sign-in/index.ts'
import { rememberedOf } from '../storage/index.ts'
import { readCookie, setCookie } from './cookies.ts'
import { pageAnswer } from './draw.tsx'
import { frameFor } from './frame.ts'
import { basePath, path } from './paths.ts'
import { stand } from './stand.ts'
import { type Answer, type Doors, type GetRoute, type Handler, type PostRoute, seeOther, type Visit } from './visit.ts'
import { visitorOf } from './visitor.ts'

/** P66. What an application asked with it is read again when the answer comes: nothing of it is believed meanwhile. */
const ask: Handler = async (visit) => {
  const situation = await stand(visit)
  const asked = visit.doors.connect.signOutAsked(visit.portal, visit.query)
  const fields = asked ? whatWasAsked.flatMap((name) => fieldOf(name, visit.query.get(name))) : []
  const frame = frameFor(visit, { situation, at: path.signOut })
  const canForget = await isRememberedHere(visit, situation)
  const answer = pageAnswer(visit, situation, <SignOutPage frame={frame} asked={fields} canForget={canForget} />)
  return { ...answer, formActions: [...(answer.formActions ?? []), ...(asked?.returnOrigins ?? [])] }
}
const whatWasAsked = ['client_id', 'post_logout_redirect_uri', 'state'] as const
const fieldOf = (name: string, value: string | null) => (value === null ? [] : [{ name, value }])

async function isRememberedHere({ doors }: Visit, { account, browser, now }: Situation): Promise<boolean> {
  if (!account || !browser.browser) return false
  const found = await rememberedOf(doors.house.storage.db, account, now)
  return found.some((it) => it.browser.id === browser.browser?.id)
}

/** P67, with the applications that did not answer; the session has ended whatever they say. */
const signedOut: Handler = async (visit) => {
  const { doors, portal, request } = visit
  const left = readCookie(portal, request, 'left')
  const silent = left === undefined ? [] : await doors.connect.silentOf(portal, left)
  const page = <SignedOutPage frame={frameFor(visit, { at: path.signedOut })} silent={silent} />
  return pageAnswer(visit, { request: { at: visit.now } }, page)
}

const leave: Handler = async (visit) => {
  if (visit.fields.get('forget') === '1') await forgetHere(visit)
  const left = await endSession(visit)
  const asked = visit.doors.connect.signOutAsked(visit.portal, new URLSearchParams([...visit.fields]))
  return leftAnswer(visit, left, asked?.returnTo)
}

/** The session has ended: its cookies go, and so does what the browser kept of its pages. */
export function leftAnswer({ portal }: Visit, left: string | undefined, location = basePath(portal) + path.signedOut): Answer {
  return { ...seeOther(location, endedCookies(portal, left)), headers: clearedCache }
}

/** 'Vergeet ook deze browser': for who is signed in here, and in this browser alone. */
async function forgetHere(visit: Visit): Promise<void> {
  const situation = await stand(visit)
  const { session, account, browser } = situation
  if (session && account && browser.browser)
    await forgetBrowsers(visit.doors.house, { ...situation, account }, visit.visitor, browser.browser.id)
}

const endedCookies = (portal: Portal, left: string | undefined): string[] => [
  ...(['session', 'flow', 'form'] as const).map((kind) => setCookie(portal, kind, '')),
  ...(left === undefined ? [] : [setCookie(portal, 'left', left)]),
]
const clearedCache = { 'clear-site-data': '"cache"' }

interface Leaving {
  readonly doors: Pick<Doors, 'house' | 'farewells'>
  readonly portal: Portal
  readonly now: Instant
  readonly visitor: Visitor
}

/** The server's side ends first; the cookie is only a name. Also when another sign-in was begun here, which does not stand in it. @returns the session that ended. */
export async function endSession({ doors, portal, now, visitor }: Leaving): Promise<string | undefined> {
  const { house } = doors
  const session = await findLiveSession(house.storage.db, house, portal, visitor.session, now)
  if (!session || !(await signOut(house.storage.db, session, now))) return undefined
  doors.farewells.wake()
  await audit.sessionEnded(house.storage.db, {
    random: house.random,
    portal: portal.id,
    at: now,
    accountId: session.account_id,
    address: visitor.address,
  })
  return session.id
}

/** A sign-out that an application asks for this account. False: somebody else is signed in in this browser, and stays so. */
export async function leaveFor(
  doors: Pick<Doors, 'house' | 'farewells' | 'clientAddress'>,
  portal: Portal,
  request: IncomingMessage,
  response: ServerResponse,
  accountId: string,
): Promise<boolean> {
  const { house, clientAddress } = doors
  const leaving = { doors, portal, now: house.clock.now(), visitor: visitorOf(portal, request, clientAddress) }
  const session = await findLiveSession(house.storage.db, house, portal, leaving.visitor.session, leaving.now)
  if (!session) return true
  if (session.account_id !== accountId) return false
  response.setHeader('set-cookie', endedCookies(portal, await endSession(leaving)))
  for (const [name, value] of Object.entries(clearedCache)) response.setHeader(name, value)
  return true
}

export const signOutGets: readonly GetRoute[] = [
  { path: path.signOut, handler: ask },
  { path: path.signedOut, handler: signedOut },
]
export const signOutPosts: readonly PostRoute[] = [{ path: path.signOut, fields: [...whatWasAsked, 'forget'], handler: leave }]
