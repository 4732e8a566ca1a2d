import type { Instant } from '../decision/index.ts'
import { type Happened, type NoticeFacts, notMeSeconds } from '../delivery/index.ts'
import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import {
  type AccountRow,
  addLink,
  changeLinkFacts,
  findAccount,
  findLink,
  type LinkRow,
  shortLinkToken,
  spendLink,
  type Tx,
} from '../storage/index.ts'
import { type Done, secureAccount } from './secure.ts'

/** What a link 'this was not me' stands for. `old`: over, of another portal, or never one of ours; nobody hears which. */
export type NotMe =
  | { readonly link: 'open'; readonly events: readonly Happened[] }
  | { readonly link: 'used'; readonly usedAt: Instant; readonly done: readonly Done[] }
  | { readonly link: 'old' }

interface Facts extends NoticeFacts {
  readonly done?: readonly Done[]
}

const purpose = 'not-me'

/** Looks at a link; changes nothing. */
export async function lookAtNotMe(house: House, portal: Portal, token: string, now: Instant): Promise<NotMe> {
  return standOf(await findLink(house.storage.db, house.vault, portal.id, purpose, token), now)
}

function standOf(link: LinkRow | undefined, now: Instant): NotMe {
  if (!link || link.ends_at <= now) return { link: 'old' }
  const { told, done = [] } = JSON.parse(link.facts) as Facts
  return link.used_at === null ? { link: 'open', events: told } : { link: 'used', usedAt: link.used_at, done }
}

/** 'Ja, beveilig mijn account': once for a link; whoever presses it again sees what was done. */
export async function sayNotMe(house: House, portal: Portal, token: string, address: string, now: Instant): Promise<NotMe> {
  return house.storage.inTransaction(async (tx) => {
    const link = await findLink(tx, house.vault, portal.id, purpose, token)
    if (link && (await spendLink(tx, link.id, now))) {
      const account = await findAccount(tx, portal.id, link.account_id)
      const facts = JSON.parse(link.facts) as Facts
      if (account) await secureAndNote(tx, house, account, link.id, facts, address, now)
    }
    return standOf(await findLink(tx, house.vault, portal.id, purpose, token), now)
  })
}

/** 'Beveilig mijn account nu', inside a session. @returns the token of a link that is spent and shows what was done. */
export async function secureNow(house: House, portal: Portal, accountId: string, address: string, now: Instant): Promise<string> {
  const id = house.random.id()
  const token = shortLinkToken(house.vault, id)
  await house.storage.inTransaction(async (tx) => {
    const account = await findAccount(tx, portal.id, accountId)
    if (!account) return
    const row = { id, portal: portal.id, account_id: accountId, purpose, created_at: now, used_at: now }
    await addLink(tx, house.vault, { ...row, facts: '{"told":[]}', ends_at: now + notMeSeconds * 1000 }, token)
    await secureAndNote(tx, house, account, id, { told: [] }, address, now)
  })
  return token
}

/** 'Dit was ik niet' beside something that happened: the same question as behind the link of a mail. @returns the token of its link. */
export async function askNotMe(house: House, portal: Portal, accountId: string, now: Instant): Promise<string> {
  const id = house.random.id()
  const token = shortLinkToken(house.vault, id)
  const row = { id, portal: portal.id, account_id: accountId, purpose, created_at: now, used_at: null, facts: '{"told":[]}' }
  await house.storage.inTransaction((tx) => addLink(tx, house.vault, { ...row, ends_at: now + askedSeconds * 1000 }, token))
  return token
}
const askedSeconds = 900

async function secureAndNote(
  tx: Tx,
  house: House,
  account: AccountRow,
  link: string,
  facts: Facts,
  address: string,
  now: Instant,
): Promise<void> {
  const done = await secureAccount(tx, house, account, facts.told, address, now)
  await changeLinkFacts(tx, link, JSON.stringify({ ...facts, done }))
}
