import { type Answer, type Asked, page, redirect } from '../http.ts'
import { stepUpPage, vaultPage } from './pages.ts'
import { beginSignIn, cookieName, type Place } from './place.ts'
import { askedBy, openVault } from './vault.ts'

/** The part of the application that needs more: open, or the page that says what is missing. */
export async function showVault(place: Place, asked: Asked): Promise<Answer> {
  const user = place.sessions.find(asked.cookie(cookieName(place)))?.user
  if (!user) return redirect(`/${place.registration.path}`)
  const answer = await openVault(place.party, `Bearer ${user.accessToken}`, place.clock).catch(() => undefined)
  if (answer?.status === 200) return page(vaultPage(place.registration, user.claims), place.csp)
  // The token was renewed a moment ago, and the person has pressed the button already.
  const wanted = asked.url.searchParams.has('renewed') ? wantedBy(answer) : undefined
  if (wanted) return beginSignIn(place, asked, `/${place.registration.path}/vault?tried`, wanted)
  return page(stepUpPage(place.registration, asked.url.searchParams.has('tried')), place.csp)
}

/** Asks the issuer for exactly what the resource server asked for (RFC 9470, section 4); then the person is back where they were. */
export async function stepUp(place: Place, asked: Asked): Promise<Answer> {
  const { registration, party, sessions, clock } = place
  const user = sessions.find(asked.cookie(cookieName(place)))?.user
  if (!user) return redirect(`/${registration.path}`)
  const answer = await openVault(party, `Bearer ${user.accessToken}`, clock).catch(() => undefined)
  const wanted = wantedBy(answer)
  // A token that has run out needs a new one; what the resource server wants of it is heard then.
  return beginSignIn(place, asked, `/${registration.path}/vault?${wanted ? 'tried' : 'renewed'}`, wanted)
}

function wantedBy(answer: Answer | undefined): Record<string, string> | undefined {
  const header = answer?.headers['www-authenticate']
  return typeof header === 'string' ? askedBy(header) : undefined
}
