import type { ConnectAsked } from '../connect/index.ts'
import { readCookie, setCookie } from './cookies.ts'
import type { Visit } from './visit.ts'
import { languagesOf } from './visitor.ts'

/**
 * What an application thinks of the person: a name to begin with, whether anybody has it or not, and languages, of which the first that
 * the portal speaks is taken. What the person typed or chose is never changed.
 */
export function withHints(visit: Visit, asked: ConnectAsked | undefined): { visit: Visit; cookies: readonly string[] } {
  const { portal, request, fields, visitor } = visit
  if (!asked) return { visit, cookies: [] }
  const { loginHint, languages = [] } = asked
  const hasChosen = readCookie(portal, request, 'language') !== undefined
  const language = hasChosen
    ? undefined
    : languages.map((it) => languagesOf(portal).find((one) => one === it)).find((it) => it !== undefined)
  return {
    visit: {
      ...visit,
      fields: loginHint === undefined || fields.size > 0 ? fields : new Map([['username', loginHint]]),
      visitor: language ? { ...visitor, language } : visitor,
    },
    // So that the pages after this one speak it too.
    cookies: language && language !== visitor.language ? [setCookie(portal, 'language', language)] : [],
  }
}
