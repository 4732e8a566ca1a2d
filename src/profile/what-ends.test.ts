import { beforeAll, describe, expect, test } from 'vitest'
import { onEachEngine } from '../../test/support/engines.ts'
import { Forgetful } from '../../test/support/reset.ts'
import type { StoryBrowser } from '../../test/support/story-browser.ts'
import { moved, signedIn } from '../../test/support/story-checks.ts'
import { accountOf, openStory, type Person, password, type Town } from '../../test/support/story-house.ts'
import { giveTicket, secureNow } from '../recovery/index.ts'
import { type AccountRow, authenticatorsOf, changeAccount, findPendingEnrolment } from '../storage/index.ts'
import { changePassword, endEverywhere, removeMethod, type Standing, standingOf } from './index.ts'

/* T068: whatever changes who can get in, everything that stood on the old state is over on every node at the next request. */

interface Change {
  /** The session that made it lives on. */
  readonly lives: boolean
  readonly password?: string
  make(town: Town, who: Person, here: Standing, browser: StoryBrowser): Promise<unknown>
}

const fresh = 'dertien zwanen landen zacht'
const changes: Readonly<Record<string, Change>> = {
  'a method that was removed': {
    lives: true,
    make: async ({ house }, who, here, { visitor }) => {
      const [first] = await authenticatorsOf(house.storage.db, who.id)
      return removeMethod(house, here, visitor, first?.id ?? '')
    },
  },
  'a new password': {
    lives: true,
    password: fresh,
    make: ({ house }, _, here, { visitor }) => changePassword(house, here, visitor, { current: password, fresh }),
  },
  'a forgotten password that was chosen anew': {
    lives: false,
    password: fresh,
    make: (town, who) => new Forgetful(town, 'c-point').reset(who, fresh),
  },
  'signing out everywhere': { lives: false, make: ({ house }, _, here, { visitor }) => endEverywhere(house, here, visitor) },
  "'this was not me'": { lives: false, make: ({ house }, who, { portal, now }) => secureNow(house, portal, who.id, '192.0.2.7', now) },
  'a new app by a ticket, in the place of one that is lost': {
    lives: false,
    make: async (town, who) => {
      const { code } = await giveTicket(town.house, (await accountOf(town, who)) as AccountRow, town.clock.at)
      const browser = town.browser('c-point')
      await browser.password(who)
      await browser.choose('totp')
      await browser.ticket(code)
      const app = town.appWith((await browser.seed()) as Uint8Array)
      await signedIn(town, who, () => browser.code(app.code()))
    },
  },
  'an account that was turned off': {
    lives: false,
    make: async ({ house, clock }, who) => {
      await changeAccount(house.storage.db, who.id, { disabled_at: clock.at })
    },
  },
}

onEachEngine((opened, another) => {
  let town: Town
  let elsewhere: Town
  beforeAll(async () => {
    town = await openStory(opened())
    elsewhere = town.on(await another())
  })

  const comeIn = async (who: Person, remember = false): Promise<StoryBrowser> => {
    await town.calm()
    const browser = town.browser('c-point').ask('planning')
    await browser.password(who)
    await browser.choose('totp')
    await signedIn(town, who, () => browser.code(who.app.code(), remember))
    town.pass(30)
    return browser
  }
  const isIn = async (browser: StoryBrowser): Promise<boolean> => (await browser.copy(elsewhere.house).stand()).session !== undefined

  describe.each(Object.entries(changes))('T068: %s', (_, { lives, password: next = password, make }) => {
    test('ends other sessions, half-way sign-ins, what was begun and remembered browsers; of nobody else', async () => {
      const [anna, bram] = [await town.person('c-point', { app: true }), await town.person('c-point', { app: true })]
      const [pc, phone, other] = [await comeIn(anna), await comeIn(anna, true), await comeIn(bram, true)]
      const halfWay = town.browser('c-point').ask('planning')
      await town.calm()
      await halfWay.password(anna)
      await halfWay.choose('totp')
      const here = await standingOf(opened().db, town.house, town.portal('c-point'), pc.visitor, town.clock.at)
      if (!here) throw new Error('not signed in')
      town.pass(1)
      const old = pc.copy()

      const outcome = await make(town, anna, { ...here, now: town.clock.at }, pc)
      const cookies = (outcome as { cookies?: { session?: string } } | undefined)?.cookies
      if (cookies?.session) pc.visitor = { ...pc.visitor, session: cookies.session }

      expect(await isIn(phone)).toBe(false)
      expect([await isIn(pc), await isIn(old)]).toEqual([lives, false])
      expect(moved(await halfWay.copy(elsewhere.house).code(anna.app.code(1))).step).toBe('password')
      expect(await findPendingEnrolment(opened().db, anna.id, town.clock.at)).toBeUndefined()
      await town.calm()
      const again = await phone.copy(elsewhere.house).ask('planning').forget('session').password(anna, next)
      if ('situation' in again) expect(again.situation.step.step).not.toBe('done')
      expect(await isIn(other)).toBe(true)
      expect(moved(await other.ask('planning').forget('session').password(bram))).toMatchObject({ acr: 'urn:sluis:acr:2-remembered' })
    })
  })
})
