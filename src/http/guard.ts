import type { IncomingMessage, ServerResponse } from 'node:http'
import * as audit from '../audit/index.ts'
import { homeOf, type Portal } from '../portals/index.ts'
import { readCookie, setCookie } from './cookies.ts'
import { isOwnForm, isOwnOrigin } from './csrf.ts'
import { readForm } from './form.ts'
import { troubleAnswer } from './trouble.tsx'
import type { Answer, Doors, Visit } from './visit.ts'
import { visitorOf } from './visitor.ts'

export function visitFrom(doors: Doors, portal: Portal, request: IncomingMessage, response: ServerResponse): Visit {
  const known = readCookie(portal, request, 'form')
  const formCookie = known ?? doors.house.random.token()
  return {
    doors,
    portal,
    request,
    response,
    query: new URLSearchParams((request.url ?? '').split('?')[1] ?? ''),
    now: doors.house.clock.now(),
    visitor: visitorOf(portal, request, doors.clientAddress),
    formCookie,
    newCookies: known === undefined ? [setCookie(portal, 'form', formCookie)] : [],
    fields: new Map(),
  }
}

/** From where, by which form, with what: in this order, and nothing happens before all of it is right. */
export async function guardPost(visit: Visit, body: unknown, declared: readonly string[]): Promise<Visit | Answer> {
  const { portal, request, formCookie, doors } = visit
  if (!isOwnOrigin(portal, request.headers.origin)) return refused(visit, 'origin', 403)
  if ([...visit.query].length > 0 || request.headers['content-encoding']) return refused(visit, 'malformed', 400)
  const text = textOf(body)
  const form = text === undefined ? undefined : readForm(text, ['csrf', ...declared])
  if (!form || 'malformed' in form) return refused(visit, 'malformed', 400)
  if (visit.newCookies.length > 0) return troubleAnswer(visit, { kind: 'cookies', host: homeOf(portal).host }, 400)
  if (!isOwnForm(doors.house, portal, formCookie, form.fields.get('csrf'))) return refused(visit, 'csrf', 403)
  return { ...visit, fields: form.fields }
}

/** A form that could not even be read. */
export const noteMalformed = (visit: Visit): Promise<void> => note(visit, 'malformed')
/** Somebody planted a cookie beside one of ours: both count as none. */
export const noteDoubled = (visit: Visit): Promise<void> => note(visit, 'cookie')

async function refused(visit: Visit, reason: Reason, status: number): Promise<Answer> {
  await note(visit, reason)
  return troubleAnswer(visit, { kind: 'expired' }, status)
}

type Reason = 'origin' | 'csrf' | 'malformed' | 'cookie'

function note({ doors: { house }, portal, now, visitor }: Visit, reason: Reason): Promise<void> {
  return audit.requestRefused(house.storage.db, { random: house.random, portal: portal.id, at: now, address: visitor.address, reason })
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Only UTF-8; a body of nothing is an empty form. */
function textOf(body: unknown): string | undefined {
  if (body === undefined || body === null) return ''
  try {
    return utf8.decode(body as Buffer)
  } catch {
    return undefined
  }
}
