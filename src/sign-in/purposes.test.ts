import { beforeAll, expect, test } from 'vitest'
import { onEachEngine, times } from '../../test/support/engines.ts'
import type { StoryBrowser } from '../../test/support/story-browser.ts'
import { changesNothing, moved, photograph, refused, signedIn, tries } from '../../test/support/story-checks.ts'
import { openStory, type Person, type Town } from '../../test/support/story-house.ts'
import { changeAccount } from '../storage/index.ts'
import { isSaid } from './index.ts'

const minute = 60
const hour = 3600

onEachEngine((opened) => {
  let town: Town
  beforeAll(async () => {
    town = await openStory(opened())
  })

  const at = async (who: Person, method?: string): Promise<StoryBrowser> => {
    const browser = town.browser(who.portal)
    await browser.password(who)
    if (method) await browser.choose(method)
    return browser
  }
  const messages = async ({ id }: Person) => town.house.storage.db.selectFrom('message').selectAll().where('account_id', '=', id).execute()

  test("T013 another person's code is refused as any wrong one, and stays unspent", async () => {
    const mailbox = { email: 'balie@haven.test', app: true }
    const [cato, daan] = [await town.person('c-point', mailbox), await town.person('c-point', mailbox)]
    const [hers, his] = [await at(cato, 'email'), await at(daan, 'email')]
    const code = await hers.sent('sign-in')
    await refused(town, daan, () => his.code(code), { said: 'code.wrongMail', event: 'second-step.refused wrong' })
    await his.choose('totp')
    await refused(town, daan, () => his.code(cato.app.code()), { said: 'code.wrongApp', event: 'second-step.refused wrong' })
    expect(await tries(town, cato)).toEqual({ count: 0 })
    await signedIn(town, cato, () => hers.code(code))
    // The kenmerk on the screen tells the two mails of one mailbox apart.
    const codes = await town.house.storage.db.selectFrom('code').select('reference').where('address', '=', mailbox.email).execute()
    expect(new Set(codes.map((it) => it.reference)).size).toBe(codes.length)
  })

  test('T014 each code opens its own door alone: gate, new phone, sign-in and first code of the app', async () => {
    const gijs = await town.person('uitpas')
    const browser = town.browser('uitpas')
    await browser.password(gijs, undefined, true)
    const gate = await browser.sent('gate')
    expect(moved(await browser.code(gate))).toMatchObject({ step: 'choose-enrolment' })
    await browser.choose('sms')
    await browser.phone('0470 12 34 56')
    await refused(town, gijs, () => browser.code(gate), { said: 'code.wrongSms', event: 'second-step.refused other-purpose' })
    const phone = await browser.sent('new-phone')
    await browser.choose('totp')
    await refused(town, gijs, () => browser.code(phone), { said: 'code.otherKind', event: 'enrolment.refused other-purpose' })
    await refused(town, gijs, () => browser.code(gate), { said: 'code.otherKind', event: 'enrolment.refused other-purpose' })
    await browser.choose('sms')
    await signedIn(town, gijs, () => browser.code(phone))

    const later = await at(gijs)
    for (const it of [gate, phone]) await refused(town, gijs, () => later.code(it), { said: 'code.wrongSms' })
    await signedIn(town, gijs, async () => later.code(await later.sent('sign-in')))
  })

  test('T014 a code that went to an address which the account no longer has is worth nothing', async () => {
    const eef = await town.person('koop-cam', { phone: '+31612345678' })
    const browser = town.browser('koop-cam')
    await browser.name(eef.name)
    await browser.password(eef)
    const code = await browser.sent('gate')
    await changeAccount(town.house.storage.db, eef.id, { phone: '+31687654321' })
    await refused(town, eef, () => browser.code(code), { said: 'code.wrongSms', event: 'gate.refused wrong' })
    town.pass(30)
    await browser.resend()
    expect(moved(await browser.code(await browser.sent('gate')))).toEqual({ step: 'enrol', method: 'totp' })
    expect((await photograph(town, eef)).account).toMatchObject({ phone: '+31687654321', phone_proven_at: town.clock.at })
  })

  test('T018 before the right password no code goes out and none is looked at', async () => {
    for (const portal of ['c-point', 'koop-cam']) {
      const anna = await town.person(portal, { app: true })
      const browser = town.browser(portal)
      if (portal === 'koop-cam') expect(moved(await browser.name(anna.name))).toEqual({ step: 'password' })
      for (const work of [
        () => browser.code(anna.app.code()),
        () => browser.choose('email'),
        () => browser.resend(),
        () => browser.begin(),
        () => browser.phone('0612345678'),
        () => browser.want(),
      ])
        expect(await changesNothing(town, anna, work)).toEqual({ step: 'password' })
      await browser.password(anna, 'een ander lang wachtwoord')
      expect(await changesNothing(town, anna, () => browser.code(anna.app.code()))).toEqual({ step: 'password' })
      expect(await messages(anna)).toEqual([])
      expect(await tries(town, anna)).toEqual({ count: 0 })
    }
  })

  test('T049 a method that is not on offer here is refused, and nothing is sent', async () => {
    const gijs = await town.person('uitpas', { app: true, phone: '+32470123456' })
    const hana = await town.person('profiportaal', { app: true })
    const anna = await town.person('c-point', { app: true, phone: '+32470123456' })
    for (const [who, methods] of [
      [gijs, ['email', 'sms', 'none', 'totp,email']],
      [hana, ['email', 'sms']],
      [anna, ['sms', 'passkey', '__proto__']],
    ] as const) {
      const browser = await at(who)
      const sent = (await messages(who)).length
      for (const it of methods) await refused(town, who, () => browser.choose(it), { said: 'method.unavailable', counted: 0 })
      expect(await messages(who)).toHaveLength(sent)
      await browser.choose('totp')
      await signedIn(town, who, () => browser.code(who.app.code()))
    }
  })

  test('T009 twenty first codes in an hour are all for one account; the sign-in waits at its code page', async () => {
    const anna = await town.person('c-point')
    for (const _ of times(20, () => 0)) {
      await town.calm()
      await at(anna, 'email')
      town.pass(minute)
    }
    await town.calm()
    const browser = await at(anna)
    const outcome = await browser.choose('email')
    expect(!isSaid(outcome) && outcome.sent).toMatchObject({ sent: false, why: 'code.tooManyFirst', sentBefore: 20 })
    expect(await messages(anna)).toHaveLength(20)
    town.pass(hour - 20 * minute)
    expect(moved(await browser.resend())).toMatchObject({ step: 'prove', method: 'email' })
    expect(await messages(anna)).toHaveLength(21)
    await signedIn(town, anna, async () => browser.code(await browser.sent('sign-in')))
  })
})
