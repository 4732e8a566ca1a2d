import { beforeEach, expect, test } from 'vitest'
import { onEachEngine, times } from '../../test/support/engines.ts'
import type { StoryBrowser } from '../../test/support/story-browser.ts'
import { moved, signedIn } from '../../test/support/story-checks.ts'
import { openStory, type Person, type Town } from '../../test/support/story-house.ts'
import type { Portal } from '../portals/index.ts'
import { askReset, lettersOf } from '../recovery/index.ts'
import { isSaid } from './index.ts'

const quarter = 900
const house = '192.0.2.7'

onEachEngine((opened, another) => {
  let town: Town
  let limits: Partial<Portal['limits']> = {}
  const openWith = async (given: Partial<Portal['limits']>): Promise<void> => {
    limits = given
    town = await openStory(opened(), { change: (it) => ({ ...it, limits: { ...it.limits, ...limits } }) })
    await town.house.storage.db.deleteFrom('counter').where('key', 'like', 'sent %').execute()
    await town.house.storage.db.deleteFrom('message').execute()
    await town.calm()
  }
  beforeEach(() => openWith({}))
  let numbers = 0
  const withNumber = (number = `+3247${String(1_000_000 + 10_007 * numbers++).padStart(7, '0')}`): Promise<Person> =>
    town.person('uitpas', { app: true, sms: true, phone: number, phone_proven_at: town.clock.at })
  /** A sign-in of its own up to its code. @returns what is said when none went out. */
  const ask = async (who: Person, method: 'sms' | 'email', from = house, on = town): Promise<[StoryBrowser, string | undefined]> => {
    const browser = on.browser(who.portal)
    browser.visitor = { ...browser.visitor, address: from }
    await town.calm()
    expect(isSaid(await browser.password(who))).toBe(false)
    const outcome = await browser.choose(method)
    if (isSaid(outcome)) throw new Error(outcome.said)
    return [browser, outcome.sent && !outcome.sent.sent ? outcome.sent.why : undefined]
  }
  const sent = (): Promise<{ address: string; channel: string }[]> =>
    town.house.storage.db.selectFrom('message').select(['address', 'channel']).where('code_id', 'is not', null).execute()

  test('T037 resend pressed a thousand times, at once and from several browsers: five in an hour, and the outbox stays small', async () => {
    const anna = await town.person('c-point', { app: true })
    const [first] = await ask(anna, 'email')
    const [second] = await ask(anna, 'email')
    const otherNode = town.on(await another())
    for (const round of times(20, (it) => it)) {
      const presses = times(50, (it) => (it % 2 ? first : second).copy(it % 3 ? town.house : otherNode.house).resend())
      for (const said of await Promise.all(presses)) if (isSaid(said)) expect([said.status, round]).toEqual([200, round])
      town.pass(60)
    }
    expect((await sent()).length).toBeLessThanOrEqual(2 + 5)
    expect((await sent()).every((it) => it.address === `${anna.name}@haven.test`)).toBe(true)
  })

  test('T037 a new code waits 30, 60, then 120 seconds; too early is a sentence that says from when, and no error', async () => {
    const anna = await town.person('c-point', { app: true })
    const [browser] = await ask(anna, 'email')
    for (const [place, wait] of [30, 60, 120, 120, 120].entries()) {
      town.pass(wait - 1)
      expect(await browser.resend()).toMatchObject({ said: 'code.tooSoon', status: 200, at: town.clock.at + 1000 })
      expect(await sent()).toHaveLength(1 + place)
      town.pass(1)
      expect(moved(await browser.resend())).toMatchObject({ step: 'prove', method: 'email' })
    }
    town.pass(120)
    expect(await browser.resend()).toMatchObject({ said: 'code.tooManySent', status: 200 })
    expect(await sent()).toHaveLength(6)
  })

  test('T037 who never gave the password has no message sent, whatever form they post', async () => {
    const anna = await town.person('c-point', { app: true })
    const stranger = town.browser('c-point')
    await stranger.password(anna, 'een ander lang wachtwoord')
    for (const act of [
      () => stranger.resend(),
      () => stranger.choose('email'),
      () => stranger.phone('0470 12 34 56'),
      () => stranger.begin(),
    ])
      await act()
    expect(await sent()).toEqual([])
  })

  test('T040 T125 the number comes first: its own limit stops it, and the counts of the others stand still', async () => {
    await openWith({ smsPerNumberPerDay: 5, smsPerDay: 6 })
    const [one, other] = [await withNumber(), await withNumber()]
    for (const _ of times(5, () => 0)) {
      expect((await ask(one, 'sms'))[1]).toBeUndefined()
      town.pass(quarter)
    }
    for (const _ of times(8, () => 0)) expect((await ask(one, 'sms'))[1]).toBe('phone.limit')
    // The sixth of the portal is still there, for somebody else.
    expect((await ask(other, 'sms'))[1]).toBeUndefined()
    town.pass(86_400)
    expect((await ask(one, 'sms'))[1]).toBeUndefined()
  })

  test('T040 T125 a row of numbers, a foreign country and one network are stopped before the portal is', async () => {
    await openWith({ smsPerBlockPerHour: 5, smsPerForeignCountryPerDay: 4, codesPerNetworkPerHour: 20, smsPerDay: 1_000 })
    for (const it of times(5, (place) => place)) expect((await ask(await withNumber(`+324790000${10 + it}`), 'sms'))[1]).toBeUndefined()
    expect((await ask(await withNumber('+32479000099'), 'sms'))[1]).toBe('sms.limit')
    expect((await ask(await withNumber('+32479010099'), 'sms'))[1]).toBeUndefined()

    for (const it of times(4, (place) => place)) expect((await ask(await withNumber(`+3161${it}123456`), 'sms'))[1]).toBeUndefined()
    expect((await ask(await withNumber('+31619123456'), 'sms'))[1]).toBe('sms.limit')

    for (const _ of times(10, () => 0)) expect((await ask(await withNumber(), 'sms'))[1]).toBeUndefined()
    expect((await ask(await withNumber(), 'sms'))[1]).toBe('sms.limit')
    expect((await ask(await withNumber(), 'sms', '2001:db8::1'))[1]).toBeUndefined()
  })

  test('T040 T125 when the money of the day is spent, the app still lets in, the page says so, and an alarm tells it', async () => {
    await openWith({ smsPerDay: 10 })
    for (const it of times(10, (place) => place)) {
      expect((await ask(await withNumber(), 'sms'))[1]).toBeUndefined()
      expect(town.alarms.length, `${it}`).toBe(it < 9 ? 0 : 1)
    }
    const anna = await withNumber()
    const [browser, why] = await ask(anna, 'sms')
    expect(why).toBe('sms.limit')
    expect(await browser.resend()).toMatchObject({ said: 'sms.limit', status: 200 })
    await browser.choose('totp')
    await signedIn(town, anna, () => browser.code(anna.app.code()))
    expect((await sent()).filter((it) => it.channel === 'sms')).toHaveLength(10)
    // Another portal has a budget of its own; the next day there is one again.
    town.pass(86_400)
    expect((await ask(await withNumber(), 'sms'))[1]).toBeUndefined()
  })

  test('T040 T125 two nodes at once never send more than the budget', async () => {
    await openWith({ smsPerDay: 10 })
    const node = town.on(await another())
    const people: Person[] = []
    for (const _ of times(24, () => 0)) people.push(await withNumber())
    const outcomes = await Promise.all(people.map((it, place) => ask(it, 'sms', house, place % 2 ? node : town)))
    expect(outcomes.filter(([, why]) => why === undefined)).toHaveLength(10)
    expect((await sent()).length).toBe(10)
  })

  test('T040 T125 strangers who say that a number is theirs leave the last fifth of its messages to whose it is', async () => {
    await openWith({ smsPerNumberPerDay: 5 })
    const eef = await town.person('koop-cam', { phone: '+31612345678', phone_proven_at: town.clock.at })
    const said: unknown[] = []
    for (const stranger of await Promise.all(times(6, () => town.person('koop-cam')))) {
      const browser = town.browser('koop-cam')
      await browser.name(stranger.name)
      await browser.password(stranger)
      await browser.code(await browser.sent('gate'))
      const outcome = await browser.phone('06 12345678')
      said.push(isSaid(outcome) ? outcome.said : outcome.sent?.sent)
    }
    expect(said).toEqual([true, true, true, true, 'phone.limit', 'phone.limit'])
    const own = town.browser('koop-cam')
    await own.name(eef.name)
    expect(await own.password(eef)).toMatchObject({ sent: { sent: true }, situation: { step: { purpose: 'gate', method: 'sms' } } })
  })

  test('T040 who gave no password leaves the last fifth of a network and of a mailbox to who did', async () => {
    await openWith({ codesPerNetworkPerHour: 20, mailPerAddressPerHour: 10 })
    const forgot = async (who: Person, from: string): Promise<void> => {
      const asking = { name: who.name, typed: '', shown: '', formCookie: 'form', language: 'nl', address: from }
      const asked = await askReset(town.house, town.portal('uitpas'), asking, town.clock.at)
      if ('after' in asked) await asked.after()
    }
    const [anna, ...names] = await Promise.all(times(24, () => town.person('uitpas', { app: true, sms: true })))
    for (const it of names) await forgot(it, house)
    expect((await ask(await withNumber(), 'sms'))[1]).toBeUndefined()
    expect((await ask(anna as Person, 'sms'))[1]).toBeUndefined()

    const mailbox = 'balie@haven.test'
    const shared = await Promise.all(times(12, () => town.person('c-point', { app: true, email: mailbox })))
    const links = () => town.house.storage.db.selectFrom('message').select('id').where('address', '=', mailbox).execute()
    for (const [place, it] of shared.entries()) {
      const typed = { typed: lettersOf(town.house, town.portal('c-point'), 'form', 'shown'), shown: 'shown' }
      const asking = { name: it.name, ...typed, formCookie: 'form', language: 'nl', address: `198.51.100.${place}` }
      const asked = await askReset(town.house, town.portal('c-point'), asking, town.clock.at)
      if ('after' in asked) await asked.after()
    }
    expect(await links()).toHaveLength(8)
    expect((await ask(shared[0] as Person, 'email', '203.0.113.1'))[1]).toBeUndefined()
  })

  test('T040 mail has its own: a mailbox, and an hour of the portal', async () => {
    await openWith({ mailPerAddressPerHour: 10, mailPerHour: 100 })
    const shared: Person[] = []
    for (const _ of times(11, () => 0)) shared.push(await town.person('c-point', { app: true, email: 'balie@haven.test' }))
    for (const it of shared.slice(0, 10)) expect((await ask(it, 'email'))[1]).toBeUndefined()
    const [browser, why] = await ask(shared[10] as Person, 'email')
    expect(why).toBe('mail.limit')
    expect(moved(await browser.choose('totp'))).toMatchObject({ step: 'prove', method: 'totp' })
    const others = await Promise.all(times(91, () => town.person('c-point', { app: true })))
    const answers = []
    for (const it of others) answers.push((await ask(it, 'email'))[1])
    expect(answers.filter((it) => it === undefined)).toHaveLength(90)
    expect(answers.at(-1)).toBe('mail.limit')
    town.pass(3_600)
    expect((await ask(shared[10] as Person, 'email'))[1]).toBeUndefined()
  })
})
