import type { Clock } from '../clock.ts'
import type { Answer } from '../http.ts'
import { json } from '../http.ts'
import type { RelyingParty } from './relying-party.ts'

/*
 * The sample resource server of the demo: one thing that asks more than a sign-in usually shows. It believes no application; it asks the
 * issuer what the token stands for, and answers with a challenge when that is too little (RFC 9470, section 3).
 *
 *     application ── Bearer token ──> vault ── introspection ──> issuer
 *                 <── 401 insufficient_user_authentication, acr_values, max_age
 */

export const wanted = { acr: 'urn:sluis:acr:2', maxAgeSeconds: 300 } as const

export async function openVault(party: RelyingParty, authorization: string | undefined, clock: Clock): Promise<Answer> {
  const [, token] = /^bearer +([\w.~+/-]+=*)$/i.exec(authorization ?? '') ?? []
  if (token === undefined) return challenge('Bearer')
  const told = await party.introspect(token)
  if (told.active !== true) return challenge('Bearer error="invalid_token"')
  const age = typeof told.auth_time === 'number' ? clock() / 1000 - told.auth_time : Number.POSITIVE_INFINITY
  if (told.acr !== wanted.acr || age > wanted.maxAgeSeconds)
    return challenge(
      `Bearer error="insufficient_user_authentication", error_description="A second step of the last ${wanted.maxAgeSeconds / 60} minutes is needed", ` +
        `acr_values="${wanted.acr}", max_age="${wanted.maxAgeSeconds}"`,
    )
  return json({ opened: true })
}

function challenge(header: string): Answer {
  const answer = json({ error: 'unauthorized' }, 401)
  return { ...answer, headers: { ...answer.headers, 'www-authenticate': header } }
}

/** What a challenge asks for, in the words of an authorization request; undefined when it is no challenge of this kind. */
export function askedBy(header: string | null): Record<string, string> | undefined {
  if (!header?.includes('error="insufficient_user_authentication"')) return undefined
  const value = (name: string): string | undefined => new RegExp(`${name}="([^"]*)"`).exec(header)?.[1]
  const [acr_values, max_age] = [value('acr_values'), value('max_age')]
  return { ...(acr_values ? { acr_values } : {}), ...(max_age ? { max_age } : {}) }
}
