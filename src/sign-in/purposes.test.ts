import { beforeAll, expect, test } from 'vitest'
import { onEachEngine, times } from '../../test/support/engines.ts'
import { StoryBrowser } from '../../test/support/story-browser.ts'
import { changesNothing, moved, photograph, refused, signedIn, tries } from '../../test/support/story-checks.ts'
import { openStory, type Person, type Town } from '../../test/support/story-house.ts'
import { sendCode, verifySentCode } from '../factors/index.ts'
import { giveTicket } from '../recovery/index.ts'
import { changeAccount, chargeTry, codesOf, digitsOf, findAccount } from '../storage/index.ts'
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

  test('T013 what the same person was sent, or shows, at one portal is nothing at another, and stays unspent', async () => {
    const both = { name: 'tweemaal', email: 'tweemaal@haven.test' }
    const [here, there] = [await town.person('c-point', { ...both, app: true }), await town.person('profiportaal', both)]
    const [mailed, gate] = [await at(here, 'email'), await at(there)]
    const [code, other] = [await mailed.sent('sign-in'), await gate.sent('gate')]
    await refused(town, there, () => gate.code(code), { said: 'code.wrongMail', event: 'gate.refused wrong' })
    await refused(town, there, () => gate.code(here.app.code()), { event: 'gate.refused wrong' })
    await refused(town, here, () => mailed.code(other), { said: 'code.wrongMail', event: 'second-step.refused wrong' })
    expect(moved(await gate.code(other))).toEqual({ step: 'enrol', method: 'totp' })
    await signedIn(town, here, () => mailed.code(code))
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

  test('T014 of all that one sign-in may send, each code opens the door it was sent for and no other', async () => {
    const eef = await town.person('c-point')
    const { attempt, account, portal } = await (await at(eef, 'email')).stand()
    if (!attempt || !account) throw new Error('no sign-in')
    const [{ house }, now] = [town, town.clock.at]
    const doors = ['sign-in', 'gate', 'new-phone', 'new-email', 'change'] as const
    const to = { portal, account, attempt: attempt.id, channel: 'email', address: account.email ?? '', language: 'nl' } as const
    for (const purpose of doors.slice(1))
      expect(await house.storage.inTransaction((tx) => sendCode(tx, house, { ...to, purpose }, now))).toMatchObject({ sent: true })
    const digits = async (purpose: (typeof doors)[number]) =>
      digitsOf(house.vault, (await codesOf(house.storage.db, attempt.id, purpose))[0]?.id ?? '')
    const give = async (door: (typeof doors)[number], typed: string) => {
      const charged = await chargeTry(house.storage.db, attempt.id, door, 5, now)
      return house.storage.inTransaction((tx) => verifySentCode(tx, house, attempt.id, door, charged, typed, 5, now))
    }
    for (const door of doors)
      for (const sent of doors.filter((it) => it !== door))
        expect(await give(door, await digits(sent)), `${sent} at ${door}`).toEqual({ fact: 'refused', why: 'wrong' })
    for (const door of doors) expect(await give(door, await digits(door)), door).toMatchObject({ fact: 'proved', purpose: door })
  })

  test('T014 a ticket is no code and a code no ticket', async () => {
    const hana = await town.person('profiportaal', { app: true })
    const row = await findAccount(town.house.storage.db, 'profiportaal', hana.id)
    const ticket = (await giveTicket(town.house, row as NonNullable<typeof row>, town.clock.at)).code
    const browser = await at(hana)
    for (const it of [ticket, ticket.replaceAll('-', '')]) expect(isSaid(await browser.code(it))).toBe(true)
    await refused(town, hana, () => browser.ticket(hana.app.code()), { said: 'ticket.wrong', event: 'recovery.refused' })
    expect(moved(await browser.ticket(ticket))).toEqual({ step: 'enrol', method: 'totp' })
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

  test('T049 a method that the portal file left out while its page stood open: not to be chosen, and its code proves nothing', async () => {
    const gijs = await town.person('uitpas', { app: true, sms: true })
    const browser = await at(gijs, 'sms')
    const code = await browser.sent('sign-in')
    const { portal } = browser
    const without = { ...portal, secondStep: { ...portal.secondStep, methods: ['totp' as const] } }
    const later = new StoryBrowser({ ...town.house, portals: new Map([...town.house.portals, [portal.id, without]]) }, without)
    later.visitor = { ...browser.visitor }
    const sent = (await messages(gijs)).length
    await refused(town, gijs, () => later.choose('sms'), { said: 'method.unavailable', counted: 0 })
    await refused(town, gijs, () => later.code(code), { said: 'code.otherKind', event: 'second-step.refused other-purpose' })
    expect(await messages(gijs)).toHaveLength(sent)
    await signedIn(town, gijs, () => later.code(gijs.app.code()))
  })

  test('T049 during a pause, and an app that is turned off: no method can be chosen by hand to get past it, and nothing is sent', async () => {
    const anna = await town.person('c-point', { app: true })
    const browser = await at(anna, 'totp')
    for (const _ of times(10, () => 0)) await browser.code('000001')
    const sent = (await messages(anna)).length
    for (const it of ['email', 'totp', 'sms', 'none']) {
      const before = await photograph(town, anna)
      const outcome = await browser.choose(it)
      expect(isSaid(outcome) ? outcome.status : outcome.situation.step.step, it).toSatisfy((is) => [422, 429, 'wait'].includes(is as never))
      expect(await photograph(town, anna)).toEqual(before)
    }
    expect(await messages(anna)).toHaveLength(sent)
    town.pass(16 * minute)
    const { db } = town.house.storage
    await db.updateTable('authenticator').set({ disabled_at: town.clock.at }).where('account_id', '=', anna.id).execute()
    const later = await at(anna)
    await refused(town, anna, () => later.choose('totp'), { said: 'method.disabled', counted: 0 })
    await later.choose('email')
    await signedIn(town, anna, async () => later.code(await later.sent('sign-in')))
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
    expect(!isSaid(outcome) && outcome.sent).toMatchObject({ sent: false, why: 'code.noneLeft', sentBefore: 20 })
    expect(await messages(anna)).toHaveLength(20)
    town.pass(hour - 20 * minute)
    expect(moved(await browser.resend())).toMatchObject({ step: 'prove', method: 'email' })
    expect(await messages(anna)).toHaveLength(21)
    await signedIn(town, anna, async () => browser.code(await browser.sent('sign-in')))
  })
})
