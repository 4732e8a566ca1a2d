import { type Notice, type Telling, tellOwner } from '../delivery/index.ts'
import type { House } from '../factors/index.ts'
import type { Tx } from '../storage/index.ts'
import type { Situation, Visitor } from './situation.ts'

type Here = Pick<Situation, 'portal' | 'account' | 'attempt' | 'now'>

/** Tells the owner what this sign-in changed or tried. Wake delivery after the commit. */
export async function tell(
  tx: Tx,
  house: House,
  here: Here,
  visitor: Visitor | undefined,
  notice: Notice,
  alsoTo: Telling['alsoTo'] = {},
): Promise<void> {
  const { portal, account, attempt, now } = here
  if (!account) return
  const language = attempt?.language ?? visitor?.language
  await tellOwner(tx, house, { portal, account, alsoTo, now, device: visitor?.device, ...(language ? { language } : {}) }, notice)
}
