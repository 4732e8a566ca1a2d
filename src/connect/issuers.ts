import type { Instant } from '../decision/index.ts'
import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import type { Issuer } from './issuer.ts'
import { makeSigningKeys, signingKeysNow } from './keys.ts'

interface Opened {
  readonly issuer: Issuer
  /** Its keys, as they were when it was opened. */
  readonly keys: string
}

/** A new key is published a day before it signs: this often is often enough, on every node. */
const lookMilliseconds = 60_000

/** An issuer is opened when its portal is first asked for it, and anew when its keys have changed, here or on another node. */
export function keepIssuers(house: House, open: (portal: Portal) => Promise<Issuer>): (portal: Portal) => Promise<Issuer> {
  const kept = new Map<string, { readonly opened: Promise<Opened>; readonly lookAgainAt: Instant }>()

  async function openWhenChanged(portal: Portal, before: Promise<Opened> | undefined): Promise<Opened> {
    await makeSigningKeys(house, portal)
    const keys = await signingKeysNow(house, portal)
    const known = await before
    return known?.keys === keys ? known : { keys, issuer: await open(portal) }
  }

  return async (portal) => {
    const now = house.clock.now()
    const known = kept.get(portal.id)
    if (known && now < known.lookAgainAt) return (await known.opened).issuer
    const opened = openWhenChanged(portal, known?.opened)
    kept.set(portal.id, { opened, lookAgainAt: now + lookMilliseconds })
    // One that could not be made is tried again.
    opened.catch(() => kept.delete(portal.id))
    return (await opened).issuer
  }
}
