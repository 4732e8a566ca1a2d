/*
 * A house in which sign-ins are told as stories: real portal files, a real database, a real vault, and a clock that is set.
 *
 *   const town = await openStory(opened())
 *   const anna = await town.person('c-point', { app: true })
 *   const pc = town.browser('c-point')
 *   await pc.ask('planning'); await pc.password(anna); await pc.choose('totp'); await pc.code(anna.app.code())
 *
 * `on(storage)` is the same house on another node. What a mail or a text message holds is read from the outbox: `pc.sent('gate')`.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Secret, TOTP } from 'otpauth'
import { pino } from 'pino'
import type { Request, SecondStep } from '../../src/decision/index.ts'
import { type House, makePasswords, seedPlace } from '../../src/factors/index.ts'
import { loadPortals, type Portal } from '../../src/portals/index.ts'
import { systemRandom as random } from '../../src/random.ts'
import { addAuthenticator, findAccount, makeVault, type NewRow, type Storage } from '../../src/storage/index.ts'
import { account as addAccountRow, start } from './rows.ts'
import { StoryBrowser } from './story-browser.ts'

export const password = 'twaalf eenden zwemmen traag'

export interface App {
  /** The code that it shows now, or so many steps of 30 seconds later. */
  code(steps?: number): string
}

export interface Person {
  readonly id: string
  readonly portal: string
  readonly name: string
  /** Only for who has one. */
  readonly app: App
}

export interface Given extends Partial<NewRow<'account'>> {
  readonly app?: boolean
  readonly sms?: boolean
}

export interface Town {
  readonly house: House
  readonly clock: { at: number }
  /** What went to the log as an alarm, newest last. */
  readonly alarms: string[]
  /** How often delivery was woken. */
  readonly woken: { times: number }
  pass(seconds: number): void
  /** Forgets how often passwords were given: many sign-ins that nobody ends pause too, and that is a story of its own. */
  calm(): Promise<void>
  portal(id: string): Portal
  person(portal: string, given?: Given): Promise<Person>
  browser(portal: string): StoryBrowser
  appWith(seed: Uint8Array): App
  /** The same house, on another connection to the same database. */
  on(storage: Storage): Town
}

const root = join(import.meta.dirname, '..', '..')
const places = [join(root, 'portals'), join(import.meta.dirname, 'portals', 'haven.yaml')]
let count = 0

export interface StorySettings {
  readonly key?: Uint8Array
  /** What the portal files would say otherwise. */
  readonly change?: (portal: Portal) => Portal
  readonly passwords?: House['passwords']
}

export async function openStory(
  storage: Storage,
  { key = randomBytes(32), change = (it) => it, passwords }: StorySettings = {},
): Promise<Town> {
  const read = loadPortals(places, { address: 'http://localhost', applications: 'http://app.localhost' })
  if (read.problems.length > 0) throw new Error(JSON.stringify(read.problems))
  const portals = new Map([...read.portals].map(([id, it]) => [id, change(it)]))
  const [clock, alarms, woken] = [{ at: start }, [] as string[], { times: 0 }]
  const house: House = {
    storage,
    vault: makeVault(key, random),
    clock: { now: () => clock.at },
    random,
    portals,
    passwords: passwords ?? (await makePasswords(random)),
    log: pino({ level: 'error' }, { write: (line: string) => void alarms.push(JSON.parse(line).msg) }),
    notify: () => {
      woken.times++
    },
  }
  const hash = await (await makePasswords(random)).hash(password)
  return townOf(house, { clock, alarms, woken }, hash)
}

function townOf(house: House, shared: Pick<Town, 'clock' | 'alarms' | 'woken'>, hash: string): Town {
  const { clock } = shared
  const appWith = (seed: Uint8Array): App => {
    const totp = new TOTP({ secret: new Secret({ buffer: Uint8Array.from(seed).buffer }) })
    return { code: (steps = 0) => totp.generate({ timestamp: clock.at + steps * 30_000 }) }
  }
  const portal = (id: string): Portal => house.portals.get(id) as Portal
  return {
    house,
    ...shared,
    portal,
    appWith,
    pass: (seconds) => {
      clock.at += seconds * 1000
    },
    calm: async () => {
      await house.storage.db
        .deleteFrom('counter')
        .where((it) => it.or([it('key', 'like', 'password %'), it('key', 'like', 'network %')]))
        .execute()
    },
    person: async (at, { app, sms, ...given } = {}) => {
      const [name, seed] = [given.name ?? `persoon${count++}${at === 'uitpas' ? '@balie.test' : ''}`, random.bytes(20)]
      const own = { portal: at, name, shown_name: name, email: name.includes('@') ? name : `${name}@haven.test`, password_hash: hash }
      const proven = sms ? { phone: '+32470123456', phone_proven_at: clock.at } : {}
      const id = await addAccountRow(house.storage.db, {
        ...own,
        ...proven,
        ...(app || sms ? { second_step_since: clock.at } : {}),
        ...given,
      })
      if (app) await bind(house, id, 'totp', seed, clock.at)
      if (sms) await bind(house, id, 'sms', undefined, clock.at)
      return { id, portal: at, name, app: appWith(seed) }
    },
    browser: (at) => new StoryBrowser(house, portal(at)),
    on: (storage) => townOf({ ...house, storage }, shared, hash),
  }
}

async function bind(house: House, account: string, method: 'totp' | 'sms', seed: Uint8Array | undefined, at: number): Promise<void> {
  const id = random.id()
  const secret = seed ? house.vault.seal(seed, seedPlace(id)) : null
  const row = { id, account_id: account, method, secret, title: null, last_step: 0, bound_at: at, last_used_at: null, disabled_at: null }
  await addAuthenticator(house.storage.db, row)
}

export const accountOf = (town: Town, { portal, id }: Person) => findAccount(town.house.storage.db, portal, id)
export type { Request, SecondStep }
