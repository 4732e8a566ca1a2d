import type { Instant } from '../decision/index.ts'
import type { Portal } from '../portals/index.ts'
import type { Random } from '../random.ts'
import {
  type AccountRow,
  addLink,
  addToWaitingMessage,
  changeLinkFacts,
  findLinkById,
  type MessageRow,
  newestMessage,
  shortLinkToken,
  type Tx,
  type Vault,
} from '../storage/index.ts'
import { type Device, type Happened, type Notice, type NoticeFacts, noticeTexts, notMeSeconds } from './notice-kinds.ts'
import { enqueue } from './outbox.ts'

export interface Telling {
  readonly portal: Portal
  readonly account: AccountRow
  /** Where else it goes: the address or number from before a change. The present ones are always told. */
  readonly alsoTo?: { readonly email?: string; readonly phone?: string }
  readonly device?: Device | undefined
  readonly language?: string
  readonly now: Instant
}

interface House {
  readonly vault: Vault
  readonly random: Random
}

/** How long a notice may wait before it is not worth sending any more. */
const noticeSeconds = 7 * 86_400
/** Of one kind the first leaves at once; what follows within this time is told together, when it is over. */
const gatherSeconds = 3_600
const gatherBrowserSeconds = 300
/** A mail that tells of more than this tells of the latest. */
const mostTold = 10

/**
 * Tells the owner at every known address what happened, in the transaction of what happened: both or none. One link 'this was not me'
 * for the event. Wake delivery after the commit.
 */
export async function tellOwner(tx: Tx, house: House, telling: Telling, notice: Notice): Promise<void> {
  const { portal, account, device, now } = telling
  const happened: Happened = { ...notice, at: now, ...(device ? { device } : {}) }
  const link = house.random.id()
  const told = []
  for (const to of recipientsOf(telling, notice)) told.push(await tell(tx, house, telling, to, happened, link))
  if (!told.includes('alone') || !hasLink(notice)) return
  const facts: NoticeFacts = { told: [happened] }
  await addLink(
    tx,
    house.vault,
    {
      id: link,
      portal: portal.id,
      account_id: account.id,
      purpose: 'not-me',
      facts: JSON.stringify(facts),
      created_at: now,
      ends_at: now + (notMeSeconds + gatherSeconds) * 1000,
      used_at: null,
    },
    shortLinkToken(house.vault, link),
  )
}

type Recipient = Pick<MessageRow, 'channel' | 'template' | 'address'>

/** A change of address or number is told where it was before; the new address hears only that it is the one now. */
function recipientsOf({ portal, account, alsoTo }: Telling, { notice }: Notice): Recipient[] {
  const texts: { readonly mail: string; readonly sms?: string } = noticeTexts[notice]
  const number = account.phone_proven_at === null ? null : account.phone
  const mails = notice === 'email-changed' ? [alsoTo?.email ?? account.email] : [account.email, alsoTo?.email]
  const numbers = !portal.sms ? [] : notice === 'phone-changed' ? [alsoTo?.phone] : [number, alsoTo?.phone]
  return [
    ...known(mails).map((address) => ({ channel: 'email', template: texts.mail, address }) as const),
    ...(texts.sms ? known(numbers) : []).map((address) => ({ channel: 'sms', template: texts.sms ?? '', address }) as const),
  ]
}

const known = (them: readonly (string | null | undefined)[]): string[] => [...new Set(them.filter((it) => it != null))]
const hasLink = ({ notice }: Notice): boolean => notice !== 'email-confirmed'

/** At once, or with the one that waits already. @returns whether it left with a link of its own. */
async function tell(
  tx: Tx,
  house: House,
  { portal, account, language, now }: Telling,
  to: Recipient,
  happened: Happened,
  link: string,
): Promise<'alone' | 'together'> {
  const last = await newestMessage(tx, account.id, to)
  const before = last && (JSON.parse(last.facts) as NoticeFacts)
  if (last && before && (await joins(tx, last, before, happened, now))) return 'together'

  const free = before && last ? (before.due ?? last.created_at) + gatherOf(happened) * 1000 : 0
  const dueAt = Math.max(free, now)
  const facts: NoticeFacts = {
    told: [happened],
    ...(hasLink(happened) ? { link } : {}),
    ...(dueAt > now ? { due: dueAt } : {}),
  }
  const message = {
    ...to,
    portal: portal.id,
    accountId: account.id,
    codeId: null,
    language: account.language ?? language ?? 'nl',
    facts,
    dueAt,
    endsAt: dueAt + noticeSeconds * 1000,
  }
  await enqueue(tx, message, house.random, now)
  return 'alone'
}

const gatherOf = ({ notice }: Notice): number => (notice === 'new-browser' ? gatherBrowserSeconds : gatherSeconds)

/** One of this kind waits for its time: it tells of this too. */
async function joins(tx: Tx, waiting: MessageRow, facts: NoticeFacts, happened: Happened, now: Instant): Promise<boolean> {
  const together = (it: NoticeFacts): string => JSON.stringify({ ...it, told: [...(it.told ?? []), happened].slice(-mostTold) })
  if (!(await addToWaitingMessage(tx, waiting.id, together(facts), now))) return false
  const link = facts.link === undefined ? undefined : await findLinkById(tx, facts.link)
  if (link) await changeLinkFacts(tx, link.id, together(JSON.parse(link.facts) as NoticeFacts))
  return true
}
