import { levelInWords, momentInWords } from './claims.ts'

/** What an id_token tells, as sentences that anybody can read; each with the claim that it comes from. */
export interface Sentence {
  readonly claim: string
  readonly text: string
}

const steps: Record<string, string> = {
  pwd: 'het wachtwoord',
  otp: 'een code uit de app',
  sms: 'een code uit een sms',
  email: 'een code uit een e-mail',
}

export function storyOf(claims: Record<string, unknown>, title: string, portalName: string): Sentence[] {
  const told: Sentence[] = []
  const tell = (claim: string, text: string): void => void told.push({ claim, text })
  const when = momentInWords(claims.auth_time)
  tell('iss', `Sluis zegt dit, namens ${portalName}: ${String(claims.iss ?? 'onbekend')}.`)
  tell('aud', `Het is gezegd tegen ${title} (${[claims.aud].flat().join(', ')}) en tegen niemand anders.`)
  tell('sub', `Het gaat over één account van ${portalName}. Het kenmerk blijft hetzelfde, ook als de gebruikersnaam verandert.`)
  tell('auth_time', `Op ${when} is voor het laatst echt iets bewezen. Daarna is niets meer gevraagd.`)
  tell('amr', `Toen is gegeven: ${listOf(claims.amr)}.`)
  tell('acr', `Zo zeker is het: ${levelInWords(claims.acr)}.`)
  if (claims.acr === 'urn:sluis:acr:2-remembered') tell('acr', 'De tweede stap is eerder gezet. Deze browser is sindsdien onthouden.')
  if (typeof claims.sid === 'string') tell('sid', 'Als die sessie ergens eindigt, hoort deze toepassing het binnen een minuut.')
  if (typeof claims.exp === 'number')
    tell('exp', `Dit bewijs is goed tot ${momentInWords(claims.exp)}. Aangemeld blijven hangt daar niet van af.`)
  return told
}

function listOf(amr: unknown): string {
  const known = [amr].flat().flatMap((it) => (typeof it === 'string' && Object.hasOwn(steps, it) ? [steps[it] ?? ''] : []))
  if (known.length === 0) return 'niet gezegd'
  return known.length === 1 ? (known[0] ?? '') : `${known.slice(0, -1).join(', ')} en ${known.at(-1)}`
}
