import type { IncomingHttpHeaders } from 'node:http'
import type { Instant } from '../decision/index.ts'
import { type House, hashOfToken } from '../factors/index.ts'
import { noteActivity, type Situation, situationHeld } from '../sign-in/index.ts'
import { findHostSession } from '../storage/index.ts'
import { doorPath, type ProtectedHost, pageOn, readHostCookie } from './forward-hosts.ts'

/** Who it is, for the application behind the proxy. All four are always there, so that forged ones are always replaced. */
export type Identity = Readonly<Record<'remote-user' | 'remote-email' | 'remote-name' | 'remote-groups', string>>

export type Checked =
  | { readonly may: 'pass'; readonly identity: Identity }
  /** Undefined address: nobody is there who could follow it, such as a script or a form. */
  | { readonly may: 'not-pass'; readonly signInAt: string | undefined }

/** Rests while nothing was written: an answer that was read is good as long as the database stands still, and not longer than this. */
const keptSeconds = 2
const mostKept = 10_000

interface Kept {
  readonly version: number
  readonly at: Instant
  readonly situation: Situation
  readonly identity: Identity
}

export type Check = (host: ProtectedHost, headers: IncomingHttpHeaders) => Promise<Checked> | Checked

/**
 * May this request pass? The host comes from the proxy's own configuration, the rest from the cookie of that host; what the proxy tells
 * of the request (X-Forwarded-Uri, X-Forwarded-Method) chooses where a refused one is led, and nothing else.
 */
export function checkOf(house: House): Check {
  const { storage, vault, clock } = house
  const kept = new Map<string, Kept>()
  return (host, headers) => {
    const token = readHostCookie(host, 'host', headers.cookie)
    if (token === undefined) return notPass(host, headers)
    const [now, version, key] = [clock.now(), storage.version(), `${host.host} ${token}`]
    const before = kept.get(key)
    if (before !== undefined && before.version === version && before.at + keptSeconds * 1000 > now && before.at <= now) {
      if (!isActivity(headers)) return { may: 'pass', identity: before.identity }
      return passing(house, before.situation, before.identity, headers)
    }
    return decide(house, host, hashOfToken(vault, 'host', token), now).then((situation) => {
      const identity = identityOf(situation)
      if (!situation || !identity) {
        kept.delete(key)
        return notPass(host, headers)
      }
      if (kept.size >= mostKept) kept.clear()
      if (version !== undefined) kept.set(key, { version, at: now, situation, identity })
      return passing(house, situation, identity, headers)
    })
  }
}

async function decide(house: House, host: ProtectedHost, hash: string, now: Instant): Promise<Situation | undefined> {
  const { db } = house.storage
  const row = await findHostSession(db, host.portal.id, host.application, hash)
  if (!row) return undefined
  const request = { application: host.application, at: row.asked_at }
  return situationHeld(db, house, host.portal, { sessionId: row.session_id, browserId: row.browser_id }, { interaction: '', request }, now)
}

/** Only who did all that is asked has an identity here. */
function identityOf(situation: Situation | undefined): Identity | undefined {
  if (situation?.step.step !== 'done' || !situation.account) return undefined
  const { shown_name, email, given_name, family_name, group_name } = situation.account
  return {
    'remote-user': headerText(shown_name),
    'remote-email': headerText(email ?? ''),
    'remote-name': headerText([given_name, family_name].filter(Boolean).join(' ')),
    'remote-groups': headerText(group_name ?? ''),
  }
}

/** UTF-8, as applications behind proxies read it; nothing that could end a header. */
const headerText = (text: string): string => Buffer.from(text.replace(/\p{Cc}/gu, ' '), 'utf8').toString('latin1')

async function passing(
  { storage }: House,
  { session, now }: Situation,
  identity: Identity,
  headers: IncomingHttpHeaders,
): Promise<Checked> {
  if (session && isActivity(headers)) await noteActivity(storage.db, session, now)
  return { may: 'pass', identity }
}

/** A page that a person opened, says the browser; what a script fetches by itself keeps no session alive. */
const isActivity = (headers: IncomingHttpHeaders): boolean => headers['sec-fetch-user'] === '?1'

function notPass(host: ProtectedHost, headers: IncomingHttpHeaders): Checked {
  const [method, page] = [headers['x-forwarded-method'], headers['x-forwarded-uri']]
  const canFollow = (method === 'GET' || method === 'HEAD') && isPage(headers) && !headers.upgrade
  if (!canFollow) return { may: 'not-pass', signInAt: undefined }
  const path = pageOn(host, typeof page === 'string' ? page : undefined).slice(host.origin.length)
  return { may: 'not-pass', signInAt: `${host.origin}${doorPath}sign-in?to=${encodeURIComponent(path)}` }
}

/** A whole page, as far as the browser says: a script reads no sign-in, and no frame may show one. */
const isPage = ({ 'sec-fetch-mode': mode = 'navigate', 'sec-fetch-dest': place = 'document' }: IncomingHttpHeaders): boolean =>
  mode === 'navigate' && place === 'document'
