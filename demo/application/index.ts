/*
 * application: the relying applications of the demo. Each knows its issuer, client id and secret, and nothing else of Sluis.
 *
 *     GET  /{portal}/{app}            start page, or who is signed in                 pages.ts
 *     POST /{portal}/{app}/sign-in    to the issuer, with state, nonce and PKCE       relying-party.ts
 *     GET  /{portal}/{app}/callback   back from it: code for tokens, session begins   sessions.ts
 *     POST /{portal}/{app}/sign-out   own session ends first, then the issuer's
 *     POST /{portal}/{app}/ended      the issuer says that a session has ended        logout-token.ts
 *     GET  /{portal}/{app}/vault      what asks more than the sign-in showed           step-up.ts
 *     GET  /{portal}/{app}/api/vault  the resource server behind it                    vault.ts
 *     GET  /{portal}/{app}/story      what the id_token tells, in words                story.ts
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
import { logoutTokens } from './logout-token.ts'
import { listPage, signedInPage, startPage, storyPage, troublePage } from './pages.ts'
import { addressOf, away, beginSignIn, cookieName, type Place, withCookie } from './place.ts'
import type { Registration } from './registry.ts'
import { relyingParty } from './relying-party.ts'
import { createSessions, type Session } from './sessions.ts'
import { showVault, stepUp } from './step-up.ts'
import { openVault } from './vault.ts'

export { type DemoApplication, demoApplications, demoPortals, type Registration } from './registry.ts'

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
  const party = relyingParty(registration)
  const { issuer, clientId } = registration
  const tokens = logoutTokens({ issuer, clientId, keysAddress: party.keysAddress }, clock)
  return { registration, party, tokens, sessions: createSessions(clock), clock, csp }
}

function applications(places: ReadonlyMap<string, Place>): Handler {
  return async (asked) => {
    if (asked.path === '/' && asked.method === 'GET')
      return page(listPage([...places.values()].map((place) => place.registration)), listCsp)
    if (asked.path === '/assets/style.css') return stylesheet()
    const [, portal, name, act, ...rest] = asked.path.split('/')
    const place = places.get(`${portal}/${name}`)
    const route = `${asked.method} ${[act ?? '', ...rest].join('/')}`
    if (place && route === 'GET ') return show(place, asked)
    if (place && route === 'POST sign-in') return begin(place, asked)
    if (place && route === 'POST ended') return ended(place, asked)
    if (place && route === 'GET vault') return showVault(place, asked)
    if (place && route === 'POST vault') return stepUp(place, asked)
    if (place && route === 'GET api/vault') return openVault(place.party, asked.header('authorization'), place.clock)
    if (place && route === 'GET story') return showStory(place, asked)
    if (place && route === 'GET callback') return finish(place, asked)
    if (place && route === 'POST sign-out') return signOut(place, asked)
    throw new Refusal(404, 'Deze toepassing is hier niet.')
  }
}

function show(place: Place, asked: Asked): Answer {
  const { sessions, registration, csp } = place
  const session = sessions.find(asked.cookie(cookieName(place)))
  if (session?.user) return page(signedInPage(registration, session.user.claims), csp)
  const isOut = session?.endedElsewhere || asked.url.searchParams.has('signed-out') || asked.url.searchParams.get('state') === 'signed-out'
  return page(startPage(registration, isOut ? registration.words.signedOut : undefined), csp)
}

function showStory(place: Place, asked: Asked): Answer {
  const user = place.sessions.find(asked.cookie(cookieName(place)))?.user
  return user ? page(storyPage(place.registration, user.claims), place.csp) : redirect(`/${place.registration.path}`)
}

/** From the server of the issuer, which brings no cookie: whatever it says is believed by its signature alone. */
async function ended(place: Place, asked: Asked): Promise<Answer> {
  const told = await place.tokens.read((await asked.form()).get('logout_token') ?? '').catch(() => undefined)
  if (!told) return { status: 400, headers: { 'content-type': 'application/json' }, body: '{"error":"invalid_request"}\n' }
  place.sessions.endOf(told)
  return { status: 200, headers: {}, body: '' }
}

const begin = (place: Place, asked: Asked): Promise<Answer> => beginSignIn(place, asked, `/${place.registration.path}`)

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
    return withCookie(redirect(kept.next), place, fresh.id)
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

const codeOf = (error: unknown) => (typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined)

const listCsp = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const stylesheet = (): Answer => ({
  status: 200,
  headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' },
  body: readFileSync(new URL('../style.css', import.meta.url)),
})
