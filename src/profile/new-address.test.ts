import { beforeAll, expect, test } from 'vitest'
import { onEachEngine } from '../../test/support/engines.ts'
import type { StoryBrowser } from '../../test/support/story-browser.ts'
import { events, moved, photograph, tries } from '../../test/support/story-checks.ts'
import { accountOf, openStory, type Person, password, type Town } from '../../test/support/story-house.ts'
import { askReset, sayNotMe } from '../recovery/index.ts'
import { isSaid, type Said } from '../sign-in/index.ts'
import { changeAccount, codesOf, digitsOf, shortLinkToken } from '../storage/index.ts'
import type { Changed, NewAddress, Standing } from './index.ts'
import { changePassword, confirmByCode, confirmNew, finishesNew, giveEmail, giveNumber, resendNew, standingOf } from './index.ts'

const day = 86_400_000

onEachEngine((opened) => {
  let town: Town
  beforeAll(async () => {
    town = await openStory(opened())
  })

  const freely = { minimumLength: 12, contextWords: [], typedCode: false }
  const standing = async (it: StoryBrowser): Promise<Standing> => {
    const { house } = town
    const found = await standingOf(house.storage.db, house, it.portal, it.visitor, house.clock.now())
    if (!found) throw new Error('no whole session stands here')
    return found
  }
  const act = async (it: StoryBrowser, work: (at: Standing) => Promise<Changed | Said>): Promise<Changed | Said> => {
    const outcome = await work(await standing(it))
    if (!isSaid(outcome) && 'cookies' in outcome) it.visitor = { ...it.visitor, ...outcome.cookies }
    return outcome
  }
  const email = (it: StoryBrowser, typed: string) => act(it, (at) => giveEmail(town.house, at, it.visitor, typed))
  const number = (it: StoryBrowser, typed: string) => act(it, (at) => giveNumber(town.house, at, it.visitor, typed))
  const prove = (it: StoryBrowser, channel: NewAddress, code: string) =>
    act(it, (at) => confirmNew(town.house, at, it.visitor, channel, code))
  const finishes = (at: Standing, channel: NewAddress) => finishesNew(town.house.storage.db, at, channel)
  const sent = async (it: StoryBrowser, channel: NewAddress, older = 0): Promise<string> => {
    const { attempt } = await standing(it)
    const codes = await codesOf(town.house.storage.db, attempt?.id ?? '', channel === 'email' ? 'new-email' : 'new-phone')
    return digitsOf(town.house.vault, codes[older]?.id ?? '')
  }
  const messages = async ({ id }: Person) =>
    town.house.storage.db.selectFrom('message').select(['template', 'address']).where('account_id', '=', id).execute()
  /** Signed in this very moment. */
  const inside = async (who: Person): Promise<StoryBrowser> => {
    const browser = town.browser(who.portal)
    await browser.password(who)
    if (moved(await browser.choose('totp')).step !== 'done') moved(await browser.code(who.app.code()))
    return browser
  }
  /** The proof was voided by a change: shown once more, with the next code of the app. */
  const confirmAgain = async (it: StoryBrowser, who: Person): Promise<void> => {
    town.pass(30)
    expect(await act(it, (at) => confirmByCode(town.house, at, it.visitor, who.app.code()))).toMatchObject({ changed: 'made' })
  }

  test('T059 the code is bound to the very address it went to: A confirms no B, and no other session confirms', async () => {
    const anna = await town.person('c-point', { app: true })
    const browser = await inside(anna)
    expect(await email(browser, 'eerste@nieuw.test')).toMatchObject({ changed: 'made' })
    const first = await sent(browser, 'email')
    town.pass(30)
    const elsewhere = await inside(anna)
    const before = await photograph(town, anna)
    expect(await prove(elsewhere, 'email', first)).toEqual({ changed: 'due' })
    town.pass(30)
    expect(await email(browser, 'tweede@nieuw.test')).toMatchObject({ changed: 'made' })
    expect(await prove(browser, 'email', first)).toMatchObject({ said: 'code.wrongMail', status: 422 })
    expect((await photograph(town, anna)).account).toEqual(before.account)
    expect((await tries(town, anna)).count).toBe(1)
    const second = await sent(browser, 'email')
    expect(await prove(browser, 'email', second)).toMatchObject({ changed: 'made' })
    expect(await accountOf(town, anna)).toMatchObject({
      email: 'tweede@nieuw.test',
      proven_email: 'tweede@nieuw.test',
      email_recovers_at: town.clock.at + 7 * day,
      authenticators_changed_at: town.clock.at,
    })
    const told = await messages(anna)
    expect(told).toContainEqual({ template: 'M11b', address: `${anna.name}@haven.test` })
    expect(told).toContainEqual({ template: 'M11c', address: 'tweede@nieuw.test' })
    expect(await events(town, anna)).toContain('email.changed')
    // The proof is void, the code that was used is worth nothing more, and the other session is over.
    expect((await standing(browser)).due).toMatchObject({ step: 'prove', method: 'totp', purpose: 'change' })
    await expect(standing(elsewhere)).rejects.toThrow('no whole session')
    expect(await prove(browser, 'email', second)).toEqual({ changed: 'due' })
  })

  test('P45, P13: a code that came late finishes the change that was begun behind a fresh step, and a new one may be asked meanwhile', async () => {
    const anna = await town.person('c-point', { app: true })
    const browser = await inside(anna)
    await email(browser, 'laat@nieuw.test')
    town.pass(9 * 60)
    expect((await standing(browser)).due).toMatchObject({ step: 'prove', purpose: 'change' })
    expect(await finishes(await standing(browser), 'email')).toBe(true)
    // Another address is another change, and so is everything else.
    expect(await email(browser, 'anders@nieuw.test')).toEqual({ changed: 'due' })
    expect(await number(browser, '0470 55 66 77')).toEqual({ changed: 'due' })
    expect(await prove(browser, 'sms', '000000')).toEqual({ changed: 'due' })
    const again = () => act(browser, (at) => resendNew(town.house, at, browser.visitor, 'email'))
    expect(await again()).toMatchObject({ changed: 'made' })
    town.pass(9 * 60)
    expect(await prove(browser, 'email', await sent(browser, 'email'))).toMatchObject({ changed: 'made' })
    expect(await accountOf(town, anna)).toMatchObject({ email: 'laat@nieuw.test' })
  })

  test('T053 it ends with its code and with any other change, and is no other session’s', async () => {
    const anna = await town.person('c-point', { app: true })
    const begun = async (): Promise<StoryBrowser> => {
      const browser = await inside(anna)
      expect(await email(browser, 'laat@nieuw.test')).toMatchObject({ changed: 'made' })
      return browser
    }
    const late = await begun()
    const code = await sent(late, 'email')
    town.pass(600)
    expect(await prove(late, 'email', code)).toEqual({ changed: 'due' })

    const raced = await begun()
    const old = await sent(raced, 'email')
    town.pass(60)
    const elsewhere = await begun()
    town.pass(250)
    expect(await prove(elsewhere, 'email', old)).toMatchObject({ said: 'code.wrongMail' })
    await changeAccount(town.house.storage.db, anna.id, { authenticators_changed_at: town.clock.at })
    expect(await prove(raced, 'email', old)).toEqual({ changed: 'due' })
    expect(await act(raced, (at) => resendNew(town.house, at, raced.visitor, 'email'))).toEqual({ changed: 'due' })
    expect(await accountOf(town, anna)).toMatchObject({ email: `${anna.name}@haven.test` })
  })

  test('T014 a code for the new address confirms no change, nor the other way round', async () => {
    const anna = await town.person('c-point', { app: true })
    const browser = await inside(anna)
    await email(browser, 'nieuw@nieuw.test')
    const code = await sent(browser, 'email')
    town.pass(301)
    expect(await act(browser, (at) => confirmByCode(town.house, at, browser.visitor, code))).toMatchObject({ status: 422 })
    await confirmAgain(browser, anna)
    expect(await prove(browser, 'email', anna.app.code(1))).toMatchObject({ said: 'code.wrongMail', status: 422 })
    expect(await prove(browser, 'email', code)).toMatchObject({ changed: 'made' })
  })

  test('T026 an address that somebody else has gets the same answer and another mail; the user name goes with the address', async () => {
    const [anna, gijs] = [await town.person('uitpas', { app: true }), await town.person('uitpas', { app: true })]
    const browser = await inside(gijs)
    expect(await email(browser, anna.name)).toEqual({ changed: 'made', cookies: {} })
    expect((await messages(gijs)).at(-1)).toEqual({ template: 'M11d', address: anna.name })
    expect(await prove(browser, 'email', await sent(browser, 'email'))).toMatchObject({ said: 'code.wrongMail', status: 422 })
    expect(await accountOf(town, gijs)).toMatchObject({ email: gijs.name, name: gijs.name })
    town.pass(60)
    expect(await email(browser, 'Gijs.Nieuw@balie.test')).toEqual({ changed: 'made', cookies: {} })
    await prove(browser, 'email', await sent(browser, 'email'))
    expect(await accountOf(town, gijs)).toMatchObject({
      email: 'Gijs.Nieuw@balie.test',
      name: 'gijs.nieuw@balie.test',
      shown_name: 'Gijs.Nieuw@balie.test',
    })
    expect(moved(await town.browser('uitpas').password({ name: 'gijs.nieuw@balie.test' }))).toMatchObject({ step: 'prove', method: 'totp' })
    const [kept] = await town.house.storage.db.selectFrom('former_address').selectAll().where('account_id', '=', gijs.id).execute()
    expect(kept).toMatchObject({ channel: 'email', address: gijs.name, name: gijs.name, undo_until: town.clock.at + 7 * day })
  })

  test('T118 an address that somebody else took meanwhile is not moved to, and the one that stays is proven as before', async () => {
    const anna = await town.person('uitpas', { app: true })
    const browser = await inside(anna)
    const stays = anna.name
    await changeAccount(town.house.storage.db, anna.id, { proven_email: stays })
    await email(browser, 'gewild@balie.test')
    const other = await town.person('uitpas')
    await changeAccount(town.house.storage.db, other.id, { name: 'gewild@balie.test', email: 'gewild@balie.test' })
    expect(await prove(browser, 'email', await sent(browser, 'email'))).toMatchObject({ said: 'code.wrongMail', status: 422 })
    expect(await accountOf(town, anna)).toMatchObject({ email: stays, proven_email: stays })
  })

  test('T059 changed back and forth: what was there before each change is kept for its own 7 days', async () => {
    const anna = await town.person('c-point', { app: true, email: 'een@oud.test' })
    const browser = await inside(anna)
    for (const address of ['twee@oud.test', 'een@oud.test', 'drie@oud.test']) {
      expect(await email(browser, address)).toMatchObject({ changed: 'made' })
      expect(await prove(browser, 'email', await sent(browser, 'email'))).toMatchObject({ changed: 'made' })
      town.pass(120)
      await confirmAgain(browser, anna)
    }
    const kept = await town.house.storage.db.selectFrom('former_address').select('address').where('account_id', '=', anna.id).execute()
    expect(kept.map((it) => it.address).toSorted()).toEqual(['een@oud.test', 'een@oud.test', 'twee@oud.test'])
  })

  test('T059 who owns the old address takes it back with one press, also after further changes', async () => {
    const gijs = await town.person('uitpas', { app: true, name: 'oud@balie.test' })
    const browser = await inside(gijs)
    for (const address of ['dief@elders.test', 'dief2@elders.test']) {
      expect(await email(browser, address)).toMatchObject({ changed: 'made' })
      expect(await prove(browser, 'email', await sent(browser, 'email'))).toMatchObject({ changed: 'made' })
      town.pass(120)
      await confirmAgain(browser, gijs)
    }
    const { db } = town.house.storage
    const mail = await db.selectFrom('message').selectAll().where('account_id', '=', gijs.id).where('template', '=', 'M11b').execute()
    const first = mail.find((it) => it.address === 'oud@balie.test')
    const token = shortLinkToken(town.house.vault, JSON.parse(first?.facts ?? '{}').link)
    town.pass(6 * 86_400)
    await sayNotMe(town.house, town.portal('uitpas'), token, '192.0.2.9', town.clock.at)
    expect(await accountOf(town, gijs)).toMatchObject({ email: 'oud@balie.test', name: 'oud@balie.test', email_recovers_at: null })
    await expect(standing(browser)).rejects.toThrow('no whole session')
    town.clock.at -= 7 * day
  })

  test('T059 a new address gets no link for a new password before 7 days are over', async () => {
    const anna = await town.person('c-point', { app: true })
    const browser = await inside(anna)
    await email(browser, 'nieuw@nieuw.test')
    await prove(browser, 'email', await sent(browser, 'email'))
    const links = async () => {
      const asking = { name: anna.name, typed: '', shown: '', formCookie: 'form', language: 'nl', address: '192.0.2.7' }
      const asked = await askReset(town.house, { ...town.portal('c-point'), password: freely }, asking, town.clock.at)
      if ('after' in asked) await asked.after()
      const { db } = town.house.storage
      return db.selectFrom('message').select('address').where('account_id', '=', anna.id).where('template', '=', 'M04').execute()
    }
    expect(await links()).toEqual([])
    town.pass(7 * 86_400 - 1)
    expect(await links()).toEqual([])
    town.pass(1)
    expect(await links()).toEqual([{ address: 'nieuw@nieuw.test' }])
    town.clock.at -= 7 * day
  })

  test('a number is believed when its code came back; the old one hears of it and is kept', async () => {
    const guus = await town.person('koop-cam', { app: true, phone: '+31612345678', phone_proven_at: 1 })
    const browser = town.browser('koop-cam')
    await browser.name(guus.name)
    await browser.password(guus)
    moved(await browser.code(guus.app.code()))
    expect(await number(browser, '06 12345678')).toMatchObject({ said: 'phone.same' })
    expect(await number(browser, '06 87654321')).toMatchObject({ changed: 'made' })
    expect(await accountOf(town, guus)).toMatchObject({ phone: '+31612345678' })
    expect(await prove(browser, 'sms', await sent(browser, 'sms'))).toMatchObject({ changed: 'made' })
    expect(await accountOf(town, guus)).toMatchObject({
      phone: '+31687654321',
      phone_proven_at: town.clock.at,
      phone_recovers_at: town.clock.at + 7 * day,
    })
    expect(await events(town, guus)).toContain('phone.changed')
  })

  test('T068 a new password ends other sessions, open sign-ins and remembered browsers; this session lives on under another cookie', async () => {
    const anna = await town.person('c-point', { app: true })
    const elsewhere = await inside(anna)
    town.pass(30)
    const browser = await inside(anna)
    const open = town.browser('c-point')
    await open.password(anna)
    const old = { ...browser.visitor }
    const change = (current: string, fresh: string) =>
      act(browser, (at) => changePassword(town.house, at, browser.visitor, { current, fresh }))
    expect(await change('dit klopt helemaal niet', 'veertien ganzen vliegen laag')).toMatchObject({ said: 'password.currentWrong' })
    expect(await change(password, 'kort')).toMatchObject({ said: 'password.short', left: 4, minimum: 12 })
    expect(await change(password, password)).toMatchObject({ said: 'password.same' })
    expect(await change(password, 'veertien ganzen vliegen laag')).toMatchObject({ changed: 'made' })
    const { house } = town
    const stands = async (visitor: StoryBrowser['visitor']) =>
      (await standingOf(house.storage.db, house, browser.portal, visitor, town.clock.at)) !== undefined
    expect([await stands(old), await stands(elsewhere.visitor), await stands(browser.visitor)]).toEqual([false, false, true])
    expect(await open.step()).toMatchObject({ step: 'password' })
    expect(await town.browser('c-point').password(anna)).toMatchObject({ said: 'signin.wrong' })
    expect(moved(await town.browser('c-point').password(anna, 'veertien ganzen vliegen laag'))).toMatchObject({ step: 'choose' })
    expect(await messages(anna)).toContainEqual({ template: 'M08', address: `${anna.name}@haven.test` })
  })

  test('T059 two changes at once: one is made, the other asks for a proof of its own', async () => {
    const anna = await town.person('c-point', { app: true })
    const browser = await inside(anna)
    await email(browser, 'nieuw@nieuw.test')
    const code = await sent(browser, 'email')
    const [one, other] = [browser.copy(), browser.copy()]
    const results = await Promise.all([
      prove(one, 'email', code),
      act(other, (at) => changePassword(town.house, at, other.visitor, { current: password, fresh: 'veertien ganzen vliegen laag' })),
    ])
    expect(results.map((it) => ('changed' in it ? it.changed : it.said)).toSorted()).toEqual(['due', 'made'])
  })
})
