/** The claims of an id_token in words, each with the value itself beside it. */

const levels: Record<string, string> = {
  'urn:sluis:acr:1': 'alleen een wachtwoord',
  'urn:sluis:acr:2-mail': 'wachtwoord en een code via e-mail',
  'urn:sluis:acr:2-remembered': 'wachtwoord in een onthouden browser',
  'urn:sluis:acr:2': 'wachtwoord en een tweede stap',
  'urn:sluis:acr:phr': 'bestand tegen nagemaakte pagina’s',
}

// RFC 8176, and the private value for a code that came by mail.
const ways: Record<string, string> = {
  pwd: 'wachtwoord',
  otp: 'code uit een app',
  sms: 'code via sms',
  email: 'code via e-mail',
  mfa: 'meer dan één soort bewijs',
  hwk: 'beveiligingssleutel',
  swk: 'sleutel op een toestel',
  pop: 'bewijs van bezit',
  user: 'iemand was erbij',
  pin: 'pincode',
}

export function levelInWords(acr: unknown): string {
  if (typeof acr !== 'string') return 'niet gezegd'
  return Object.hasOwn(levels, acr) ? `${levels[acr]} (${acr})` : acr
}

export function waysInWords(amr: unknown): string {
  if (!Array.isArray(amr) || amr.length === 0) return 'niet gezegd'
  return amr.map((way) => (typeof way === 'string' && Object.hasOwn(ways, way) ? `${ways[way]} (${way})` : String(way))).join(', ')
}

/** `auth_time` is in seconds since 1970; in words it is '24 november 2026, 14.35 uur'. */
export function momentInWords(authTime: unknown, timeZone = 'Europe/Brussels'): string {
  if (typeof authTime !== 'number' || !Number.isFinite(authTime)) return 'niet gezegd'
  const moment = new Date(authTime * 1000)
  const day = new Intl.DateTimeFormat('nl-BE', { day: 'numeric', month: 'long', year: 'numeric', timeZone }).format(moment)
  const time = new Intl.DateTimeFormat('nl-BE', { hour: 'numeric', minute: '2-digit', hour12: false, timeZone }).format(moment)
  return `${day}, ${time.replace(':', '.')} uur`
}
