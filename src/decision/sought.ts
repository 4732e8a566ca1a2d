import type { Acr, Kind, Request } from './types.ts'

/** From weak to strong. */
const acrs: readonly Acr[] = ['urn:sluis:acr:1', 'urn:sluis:acr:2-remembered', 'urn:sluis:acr:2-mail', 'urn:sluis:acr:2']

type Alternatives = readonly (readonly Kind[])[]

/**
 * The alternatives that the application's wish leaves: those that are said as it must be (OpenID Connect Core, section 5.5.1.1), and
 * of these the ones that are at least as strong as the weakest it named (RFC 9470, section 4). A wish only ever takes away; one that
 * leaves nothing that a person can still show takes nothing away, and who asked hears what was reached.
 */
export function soughtOf(alternatives: Alternatives, { mustBe, wished }: Request): Alternatives {
  const exact = mustBe ? those(alternatives, (it) => mustBe.includes(it)) : alternatives
  const ranks = (wished ?? []).map(rankOf).filter((it) => it >= 0)
  return ranks.length === 0 ? exact : those(exact, (it) => rankOf(it) >= Math.min(...ranks))
}

/** A remembered browser alone is nothing that a person can show: it is there or not. */
function those(alternatives: Alternatives, isWanted: (acr: Acr) => boolean): Alternatives {
  const left = alternatives.filter((it) => isWanted(acrOf(it)))
  return left.some((it) => !it.includes('remembered')) ? left : alternatives
}

/** Where it stands from weak to strong; -1: nobody knows it. */
export const rankOf = (acr: string): number => acrs.indexOf(acr as Acr)

export const acrOf = (kinds: readonly Kind[]): Acr =>
  kinds.includes('possession')
    ? 'urn:sluis:acr:2'
    : kinds.includes('mailbox')
      ? 'urn:sluis:acr:2-mail'
      : kinds.includes('remembered')
        ? 'urn:sluis:acr:2-remembered'
        : 'urn:sluis:acr:1'
