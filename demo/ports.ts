import { PortTaken } from './loopback.ts'

/** The ports of the demo, each with the setting that moves it. 0 takes any free port. */
export interface Ports {
  web: number
  inbox: number
  smtp: number
  smpp: number
  app: number
  metrics: number
}

const settings: Record<keyof Ports, { name: string; usual: number; what: string }> = {
  web: { name: 'SLUIS_PORT', usual: 8080, what: 'Sluis' },
  inbox: { name: 'SLUIS_INBOX_PORT', usual: 8025, what: 'het postvak' },
  smtp: { name: 'SLUIS_SMTP_PORT', usual: 2525, what: 'de mailserver' },
  smpp: { name: 'SLUIS_SMPP_PORT', usual: 2775, what: 'de sms-centrale' },
  app: { name: 'SLUIS_APP_PORT', usual: 8090, what: 'de toepassingen' },
  metrics: { name: 'SLUIS_METRICS_PORT', usual: 9090, what: 'de metingen' },
}

export function portsFrom(environment: Record<string, string | undefined>): Ports | { refused: string } {
  const ports = {} as Ports
  for (const [key, { name, usual }] of Object.entries(settings) as [keyof Ports, (typeof settings)[keyof Ports]][]) {
    const given = environment[name]?.trim()
    if (given !== undefined && given !== '' && !(/^\d{1,5}$/.test(given) && Number(given) <= 65_535)) {
      return { refused: `${name}: ${JSON.stringify(given)} gegeven, een getal van 0 tot 65535 kan.` }
    }
    ports[key] = given ? Number(given) : usual
  }
  return ports
}

/** What went wrong at the start, as one sentence that says what to do. */
export function sentenceFor(error: unknown, ports: Ports): string {
  if (!(error instanceof PortTaken))
    return sentenceForFolder(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error))
  const [, setting] =
    (Object.entries(settings) as [keyof Ports, (typeof settings)[keyof Ports]][]).find(([key]) => ports[key] === error.port) ?? []
  if (!setting) return `Poort ${error.port} is al in gebruik.`
  return `Poort ${error.port} (${setting.what}) is al in gebruik. Misschien draait de demo al: stop die, of het programma dat daar luistert, of kies een andere poort met ${setting.name}, bijvoorbeeld ${setting.name}=0 voor een vrije poort.`
}

const cannotWrite: Record<string, string> = {
  EACCES: 'mag hier niets bewaren',
  EPERM: 'mag hier niets bewaren',
  EROFS: 'kan hier niets bewaren',
  ENOSPC: 'heeft hier geen ruimte meer',
}

/** A folder that nothing can be written to is for the reader to mend, so no stack. */
function sentenceForFolder(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error && 'path' in error)) return undefined
  const why = cannotWrite[String(error.code)]
  return (
    why &&
    `De demo ${why}: ${error.path}. Geef jezelf daar rechten, of kies een andere map met SLUIS_DATA, bijvoorbeeld SLUIS_DATA=/tmp/sluis.`
  )
}
