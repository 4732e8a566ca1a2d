import { beforeAll, expect, test } from 'vitest'
import { onEachEngine, times } from '../../test/support/engines.ts'
import type { StoryBrowser } from '../../test/support/story-browser.ts'
import { events, moved, photograph, signedIn } from '../../test/support/story-checks.ts'
import { openStory, type Person, type Town } from '../../test/support/story-house.ts'
import { activityOf } from '../audit/index.ts'
import { mostSessions } from '../sign-in/index.ts'
import { addSession } from '../storage/index.ts'
import { endAnotherSession, endEverywhere, forgetBrowsers, ownSessions, type Standing, standingOf } from './index.ts'

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
    browser.visitor = { ...browser.visitor, device: { browser: 'Firefox', system: 'Linux' } }
    await browser.password(who)
    await browser.choose('totp')
    await signedIn(town, who, () => browser.code(who.app.code(), remember))
    town.pass(30)
    return browser
  }
  const inside = async ({ house, portal, visitor }: StoryBrowser): Promise<Standing> => {
    const standing = await standingOf(house.storage.db, house, portal, visitor, town.clock.at)
    if (!standing) throw new Error('not signed in')
    return standing
  }
  const isIn = async (browser: StoryBrowser): Promise<boolean> => (await browser.stand()).session !== undefined

  test('T074: a person ends one of their own sessions, twice and at once on two nodes, and nobody else ends it', async () => {
    const [anna, mallory] = [await town.person('c-point', { app: true }), await town.person('c-point', { app: true })]
    const [pc, phone, thief] = [await comeIn(anna), await comeIn(anna), await comeIn(mallory)]
    const [here, there] = [await inside(pc), await inside(phone)]
    expect((await ownSessions(town.house, here)).map((it) => it.id)).toEqual([here.session.id, there.session.id])
    expect((await ownSessions(town.house, there)).map((it) => it.id)).toEqual([there.session.id, here.session.id])
    expect(await endAnotherSession(town.house, await inside(thief), thief.visitor, there.session.id)).toEqual({ changed: 'not-yours' })
    for (const it of ['no such session', 'a\0', '', 'x'.repeat(60_000)]) {
      expect(await endAnotherSession(town.house, here, pc.visitor, it)).toEqual({ changed: 'not-yours' })
      expect(await forgetBrowsers(town.house, here, pc.visitor, it)).toBe(false)
    }
    expect(await isIn(phone)).toBe(true)
    const ends = await Promise.all(
      [town, elsewhere, town, elsewhere].map(({ house }) => endAnotherSession(house, here, pc.visitor, there.session.id)),
    )
    expect(ends.filter((it) => it.changed === 'made')).toHaveLength(1)
    expect(await isIn(phone.copy(elsewhere.house))).toBe(false)
    expect(await isIn(pc)).toBe(true)
    expect((await events(town, anna)).filter((it) => it === 'session.ended')).toHaveLength(1)
  })

  test('T068 T074: signing out everywhere ends every session, half-way sign-in and remembered browser of this person at once, on both nodes', async () => {
    const [anna, bram] = [await town.person('c-point', { app: true }), await town.person('c-point', { app: true })]
    const [pc, phone, other] = [await comeIn(anna, true), await comeIn(anna), await comeIn(bram, true)]
    const halfWay = town.browser('c-point').ask('planning')
    await halfWay.password(anna)
    await halfWay.choose('totp')
    expect((await endEverywhere(town.house, await inside(phone), phone.visitor)).changed).toBe('made')
    for (const it of [pc, phone]) expect(await isIn(it.copy(elsewhere.house))).toBe(false)
    expect(moved(await halfWay.code(anna.app.code(1)))).toEqual({ step: 'password' })
    await town.calm()
    expect(moved(await pc.ask('planning').password(anna))).toMatchObject({ step: 'choose' })
    expect(await isIn(other)).toBe(true)
    expect((await photograph(town, bram)).remembered).toMatchObject([{ revoked_at: null }])
    expect(await events(town, anna)).toContain('remembered.forgotten')
  })

  test('T074: of five hundred sessions the fifty that were seen last stay', async () => {
    const anna = await town.person('c-point', { app: true })
    const row = { portal: 'c-point', account_id: anna.id, ends_at: town.clock.at + 86_400_000, ended_at: null, device: null }
    await opened().inTransaction(async (tx) => {
      for (const nr of times(500, (it) => it)) {
        const at = town.clock.at - 1_000_000 + nr
        await addSession(tx, { ...row, id: `${anna.id} ${nr}`, token_hash: town.house.random.token(), started_at: at, last_seen_at: at })
      }
    })
    const pc = await town.browser('c-point').ask('planning')
    await pc.password(anna)
    await pc.choose('totp')
    expect(moved(await pc.code(anna.app.code())).step).toBe('done')
    const here = await inside(pc)
    const left = await ownSessions(town.house, here)
    expect(left).toHaveLength(mostSessions)
    expect(left[0]?.id).toBe(here.session.id)
    expect(left.at(-1)?.id).toBe(`${anna.id} 451`)
  })

  test('T074: others are ended by who showed a second step in the last five minutes, of this very session; a remembered browser shows none', async () => {
    const anna = await town.person('c-point', { app: true })
    const [pc, phone] = [await comeIn(anna, true), await comeIn(anna)]
    const other = (await inside(phone)).session.id
    town.pass(300)
    const asked = async () => [
      (await endAnotherSession(town.house, await inside(pc), pc.visitor, other)).changed,
      (await endEverywhere(town.house, await inside(pc), pc.visitor)).changed,
    ]
    expect(await asked()).toEqual(['due', 'due'])
    await town.calm()
    const before = await inside(pc)
    expect(moved(await pc.ask('planning').forget('session').password(anna))).toMatchObject({ acr: 'urn:sluis:acr:2-remembered' })
    // Such a session is none in which the own page is open: it asks what the strictest application asks.
    await expect(inside(pc)).rejects.toThrow('not signed in')
    expect((await endEverywhere(town.house, before, pc.visitor)).changed).toBe('due')
    expect(await isIn(phone)).toBe(true)
  })

  test('a person forgets one remembered browser, or all; a browser of somebody else stays', async () => {
    const [anna, bram] = [await town.person('c-point', { app: true }), await town.person('c-point', { app: true })]
    const [pc, phone, other] = [await comeIn(anna, true), await comeIn(anna, true), await comeIn(bram, true)]
    const idOf = async (it: StoryBrowser) => (await it.stand()).browser.browser?.id ?? ''
    const here = await inside(pc)
    expect(await forgetBrowsers(town.house, here, pc.visitor, await idOf(other))).toBe(false)
    expect(await forgetBrowsers(town.house, here, pc.visitor, await idOf(phone))).toBe(true)
    const asks = async (it: StoryBrowser, who: Person) => {
      await town.calm()
      return moved(await it.copy().ask('planning').forget('session').password(who)).step !== 'done'
    }
    expect([await asks(pc, anna), await asks(phone, anna), await asks(other, bram)]).toEqual([false, true, false])
    expect(await forgetBrowsers(town.house, here, pc.visitor)).toBe(true)
    expect(await forgetBrowsers(town.house, here, pc.visitor)).toBe(false)
    expect([await asks(pc, anna), await asks(other, bram)]).toEqual([true, false])
  })

  test('what happened is told in a few kinds, newest first, wrong codes of one sign-in together, for ninety days', async () => {
    const anna = await town.person('c-point', { app: true })
    const pc = town.browser('c-point').ask('planning')
    pc.visitor = { ...pc.visitor, device: { browser: 'Firefox', system: 'Linux' } }
    await pc.password(anna, 'een ander wachtwoord')
    await pc.password(anna)
    await pc.choose('totp')
    for (const it of ['000001', '000002', '000003']) {
      town.pass(1)
      await pc.code(it)
    }
    town.pass(1)
    await signedIn(town, anna, () => pc.code(anna.app.code(), true))
    town.pass(100)
    await town.calm()
    await pc.ask('planning').forget('session').password(anna)
    const device = JSON.stringify({ browser: 'Firefox', system: 'Linux' })
    const at = town.clock.at
    const { db } = town.house.storage
    expect(await activityOf(db, 'c-point', anna.id, at)).toEqual([
      { what: 'signedIn', method: 'remembered-browser', at, device },
      { what: 'signedIn', method: 'totp', at: at - 100_000, device },
      { what: 'wrong', times: 3, at: at - 101_000, device },
    ])
    expect(await activityOf(db, 'koop-cam', anna.id, at)).toEqual([])
    expect(await activityOf(db, 'c-point', anna.id, at + 90 * 86_400_000)).toEqual([])
  })
})
