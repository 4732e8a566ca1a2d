import { equalInConstantTime, type House } from '../factors/index.ts'
import { homeOf, type Portal } from '../portals/index.ts'

/*
 * Two independent walls against forms of other sites: the browser's word where the form stands (Origin), and a value that only a
 * page drawn for this browser holds. The value is derived from the browser's form cookie, so drawing a page writes nothing.
 */

/** The hidden value for forms drawn in the browser with this form cookie. */
export function csrfValue(house: House, portal: Portal, formCookie: string): string {
  return house.vault.mac('csrf', portal.id, formCookie)
}

export function isOwnForm(house: House, portal: Portal, formCookie: string | undefined, given: string | undefined): boolean {
  return formCookie !== undefined && given !== undefined && equalInConstantTime(csrfValue(house, portal, formCookie), given)
}

/** Equal to the portal's own address, never compared with Host, which the client chooses. */
export const isOwnOrigin = (portal: Portal, origin: string | undefined): boolean => origin === homeOf(portal).origin
