/*
 * application: the relying applications of the demo. Each knows its issuer, client id and secret, and nothing else of Sluis.
 *
 *     GET  /{portal}/{app}            start page, or who is signed in                 pages.ts
 *     POST /{portal}/{app}/sign-in    to the issuer, with state, nonce and PKCE       relying-party.ts
 *     GET  /{portal}/{app}/callback   back from it: code for tokens, session begins   sessions.ts
 *     POST /{portal}/{app}/sign-out   own session ends first, then the issuer's
 *
 *   registry.ts   the five applications, and how each portal speaks
 *   claims.ts     acr, amr and auth_time in words
 *   main.ts       the applications alone, as a program, from a JSON file of registrations
 *
 *   When the issuer is away: a calm page, and the same button again.
 *   Never here: an import from the product; a cookie or a token in a log; another application's session.
 */

import { readFileSync } from 'node:fs'
import type { Clock } from '../clock.ts'
import { type Answer, type Asked, type Handler, page, Refusal, redirect, serve } from '../http.ts'
import type { Listener } from '../loopback.ts'
import { listPage, signedInPage, startPage, troublePage } from './pages.ts'
import type { Registration } from './registry.ts'
import { type RelyingParty, relyingParty } from './relying-party.ts'
import { createSessions, type Session, type Sessions } from './sessions.ts'

export { type DemoApplication, demoApplications, demoPortals, type Registration } from './registry.ts'

interface Place {
  registration: Registration
  party: RelyingParty
  sessions: Sessions
  csp: string
}

export interface Applications extends Listener {
  /** Issuers are known only once Sluis has a port: until then every page is 404. */
  register(registrations: readonly Registration[]): void
}

export async function startApplications(port: number, clock: Clock): Promise<Applications> {
  const places = new Map<string, Place>()
  const listener = await serve(port, applications(places))
  return {
    ...listener,
    register: (registrations) => {
      for (const registration of registrations) places.set(registration.path, placeFor(registration, clock))
    },
  }
}

function placeFor(registration: Registration, clock: Clock): Place {
  // Chromium holds form-action against every redirect that follows a form, so the issuer stands beside 'self'.
  const csp = `default-src 'none'; style-src 'self'; img-src data:; form-action 'self' ${new URL(registration.issuer).origin}; base-uri 'none'; frame-ancestors 'none'`
  return { registration, party: relyingParty(registration), sessions: createSessions(clock), csp }
}

function applications(places: ReadonlyMap<string, Place>): Handler {
  return async (asked) => {
    if (asked.path === '/' && asked.method === 'GET')
      return page(listPage([...places.values()].map((place) => place.registration)), listCsp)
    if (asked.path === '/assets/style.css') return stylesheet()
    const [, portal, name, act, ...rest] = asked.path.split('/')
    const place = rest.length === 0 ? places.get(`${portal}/${name}`) : undefined
    const route = `${asked.method} ${act ?? ''}`
    if (place && route === 'GET ') return show(place, asked)
    if (place && route === 'POST sign-in') return begin(place, asked)
    if (place && route === 'GET callback') return finish(place, asked)
    if (place && route === 'POST sign-out') return signOut(place, asked)
    throw new Refusal(404, 'Deze toepassing is hier niet.')
  }
}

function show(place: Place, asked: Asked): Answer {
  const user = place.sessions.find(asked.cookie(cookieName(place)))?.user
  if (user) return page(signedInPage(place.registration, user.claims), place.csp)
  const left = asked.url.searchParams.has('signed-out') ? place.registration.words.signedOut : undefined
  return page(startPage(place.registration, left), place.csp)
}

async function begin(place: Place, asked: Asked): Promise<Answer> {
  const known = place.sessions.find(asked.cookie(cookieName(place)))
  const { id, session } = known ? { id: undefined, session: known } : place.sessions.start()
  try {
    const { location, state, ...kept } = await place.party.begin(addressOf(place, asked, '/callback'))
    session.pending.set(state, kept)
    if (session.pending.size > 10) session.pending.delete([...session.pending.keys()][0] ?? '')
    const answer = redirect(location)
    return id === undefined ? answer : withCookie(answer, place, id)
  } catch {
    // Not answering, or answering nonsense: for who wants to sign in it is the same.
    return page(troublePage(place.registration, away(place)), place.csp, 503)
  }
}

async function finish(place: Place, asked: Asked): Promise<Answer> {
  const id = asked.cookie(cookieName(place))
  const session = place.sessions.find(id)
  const state = asked.url.searchParams.get('state') ?? ''
  const kept = session?.pending.get(state)
  if (!session || !kept) {
    if (session?.user) return redirect(`/${place.registration.path}`)
    return page(troublePage(place.registration, 'Dit aanmelden begon in een andere browser, of is al voorbij.'), place.csp, 400)
  }
  session.pending.delete(state)
  try {
    const user = await place.party.finish(new URL(asked.url.search, addressOf(place, asked, '/callback')), { state, ...kept })
    // A new session for who is now signed in: the id from before the sign-in is worth nothing any more.
    const fresh = place.sessions.start()
    fresh.session.pending = session.pending
    fresh.session.user = user
    place.sessions.end(id)
    return withCookie(redirect(`/${place.registration.path}`), place, fresh.id)
  } catch (error) {
    return refused(place, error)
  }
}

function refused(place: Place, error: unknown): Answer {
  const code = typeof error === 'object' && error !== null && 'error' in error ? String(error.error) : undefined
  const isAway = code === undefined && error instanceof TypeError
  const sentence = isAway ? away(place) : 'Het aanmelden is niet afgerond. Er is niets veranderd.'
  return page(troublePage(place.registration, sentence, code ?? codeOf(error)), place.csp, isAway ? 503 : 400)
}

async function signOut(place: Place, asked: Asked): Promise<Answer> {
  const id = asked.cookie(cookieName(place))
  const user: Session['user'] = place.sessions.find(id)?.user
  place.sessions.end(id)
  const here = `/${place.registration.path}?signed-out`
  const there = user && (await place.party.signOut(user.idToken, addressOf(place, asked, '')).catch(() => undefined))
  return withCookie(redirect(there ?? here), place, '')
}

/** The registered addresses name localhost, whatever name of this machine the browser used. */
const addressOf = (place: Place, asked: Asked, act: string) => `http://localhost:${asked.url.port || 80}/${place.registration.path}${act}`

const cookieName = (place: Place) => `demo-app-${place.registration.path.replace('/', '-')}`

function withCookie(answer: Answer, place: Place, id: string): Answer {
  const end = id === '' ? '; Max-Age=0' : ''
  const cookie = `${cookieName(place)}=${id}; Path=/${place.registration.path}; HttpOnly; SameSite=Lax${end}`
  return { ...answer, headers: { ...answer.headers, 'set-cookie': cookie } }
}

const away = ({ registration: { words } }: Place) =>
  `Sluis antwoordt nu niet. ${words.you === 'u' ? 'U kunt' : 'Je kunt'} het zo meteen opnieuw proberen.`
const codeOf = (error: unknown) => (typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined)

const listCsp = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const stylesheet = (): Answer => ({
  status: 200,
  headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' },
  body: readFileSync(new URL('../style.css', import.meta.url)),
})
