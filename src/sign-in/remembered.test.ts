import { beforeAll, expect, test } from 'vitest'
import { onEachEngine } from '../../test/support/engines.ts'
import type { StoryBrowser } from '../../test/support/story-browser.ts'
import { events, moved, photograph, refused, signedIn } from '../../test/support/story-checks.ts'
import { openStory, type Person, type Town } from '../../test/support/story-house.ts'
import { changeAccount } from '../storage/index.ts'

const day = 86_400

onEachEngine((opened) => {
  let town: Town
  beforeAll(async () => {
    town = await openStory(opened())
  })

  /** A whole sign-in with the app, the box ticked or not. */
  const comeIn = async (browser: StoryBrowser, who: Person, application: string, remember = true): Promise<void> => {
    await town.calm()
    browser.ask(application).forget('session')
    expect(moved(await browser.password(who)).step).not.toBe('done')
    await browser.choose('totp')
    await signedIn(town, who, () => browser.code(who.app.code(), remember))
    town.pass(60)
  }
  const stepAt = async (browser: StoryBrowser, who: Person, application: string, more = {}) => {
    await town.calm()
    browser.ask(application, more).forget('session')
    return moved(await browser.password(who))
  }
  const remembered = { step: 'done', acr: 'urn:sluis:acr:2-remembered', amr: ['pwd'] }

  test('a remembered browser asks no code for thirty days at the application that may, and always at the strict one', async () => {
    const anna = await town.person('c-point', { app: true })
    const pc = town.browser('c-point')
    await comeIn(pc, anna, 'planning')
    expect(await events(town, anna)).toContain('remembered.created')
    const until = town.clock.at - 60_000 + 30 * day * 1000
    expect(await stepAt(pc, anna, 'planning')).toMatchObject(remembered)
    expect(await stepAt(pc, anna, 'ligplaatsen')).toMatchObject({ step: 'choose', because: 'application-always' })
    expect(await stepAt(pc, anna, 'planning', { again: true, at: town.clock.at })).toMatchObject({ step: 'choose' })
    expect(await stepAt(pc, anna, 'onbekend')).toMatchObject({ step: 'choose' })
    expect(await stepAt(town.browser('c-point'), anna, 'planning')).toMatchObject({ step: 'choose', because: 'new-browser' })
    // Only a real second step counts anew, not the days in which the browser was used.
    town.clock.at = until - 1
    expect(await stepAt(pc, anna, 'planning')).toMatchObject(remembered)
    town.clock.at = until
    expect(await stepAt(pc, anna, 'planning')).toMatchObject({ step: 'choose', because: 'remember-ended' })
  })

  test('who leaves the box empty is asked again, and a code at the strict application remembers nothing', async () => {
    const anna = await town.person('c-point', { app: true })
    const pc = town.browser('c-point')
    await comeIn(pc, anna, 'planning', false)
    expect(await stepAt(pc, anna, 'planning')).toMatchObject({ step: 'choose', because: 'unknown' })
    await comeIn(pc, anna, 'ligplaatsen')
    expect((await photograph(town, anna)).remembered).toEqual([])
    expect(await stepAt(pc, anna, 'planning')).toMatchObject({ step: 'choose' })
  })

  test('any change of authenticators ends it', async () => {
    const anna = await town.person('c-point', { app: true })
    const pc = town.browser('c-point')
    await comeIn(pc, anna, 'planning')
    await changeAccount(town.house.storage.db, anna.id, { authenticators_changed_at: town.clock.at })
    expect(await stepAt(pc, anna, 'planning')).toMatchObject({ step: 'choose', because: 'method-changed' })
  })

  test('its cookie gets a new value with each real second step, and the mark stays; a planted value never leads to the new one', async () => {
    const anna = await town.person('c-point', { app: true })
    const pc = town.browser('c-point')
    await comeIn(pc, anna, 'planning')
    const copied = pc.copy()
    await comeIn(pc, anna, 'ligplaatsen', false)
    expect(pc.visitor.browser).not.toBe(copied.visitor.browser)
    town.pass(-1)
    expect(await stepAt(copied, anna, 'planning')).toMatchObject({ step: 'choose', because: 'new-browser' })
    expect(await stepAt(pc, anna, 'planning')).toMatchObject(remembered)
    expect((await photograph(town, anna)).browsers).toHaveLength(1)
    expect(await stepAt(pc.forget('browser'), anna, 'planning')).toMatchObject({ step: 'choose', because: 'new-browser' })
  })

  test('colleagues at one computer are each remembered for themselves, under one cookie', async () => {
    const [anna, bram] = [await town.person('c-point', { app: true }), await town.person('c-point', { app: true })]
    const pc = town.browser('c-point')
    await comeIn(pc, anna, 'planning')
    expect(await stepAt(pc, bram, 'planning')).toMatchObject({ step: 'choose', because: 'new-browser' })
    await comeIn(pc, bram, 'planning')
    for (const who of [anna, bram]) expect(await stepAt(pc, who, 'planning')).toMatchObject(remembered)
  })

  test('seven days at the one portal, three at the other, never where the file does not say so', async () => {
    for (const [portal, application, days] of [
      ['uitpas', 'balie', 7],
      ['profiportaal', 'bestellen', 0],
    ] as const) {
      const who = await town.person(portal, { app: true })
      const pc = town.browser(portal)
      await comeIn(pc, who, application)
      const came = town.clock.at - 60_000
      if (days === 0) expect(await stepAt(pc, who, application)).toMatchObject({ step: 'prove', because: 'always' })
      else {
        town.clock.at = came + days * day * 1000 - 1
        expect(await stepAt(pc, who, application)).toMatchObject(remembered)
        town.clock.at += 1
        expect(await stepAt(pc, who, application)).toMatchObject({ step: 'prove', method: 'totp', because: 'remember-ended' })
      }
    }
  })

  test('inside one session the strict application asks each time, the other one does not; the session stays, its cookie changes', async () => {
    const anna = await town.person('c-point', { app: true })
    const pc = town.browser('c-point')
    await comeIn(pc, anna, 'ligplaatsen')
    const { sessions } = await photograph(town, anna)
    expect(await pc.ask('planning').step()).toMatchObject({ step: 'done', acr: 'urn:sluis:acr:2' })
    expect(await pc.ask('ligplaatsen').step()).toMatchObject({ step: 'choose', because: 'application-always' })
    await pc.choose('totp')
    const old = pc.visitor.session
    await refused(town, anna, () => pc.code('000001'))
    expect(moved(await pc.code(anna.app.code())).step).toBe('done')
    expect((await photograph(town, anna)).sessions.map((it) => it.id)).toEqual(sessions.map((it) => it.id))
    expect(pc.visitor.session).not.toBe(old)
    expect((await pc.stand()).session?.id).toBe(sessions[0]?.id)
    const copied = town.browser('c-point')
    copied.visitor = { ...copied.visitor, session: old }
    expect(await copied.step()).toEqual({ step: 'password' })
    town.pass(1)
    expect(await pc.ask('ligplaatsen').step()).toMatchObject({ step: 'choose' })
  })

  test('a page that no application asked for asks no code again inside the session; a session that ended does', async () => {
    const anna = await town.person('c-point', { app: true })
    const pc = town.browser('c-point')
    await pc.password(anna)
    await pc.choose('totp')
    await signedIn(town, anna, () => pc.code(anna.app.code()))
    for (const _ of [1, 2]) {
      town.pass(1200)
      expect(await pc.step()).toMatchObject({ step: 'done', acr: 'urn:sluis:acr:2' })
    }
    town.pass(1201)
    expect(await pc.step()).toEqual({ step: 'password' })
  })

  test('a new sign-in ends the session that this browser had: a copied cookie is worth nothing', async () => {
    const [anna, bram] = [await town.person('c-point', { app: true }), await town.person('c-point', { app: true })]
    const pc = town.browser('c-point')
    await comeIn(pc, anna, 'planning')
    const copied = pc.copy().forget('flow', 'browser')
    await pc.ask('planning').password(bram)
    await pc.choose('totp')
    expect(await copied.step()).toMatchObject({ step: 'done' })
    await signedIn(town, bram, () => pc.code(bram.app.code()))
    expect(await copied.step()).toEqual({ step: 'password' })
    expect(await events(town, anna)).toContain('session.ended')
  })
})
