import type { Clock } from '../clock.ts'
import { type Answer, type Asked, page, redirect } from '../http.ts'
import type { LogoutTokens } from './logout-token.ts'
import { troublePage } from './pages.ts'
import type { Registration } from './registry.ts'
import type { RelyingParty } from './relying-party.ts'
import type { Sessions } from './sessions.ts'

/** One relying application of the demo. */
export interface Place {
  registration: Registration
  party: RelyingParty
  sessions: Sessions
  tokens: LogoutTokens
  clock: Clock
  csp: string
}

/** Sends the person to the issuer, with what else is asked of the sign-in; `next` is where they go on afterwards. */
export async function beginSignIn(place: Place, asked: Asked, next: string, more: Record<string, string> = {}): Promise<Answer> {
  const known = place.sessions.find(asked.cookie(cookieName(place)))
  const { id, session } = known ? { id: undefined, session: known } : place.sessions.start()
  try {
    const { location, state, ...kept } = await place.party.begin(addressOf(place, asked, '/callback'), more)
    session.pending.set(state, { ...kept, next })
    if (session.pending.size > 10) session.pending.delete([...session.pending.keys()][0] ?? '')
    const answer = redirect(location)
    return id === undefined ? answer : withCookie(answer, place, id)
  } catch {
    // Not answering, or answering nonsense: for who wants to sign in it is the same.
    return page(troublePage(place.registration, away(place)), place.csp, 503)
  }
}

/** The registered addresses name localhost, whatever name of this machine the browser used. */
export const addressOf = (place: Place, asked: Asked, act: string) =>
  `http://localhost:${asked.url.port || 80}/${place.registration.path}${act}`

export const cookieName = (place: Place) => `demo-app-${place.registration.path.replace('/', '-')}`

export function withCookie(answer: Answer, place: Place, id: string): Answer {
  const end = id === '' ? '; Max-Age=0' : ''
  const cookie = `${cookieName(place)}=${id}; Path=/${place.registration.path}; HttpOnly; SameSite=Lax${end}`
  return { ...answer, headers: { ...answer.headers, 'set-cookie': cookie } }
}

export const away = ({ registration: { words } }: Place) =>
  `Sluis antwoordt nu niet. ${words.you === 'u' ? 'U kunt' : 'Je kunt'} het zo meteen opnieuw proberen.`
