import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse, stringify } from 'yaml'
import { demoApplications, demoPortals, type Registration } from './application/index.ts'
import type { Ports } from './ports.ts'

/** The demo's configuration of Sluis, written anew at every start: ports may change, data stays. */

export function makeDataFolder(data: string): void {
  mkdirSync(data, { recursive: true, mode: 0o700 })
}

/** Fresh at every start: only sluis.yaml and the applications in memory know them. */
export const newSecrets = (): Record<string, string> =>
  Object.fromEntries(demoApplications.map(({ portal, name }) => [`${portal}/${name}`, randomBytes(32).toString('base64url')]))

export function writeSettings(root: string, data: string, ports: Ports, secrets: Record<string, string>): string {
  const file = join(data, 'sluis.yaml')
  const settings = {
    database: join(data, 'sluis.db'),
    masterKey: { file: join(data, 'master.key') },
    portals: join(root, 'portals'),
    listen: { port: ports.web, hosts: ['127.0.0.1', '::1'] },
    address: `http://localhost:${ports.web}`,
    metricsPort: ports.metrics,
    smtp: { host: '127.0.0.1', port: ports.smtp, secure: 'none' },
    smpp: { host: '127.0.0.1', port: ports.smpp, systemId: 'sluis', password: 'catcher' },
    environment: 'production',
    applications: { address: `http://localhost:${ports.app}`, secrets },
  }
  const text = `# The settings of the demo, written by 'npm start' at every start. Not for production.\n${stringify(settings)}`
  // Replaced as a whole: a command beside the demo never reads half a file.
  writeFileSync(`${file}.new`, text, { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return file
}

/** What each relying application is told: its issuer, its client id and its secret. */
export function registrationsFrom(root: string, ports: Ports, secrets: Record<string, string>): Registration[] {
  const files = portalFiles(join(root, 'portals'))
  return demoApplications.flatMap(({ portal, name, title }) => {
    const file = files.get(portal)
    const known = demoPortals[portal]
    const clientId = file?.applications?.[name]?.client?.id
    if (!known || clientId === undefined) return []
    const issuer = file?.address ?? `http://localhost:${ports.web}/${portal}`
    return [
      {
        path: `${portal}/${name}`,
        title,
        portalName: known.name,
        issuer,
        clientId,
        clientSecret: secrets[`${portal}/${name}`] ?? '',
        words: known.words,
      },
    ]
  })
}

interface PortalFile {
  address?: string
  applications?: Record<string, { client?: { id?: string } }>
}

function portalFiles(folder: string): Map<string, PortalFile> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml') && !name.startsWith('_'))
  return new Map(names.map((name) => [basename(name, '.yaml'), parse(readFileSync(join(folder, name), 'utf8')) as PortalFile]))
}
