import { beforeAll, expect, test } from 'vitest'
import { onEachEngine } from '../../test/support/engines.ts'
import type { StoryBrowser } from '../../test/support/story-browser.ts'
import { events, moved, photograph, signedIn } from '../../test/support/story-checks.ts'
import { accountOf, openStory, type Person, type Town } from '../../test/support/story-house.ts'
import { tellOwner } from '../delivery/index.ts'
import { tellHalfFinished } from '../sign-in/index.ts'
import { addFormerAddress, addLink, changeAccount, linkToken, type MessageRow, shortLinkToken } from '../storage/index.ts'
import { checkMessage, lookAtNotMe, sayNotMe, secureNow } from './index.ts'

const day = 86_400
const stranger = '203.0.113.9'

onEachEngine((opened, another) => {
  let town: Town
  let other: Town
  beforeAll(async () => {
    town = await openStory(opened())
    other = town.on(await another())
  })

  const messages = (who: Person): Promise<MessageRow[]> =>
    town.house.storage.db
      .selectFrom('message')
      .selectAll()
      .where('account_id', '=', who.id)
      .where('code_id', 'is', null)
      .orderBy('created_at')
      .execute()
  const told = async (who: Person) => (await messages(who)).map((it) => `${it.template} ${it.address}`).toSorted()
  /** The value of the link in the newest notice of a kind. */
  const linkIn = async (who: Person, template: string): Promise<string> => {
    const message = (await messages(who)).findLast((it) => it.template === template)
    return shortLinkToken(town.house.vault, JSON.parse(message?.facts ?? '{}').link)
  }
  const look = (who: Person, token: string) => lookAtNotMe(town.house, town.portal(who.portal), token, town.clock.at)
  const press = (who: Person, token: string) => sayNotMe(town.house, town.portal(who.portal), token, stranger, town.clock.at)
  const tell = async (who: Person, given: Parameters<typeof tellOwner>[3], alsoTo = {}): Promise<void> => {
    const account = await accountOf(town, who)
    if (!account) throw new Error('nobody to tell')
    const telling = { portal: town.portal(who.portal), account, alsoTo, now: town.clock.at }
    await town.house.storage.inTransaction((tx) => tellOwner(tx, town.house, telling, given))
  }
  const atCode = async (who: Person): Promise<StoryBrowser> => {
    const browser = town.browser(who.portal)
    await browser.password(who)
    await browser.choose('totp')
    return browser
  }

  test('Told: binding a method and signing in from a new browser; the first sign-in of all tells of no browser', async () => {
    const bram = await town.person('c-point')
    const pc = await atCode(bram)
    await pc.begin()
    await pc.code(await pc.sent('gate'))
    const app = town.appWith((await pc.seed()) as Uint8Array)
    await signedIn(town, bram, () => pc.code(app.code()))
    expect(await told(bram)).toEqual([`M05 ${bram.name}@haven.test`])

    town.pass(60)
    const phone = await atCode(bram)
    await signedIn(town, bram, () => phone.code(app.code()))
    expect((await told(bram)).map((it) => it.slice(0, 3))).toEqual(['M05', 'M09'])
    town.pass(60)
    await phone.forget('session', 'flow').password(bram)
    await phone.choose('totp')
    await signedIn(town, bram, () => phone.code(app.code()))
    expect((await told(bram)).map((it) => it.slice(0, 3))).toEqual(['M05', 'M09'])
  })

  test('Told: old and new address, a phone that was proven, and no name or address in what waits', async () => {
    const gijs = await town.person('uitpas', { sms: true })
    await tell(gijs, { notice: 'method-removed', method: 'totp', boundAt: town.clock.at, isLast: false }, { email: 'oud@balie.test' })
    expect(await told(gijs)).toEqual([`M06 ${gijs.name}`, 'M06 oud@balie.test', 'S04 +32470123456'].toSorted())
    const facts = (await messages(gijs)).map((it) => it.facts)
    expect(facts.join()).not.toMatch(/balie\.test|persoon|\+32/)
    expect(new Set(facts.map((it) => JSON.parse(it).link)).size).toBe(1)

    // The new address only hears that it is the one; the question goes to the old one.
    await tell(gijs, { notice: 'email-changed', undoUntil: town.clock.at }, { email: 'oud@balie.test' })
    await tell(gijs, { notice: 'email-confirmed' })
    await tell(gijs, { notice: 'phone-changed', lastTwo: '12' }, { phone: '+32470000000' })
    const later = (await told(gijs)).filter((it) => /M11|M12|S04/.test(it))
    expect(later).toEqual([
      'M11b oud@balie.test',
      `M11c ${gijs.name}`,
      `M12 ${gijs.name}`,
      'S04 +32470000000',
      ...['S04 +32470123456', 'S04 +32470123456'],
    ])
  })

  test('the first of one kind leaves at once, what follows within the hour leaves together when it is over', async () => {
    const anna = await town.person('c-point', { app: true })
    const begin = town.clock.at
    const added = (method: 'totp' | 'sms') => ({ notice: 'method-added', method, boundAt: town.clock.at }) as const
    await tell(anna, added('totp'))
    town.pass(600)
    await tell(anna, added('sms'))
    town.pass(600)
    await tell(anna, added('totp'))
    const [first, second, ...more] = await messages(anna)
    expect(more).toEqual([])
    expect([first?.next_at, second?.next_at]).toEqual([begin, begin + 3_600_000])
    expect(JSON.parse(second?.facts ?? '').told).toHaveLength(2)
    const both = await look(anna, shortLinkToken(town.house.vault, JSON.parse(second?.facts ?? '').link))
    expect(both).toMatchObject({ link: 'open', events: [{ method: 'sms' }, { method: 'totp' }] })
    town.pass(3_600)
    await tell(anna, added('totp'))
    expect((await messages(anna)).at(-1)?.next_at).toBe(begin + 7_200_000)
    // Another kind waits for nothing; new browsers gather for five minutes.
    await tell(anna, { notice: 'new-browser' })
    await tell(anna, { notice: 'new-browser' })
    const browsers = (await messages(anna)).filter((it) => it.template === 'M09').map((it) => it.next_at - town.clock.at)
    expect(browsers.toSorted((a, b) => a - b)).toEqual([0, 300_000])
  })

  test('T041 the right password and no code within ten minutes: the owner is told, once a day, and of nothing else', async () => {
    const [anna, bram, cato] = [
      await town.person('uitpas', { sms: true }),
      await town.person('c-point'),
      await town.person('c-point', { app: true }),
    ]
    const now = () => town.clock.at
    await town.browser('uitpas').password(anna)
    const gate = await atCode(bram)
    await gate.begin()
    const pc = await atCode(cato)
    town.pass(599)
    await tellHalfFinished(town.house, now())
    expect(await told(anna)).toEqual([])
    // Beginning anew in the same browser, and getting in, is no half-finished sign-in.
    await pc.password(cato)
    await pc.choose('totp')
    await signedIn(town, cato, () => pc.code(cato.app.code()))
    const woken = town.woken.times
    town.pass(1)
    await tellHalfFinished(town.house, now())
    await tellHalfFinished(town.house, now())
    expect(await told(anna)).toEqual([`M10 ${anna.name}`, 'S06 +32470123456'].toSorted())
    expect((await told(bram)).map((it) => it.slice(0, 3))).toEqual(['M10'])
    expect(await told(cato)).toEqual([])
    expect(town.woken.times).toBe(woken + 2)

    const again = async (): Promise<number> => {
      await town.calm()
      await town.browser('uitpas').password(anna)
      town.pass(601)
      await tellHalfFinished(town.house, now())
      return (await told(anna)).filter((it) => it.startsWith('M10')).length
    }
    town.pass(3_600)
    expect(await again()).toBe(1)
    town.pass(day)
    expect(await again()).toBe(2)
  })

  test('who passed the gate and still installs an app, and who is asked nothing yet, left nothing half-way', async () => {
    const [bram, gijs] = [await town.person('c-point'), await town.person('uitpas')]
    const pc = await atCode(bram)
    await pc.begin()
    await pc.code(await pc.sent('gate'))
    await signedIn(town, gijs, () => town.browser('uitpas').password(gijs))
    town.pass(1_200)
    await tellHalfFinished(town.house, town.clock.at)
    expect([...(await told(bram)), ...(await told(gijs))]).toEqual([])
  })

  test('T031 T096 the link closes and never opens: looking changes nothing, pressing ends all that was in and asks a new password', async () => {
    const anna = await town.person('c-point', { app: true })
    const owner = await atCode(anna)
    await signedIn(town, anna, () => owner.code(anna.app.code(), true))
    town.pass(60)
    const thief = await atCode(anna)
    await signedIn(town, anna, () => thief.code(anna.app.code()))
    const halfway = await atCode(anna)
    const token = await linkIn(anna, 'M09')

    const before = await photograph(town, anna)
    for (let times = 0; times < 5; times++)
      expect(await look(anna, token)).toMatchObject({ link: 'open', events: [{ notice: 'new-browser' }] })
    expect(await photograph(town, anna)).toEqual(before)

    town.pass(60)
    const pressed = await press(anna, token)
    expect(pressed).toEqual({ link: 'used', usedAt: town.clock.at, done: ['password', 'sessions', 'browsers'] })
    expect(JSON.stringify(pressed)).not.toMatch(/persoon|haven/)
    const after = await photograph(town, anna)
    expect(after.sessions.every((it) => it.ended_at !== null)).toBe(true)
    expect([after.browsers, after.remembered]).toEqual([[], []])
    expect(after.sessions).toHaveLength(before.sessions.length)
    expect(await thief.step()).toEqual({ step: 'password' })
    expect(moved(await halfway.code(anna.app.code()))).toEqual({ step: 'password' })
    expect(await events(town, anna)).toContain('notice.acted')

    // With the old password nobody reaches a second step; the right code included.
    town.pass(60)
    await town.calm()
    const back = town.browser('c-point')
    expect(moved(await back.password(anna))).toEqual({ step: 'refuse', why: 'secured' })
    expect(moved(await back.code(anna.app.code()))).toEqual({ step: 'refuse', why: 'secured' })
    // Once for an event: again it shows what was done, and does it no second time.
    expect(await press(anna, token)).toEqual(pressed)
    await changeAccount(town.house.storage.db, anna.id, { password_changed_at: town.clock.at })
    town.pass(60)
    const fresh = await atCode(anna)
    await signedIn(town, anna, () => fresh.code(anna.app.code()))
    expect(await press(anna, token)).toEqual(pressed)
    expect(await fresh.step()).toMatchObject({ step: 'done' })
  })

  test('a sign-in that ends at the moment when the account is secured leaves no session behind', async () => {
    for (let round = 0; round < 5; round++) {
      const anna = await town.person('c-point', { app: true })
      await tell(anna, { notice: 'new-browser' })
      const token = await linkIn(anna, 'M09')
      const tabs = [await atCode(anna), (await atCode(anna)).copy(other.house)]
      town.pass(1)
      await Promise.all([tabs[0]?.code(anna.app.code()), press(anna, token), tabs[1]?.code(anna.app.code(1))])
      const { sessions, browsers } = await photograph(town, anna)
      expect(sessions.filter((it) => it.ended_at === null)).toEqual([])
      expect(browsers).toEqual([])
    }
  })

  test('T031 a pause stays as it is: securing the account gives nobody fresh tries', async () => {
    const anna = await town.person('c-point', { app: true })
    const thief = await atCode(anna)
    for (let times = 0; times < 10; times++) await thief.code('000000')
    const until = (await thief.stand()).view?.pausedUntil
    await press(anna, await linkIn(anna, 'M16'))
    await changeAccount(town.house.storage.db, anna.id, { password_changed_at: town.clock.at + 1 })
    town.pass(60)
    await town.calm()
    expect(moved(await town.browser('c-point').password(anna))).toEqual({ step: 'wait', until })
  })

  test('T031 ten wrong codes at the end of each pause for three days: told at the first, and from one press on they reach no code', async () => {
    const anna = await town.person('c-point', { app: true })
    const began = town.clock.at
    let until = began
    while (until < began + 3 * day * 1000) {
      await town.calm()
      const thief = await atCode(anna)
      for (let times = 0; times < 10; times++) await thief.code('000000')
      until = (await thief.stand()).view?.pausedUntil ?? 0
      expect(await told(anna)).toEqual([`M16 ${anna.name}@haven.test`])
      if (until < began + 3 * day * 1000) town.clock.at = until
    }
    expect(await press(anna, await linkIn(anna, 'M16'))).toMatchObject({ link: 'used' })
    town.pass(60)
    await town.calm()
    const locked = town.browser('c-point')
    expect(moved(await locked.password(anna))).toEqual({ step: 'refuse', why: 'secured' })
    const before = await photograph(town, anna)
    for (let times = 0; times < 12; times++) await locked.code('000000')
    expect(await photograph(town, anna)).toEqual(before)

    await changeAccount(town.house.storage.db, anna.id, { password_changed_at: town.clock.at })
    town.clock.at = until - 1
    expect(moved(await town.browser('c-point').password(anna))).toEqual({ step: 'wait', until })
    town.clock.at = until
    const owner = await atCode(anna)
    await signedIn(town, anna, () => owner.code(anna.app.code()))
  })

  test('what the event added goes: the app of that moment and no other, a number that was proven then', async () => {
    const [bram, fons] = [await town.person('c-point'), await town.person('koop-cam')]
    const pc = await atCode(bram)
    await pc.begin()
    await pc.code(await pc.sent('gate'))
    const app = town.appWith((await pc.seed()) as Uint8Array)
    await pc.code(app.code())
    expect(await press(bram, await linkIn(bram, 'M05'))).toMatchObject({ done: ['password', 'sessions', 'browsers', 'totp'] })
    expect((await photograph(town, bram)).authenticators).toEqual([])

    const phone = town.browser('koop-cam')
    await phone.name(fons.name)
    await phone.password(fons)
    await phone.code(await phone.sent('gate'))
    await phone.phone('06 12345678')
    await phone.code(await phone.sent('new-phone'))
    expect(await press(fons, await linkIn(fons, 'M12'))).toMatchObject({ done: ['password', 'set-up', 'sms'] })
    expect(await accountOf(town, fons)).toMatchObject({ phone: null, phone_proven_at: null })
    expect((await photograph(town, fons)).pending).toEqual([])
  })

  test("a number that was changed: the one from before comes back, to be proven anew, and the new one is nobody's", async () => {
    const eef = await town.person('koop-cam', { app: true, phone: '+31600000001', phone_proven_at: town.clock.at })
    town.pass(60)
    const at = town.clock.at
    const row = { id: town.house.random.id(), portal: 'koop-cam', account_id: eef.id, channel: 'sms', address: '+31600000001' } as const
    const moments = { name: null, shown_name: null, replaced_at: at, undo_until: at + 7 * day * 1000, undone_at: null }
    await town.house.storage.inTransaction((tx) => addFormerAddress(tx, { ...row, ...moments }))
    await changeAccount(town.house.storage.db, eef.id, { phone: '+31600000002', phone_proven_at: at })
    await tell(eef, { notice: 'phone-changed', lastTwo: '02', former: row.id }, { phone: '+31600000001' })
    expect(await told(eef)).toEqual([`M12 ${eef.name}@haven.test`, 'S04 +31600000001'])
    expect(await press(eef, await linkIn(eef, 'S04'))).toMatchObject({ done: ['password', 'sms', 'phone'] })
    expect(await accountOf(town, eef)).toMatchObject({ phone: '+31600000001', phone_proven_at: null })
  })

  test('T127 an address where there was none before goes again: nobody has a mailbox left that the owner does not know', async () => {
    const eef = await town.person('koop-cam', {
      app: true,
      email: 'dief@elders.test',
      phone: '+31600000003',
      phone_proven_at: town.clock.at,
    })
    town.pass(60)
    const at = town.clock.at
    const row = { id: town.house.random.id(), portal: 'koop-cam', account_id: eef.id, channel: 'email', address: null } as const
    const moments = { name: null, shown_name: null, replaced_at: at, undo_until: at + 7 * day * 1000, undone_at: null }
    await town.house.storage.inTransaction((tx) => addFormerAddress(tx, { ...row, ...moments }))
    await tell(eef, { notice: 'email-changed', undoUntil: at + 7 * day * 1000, former: row.id })
    expect(await press(eef, await linkIn(eef, 'S04'))).toMatchObject({ done: ['password', 'email'] })
    expect(await accountOf(town, eef)).toMatchObject({ email: null, email_recovers_at: null })
  })

  test('T057 a link of another kind, another portal, a made-up one and one of eight days ago do nothing', async () => {
    const anna = await town.person('c-point', { app: true })
    const gijs = await town.person('uitpas', { app: true })
    await tell(anna, { notice: 'new-browser' })
    const token = await linkIn(anna, 'M09')
    const reset = { id: town.house.random.id(), portal: 'c-point', account_id: anna.id, purpose: 'reset', facts: '{}' }
    await town.house.storage.inTransaction((tx) =>
      addLink(tx, town.house.vault, { ...reset, created_at: town.clock.at, ends_at: town.clock.at + 9e8, used_at: null }),
    )
    const before = [await photograph(town, anna), await photograph(town, gijs)]
    for (const it of [linkToken(town.house.vault, reset.id), 'abcdefghjkmnpq', '', JSON.parse((await messages(anna))[0]?.facts ?? '').link])
      expect(await press(anna, it)).toEqual({ link: 'old' })
    expect(await press(gijs, token)).toEqual({ link: 'old' })
    town.pass(8 * day)
    expect(await press(anna, token)).toEqual({ link: 'old' })
    expect([await photograph(town, anna), await photograph(town, gijs)]).toEqual(before)
  })

  test("'Beveilig mijn account nu' does the same from inside, and its page is shown by a link that is spent", async () => {
    const anna = await town.person('c-point', { app: true })
    const pc = await atCode(anna)
    await signedIn(town, anna, () => pc.code(anna.app.code()))
    const token = await secureNow(town.house, town.portal('c-point'), anna.id, stranger, town.clock.at)
    expect(await look(anna, token)).toEqual({ link: 'used', usedAt: town.clock.at, done: ['password', 'sessions', 'browsers'] })
    expect(await pc.step()).toEqual({ step: 'password' })
  })

  test('T028 a message number and a kenmerk say yes or no, of this portal alone, and never whom; walking them is counted', async () => {
    const anna = await town.person('c-point', { app: true })
    const pc = town.browser('c-point')
    await pc.password(anna)
    await pc.choose('email')
    const code = await town.house.storage.db.selectFrom('code').selectAll().where('account_id', '=', anna.id).executeTakeFirstOrThrow()
    const message = await town.house.storage.db.selectFrom('message').selectAll().where('code_id', '=', code.id).executeTakeFirstOrThrow()
    const ask = (typed: string, portal = 'c-point', address = stranger) =>
      checkMessage(town.house, town.portal(portal), address, typed, town.clock.at)
    expect(await ask(` ${message.number.slice(0, 4)}-${message.number.slice(4).toLowerCase()}.`)).toEqual({
      message: 'ours',
      at: message.created_at,
    })
    expect(await ask(message.number, 'uitpas')).toEqual({ message: 'not-found' })
    expect(await ask(code.reference.toLowerCase())).toEqual({ message: 'sent-lately' })
    expect(await ask(code.reference, 'profiportaal')).toEqual({ message: 'not-found' })
    for (const it of [code.id, message.id, anna.name, '%', '________', "' or 1=1"])
      expect(await ask(it, 'c-point', '192.0.2.1')).toEqual({ message: 'not-found' })
    expect(await ask('  ')).toEqual({ message: 'empty' })
    for (let times = 0; times < 18; times++) await ask('W7K')
    expect(await ask(message.number)).toEqual({ message: 'too-many', until: town.clock.at + 600_000 })
    expect(await ask(message.number, 'c-point', '192.0.2.2')).toMatchObject({ message: 'ours' })
    town.pass(day)
    expect(await ask(code.reference)).toEqual({ message: 'not-found' })
    for (let times = 0; times < 20; times++) await ask('W7K', 'c-point', `2001:db8:1:2::${times}`)
    expect(await ask('W7K', 'c-point', '2001:db8:1:2::99')).toMatchObject({ message: 'too-many' })
  })
})
