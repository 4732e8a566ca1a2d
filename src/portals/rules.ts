import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
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
  demand(isTimeZone(timeZone), ['timeZone'], 'allowed: a time zone like Europe/Brussels')
  for (const [name, application] of Object.entries(applications)) {
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
  }
  const ids = Object.values(applications).flatMap((it) => it.client?.id ?? [])
  demand(new Set(ids).size === ids.length, ['applications'], 'allowed: each client id once')
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

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
