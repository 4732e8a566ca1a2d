import { beforeAll, expect, test } from 'vitest'
import { onEachEngine, times } from '../../test/support/engines.ts'
import type { StoryBrowser } from '../../test/support/story-browser.ts'
import { changesNothing, moved, photograph, refused, signedIn, tries } from '../../test/support/story-checks.ts'
import { type App, openStory, type Person, type Town } from '../../test/support/story-house.ts'
import { authenticatorsOf, changeAccount, removeAuthenticator } from '../storage/index.ts'

const hour = 3600

onEachEngine((opened, another) => {
  let town: Town
  let otherNode: Town
  beforeAll(async () => {
    town = await openStory(opened())
    otherNode = town.on(await another())
  })

  const atGate = async (who: Person, browser = town.browser(who.portal)): Promise<StoryBrowser> => {
    await town.calm()
    if (who.portal === 'koop-cam') await browser.name(who.name)
    await browser.password(who, undefined, who.portal === 'uitpas')
    if (who.portal === 'c-point') {
      await browser.choose('totp')
      await browser.begin()
    }
    return browser
  }
  const atQr = async (who: Person, browser?: StoryBrowser): Promise<StoryBrowser> => {
    const at = await atGate(who, browser)
    expect(moved(await at.code(await at.sent('gate'))).step).toBe('enrol')
    return at
  }
  const appOf = async (browser: StoryBrowser): Promise<App> => town.appWith((await browser.seed()) as Uint8Array)
  const notices = async ({ id }: Person): Promise<string[]> => {
    const rows = await town.house.storage.db.selectFrom('message').selectAll().where('account_id', '=', id).execute()
    return rows.filter((it) => it.code_id === null).map((it) => it.template)
  }

  test('T041 T043 whoever has the password alone stops at the gate: no secret, no phone, on all four portals', async () => {
    for (const portal of ['c-point', 'profiportaal', 'koop-cam', 'uitpas']) {
      const bram = await town.person(portal)
      const browser = await atGate(bram)
      expect(await browser.step()).toMatchObject({ step: 'prove', purpose: 'gate', method: 'email' })
      for (const work of [
        () => browser.begin(),
        () => browser.phone('0470 12 34 56'),
        () => browser.phone('', true),
        () => browser.withdraw(),
        () => browser.want(),
        () => browser.later(),
      ])
        expect(await changesNothing(town, bram, work)).toMatchObject({ step: 'prove', purpose: 'gate' })
      await refused(town, bram, () => browser.code('000001'), { event: 'gate.refused wrong' })
      expect(await browser.seed()).toBeUndefined()
      await browser.choose('totp')
      expect((await photograph(town, bram)).pending).toEqual([])
      expect((await photograph(town, bram)).account?.phone).toBeNull()
    }
  })

  test("T043 the gate's proof is of this sign-in, this account, and in time", async () => {
    const [bram, ida] = [await town.person('c-point'), await town.person('c-point')]
    const [mine, other, hers] = [await atGate(bram), await atGate(bram), await atGate(ida)]
    for (const code of [await other.sent('gate'), await hers.sent('gate')])
      await refused(town, bram, () => mine.code(code), { said: 'code.wrongMail', event: 'gate.refused wrong' })
    const late = await mine.sent('gate')
    town.pass(600)
    await refused(town, bram, () => mine.code(late), { said: 'code.expired', event: 'gate.refused expired', counted: 0 })
    expect(moved(await mine.code(await mine.sent('gate')))).toEqual({ step: 'enrol', method: 'totp' })

    // A new sign-in begins before the gate again, also in the same browser and with the pending secret still there.
    await atGate(bram, mine)
    expect(await mine.step()).toMatchObject({ step: 'prove', purpose: 'gate' })
    expect(await mine.seed()).toBeUndefined()
  })

  test('T042 after the app was removed: the gate again, on every node; the old app and an earlier gate open nothing', async () => {
    const bram = await town.person('profiportaal')
    const early = await atQr(bram)
    const browser = await atQr(bram)
    const app = await appOf(browser)
    town.pass(30)
    await signedIn(town, bram, () => browser.code(app.code()))
    town.pass(60)
    const [bound] = await authenticatorsOf(town.house.storage.db, bram.id)
    await removeAuthenticator(town.house.storage.db as never, bram.id, bound?.id ?? '')
    await changeAccount(town.house.storage.db, bram.id, { authenticators_changed_at: town.clock.at })
    town.pass(1)
    expect(await early.step()).toMatchObject({ step: 'prove', purpose: 'gate' })
    const again = otherNode.browser('profiportaal')
    await town.calm()
    expect(moved(await again.password(bram))).toMatchObject({ step: 'prove', purpose: 'gate', method: 'email' })
    await refused(town, bram, () => again.code(app.code()), { event: 'gate.refused wrong' })
    expect(moved(await again.code(await again.sent('gate')))).toEqual({ step: 'enrol', method: 'totp' })
  })

  test('T045 a second tab and another node show the same secret; two starts at once make one', async () => {
    const bram = await town.person('c-point')
    const browser = await atGate(bram)
    const code = await browser.sent('gate')
    await Promise.all(times(8, (it) => browser.copy(it % 2 ? town.house : otherNode.house).code(code)))
    expect((await photograph(town, bram)).pending).toHaveLength(1)
    const seed = await browser.seed()
    for (const tab of [browser.copy(), browser.copy(otherNode.house)]) {
      await tab.begin()
      expect(await tab.seed()).toEqual(seed)
    }
    expect(await notices(bram)).toEqual([])
  })

  test('T045 two browsers that pass the gate at once, on two nodes: one secret lives, one page shows it, and the owner is told', async () => {
    for (const _ of times(3, () => 0)) {
      const bram = await town.person('c-point')
      const both = [await atGate(bram), await atGate(bram, otherNode.browser('c-point'))]
      const codes = await Promise.all(both.map((it) => it.sent('gate')))
      await Promise.all(both.map((it, place) => it.code(codes[place] ?? '')))
      expect((await photograph(town, bram)).pending).toHaveLength(1)
      expect((await Promise.all(both.map((it) => it.seed()))).filter((it) => it !== undefined)).toHaveLength(1)
      expect(await notices(bram)).toEqual(['M19'])
    }
  })

  test('T045 another browser neither sees nor replaces the secret without its own gate; then the owner is told', async () => {
    const bram = await town.person('c-point')
    const mine = await atQr(bram)
    const seed = await mine.seed()
    const theirs = await atGate(bram)
    const before = await photograph(town, bram)
    for (const work of [() => theirs.begin(), () => theirs.choose('totp'), () => theirs.code('000001')]) await work()
    expect((await photograph(town, bram)).pending).toEqual(before.pending)
    expect(await theirs.seed()).toBeUndefined()
    expect(await mine.seed()).toEqual(seed)

    await theirs.code(await theirs.sent('gate'))
    expect(await theirs.seed()).not.toEqual(seed)
    expect(await mine.seed()).toBeUndefined()
    expect(await notices(bram)).toEqual(['M19'])
    const old = town.appWith(seed as Uint8Array)
    expect((await mine.code(old.code())) as object).toMatchObject({ said: 'enrol.expired', status: 422 })
    expect((await photograph(town, bram)).authenticators).toEqual([])
    // Behind the gate that was passed here it begins anew, and can be finished.
    const app = await appOf(mine)
    await signedIn(town, bram, () => mine.code(app.code()))
  })

  test('T046 nothing is bound by a code of another secret, no code, a wrong clock, or after the sign-in', async () => {
    const bram = await town.person('c-point')
    const browser = await atQr(bram)
    const app = await appOf(browser)
    const stranger = town.appWith(Buffer.alloc(20, 8))
    await refused(town, bram, () => browser.code(stranger.code()), { said: 'code.wrongEnrol', event: 'enrolment.refused wrong' })
    await refused(town, bram, () => browser.code(''), { said: 'code.empty', counted: 0 })
    const clock = await refused(town, bram, () => browser.code(app.code(-6)), {
      said: 'code.clock',
      event: 'enrolment.refused out-of-window',
    })
    expect(clock).toMatchObject({ minutes: 3, direction: 'behind' })
    const page = await browser.stand()
    town.pass(hour)
    expect(await changesNothing(town, bram, () => browser.code(app.code(), false, { ...page, now: town.clock.at }))).toEqual({
      step: 'password',
    })
    expect(await changesNothing(town, bram, () => browser.code(app.code()))).toEqual({ step: 'password' })
  })

  test('T046 ten wrong first codes are a pause; the next day the password alone shows nothing; the gate shows the same secret', async () => {
    const bram = await town.person('c-point')
    const browser = await atQr(bram)
    const seed = await browser.seed()
    for (const _ of times(7, () => 0)) await browser.code('000001')
    await refused(town, bram, () => browser.code('000001'), { said: 'code.lastTries' })
    await browser.code('000001')
    await refused(town, bram, () => browser.code('000001'), { said: 'code.paused', status: 429 })
    expect((await tries(town, bram)).count).toBe(10)
    town.pass(23 * hour)
    await atGate(bram, browser)
    expect(await browser.seed()).toBeUndefined()
    await browser.code(await browser.sent('gate'))
    expect(await browser.seed()).toEqual(seed)
    const app = await appOf(browser)
    await signedIn(town, bram, () => browser.code(app.code()))
    expect((await notices(bram)).toSorted()).toEqual(['M05', 'M16'])
  })

  test('T046 a day later the secret is over, and one that was switched off meanwhile shows none', async () => {
    const [bram, ida] = [await town.person('c-point'), await town.person('c-point')]
    const [his, hers] = [await atQr(bram), await atQr(ida)]
    const seed = await his.seed()
    await changeAccount(town.house.storage.db, ida.id, { disabled_at: town.clock.at })
    expect(await hers.step()).toEqual({ step: 'password' })
    expect(await hers.seed()).toBeUndefined()
    town.pass(24 * hour)
    await atQr(bram, his)
    expect(await his.seed()).not.toEqual(seed)
    expect(await notices(bram)).toEqual([])
  })
})
