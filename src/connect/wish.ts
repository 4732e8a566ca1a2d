import type { Context, ProtocolContext } from 'oidc-provider'
import { type Acr, type Instant, type Method, type Request, type Statement, statementOf } from '../decision/index.ts'
import type { Portal } from '../portals/index.ts'

/** What an application asked, as it waits with the request until the person comes back. */
export interface Kept {
  readonly request: Request
  /** It must be this person and nobody else. */
  readonly subject?: string
}

export const keptIn = (details: unknown): Kept | undefined => (details as { kept?: Kept } | undefined)?.kept

/** What of a request has no form that the standard knows. */
export type Malformed = 'max_age' | 'claims.id_token.acr'

/** Reads the request of an application, or names what cannot be read. */
export function wishOf(oidc: ProtocolContext, application: string, now: Instant): Kept | Malformed {
  const { params = {}, prompts, entities } = oidc
  const { max_age, claims, acr_values } = params
  const parsed = claims === undefined ? {} : (JSON.parse(claims) as { id_token?: { acr?: unknown; sub?: unknown } })
  const mustBe = essentialIn(parsed.id_token?.acr)
  if (mustBe === 'malformed') return 'claims.id_token.acr'
  // The provider takes every spelling of a number.
  if (max_age !== undefined && !/^\d{1,16}$/.test(max_age)) return 'max_age'
  // Nobody can show more where no page may be drawn: what the session is, is the answer.
  const wished = prompts.has('none') ? [] : (acr_values ?? '').split(' ', mostWishes).filter((it) => it !== '')
  const subject = entities.IdTokenHint?.payload.sub ?? valueIn(parsed.id_token?.sub)
  return {
    request: {
      application,
      at: now,
      ...(max_age === undefined ? {} : { maxAgeSeconds: Number(max_age) }),
      ...(prompts.has('login') || prompts.has('select_account') ? { again: true } : {}),
      ...(mustBe ? { mustBe } : {}),
      ...(wished.length > 0 ? { wished } : {}),
    },
    ...(typeof subject === 'string' ? { subject } : {}),
  }
}

/** An application that must have one says so here; `acr_values` alone are a wish. */
function essentialIn(acr: unknown): readonly string[] | undefined | 'malformed' {
  const { essential, value, values } = (acr ?? {}) as { essential?: unknown; value?: unknown; values?: unknown }
  if (essential !== true || (value === undefined && values === undefined)) return undefined
  const list = values === undefined ? [value] : values
  return Array.isArray(list) && list.every((it) => typeof it === 'string') ? list : 'malformed'
}

const valueIn = (claim: unknown): unknown => (claim as { value?: unknown } | null | undefined)?.value

/** Whether what was proved, and by whom, is what the application must have. */
export const meets = (kept: Kept, { acr }: Pick<Statement, 'acr'>, accountId: string): boolean =>
  (kept.request.mustBe?.includes(acr) ?? true) && (kept.subject === undefined || kept.subject === accountId)

/** What sign-ins of this portal can say: asked of the decision, method by method. */
export function acrsOf({ secondStep, enforcement }: Portal): Acr[] {
  const withPassword = (...second: Method[]): Acr =>
    statementOf(['password' as const, ...second].map((method) => ({ fact: 'proved', method, purpose: 'sign-in', at: 0 }))).acr
  const acrs = secondStep.methods.map((it) => withPassword(it))
  if (secondStep.rememberedBrowser) acrs.push(withPassword('remembered-browser'))
  if (enforcement.mode !== 'at-once') acrs.push(withPassword())
  return [...new Set(acrs)]
}

/** Kept for the moment between the check and the writing of the interaction. */
export const keptOf = ({ state }: Context): Kept | undefined => state.kept as Kept | undefined

const mostWishes = 20
