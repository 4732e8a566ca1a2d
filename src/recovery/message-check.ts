import type { Instant } from '../decision/index.ts'
import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { countInWindow, messageNumbered, networksOf, wasReferenceSent } from '../storage/index.ts'

/** What is known of a number that somebody read in a message; never of whom, to whom or what for. */
export type MessageCheck =
  | { readonly message: 'ours'; readonly at: Instant }
  /** A kenmerk has three characters: that one was sent proves little. */
  | { readonly message: 'sent-lately' }
  | { readonly message: 'empty' | 'not-found' }
  | { readonly message: 'too-many'; readonly until: Instant }

const lookUps = 20
const windowSeconds = 600
const daySeconds = 86_400
const numberPattern = /^[A-Z0-9]{8}$/
const referencePattern = /^[A-Z0-9]{3}$/

/** Counted for each network at each portal, also when something is found: walking along all kenmerken is what the count is for. */
export async function checkMessage(house: House, portal: Portal, address: string, typed: string, now: Instant): Promise<MessageCheck> {
  const { db } = house.storage
  const number = canonical(typed)
  if (number === '') return { message: 'empty' }
  if ((await countInWindow(db, `message-check ${portal.id} ${networksOf(address)[0]}`, windowSeconds, now)) > lookUps)
    return { message: 'too-many', until: now + windowSeconds * 1000 }
  if (numberPattern.test(number)) {
    const at = await messageNumbered(db, portal.id, number)
    return at === undefined ? { message: 'not-found' } : { message: 'ours', at }
  }
  const isKnown = referencePattern.test(number) && (await wasReferenceSent(db, portal.id, number, now - daySeconds * 1000))
  return { message: isKnown ? 'sent-lately' : 'not-found' }
}

/** As people copy it: with spaces, hyphens or a full stop, in any case. */
const canonical = (typed: string): string =>
  typed
    .slice(0, 100)
    .normalize('NFKC')
    .replace(/[\s.-]/g, '')
    .toUpperCase()
