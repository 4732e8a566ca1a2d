import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  countsThatStay,
  mostWrong as most,
  nobody,
  office,
  openCrowdedTown,
  wrongPassword as wrong,
} from '../../test/support/crowded-town.ts'
import { onEachEngine, times } from '../../test/support/engines.ts'
import type { StoryBrowser } from '../../test/support/story-browser.ts'
import { moved, signedIn } from '../../test/support/story-checks.ts'
import type { Person, Town } from '../../test/support/story-house.ts'
import { isSaid } from './index.ts'

onEachEngine((opened) => {
  let town: Town
  beforeEach(async () => {
    town = await openCrowdedTown(opened())
  })
  afterEach(async () => expect(await countsThatStay(town)).toEqual([]))
  const from = (address: string, portal = 'c-point', pc = town.browser(portal)): StoryBrowser => {
    pc.visitor = { ...pc.visitor, address }
    return pc
  }
  /** One wrong password for each of many names. @returns how often it was said to be wrong, and how often to wait. */
  const stuff = async (tries: number, addressOf: (it: number) => string, portal = 'c-point') => {
    const heard = { wrong: 0, wait: 0 }
    for (const it of times(tries, (place) => place)) {
      const said = await from(addressOf(it), portal).password(nobody(), wrong)
      if (!isSaid(said)) throw new Error('somebody got in')
      if (said.status === 429) {
        heard.wait++
        // The others of this burst would wait as long for the same words.
        break
      }
      heard.wrong++
    }
    return heard
  }
  const wholeSignIn = async (pc: StoryBrowser, who: Person): Promise<void> => {
    expect(moved(await pc.password(who)).step).toBe('choose')
    await pc.choose('totp')
    await signedIn(town, who, () => pc.code(who.app.code()))
    town.pass(60)
  }

  test('T033 one wrong password for each of many names: the network is slowed, with a clock time, for known and unknown names alike', async () => {
    const anna = await town.person('c-point', { app: true })
    expect(await stuff(most + 1, () => office)).toEqual({ wrong: most, wait: 1 })
    const until = town.clock.at + 30_000
    const asked = [
      [anna, wrong],
      [anna, undefined],
      [nobody(), wrong],
    ] as const
    for (const [who, typed] of asked) expect(await from(office).password(who, typed)).toEqual({ said: 'signin.paused', status: 429, until })
    // No count of a name moved, and no hash was made for them.
    expect((await town.house.storage.db.selectFrom('counter').selectAll().where('key', 'like', 'password %').execute()).length).toBe(most)
    town.pass(30)
    await wholeSignIn(from(office), anna)
  })

  test('T033 pauses never grow beyond a minute, and an hour later the count begins anew', async () => {
    for (const seconds of [30, 60, 60, 60]) {
      await stuff(most, () => office)
      expect(await from(office).password(nobody(), wrong)).toMatchObject({ status: 429, until: town.clock.at + seconds * 1000 })
      town.pass(seconds)
    }
    town.pass(3_600)
    await stuff(most, () => office)
    expect(await from(office).password(nobody(), wrong)).toMatchObject({ until: town.clock.at + 30_000 })
  })

  test('T033 while a stranger floods one address, its colleagues come in: known browsers and who was signed in there before', async () => {
    const colleagues: Person[] = []
    for (const _ of times(10, () => 0)) colleagues.push(await town.person('c-point', { app: true }))
    const browsers = new Map(colleagues.slice(0, 5).map((it) => [it, from(office)]))
    for (const who of colleagues) await wholeSignIn(browsers.get(who) ?? from(office), who)
    for (const _ of times(6, () => 0)) {
      await stuff(most, () => office)
      // Somebody else's address or a browser of their own: it helps only the person that it belongs to.
      const stranger = from(office).password(nobody(), wrong)
      // All of them within the pause.
      for (const who of colleagues) expect(moved(await (browsers.get(who) ?? from(office)).password(who)).step).toBe('choose')
      const another = from(office).password(nobody(), wrong)
      for (const it of [stranger, another]) expect(await it).toMatchObject({ status: 429 })
      await town.calm()
    }
    // At another flooded address the browser alone tells them from strangers.
    const hotel = '203.0.113.77'
    await stuff(most, () => hotel)
    await Promise.all(
      [...browsers].map(async ([who, pc]) => {
        expect(moved(await from(hotel, 'c-point', pc).password(who)).step).toBe('choose')
        expect(await from(hotel).password(who)).toMatchObject({ status: 429 })
      }),
    )
    await town.calm()
  })

  test('T033 T029 in a paused network a wrong password for who is known there sounds and lasts like any other', async () => {
    const anna = await town.person('c-point', { app: true })
    await wholeSignIn(from(office), anna)
    await stuff(most, () => office)
    const answers = []
    for (const who of [anna, nobody(), await town.person('c-point', { app: true })]) {
      const began = performance.now()
      answers.push(JSON.stringify(await from(office).password(who, wrong)))
      expect(performance.now() - began).toBeGreaterThan(495)
    }
    expect(new Set(answers).size).toBe(1)
    // The count of that one name goes on: being known gives no more tries than anywhere else.
    await Promise.all(times(12, () => from(office).password(anna, wrong)))
    expect(await from(office).password(anna)).toMatchObject({ said: 'signin.paused', status: 429 })
    await town.calm()
  })

  test('T032 walking a /64 leaves it never, four times as many are too many of a /48, and other networks and portals go on', async () => {
    expect(await stuff(most + 1, (it) => `2001:db8:5:1::${it.toString(16)}`)).toEqual({ wrong: most, wait: 1 })
    expect(await from('2001:db8:5:2::1').password(nobody(), wrong)).toMatchObject({ status: 422 })
    expect(await from(office).password(nobody(), wrong)).toMatchObject({ status: 422 })
    expect(await from('2001:db8:5:1::1', 'profiportaal').password(nobody(), wrong)).toMatchObject({ status: 422 })
    expect(await stuff(200, (it) => `2001:db8:5:${(it + 16).toString(16)}::1`)).toEqual({ wrong: 4 * most - most - 1, wait: 1 })
    expect(await from('2001:db8:6:1::1').password(nobody(), wrong)).toMatchObject({ status: 422 })
    for (const it of ['::ffff:192.0.2.77', '192.0.2.77', '::ffff:c000:24d']) await stuff(7, () => it)
    expect(await from('192.0.2.77').password(nobody(), wrong)).toMatchObject({ status: 429 })
  })

  test('T033 a crowd that signs in rightly is no flood', async () => {
    const crowd: Person[] = []
    for (const _ of times(3 * most, () => 0)) crowd.push(await town.person('c-point', { app: true }))
    const outcomes = await Promise.all(crowd.map((it) => from(office).password(it)))
    expect(outcomes.filter((it) => isSaid(it))).toEqual([])
  })

  test('T030 ten thousand wrong passwords at one name from two hundred addresses: known browsers pass, and the owner is told once', async () => {
    const anna = await town.person('c-point', { app: true })
    const pc = from('203.0.113.5')
    await wholeSignIn(pc, anna)
    let heard = 0
    const guess = async (): Promise<void> => {
      const until = town.clock.at + 7_200_000
      // As many tries as are looked at, and one in each pause.
      while (town.clock.at < until) {
        const said = await from(`198.51.100.${heard++ % 200}`).password(anna, wrong)
        if (isSaid(said) && said.status === 429) town.clock.at = said.until ?? town.clock.at
      }
    }
    await guess()
    // She comes in meanwhile, which begins the count of her name anew: still nobody writes to her twice.
    await wholeSignIn(pc, anna)
    await guess()
    await wholeSignIn(pc, anna)
    const fresh = await from('192.0.2.200').password(anna)
    if (isSaid(fresh)) {
      expect(fresh).toMatchObject({ said: 'signin.paused' })
      expect((fresh.until ?? 0) - town.clock.at).toBeLessThanOrEqual(900_000)
    }
    expect(await town.house.storage.db.selectFrom('counter').selectAll().where('key', '=', `second-step ${anna.id}`).execute()).toEqual([])
    const told = await town.house.storage.db
      .selectFrom('message')
      .selectAll()
      .where('account_id', '=', anna.id)
      .where('template', '=', 'M16')
      .execute()
    expect(told.map((it) => JSON.parse(it.facts).told)).toEqual([[expect.objectContaining({ notice: 'protected', guessed: 'password' })]])
  })
})
