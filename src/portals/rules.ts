import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { isBareHomeAddress, isHomeAddress } from './address.ts'
import type { PortalFile } from './schema.ts'

export interface Breach {
  readonly path: readonly string[]
  readonly allowed: string
}

const houseCodeLifeSeconds = 600

/** What a schema cannot say: settings that contradict each other, and weaker ones without a written reason. */
export function breachesOf(file: PortalFile, folder: string): Breach[] {
  const { secondStep, applications, theme, sms, timeZone } = file
  const breaches: Breach[] = []
  const demand = (holds: boolean, path: readonly string[], allowed: string): void => {
    if (!holds) breaches.push({ path, allowed })
  }
  const textsSms = secondStep.methods.includes('sms') || secondStep.phoneBeforeApp || secondStep.gate === 'sms-or-email'
  demand(!textsSms || sms !== undefined, ['sms'], 'allowed: name and sender, because this portal sends text messages')
  demand(new Set(secondStep.methods).size === secondStep.methods.length, ['secondStep', 'methods'], 'allowed: each method once')
  demand(
    !secondStep.phoneBeforeApp || secondStep.methods.includes('totp'),
    ['secondStep', 'phoneBeforeApp'],
    'allowed: only with the method totp',
  )
  demand(
    secondStep.codeLifeSeconds <= houseCodeLifeSeconds || Boolean(secondStep.deviations.codeLife),
    ['secondStep', 'codeLifeSeconds'],
    `allowed: at most ${houseCodeLifeSeconds}, or a written reason in secondStep.deviations.codeLife`,
  )
  demand(
    secondStep.gate !== 'none' || Boolean(secondStep.deviations.gate),
    ['secondStep', 'gate'],
    'allowed: email or sms-or-email, or a written reason in secondStep.deviations.gate',
  )
  demand(
    file.address === undefined || isHomeAddress(file.address),
    ['address'],
    'allowed: an address like https://login.example.org; http only on localhost',
  )
  demand(isTimeZone(timeZone), ['timeZone'], 'allowed: a time zone like Europe/Brussels')
  const titles = new Set<string>()
  const ids = new Set<string>()
  for (const [name, application] of Object.entries(applications)) {
    const title = asRead(application.title)
    demand(!titles.has(title), ['applications', name, 'title'], 'allowed: one that does not read like that of another application')
    titles.add(title)
    demand(
      application.secondStep !== 'remembered' || secondStep.rememberedBrowser !== undefined,
      ['applications', name, 'secondStep'],
      'allowed: session or every-time, or days in secondStep.rememberedBrowser',
    )
    demand(
      !(application.client?.secret && application.client.secretFile),
      ['applications', name, 'client'],
      'allowed: one of secret and secretFile',
    )
    demand(
      application.protects === undefined || isBareHomeAddress(application.protects),
      ['applications', name, 'protects'],
      'allowed: an address like https://planning.example.org, without a path; http only on localhost',
    )
    demand(
      application.leadsOnTo.every(isBareHomeAddress),
      ['applications', name, 'leadsOnTo'],
      'allowed: addresses like https://www.example.org, without a path; http only on localhost',
    )
    const client = application.client
    demand(client === undefined || !ids.has(client.id), ['applications', name, 'client', 'id'], 'allowed: each client id once')
    if (client) ids.add(client.id)
    for (const key of ['redirectUris', 'postLogoutRedirectUris'] as const)
      demand(
        (client?.[key] ?? []).every((it) => isHomeAddress(withoutQuery(it))),
        ['applications', name, 'client', key],
        'allowed: addresses like https://desk.example.org/callback, without a fragment; http only on localhost',
      )
    demand(
      client?.backchannelLogoutUri === undefined || isHomeAddress(withoutQuery(client.backchannelLogoutUri)),
      ['applications', name, 'client', 'backchannelLogoutUri'],
      'allowed: an address like https://desk.example.org/ended; http only on localhost',
    )
    demand(
      client?.pkce !== 'not-required' || Boolean(client.deviations.pkce),
      ['applications', name, 'client', 'pkce'],
      'allowed: required, or a written reason in deviations.pkce beside it',
    )
    demand(
      client?.authentication !== 'private-key' || (client.keysFile !== undefined && !client.secret && !client.secretFile),
      ['applications', name, 'client', 'authentication'],
      'allowed: private-key with keysFile and without a secret',
    )
    demand(
      !client?.scopes.includes('offline_access') || client.refreshTokens,
      ['applications', name, 'client', 'scopes'],
      'allowed: offline_access only with refreshTokens',
    )
  }
  for (const key of ['logo', 'logoDark'] as const) {
    const logo = theme[key]
    demand(
      logo === undefined || (/\.(svg|png)$/.test(logo) && existsSync(resolve(folder, logo))),
      ['theme', key],
      'allowed: an SVG or PNG file beside the portal file',
    )
  }
  return breaches
}

/** A setting that is weaker than the house rule, and the reason that stands beside it. */
export interface Deviation {
  readonly key: string
  readonly set: string
  readonly house: string
  readonly reason: string
}

/** What an operator should keep seeing: allowed, but weaker than the house rule. */
export function deviationsOf({ secondStep, applications }: Pick<PortalFile, 'secondStep' | 'applications'>): Deviation[] {
  const { gate, codeLifeSeconds, deviations } = secondStep
  return [
    ...(gate === 'none'
      ? [{ key: 'secondStep.gate', set: 'none', house: 'a proof before any secret is shown', reason: deviations.gate ?? '' }]
      : []),
    ...(codeLifeSeconds > houseCodeLifeSeconds
      ? [
          {
            key: 'secondStep.codeLifeSeconds',
            set: String(codeLifeSeconds),
            house: `at most ${houseCodeLifeSeconds}`,
            reason: deviations.codeLife ?? '',
          },
        ]
      : []),
    ...Object.entries(applications).flatMap(([name, { client }]) =>
      client?.pkce === 'not-required'
        ? [
            {
              key: `applications.${name}.client.pkce`,
              set: 'not-required',
              house: 'PKCE S256 for every client',
              reason: client.deviations.pkce ?? '',
            },
          ]
        : [],
    ),
  ]
}

/** What a reader sees of a title: neither capitals nor spaces, marks that nobody sees or other forms of a letter tell two apart. */
const asRead = (title: string): string =>
  title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{C}]/gu, '')

/** A query may stand in it, a fragment not (RFC 6749, section 3.1.2; Back-Channel Logout 1.0, section 2.2). */
const withoutQuery = (address: string): string => address.replace(/\?[^#]*$/, '')

/** Asking costs a millisecond, and portals mostly share one. */
const knownZones = new Set<string>()

function isTimeZone(name: string): boolean {
  if (knownZones.has(name)) return true
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    knownZones.add(name)
    return true
  } catch {
    return false
  }
}
