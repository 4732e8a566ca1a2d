import { beforeAll, expect, test } from 'vitest'
import { tellOwner } from '../../src/delivery/index.ts'
import { changePassword, confirmNew, giveEmail, removeMethod, type Standing, standingOf } from '../../src/profile/index.ts'
import { sayNotMe } from '../../src/recovery/index.ts'
import { type AccountRow, addTicket, authenticatorsOf, codesOf, digitsOf, type Storage, shortLinkToken } from '../../src/storage/index.ts'
import { Cut, cutAfter, leftBy, rowsOf } from '../support/cut.ts'
import { onEachEngine } from '../support/engines.ts'
import { Forgetful, fresh } from '../support/reset.ts'
import type { StoryBrowser } from '../support/story-browser.ts'
import { accountOf, openStory, type Person, password, type Town } from '../support/story-house.ts'

/*
 * T144: the process ends between any two statements of a change, also after the commit and before the answer. What is left is the whole
 * change or nothing of it, and whoever tries again comes through.
 */

interface Ready {
  readonly who: Person
  /** The change, in this house. @returns what the person is told, in a word. */
  act(at: Town): Promise<string>
}

const said = (outcome: object): string => {
  if ('said' in outcome) return String(outcome.said)
  if ('changed' in outcome) return String(outcome.changed)
  if ('outcome' in outcome) return String(outcome.outcome)
  return (outcome as { situation: { step: { step: string } } }).situation.step.step
}

async function atCode(town: Town, method: 'totp' | 'email', who: Person, remember = false): Promise<StoryBrowser> {
  const pc = town.browser(who.portal).ask('planning')
  await pc.password(who)
  if ((await pc.step()).step === 'choose') await pc.choose(method)
  if (remember) await pc.code(who.app.code(), true)
  return pc
}
const inside = async (town: Town, who: Person): Promise<{ pc: StoryBrowser; at(here: Town): Promise<Standing> }> => {
  const pc = await atCode(town, 'totp', who, true)
  const at = async ({ house }: Town): Promise<Standing> => {
    const found = await standingOf(house.storage.db, house, pc.portal, pc.visitor, house.clock.now())
    if (!found) throw new Error('no session stands here')
    return found
  }
  return { pc, at }
}
/** One more try is made by the same browser: what was answered never arrived. */
const typing = (pc: StoryBrowser, code: string) => async (at: Town) => said(await pc.copy(at.house).code(code))

