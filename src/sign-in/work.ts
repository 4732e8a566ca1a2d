import { hash } from 'node:crypto'
import type { Instant } from '../decision/index.ts'
import { equalInConstantTime, type House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { countInEach, countsAround, mostTaken, type NetworkCount, networksOf, spendAllowance } from '../storage/index.ts'
import type { Visitor } from './situation.ts'

/*
 * A small proof of work, for who stands in a network that pauses and is known nowhere: the page sends a question along, its script looks
 * for the answer while the person types, and a password that comes with one is checked as if nothing were the matter. It tells no person
 * from a program; it makes ten thousand tries cost what one try does not. Who has no script waits as before.
 *
 *     question: moment.bits.mark      answer: question.number, whose SHA-256 begins with so many zero bits
 *
 * Nothing is written down for a question. Its mark holds portal, network, browser and moment together; an answer counts once.
 */

/** Of a second on an old telephone, and of half a minute when a network goes on and on. */
export const [leastBits, mostBits] = [17, 22] as const
/** After so many worked passwords that were wrong the work begins to double. */
const wrongForMore = 25
const countedSeconds = 3_600
/** From the page to the press of the button. */
const lifeSeconds = 1_800

/** Two nodes are never exactly of one time. */
const skewMilliseconds = 5_000

export interface Work {
  readonly question: string
  readonly bits: number
}

/** The question for this browser, at this moment. */
export async function workFor(house: House, portal: Portal, visitor: Visitor, now: Instant): Promise<Work> {
  const bits = await bitsNow(house, portal, visitor, now)
  return { question: questionOf(house, portal, visitor, now, bits), bits }
}

/** Whether a password comes with an answer that was not given before. Of two forms with one answer one is looked at. */
export async function hasWorked(
  house: House,
  portal: Portal,
  visitor: Visitor,
  answer: string | undefined,
  now: Instant,
): Promise<boolean> {
  const [at = 0, bits = 0] =
    /^(\d{13})\.(\d\d)\.[\w-]{22}\.\d{1,10}$/
      .exec(answer ?? '')
      ?.slice(1)
      .map(Number) ?? []
  if (answer === undefined || visitor.form === undefined || at > now + skewMilliseconds || at + lifeSeconds * 1000 <= now) return false
  const question = questionOf(house, portal, visitor, at, bits)
  if (!equalInConstantTime(answer.slice(0, question.length), question) || !beginsWithZeros(answer, bits)) return false
  // Questions that were gathered while they were easy are worth little later.
  if (bits < (await bitsNow(house, portal, visitor, now)) - 1) return false
  return (await spendAllowance(house.storage.db, `worked ${question}`, 1, 2 * lifeSeconds, now)).spent
}

/** A worked password was wrong: many of them make the next ones dearer for this network. */
export const countWorkedFailure = (house: House, portal: Portal, visitor: Visitor, now: Instant): Promise<void> =>
  countInEach(house.storage.db, countsFor(house, portal, visitor), countedSeconds, now)

async function bitsNow(house: House, portal: Portal, visitor: Visitor, now: Instant): Promise<number> {
  const wrong = await mostTaken(house.storage.db, countsFor(house, portal, visitor), countedSeconds, now)
  return Math.min(mostBits, leastBits + Math.floor(Math.log2(1 + wrong / wrongForMore)))
}

const countsFor = ({ vault }: House, { id }: Portal, { address }: Visitor): NetworkCount[] =>
  countsAround(address, (network) => `network worked ${vault.mac('network counter', id, network)}`)

function questionOf({ vault }: House, portal: Portal, { address, form = '' }: Visitor, at: Instant, bits: number): string {
  const mark = vault.mac('work', portal.id, networksOf(address)[0], form, String(at), String(bits)).slice(0, 22)
  return `${at}.${bits}.${mark}`
}

const beginsWithZeros = (text: string, bits: number): boolean => hash('sha256', text, 'buffer').readUInt32BE(0) >>> (32 - bits) === 0
