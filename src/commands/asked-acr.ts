import { acrsOf } from '../connect/index.ts'
import type { Request } from '../decision/index.ts'
import type { Portal } from '../portals/index.ts'
import { Refused } from './report.ts'

/** What an application would ask of a sign-in: `acr_values`, or an essential `acr` when it must be one of these. */
export interface AskedAcr {
  readonly acr?: readonly string[]
  readonly must?: boolean
}

export interface Asking {
  readonly request: Pick<Request, 'wished' | 'mustBe'>
  /** A sentence each. */
  readonly words: readonly string[]
}

/** As the issuer of this portal would take it. */
export function askingOf(portal: Portal, { acr = [], must = false }: AskedAcr): Asking {
  if (must && acr.length === 0) throw new Refused('--must says how an acr is asked: add --acr.')
  if (acr.length === 0) return { request: {}, words: [] }
  const there = acrsOf(portal)
  const [known, strange] = [acr.filter((it) => there.some((one) => one === it)), acr.filter((it) => !there.some((one) => one === it))]
  if (must && known.length === 0)
    throw new Refused(
      `No sign-in of ${portal.name} says ${acr.join(' or ')}: the application hears unmet_authentication_requirements. There are: ${there.join(', ')}.`,
    )
  const unknown = strange.map((it) => `No sign-in here says ${it}: ${must ? 'it cannot be reached' : 'the wish changes nothing'}.`)
  const asked = known.join(' or ')
  if (must) return { request: { mustBe: acr }, words: [`The application must have ${asked}: nothing else will do.`, ...unknown] }
  const wish = known.length === 0 ? [] : [`The application wishes for ${asked} or more: weaker ways are left out.`]
  return { request: { wished: acr }, words: [...wish, ...unknown] }
}
