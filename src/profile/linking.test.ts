import { beforeAll, expect, test } from 'vitest'
import { onEachEngine } from '../../test/support/engines.ts'
import type { StoryBrowser } from '../../test/support/story-browser.ts'
import { events, moved, photograph } from '../../test/support/story-checks.ts'
import { type App, openStory, type Person, type Town } from '../../test/support/story-house.ts'
import { openPending, tellEndedByTime } from '../enrolment/index.ts'
import { type NotMe, sayNotMe } from '../recovery/index.ts'
import { isSaid, type Said } from '../sign-in/index.ts'
import { authenticatorsOf, changeAccount, codesOf, digitsOf, shortLinkToken, sweepSome } from '../storage/index.ts'
import type { Changed, Ending, Standing } from './index.ts'
import {
  beginConfirm,
  beginLinking,
  chooseForConfirm,
  confirmByCode,
  confirmNew,
  decideEnding,
  finishLinking,
  giveNumber,
  notByApps,
  removeMethod,
  standingOf,
} from './index.ts'

const day = 86_400

onEachEngine((opened, another) => {
  let town: Town
  beforeAll(async () => {
    town = await openStory(opened())
  })

  const standing = async (it: StoryBrowser, than?: typeof notByApps): Promise<Standing> => {
    const { house } = town
    const found = await standingOf(house.storage.db, house, it.portal, it.visitor, house.clock.now(), than)
    if (!found) throw new Error('no whole session stands here')
    return found
  }
  const act = async (
    it: StoryBrowser,
    work: (at: Standing) => Promise<Changed | Said>,
    than?: typeof notByApps,
  ): Promise<Changed | Said> => {
    const outcome = await work(await standing(it, than))
    if (!isSaid(outcome) && 'cookies' in outcome) it.visitor = { ...it.visitor, ...outcome.cookies }
    return outcome
  }
  const begin = (it: StoryBrowser, replaced?: string) => act(it, (at) => beginLinking(town.house, at, it.visitor, replaced))
  const finish = (it: StoryBrowser, code: string, replaced?: string) =>
    act(it, (at) => finishLinking(town.house, at, it.visitor, code, replaced))
  const confirm = (it: StoryBrowser, code: string, than?: typeof notByApps) =>
    act(it, (at) => confirmByCode(town.house, at, it.visitor, code), than)
  const decide = (it: StoryBrowser, id: string, ending: Ending) =>
    act(it, (at) => decideEnding(town.house, at, it.visitor, id, ending), ending === 'stolen' ? notByApps : undefined)
  const rows = ({ id }: Person) => authenticatorsOf(town.house.storage.db, id)
  const scan = async (it: StoryBrowser): Promise<App> => {
    const { account, attempt, now } = await standing(it)
    const pending = await openPending(town.house.storage.db, town.house, account.id, attempt?.id ?? '', now)
    return town.appWith(pending?.seed ?? new Uint8Array(20))
  }
  const told = async ({ id }: Person): Promise<string[]> => {
    const { db } = town.house.storage
    const found = await db.selectFrom('message').select('template').where('account_id', '=', id).where('channel', '=', 'email').execute()
    return found.map((it) => it.template).filter((it) => /^M0[5-7]/.test(it))
  }
  const inside = async (who: Person, app = who.app): Promise<StoryBrowser> => {
    const browser = town.browser(who.portal)
    await browser.password(who)
    if (moved(await browser.choose('totp')).step !== 'done') moved(await browser.code(app.code()))
    return browser
  }
  const signsIn = async (who: Person, code: string): Promise<boolean> => {
    const browser = town.browser(who.portal)
    await browser.password(who)
    await browser.choose('totp')
    const outcome = await browser.code(code)
    return !isSaid(outcome) && outcome.situation.step.step === 'done'
  }
  /** A new app in the place of the only one; both work now. */
  const replaced = async (who: Person): Promise<{ browser: StoryBrowser; old: string; fresh: App }> => {
    const browser = await inside(who)
    const old = (await rows(who))[0]?.id ?? ''
    expect(await begin(browser, old)).toMatchObject({ changed: 'made' })
    const fresh = await scan(browser)
    expect(await finish(browser, fresh.code(), old)).toMatchObject({ changed: 'made' })
    return { browser, old, fresh }
  }

  test('rows 109, 117: the first code of the first app is a fresh second step for one change, of its own session and for 5 minutes', async () => {
    const mia = await town.person('uitpas', {})
    const browser = town.browser('uitpas')
    await browser.password(mia, undefined, true)
    await browser.code(await browser.sent('gate'))
    await browser.choose('totp')
    const app = town.appWith((await browser.seed()) as Uint8Array)
    expect(moved(await browser.code(app.code()))).toMatchObject({ step: 'done' })
    // Another session of the same person shows its own.
    town.pass(30)
    const other = town.browser('uitpas')
    await other.password(mia)
    await other.code(app.code())
    town.pass(100)
    expect((await standing(browser)).due).toBeUndefined()
    const given = (it: StoryBrowser, number: string) => act(it, (at) => giveNumber(town.house, at, it.visitor, number))
    expect(await given(browser, '0470 11 22 33')).toMatchObject({ changed: 'made' })
    const { attempt } = await standing(browser)
    const [code] = await codesOf(town.house.storage.db, attempt?.id ?? '', 'new-phone')
    const digits = digitsOf(town.house.vault, code?.id ?? '')
    expect(await act(browser, (at) => confirmNew(town.house, at, browser.visitor, 'sms', digits))).toMatchObject({ changed: 'made' })
    // One change: what it proved says nothing about what is registered now.
    expect((await standing(browser)).due).toMatchObject({ step: 'prove', purpose: 'change' })
  })

  test('T044 the first code of the first app confirms nothing after 5 minutes', async () => {
    const noor = await town.person('uitpas', {})
    const browser = town.browser('uitpas')
    await browser.password(noor, undefined, true)
    await browser.code(await browser.sent('gate'))
    await browser.choose('totp')
    const app = town.appWith((await browser.seed()) as Uint8Array)
    await browser.code(app.code())
    town.pass(300)
    expect((await standing(browser)).due).toBeUndefined()
    town.pass(1)
    expect((await standing(browser)).due).toMatchObject({ step: 'prove', method: 'totp', purpose: 'change' })
  })

  test('T044 an app is added behind a fresh proof of what was there before, and never beside it', async () => {
    const anna = await town.person('c-point', { app: true })
    const browser = await inside(anna)
    town.pass(301)
    const before = await photograph(town, anna)
    expect(await begin(browser)).toEqual({ changed: 'due' })
    expect(await finish(browser, (await scan(browser)).code())).toEqual({ changed: 'due' })
    expect(await photograph(town, anna)).toEqual(before)
    expect(await confirm(browser, anna.app.code())).toMatchObject({ changed: 'made' })
    expect(await begin(browser)).toMatchObject({ changed: 'made' })
    const fresh = await scan(browser)
    // Somebody installs the app meanwhile: the picture of this session can still be finished.
    town.pass(40 * 60)
    expect(await finish(browser, '000000' === fresh.code() ? '000001' : '000000')).toMatchObject({ said: 'code.wrongEnrol', status: 422 })
    expect(await finish(browser, fresh.code())).toMatchObject({ changed: 'made' })
    expect(await rows(anna)).toHaveLength(2)
    expect(await told(anna)).toEqual(['M05'])
    expect(await events(town, anna)).toContain('authenticator.bound')
    // The new one was no proof for itself: the next change asks anew.
    expect((await standing(browser)).due).toMatchObject({ step: 'prove', purpose: 'change' })
    expect(await signsIn(anna, fresh.code(1))).toBe(true)
    expect(await signsIn(anna, anna.app.code())).toBe(true)
  })

  test('T046 a picture that is left ends with its hour, with any change, and is no other session’s', async () => {
    const anna = await town.person('c-point', { app: true })
    const browser = await inside(anna)
    await begin(browser)
    const late = await scan(browser)
    town.pass(30)
    const elsewhere = await inside(anna)
    expect(await finish(elsewhere, late.code())).toEqual({ changed: 'due' })
    town.pass(59 * 60 + 31)
    expect(await finish(browser, late.code()).catch(() => 'over')).not.toMatchObject({ changed: 'made' })
    expect(await rows(anna)).toHaveLength(1)
    const again = await inside(anna)
    await begin(again)
    const dead = await scan(again)
    town.pass(30)
    await confirm(again, anna.app.code())
    await act(again, async (at) => removeMethod(town.house, at, again.visitor, (await rows(anna))[0]?.id ?? ''))
    expect(await finish(again, dead.code())).toEqual({ changed: 'due' })
    expect(await rows(anna)).toEqual([])
  })

  test('a replaced app works on until the new one was used twice; then it is dead, told, and can be put back for a week', async () => {
    const anna = await town.person('c-point', { app: true })
    const { old, fresh } = await replaced(anna)
    expect(await told(anna)).toEqual(['M07'])
    town.pass(60)
    expect(await signsIn(anna, anna.app.code())).toBe(true)
    expect(await signsIn(anna, fresh.code())).toBe(true)
    town.pass(60)
    expect(await signsIn(anna, anna.app.code())).toBe(true)
    expect(await signsIn(anna, fresh.code())).toBe(true)
    town.pass(60)
    expect(await signsIn(anna, anna.app.code())).toBe(false)
    const kept = (await rows(anna)).find((it) => it.id === old)
    expect(kept?.ends_at).toBe(town.clock.at - 60_000)

    const browser = await inside(anna, fresh)
    expect(await decide(browser, old, 'put-back')).toMatchObject({ changed: 'made' })
    town.pass(60)
    expect(await signsIn(anna, anna.app.code())).toBe(true)
    expect(await signsIn(anna, fresh.code())).toBe(true)
  })

  test('a replaced app ends after seven days by itself, and is swept away a week later', async () => {
    const anna = await town.person('c-point', { app: true })
    const { fresh } = await replaced(anna)
    town.pass(7 * day - 1)
    expect(await signsIn(anna, anna.app.code())).toBe(true)
    town.pass(31)
    await town.calm()
    expect(await signsIn(anna, anna.app.code())).toBe(false)
    expect(await signsIn(anna, fresh.code())).toBe(true)
    await sweepSome(town.house.storage.db, town.clock.at)
    expect(await rows(anna)).toHaveLength(2)
    town.pass(7 * day)
    await sweepSome(town.house.storage.db, town.clock.at)
    expect(await rows(anna)).toHaveLength(1)
  })

  test('M07 at the end by time alone: told once, of two nodes by one, and not to who heard it already, kept both or is disabled', async () => {
    const [anna, bram, cato, daan] = [
      await town.person('c-point', { app: true }),
      await town.person('c-point', { app: true }),
      await town.person('c-point', { app: true }),
      await town.person('c-point', { app: true }),
    ]
    const kept = await replaced(anna)
    await replaced(bram)
    const used = await replaced(cato)
    await replaced(daan)
    await changeAccount(town.house.storage.db, daan.id, { disabled_at: town.clock.at })
    town.pass(3_700)
    expect(await signsIn(cato, used.fresh.code())).toBe(true)
    town.pass(60)
    // The second use: two nodes at once see it.
    expect(await signsIn(cato, used.fresh.code())).toBe(true)
    await inside(anna, kept.fresh).then((it) => decide(it, kept.old, 'keep-both'))
    const other = town.on(await another())
    const look = () => Promise.all([town, other, town].map((it) => tellEndedByTime(it.house, town.clock.at)))
    await look()
    const ends = (who: Person) => told(who).then((all) => all.filter((it) => it === 'M07').length)
    expect([await ends(anna), await ends(bram), await ends(cato)]).toEqual([1, 1, 2])
    town.pass(7 * day)
    await look()
    town.pass(60)
    await look()
    expect([await ends(anna), await ends(bram), await ends(cato), await ends(daan)]).toEqual([1, 2, 2, 1])
    const { db } = town.house.storage
    const [mail] = await db.selectFrom('message').select('facts').where('account_id', '=', bram.id).orderBy('created_at', 'desc').execute()
    const endedAt = (await rows(bram)).find((it) => it.ends_at !== null)?.ends_at ?? 0
    expect(JSON.parse(mail?.facts ?? '')).toMatchObject({ told: [{ notice: 'method-replaced', undoUntil: endedAt + 7 * day * 1000 }] })
  })

  test('M07 a fault with one owner holds up none of the others', async () => {
    const people = [await town.person('c-point', { app: true }), await town.person('c-point', { app: true })]
    for (const it of people) await replaced(it)
    town.pass(8 * day)
    let asked = 0
    const notify = (): void => {
      if (asked++ === 0) throw new Error('this one cannot be told')
    }
    await tellEndedByTime({ ...town.house, notify }, town.clock.at)
    expect(await Promise.all(people.map(told))).toEqual(people.map(() => expect.arrayContaining(['M07'])))
    expect(asked).toBe(2)
  })

  test('of two apps neither removes the other early: who says that the old phone was stolen shows something else', async () => {
    const anna = await town.person('c-point', { app: true })
    const { old, fresh, browser } = await replaced(anna)
    const newer = (await rows(anna)).find((it) => it.id !== old)?.id ?? ''
    town.pass(30)
    await confirm(browser, anna.app.code())
    for (const id of [old, newer])
      expect(await act(browser, (at) => removeMethod(town.house, at, browser.visitor, id))).toMatchObject({ said: 'method.unavailable' })
    // The old app spoke a moment ago; for this it counts as nothing.
    expect(await decide(browser, old, 'stolen')).toEqual({ changed: 'due' })
    expect(await act(browser, (at) => chooseForConfirm(town.house, at, browser.visitor, 'totp'), notByApps)).toMatchObject({
      said: 'method.unavailable',
    })
    await act(browser, (at) => beginConfirm(town.house, at, browser.visitor), notByApps)
    const [code] = await codesOf(town.house.storage.db, (await standing(browser)).attempt?.id ?? '', 'change')
    expect(await confirm(browser, digitsOf(town.house.vault, code?.id ?? ''), notByApps)).toMatchObject({ changed: 'made' })
    expect(await decide(browser, old, 'stolen')).toMatchObject({ changed: 'made' })
    town.pass(60)
    expect(await signsIn(anna, anna.app.code())).toBe(false)
    expect(await signsIn(anna, fresh.code())).toBe(true)
  })

  /** 'Dit was ik niet' in the mail that told of it: the newest of its kind, or the first. */
  const wasNotMe = async ({ id, portal }: Person, template: string, place = -1): Promise<NotMe> => {
    const { house, clock } = town
    const query = house.storage.db.selectFrom('message').select('facts').where('account_id', '=', id).where('template', '=', template)
    const facts = (await query.where('channel', '=', 'email').orderBy('created_at').execute()).at(place)?.facts ?? '{}'
    return sayNotMe(house, town.portal(portal), shortLinkToken(house.vault, JSON.parse(facts).link), '192.0.2.1', clock.at)
  }
  /** What happened is known by its moment. */
  const replacedBy = (who: Person) => {
    town.pass(1)
    return replaced(who)
  }
  const bound = async (who: Person) => (await rows(who)).map((it) => [it.id, it.ends_at])

  test("T127 'this was not me' after an app that took the place of mine: it goes, and mine works as before", async () => {
    const anna = await town.person('c-point', { app: true })
    const { old } = await replacedBy(anna)
    town.pass(60)
    expect(await wasNotMe(anna, 'M07')).toMatchObject({ link: 'used', done: expect.arrayContaining(['totp', 'totp-back']) })
    expect(await bound(anna)).toEqual([[old, null]])
  })

  test('T127 also when the thief used his app until mine ended, by the mail of either, and when he went on to another', async () => {
    for (const place of [0, -1]) {
      const anna = await town.person('c-point', { app: true })
      const { old, fresh } = await replacedBy(anna)
      for (let uses = 0; uses < 2; uses++) {
        town.pass(60)
        expect(await signsIn(anna, fresh.code())).toBe(true)
      }
      town.pass(60)
      const browser = await inside(anna, fresh)
      const second = (await rows(anna)).find((it) => it.id !== old)?.id ?? ''
      await begin(browser, second)
      expect(await finish(browser, (await scan(browser)).code(), second)).toMatchObject({ changed: 'made' })
      expect(await rows(anna)).toHaveLength(3)
      expect(await wasNotMe(anna, 'M07', place)).toMatchObject({ link: 'used', done: expect.arrayContaining(['totp', 'totp-back']) })
      expect(await bound(anna)).toEqual([[old, null]])
    }
  })

  test('T127 mine that was called stolen comes back; two that were both kept are told apart', async () => {
    const [anna, bram] = [await town.person('c-point', { app: true }), await town.person('c-point', { app: true })]
    const { old, browser } = await replacedBy(anna)
    town.pass(30)
    await act(browser, (at) => beginConfirm(town.house, at, browser.visitor), notByApps)
    const [code] = await codesOf(town.house.storage.db, (await standing(browser)).attempt?.id ?? '', 'change')
    await confirm(browser, digitsOf(town.house.vault, code?.id ?? ''), notByApps)
    expect(await decide(browser, old, 'stolen')).toMatchObject({ changed: 'made' })
    await wasNotMe(anna, 'M06')
    expect(await bound(anna)).toEqual([[old, null]])

    const kept = await replacedBy(bram)
    town.pass(30)
    await confirm(kept.browser, kept.fresh.code(1))
    expect(await decide(kept.browser, kept.old, 'keep-both')).toMatchObject({ changed: 'made' })
    await wasNotMe(bram, 'M07')
    expect(await bound(bram)).toEqual([[kept.old, null]])
  })

  test('without another method nobody ends one of two apps early, and both can be kept', async () => {
    const hana = await town.person('profiportaal', { app: true })
    const { old, browser, fresh } = await replaced(hana)
    town.pass(30)
    await confirm(browser, fresh.code())
    expect(await act(browser, (at) => decideEnding(town.house, at, browser.visitor, old, 'stolen'))).toEqual({ changed: 'not-yours' })
    expect(await decide(browser, old, 'keep-both')).toMatchObject({ changed: 'made' })
    town.pass(8 * day)
    expect(await signsIn(hana, hana.app.code())).toBe(true)
    expect(await signsIn(hana, fresh.code())).toBe(true)
  })

  test('T056 nobody replaces, keeps or puts back what is somebody else’s', async () => {
    const [anna, mallory] = [await town.person('c-point', { app: true }), await town.person('c-point', { app: true })]
    const { old } = await replaced(anna)
    const browser = await inside(mallory)
    const before = await photograph(town, anna)
    expect(await begin(browser, old)).toMatchObject({ said: 'method.unavailable' })
    for (const ending of ['keep-both', 'put-back'] as const) expect(await decide(browser, old, ending)).toEqual({ changed: 'not-yours' })
    await begin(browser)
    expect(await finish(browser, (await scan(browser)).code(), old)).toEqual({ changed: 'not-yours' })
    expect(await photograph(town, anna)).toEqual(before)
  })
})
