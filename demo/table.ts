import type { HubFacts } from './hub/index.ts'
import type { Ports } from './ports.ts'

/** What `npm start` prints once all listens. */
export function tableOf(ports: Ports, facts: HubFacts, data: string): string {
  const places = [
    ['Begin hier', `http://localhost:${ports.inbox}`, 'portalen, mensen, postvak, authenticator'],
    ['Sluis', `http://localhost:${ports.web}`, ''],
    ...facts.portals.flatMap((portal) => [
      [portal.name, portal.address, ''],
      ...portal.applications.map((application) => [`  ${application.name}`, application.address, application.rule]),
    ]),
    ['Berichten (JSON)', `http://localhost:${ports.inbox}/api/messages`, `SMTP ${ports.smtp}, SMPP ${ports.smpp}`],
    ['Metingen', `http://localhost:${ports.metrics}/metrics`, ''],
    ['Gegevens', data, 'blijven bewaard; zonder deze map begint alles opnieuw'],
  ]
  const people = facts.portals.flatMap((portal) =>
    portal.people.map((person) => [portal.name, person.userName, person.key ?? '-', person.state]),
  )
  return [
    ...rows(places),
    '',
    ...rows([['Portaal', 'Gebruikersnaam', 'TOTP-sleutel', 'Toestand'], ...people]),
    '',
    `Wachtwoord van iedereen: ${facts.password}`,
    'Stoppen: Ctrl-C',
    '',
  ].join('\n')
}

function rows(lines: string[][]): string[] {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
