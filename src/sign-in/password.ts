import * as audit from '../audit/index.ts'
import type { Instant } from '../decision/index.ts'
import { type House, longestPassword, type Passwords, type PlaceInQueue, readBrowser } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import {
  type AccountRow,
  canonicalName,
  findAccount,
  findAccountByName,
  holdAccount,
  notePasswordWork,
  passwordWorks,
  raise,
  replacePasswordHash,
  takeBackTry,
} from '../storage/index.ts'
import { begin } from './begin.ts'
import { type Moved, wake } from './believe.ts'
import { contextOf } from './context.ts'
import { countNetworkFailure, heldUp, isKnownHere, networkPause } from './crowd.ts'
import { tellOfGuessing } from './guessing.ts'
import { passwordKey, passwordRule } from './limits.ts'
import type { Said } from './said.ts'
import type { Asked, Situation, Visitor } from './situation.ts'
import { countWorkedFailure, hasWorked } from './work.ts'

export interface Typed {
  readonly name: string
  readonly password: string
  /** The answer that a script found, where a network pauses. */
  readonly work?: string | undefined
}

/**
 * The password, at every door alike: count, check outside any transaction, believe. Nothing in the answer, nor the time it takes,
 * tells whether the name exists.
 */
export async function givePassword(house: House, before: Situation, visitor: Visitor, typed: Typed, asked?: Asked): Promise<Moved | Said> {
  const { portal, now } = before
  const began = performance.now()
  const missing = whatIsMissing(portal, typed)
  if (missing) return missing

  const name = canonicalName(typed.name)
  const account = name === undefined ? undefined : await findAccountByName(house.storage.db, portal.id, name)
  const knownBrowser = account && (await knownBrowserOf(house, account, visitor, now))
  const key = passwordKey(house, portal, name ?? typed.name.trim().toLowerCase(), knownBrowser)

  // A full queue is told before the try is counted: who is sent away is charged nothing.
  const place = house.passwords.place()
  const pausedUntil = knownBrowser ? undefined : await networkPause(house, portal, visitor, now).catch(giveBack(place))
  const worked = pausedUntil !== undefined && (await hasWorked(house, portal, visitor, typed.work, now).catch(giveBack(place)))
  // Before anybody asks whose name it is: who worked hears the same of every name.
  const held = worked ? undefined : pausedUntil
  if (held !== undefined && !(account && (await isKnownHere(house.storage.db, house, account, visitor, now).catch(giveBack(place))))) {
    place.leave()
    return heldUp(held, began)
  }
  const tries = await raise(house.storage.db, key, passwordRule(portal), now).catch(giveBack(place))
  if (!tries.raised) {
    place.leave()
    return held === undefined ? { said: 'signin.paused', status: 429, until: tries.pausedUntil ?? now } : heldUp(held, began)
  }

  // The same work for nobody, for a disabled account and for one without a password.
  const right = await place.verify(account?.password_hash ?? null, typed.password)
  if (!account || !right || account.disabled_at !== null) {
    const nameHash = house.vault.mac('audit name', portal.id, name ?? '')
    await audit.passwordRefused(house.storage.db, {
      random: house.random,
      portal: portal.id,
      at: now,
      address: visitor.address,
      ...(account ? { accountId: account.id } : { nameHash }),
    })
    await countNetworkFailure(house, portal, visitor, now)
    if (worked) await countWorkedFailure(house, portal, visitor, now)
    void tellOfGuessing(house, portal, account, tries.count, knownBrowser, now)
    if (held !== undefined) return heldUp(held, began)
    await place.asSlowAs(await worksOf(house, portal, account))
    return wrongFor(portal)
  }
  void rehash(house, account, typed.password)
  const moved = await house.storage.inTransaction(async (tx) => {
    // A password that was chosen anew while this one was checked: the old one opens nothing any more, also half a second later.
    await holdAccount(tx, account.id)
    const current = await findAccount(tx, portal.id, account.id)
    if (!current || current.disabled_at !== null || current.password_changed_at !== account.password_changed_at) return undefined
    return begin(tx, house, before, visitor, current, typed.name, asked)
  })
  if (!moved) return wrongFor(portal)
  wake(house, moved)
  return moved
}

/**
 * The password of somebody who is signed in, once more: counted, paused and checked as at the door.
 * @returns what is said when it is not right.
 */
export async function checkPassword(
  house: House,
  portal: Portal,
  account: AccountRow,
  visitor: Visitor,
  typed: string,
  now: Instant,
): Promise<Said | undefined> {
  const missing = whatIsMissing(portal, { name: account.name, password: typed })
  if (missing) return missing
  const key = passwordKey(house, portal, account.name, await knownBrowserOf(house, account, visitor, now))
  const place = house.passwords.place()
  const tries = await raise(house.storage.db, key, passwordRule(portal), now).catch(giveBack(place))
  if (!tries.raised) {
    place.leave()
    return { said: 'signin.paused', status: 429, field: 'password', until: tries.pausedUntil ?? now }
  }
  if (await place.verify(account.password_hash, typed)) {
    await house.storage.inTransaction((tx) => takeBackTry(tx, key, now))
    return undefined
  }
  await audit.passwordRefused(house.storage.db, contextOf(house, { portal, account, now }, visitor))
  return { said: 'password.currentWrong', status: 422, field: 'password' }
}
const wrongFor = ({ identifier }: Portal): Said => ({ said: identifier === 'email' ? 'signin.wrongEmail' : 'signin.wrong', status: 422 })

const giveBack =
  (place: PlaceInQueue) =>
  (fault: unknown): never => {
    place.leave()
    throw fault
  }

function whatIsMissing(portal: Portal, { name, password }: Typed): Said | undefined {
  if (name.trim() === '') return { said: portal.identifier === 'email' ? 'email.empty' : 'username.empty', status: 422, field: 'username' }
  if (password === '') return { said: 'password.empty', status: 422, field: 'password' }
  // Counted before any normalising or hashing; 256 code points are at most 512 units.
  if (password.length > longestPassword * 2 || [...password].length > longestPassword)
    return { said: 'password.tooLong', status: 422, field: 'password' }
  return undefined
}

/** What the passwords of this portal are to check; a kind that nobody noted yet is noted by who meets it. */
async function worksOf({ storage, passwords }: House, portal: Portal, account: AccountRow | undefined): Promise<readonly string[]> {
  const works = await passwordWorks(storage.db, portal.id)
  const own = account?.password_hash ? passwords.workOf(account.password_hash) : undefined
  if (own === undefined || works.includes(own)) return works
  await notePasswordWork(storage.db, portal.id, own)
  return [...works, own]
}

/** A browser of this person has a count of its own: strangers who guess cannot pause it. */
async function knownBrowserOf(house: House, account: AccountRow, visitor: Visitor, now: Instant): Promise<string | undefined> {
  const { browser, isKnown } = await readBrowser(house.storage.db, house.vault, account, undefined, visitor.browser, now)
  return isKnown ? browser?.id : undefined
}

/** An imported hash becomes ours after the answer, so that nobody waits for it; when it fails, the next sign-in tries again. */
async function rehash(house: House, account: AccountRow, password: string): Promise<void> {
  const { passwords, storage, log }: { passwords: Passwords } & Pick<House, 'storage' | 'log'> = house
  if (account.password_hash === null || !passwords.needsRehash(account.password_hash)) return
  try {
    await replacePasswordHash(storage.db, account.id, account.password_hash, await passwords.hash(password))
  } catch (error) {
    log.warn({ err: error, account: account.id }, 'an imported password hash was not replaced')
  }
}