const changes: Readonly<Record<string, (town: Town) => Promise<Ready>>> = {
  'a code of the app that signs in': async (town) => {
    const who = await town.person('c-point', { app: true })
    return { who, act: typing(await atCode(town, 'totp', who), who.app.code()) }
  },
  'a mailed code that signs in': async (town) => {
    const who = await town.person('c-point', { app: true })
    const pc = await atCode(town, 'email', who)
    return { who, act: typing(pc, await pc.sent('sign-in')) }
  },
  'a gate that is passed': async (town) => {
    const who = await town.person('c-point')
    const pc = await atCode(town, 'totp', who)
    await pc.begin()
    return { who, act: typing(pc, await pc.sent('gate')) }
  },
  'the first code of an app': async (town) => {
    const who = await town.person('c-point')
    const pc = await atCode(town, 'totp', who)
    await pc.begin()
    await pc.code(await pc.sent('gate'))
    return { who, act: typing(pc, town.appWith((await pc.seed()) as Uint8Array).code()) }
  },
  'a remembered browser that lets in': async (town) => {
    const who = await town.person('c-point', { app: true })
    const pc = await atCode(town, 'totp', who, true)
    town.pass(86_400)
    pc.ask('planning').forget('session')
    return { who, act: async (at) => said(await pc.copy(at.house).password(who)) }
  },
  'a ticket': async (town) => {
    const who = await town.person('c-point', { app: true })
    const { house, clock } = town
    const code = house.random
      .token()
      .replace(/[^A-Za-z]/g, 'B')
      .toUpperCase()
      .replace(/[AEIOULS]/g, 'B')
      .slice(0, 20)
    const given = { id: house.random.id(), portal: who.portal, account: who.id, code, endsAt: clock.at + 60_000 }
    await house.storage.inTransaction((tx) => addTicket(tx, house.vault, given, clock.at))
    const pc = await atCode(town, 'totp', who)
    return { who, act: async (at) => said(await pc.copy(at.house).ticket(code)) }
  },
  'a new password by a link': async (town) => {
    const who = await town.person('c-point', { app: true })
    await atCode(town, 'totp', who, true)
    const pc = new Forgetful(town, who.portal)
    await pc.ask(who.name)
    const link = await pc.link(who)
    return { who, act: async (at) => said(await new Forgetful(at, who.portal, pc.formCookie).choose(link)) }
  },
  'a new password in the profile': async (town) => {
    const who = await town.person('c-point', { app: true })
    const { pc, at } = await inside(town, who)
    return { who, act: async (here) => said(await changePassword(here.house, await at(here), pc.visitor, { current: password, fresh })) }
  },
  'a phone that is registered': async (town) => {
    const who = await town.person('koop-cam')
    const pc = town.browser('koop-cam').ask('publicatie')
    await pc.name(who.name)
    await pc.password(who)
    await pc.code(await pc.sent('gate'))
    await pc.phone('06-12345678')
    return { who, act: typing(pc, await pc.sent('new-phone')) }
  },
  "'this was not me'": async (town) => {
    const who = await town.person('c-point', { app: true })
    await atCode(town, 'totp', who, true)
    const { house } = town
    const account = (await accountOf(town, who)) as AccountRow
    const telling = { portal: town.portal(who.portal), account, now: town.clock.at }
    await house.storage.inTransaction((tx) => tellOwner(tx, house, telling, { notice: 'new-browser' }))
    const { id } = await house.storage.db.selectFrom('link').select('id').where('account_id', '=', who.id).executeTakeFirstOrThrow()
    const token = shortLinkToken(house.vault, id)
    return { who, act: async (at) => (await sayNotMe(at.house, telling.portal, token, '203.0.113.9', at.clock.at)).link }
  },
  'an app that is removed': async (town) => {
    const who = await town.person('c-point', { app: true })
    const { pc, at } = await inside(town, who)
    const [app] = await authenticatorsOf(town.house.storage.db, who.id)
    return { who, act: async (here) => said(await removeMethod(here.house, await at(here), pc.visitor, app?.id ?? '')) }
  },
  'a new address': async (town) => {
    const who = await town.person('c-point', { app: true })
    const { pc, at } = await inside(town, who)
    const { house } = town
    await giveEmail(house, await at(town), pc.visitor, `nieuw-${house.random.id()}@haven.test`)
    const [code] = await codesOf(house.storage.db, (await at(town)).attempt?.id ?? '', 'new-email')
    const digits = digitsOf(house.vault, code?.id ?? '')
    return { who, act: async (here) => said(await confirmNew(here.house, await at(here), pc.visitor, 'email', digits)) }
  },
}

/** What a second try hears when it was done already: the page that is due, a link that is over, a session whose cookie is another now. */
const doneAlready = /^(done|enrol|password|closed|due|used|no session stands here|code.otherKind|code.wrongEnrol)$/
/** Of the many points the usual run takes every fifth, and the last ones, where the commit is. */
const isTried = (statements: number, all: number): boolean =>
  Boolean(process.env.SLUIS_TEST_LONG) || statements % 5 === 2 || statements > all - 3

onEachEngine((opened, another) => {
  let town: Town
  let asker: Storage
  beforeAll(async () => {
    town = await openStory(opened())
    asker = await another()
  })
  test.each(Object.entries(changes))(
    'T144 %s is made whole or not at all, wherever it was cut off, and a second try comes through',
    { timeout: 180_000 },
    async (_, prepare) => {
      const whole = cutAfter(opened())
      await town.calm()
      const model = await prepare(town)
      const before = await rowsOf(asker, model.who.id)
      const told = await model.act(town.on(whole.storage))
      const made = leftBy(before, await rowsOf(asker, model.who.id))
      expect(made.length).toBeGreaterThan(1)
      let wasMade = 0
      for (let statements = 0; statements < whole.asked(); statements++) {
        if (!isTried(statements, whole.asked())) continue
        await town.calm()
        const { who, act } = await prepare(town)
        const start = await rowsOf(asker, who.id)
        await expect(act(town.on(cutAfter(opened(), statements).storage)), `after ${statements}`).rejects.toThrow(Cut)
        const left = leftBy(start, await rowsOf(asker, who.id))
        if (left.length > 0) expect(left, `after ${statements} of ${whole.asked()}`).toEqual(made)
        const again = await act(town).catch((error: Error) => error.message)
        if (left.length > 0) wasMade++
        if (left.length > 0) expect(again).toMatch(doneAlready)
        else expect(again).toBe(told)
      }
      // Only where the answer alone was lost.
      expect(wasMade).toBe(1)
    },
  )
})
