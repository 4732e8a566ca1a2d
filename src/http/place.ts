import { homeOf, type Portal } from '../portals/index.ts'

/** Which portal a request is for, by the address that the configuration gives it; nothing of the request is believed but the match. */
export type Place =
  | { readonly place: 'portal'; readonly portal: Portal; readonly path: string; readonly search: string }
  | { readonly place: 'host'; readonly path: string }
  | { readonly place: 'unknown-host' }
  | { readonly place: 'no-path' }

export function placesOf(portals: Iterable<Portal>): (host: string | undefined, url: string | undefined) => Place {
  const known = Array.from(portals, (portal) => ({ portal, ...homeOf(portal) }))
  const hosts = new Set(known.map((it) => it.host))
  return (host, url = '') => {
    const named = (host ?? '').toLowerCase()
    if (!hosts.has(named)) return { place: 'unknown-host' }
    const [path = '', search = ''] = split(url)
    // One spelling for each page: what is escaped, doubled or dotted is no page of ours.
    if (!path.startsWith('/') || /[%;\\]|\/\/|\/\.\.?(\/|$)/.test(path)) return { place: 'no-path' }
    const found = known.find((it) => it.host === named && (path === it.base || path.startsWith(`${it.base}/`)))
    if (!found) return { place: 'host', path }
    return { place: 'portal', portal: found.portal, path: path.slice(found.base.length) || '/', search }
  }
}

function split(url: string): [string, string] {
  const at = url.indexOf('?')
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)]
}
