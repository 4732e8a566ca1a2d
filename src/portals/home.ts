import type { Portal } from './schema.ts'

/** What follows from a portal is worked out once: it does not change while it is open. */
export function oncePerPortal<T>(work: (portal: Portal) => T): (portal: Portal) => T {
  const known = new WeakMap<Portal, { readonly worked: T }>()
  return (portal) => {
    let found = known.get(portal)
    if (!found) {
      found = { worked: work(portal) }
      known.set(portal, found)
    }
    return found.worked
  }
}

interface Home {
  readonly origin: string
  readonly host: string
  /** `https:` or `http:`. */
  readonly protocol: string
  /** The path on the host, without a slash at the end: '' when the host is its own. */
  readonly base: string
}

/** Where people reach a portal, in its parts. */
export const homeOf = oncePerPortal(({ address }): Home => {
  const { origin, host, protocol, pathname } = new URL(address)
  return { origin, host, protocol, base: pathname.replace(/\/$/, '') }
})

export const basePath = (portal: Portal): string => homeOf(portal).base

/** Whether people reach it over https; else it is on this machine alone. */
export const isSecure = (portal: Portal): boolean => homeOf(portal).protocol === 'https:'
