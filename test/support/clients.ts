import type { Portal } from '../../src/portals/index.ts'

type Client = NonNullable<Portal['applications'][string]['client']>

/** The portal as its file would be if the client of this application said more. */
export function withClient(portal: Portal, application: string, more: Partial<Client>): Portal {
  const known = portal.applications[application]
  if (!known?.client) return portal
  return { ...portal, applications: { ...portal.applications, [application]: { ...known, client: { ...known.client, ...more } } } }
}
