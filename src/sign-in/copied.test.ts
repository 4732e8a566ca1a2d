import { beforeAll, describe, expect, test } from 'vitest'
import { onEachEngine, times } from '../../test/support/engines.ts'
import type { StoryBrowser } from '../../test/support/story-browser.ts'
import { events, moved, photograph, signedIn } from '../../test/support/story-checks.ts'
import { accountOf, openStory, type Person, type Town } from '../../test/support/story-house.ts'
import type { Portal } from '../portals/index.ts'
import { giveTicket } from '../recovery/index.ts'
import { type AccountRow, changeAccount, forgetRememberedOf } from '../storage/index.ts'
import { isSaid } from './index.ts'

const day = 86_400
const remembered = { step: 'done', acr: 'urn:sluis:acr:2-remembered' }

onEachEngine((opened, another) => {
  let town: Town
  let elsewhere: Town
  beforeAll(async () => {
    town = await openStory(opened())
    elsewhere = town.on(await another())
  })

  /** A person whose browser is remembered at planning, and long enough ago that its value is replaced at the next use. */
  const rememberedPerson = async (): Promise<[Person, StoryBrowser]> => {
    await town.calm()
    const gijs = await town.person('c-point', { app: true })
    const pc = town.browser('c-point').ask('planning')
    await pc.password(gijs)
    await pc.choose('totp')
    await signedIn(town, gijs, () => pc.code(gijs.app.code(), true))
    town.pass(day)
    return [gijs, pc.forget('session', 'flow')]
  }
  const comeIn = async (browser: StoryBrowser, who: Person, application = 'planning') => {
    await town.calm()
    return moved(await browser.ask(application).forget('session').password(who))
  }
  /** But of browsers that are new: these stories begin in one. */
  const told = async (who: Person) => {
    const rows = await opened().db.selectFrom('message').select('template').where('account_id', '=', who.id).execute()
    return rows.map((it) => it.template).filter((it) => it !== 'M09')
  }
  const living = async (who: Person) => (await photograph(town, who)).sessions.filter((it) => it.ended_at === null)

  describe('T063: a copied cookie', () => {
    test('opens nothing alone', async () => {
      const [gijs, pc] = await rememberedPerson()
      const before = await photograph(town, gijs)
      expect(await pc.copy().ask('planning').step()).toEqual({ step: 'password' })
      expect(isSaid(await pc.copy().password(gijs, 'een ander wachtwoord'))).toBe(true)
      expect(await photograph(town, gijs)).toEqual(before)
    })

    for (const first of ['the thief', 'the owner'] as const)
      test(`used with the password, ${first} first: the second one alarms, the series is over and what it let in has ended`, async () => {
        const [gijs, pc] = await rememberedPerson()
        const thief = pc.copy()
        const [one, other] = first === 'the thief' ? [thief, pc] : [pc, thief]
        const woken = town.woken.times
        expect(await comeIn(one, gijs)).toMatchObject(remembered)
        town.pass(60)
        expect(await living(gijs)).toHaveLength(2)
        expect(await comeIn(other, gijs)).toMatchObject({ step: 'choose', because: 'new-browser' })
        expect(await events(town, gijs)).toContain('remembered.theft-suspected')
        expect(await told(gijs)).toEqual(['M18'])
        expect(town.woken.times).toBe(woken + 1)
        // What the second step of the day before opened is not born of it.
        expect((await living(gijs)).map((it) => it.born_of)).toEqual([null])
        expect(await one.step()).toEqual({ step: 'password' })
        expect(await comeIn(one, gijs)).toMatchObject({ step: 'choose', because: 'new-browser' })
        expect(await comeIn(other, gijs)).toMatchObject({ step: 'choose', because: 'new-browser' })
        expect(await told(gijs)).toEqual(['M18'])
      })

    test('used by both within a second on two nodes: both get the same successor, and the next use of one alarms at the other', async () => {
      const [gijs, pc] = await rememberedPerson()
      const thief = pc.copy(elsewhere.house)
      for (const it of [pc, thief]) expect(await comeIn(it, gijs)).toMatchObject(remembered)
      expect(thief.visitor.browser).toBe(pc.visitor.browser)
      town.pass(60)
      expect(await comeIn(thief, gijs)).toMatchObject(remembered)
      town.pass(60)
      expect(await comeIn(pc, gijs)).toMatchObject({ step: 'choose' })
      expect(await told(gijs)).toEqual(['M18'])
      expect(await comeIn(thief, gijs)).toMatchObject({ step: 'choose' })
    })

    test('shown by two at once alarms once', async () => {
      const [gijs, pc] = await rememberedPerson()
      const late = times(4, (it) => pc.copy(it % 2 ? elsewhere.house : town.house))
      await comeIn(pc, gijs)
      town.pass(60)
      await town.calm()
      await Promise.all(late.map((it) => it.ask('planning').password(gijs)))
      expect(await told(gijs)).toEqual(['M18'])
      expect((await events(town, gijs)).filter((it) => it === 'remembered.theft-suspected')).toHaveLength(1)
    })

    test('where nothing is remembered alarms nobody', async () => {
      const hana = await town.person('profiportaal', { app: true })
      const pc = town.browser('profiportaal')
      for (const _ of [1, 2]) {
        await town.calm()
        await pc.ask('bestellen').forget('session').password(hana)
        await signedIn(town, hana, () => pc.code(hana.app.code()))
        town.pass(90)
      }
      const old = (await opened().db.selectFrom('retired_value').selectAll().execute()).length
      expect(old).toBeGreaterThan(0)
      expect((await photograph(town, hana)).remembered).toEqual([])
      expect(await told(hana)).toEqual([])
    })
  })

  test('T064: of another account, portal or application it is ignored, and told apart in the audit', async () => {
    const [gijs, pc] = await rememberedPerson()
    const mallory = await town.person('c-point', { app: true })
    const before = (await photograph(town, gijs)).remembered
    expect(await comeIn(pc.copy(), mallory)).toMatchObject({ step: 'choose', because: 'new-browser' })
    expect(await events(town, mallory)).toContain('remembered.refused other-account')
    const there = await town.person('uitpas', { app: true })
    const visiting = town.browser('uitpas')
    visiting.visitor = { ...visiting.visitor, browser: pc.visitor.browser }
    expect(await comeIn(visiting, there, 'balie')).toMatchObject({ step: 'prove', because: 'new-browser' })
    expect(await events(town, there)).toContain('remembered.refused other-portal')
    expect(await comeIn(pc.copy(), gijs, 'ligplaatsen')).toMatchObject({ step: 'choose', because: 'application-always' })
    expect(await comeIn(pc.copy(), gijs, 'onbekend')).toMatchObject({ step: 'choose' })
    expect((await photograph(town, gijs)).remembered).toEqual(before)
    expect(await comeIn(pc, gijs)).toMatchObject(remembered)
  })

  test('T064: remembered at one application it is not remembered at the next one, also where that remembers as well', async () => {
    const change = (it: Portal): Portal => {
      const ligplaatsen = it.applications.ligplaatsen && { ...it.applications.ligplaatsen, secondStep: 'remembered' as const }
      return ligplaatsen ? { ...it, applications: { ...it.applications, ligplaatsen } } : it
    }
    const usual = town
    town = await openStory(opened(), { change })
    const [gijs, pc] = await rememberedPerson()
    expect(await comeIn(pc.copy(), gijs, 'ligplaatsen')).toMatchObject({ step: 'choose' })
    expect(await comeIn(pc, gijs)).toMatchObject(remembered)
    town = usual
  })

  test('T065: what was forged, shortened or made longer is ignored, and so is a mark after any change of authenticators or password', async () => {
    const [gijs, pc] = await rememberedPerson()
    const value = pc.visitor.browser ?? ''
    for (const forged of [value.slice(0, -1), `${value}A`, value.toLowerCase(), 'none', 'eyJhbGciOiJub25lIn0', 'x'.repeat(128)]) {
      const other = pc.copy()
      other.visitor = { ...other.visitor, browser: forged }
      expect(await comeIn(other, gijs)).toMatchObject({ step: 'choose', because: 'new-browser' })
    }
    expect(await events(town, gijs)).toContain('remembered.refused unknown')
    for (const change of [{ authenticators_changed_at: town.clock.at }, { password_changed_at: town.clock.at }]) {
      const { account } = await photograph(town, gijs)
      await changeAccount(opened().db, gijs.id, change)
      expect(await comeIn(pc.copy(), gijs)).toMatchObject({ step: 'choose' })
      await changeAccount(opened().db, gijs.id, {
        authenticators_changed_at: account?.authenticators_changed_at ?? null,
        password_changed_at: account?.password_changed_at ?? null,
      })
    }
    expect(await comeIn(pc.copy(), gijs)).toMatchObject(remembered)
    await forgetRememberedOf(opened().db, gijs.id, town.clock.at)
    expect(await comeIn(pc, gijs)).toMatchObject({ step: 'choose', because: 'unknown' })
    expect(await events(town, gijs)).toContain('remembered.refused revoked')
  })

  test('T065: its days count from the last real second step, also after six uses and with a clock that was set back', async () => {
    const [gijs, pc] = await rememberedPerson()
    const proved = town.clock.at - day * 1000
    const values = new Set([pc.visitor.browser])
    for (const _ of times(6, () => 0)) {
      town.pass(4 * day)
      expect(await comeIn(pc, gijs)).toMatchObject(remembered)
      values.add(pc.visitor.browser)
    }
    expect(values.size).toBe(7)
    expect((await photograph(town, gijs)).remembered).toMatchObject([{ proved_at: proved, ends_at: proved + 30 * day * 1000 }])
    town.clock.at = proved - 1
    expect(await comeIn(pc.copy(), gijs)).toMatchObject({ step: 'choose' })
    town.clock.at = proved + 30 * day * 1000
    expect(await comeIn(pc, gijs)).toMatchObject({ step: 'choose', because: 'remember-ended' })
    expect(await events(town, gijs)).toContain('remembered.refused over')
    // Known, which is another thing, it is for ninety days.
    for (const [days, isKnown] of [
      [90 * day * 1000 - 1, true],
      [90 * day * 1000, false],
    ] as const) {
      town.clock.at = proved + days
      await comeIn(pc, gijs)
      expect((await pc.stand()).view?.knownBrowser).toBe(isKnown)
    }
  })

  test('T066: nothing before the second step is done, nothing where the portal says never, nothing at the gate, while an app is linked or after a ticket', async () => {
    const kim = await town.person('c-point')
    const pc = town.browser('c-point').ask('planning')
    await pc.password(kim)
    await pc.choose('totp')
    await pc.begin()
    expect(pc.visitor.browser).toBeUndefined()
    await pc.code(await pc.sent('gate'), true)
    expect(pc.visitor.browser).toBeUndefined()
    const app = town.appWith((await pc.seed()) as Uint8Array)
    await signedIn(town, kim, () => pc.code(app.code(), true))
    expect((await photograph(town, kim)).remembered).toEqual([])
    // None after a ticket either, with the tick on every page.
    const { house } = town
    const { code } = await giveTicket(house, (await accountOf(town, kim)) as AccountRow, town.clock.at)
    const back = town.browser('c-point').ask('planning')
    await back.password(kim)
    expect(moved(await back.ticket(code))).toMatchObject({ step: 'enrol' })
    const next = town.appWith((await back.seed()) as Uint8Array)
    await signedIn(town, kim, () => back.code(next.code(), true))
    expect((await photograph(town, kim)).remembered).toEqual([])
    for (const [portal, application] of [
      ['profiportaal', 'bestellen'],
      ['koop-cam', 'publicatie'],
    ] as const) {
      const who = await town.person(portal, { app: true })
      const there = town.browser(portal).ask(application)
      if (portal === 'koop-cam') await there.name(who.name)
      await there.password(who)
      await signedIn(town, who, () => there.code(who.app.code(), true))
      expect((await photograph(town, who)).remembered).toEqual([])
      expect(await events(town, who)).not.toContain('remembered.created')
    }
  })

  describe('T067: nobody is alarmed by', () => {
    const calmly = async (gijs: Person) => {
      expect(await told(gijs)).toEqual([])
      expect(await events(town, gijs)).not.toContain('remembered.theft-suspected')
    }

    test('six tabs at once, on two nodes', async () => {
      const [gijs, pc] = await rememberedPerson()
      await town.calm()
      const tabs = times(6, (it) => pc.copy(it % 2 ? elsewhere.house : town.house).ask('planning'))
      const steps = await Promise.all(tabs.map(async (it) => moved(await it.password(gijs))))
      for (const it of steps) expect(it).toMatchObject(remembered)
      expect(new Set(tabs.map((it) => it.visitor.browser)).size).toBe(1)
      town.pass(60)
      expect(await comeIn(tabs[3] as StoryBrowser, gijs)).toMatchObject(remembered)
      await calmly(gijs)
    })

    test('a reply that was lost, within the written seconds', async () => {
      const [gijs, pc] = await rememberedPerson()
      const lost = pc.copy()
      await comeIn(pc, gijs)
      town.clock.at += 59_999
      expect(await comeIn(lost, gijs)).toMatchObject(remembered)
      expect(lost.visitor.browser).toBe(pc.visitor.browser)
      await calmly(gijs)
    })

    test('a tab that was open while another one showed a second step', async () => {
      const [gijs, pc] = await rememberedPerson()
      const tab = pc.copy()
      await pc.ask('ligplaatsen').password(gijs)
      await pc.choose('totp')
      await signedIn(town, gijs, () => pc.code(gijs.app.code()))
      town.pass(30)
      expect(await comeIn(tab, gijs)).toMatchObject({ step: 'choose', because: 'new-browser' })
      expect(await comeIn(pc, gijs)).toMatchObject(remembered)
      await calmly(gijs)
    })

    test('twenty sign-ins in a minute', async () => {
      const [gijs, pc] = await rememberedPerson()
      for (const _ of times(20, () => 0)) {
        expect(await comeIn(pc, gijs)).toMatchObject(remembered)
        town.pass(3)
      }
      await calmly(gijs)
    })
  })
})
