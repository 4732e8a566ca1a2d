import { beforeAll, expect, test } from 'vitest'
import { onEachEngine, times } from '../../test/support/engines.ts'
import { Forgetful, fresh } from '../../test/support/reset.ts'
import { events, moved, photograph, refused, signedIn, tries } from '../../test/support/story-checks.ts'
import { accountOf, openStory, type Person, type Town } from '../../test/support/story-house.ts'
import { giveTicket } from '../recovery/index.ts'
import type { AccountRow } from '../storage/index.ts'

onEachEngine((opened, another) => {
  let town: Town
  let otherNode: Town
  beforeAll(async () => {
    town = await openStory(opened())
    otherNode = town.on(await another())
  })
  const reset = (who: Person) => new Forgetful(town, who.portal).reset(who)
  const ticketFor = async (who: Person): Promise<string> =>
    (await giveTicket(town.house, (await accountOf(town, who)) as AccountRow, town.clock.at)).code
  const told = async (who: Person): Promise<string[]> => {
    const rows = await town.house.storage.db.selectFrom('message').selectAll().where('account_id', '=', who.id).execute()
    return rows.map((it) => it.template)
  }

  test('T097 T054 who has the mailbox alone resets the password and gets no second step from it, at any door, for a day', async () => {
    const cato = await town.person('c-point')
    await reset(cato)
    const mallory = town.browser('c-point').ask('ligplaatsen')
    expect(moved(await mallory.password(cato, fresh))).toEqual({ step: 'mailbox-rests', until: town.clock.at + 86_400_000 })
    for (const act of [
      () => mallory.choose('email'),
      () => mallory.choose('totp'),
      () => mallory.begin(),
      () => mallory.resend(),
      () => mallory.code('123456'),
    ])
      await act()
    expect(await mallory.step()).toMatchObject({ step: 'mailbox-rests' })
    expect(await told(cato)).toEqual(['M04', 'M08'])
    town.pass(86_400 - 60)
    const later = town.browser('c-point')
    expect(moved(await later.password(cato, fresh))).toMatchObject({ step: 'mailbox-rests' })
    town.pass(60)
    expect(moved(await later.password(cato, fresh))).toMatchObject({ step: 'choose' })
    await later.choose('email')
    await signedIn(town, cato, async () => later.code(await later.sent('sign-in')))
  })

  test('T097 where the app is the only method the same mailbox does not open the gate either', async () => {
    const ida = await town.person('profiportaal')
    await reset(ida)
    const mallory = town.browser('profiportaal')
    expect(moved(await mallory.password(ida, fresh))).toMatchObject({ step: 'mailbox-rests' })
    expect([await mallory.seed(), await told(ida)]).toEqual([undefined, ['M04', 'M08']])
  })

  test('T097 a sign-in by the password alone, where that is enough, does not end the rest of the mailbox', async () => {
    const gijs = await town.person('uitpas')
    await reset(gijs)
    const mallory = town.browser('uitpas')
    const step = moved(await mallory.password(gijs, fresh))
    if (step.step === 'offer') moved(await mallory.later())
    expect(await mallory.step()).toMatchObject({ step: 'done' })
    expect((await accountOf(town, gijs))?.mailbox_reset_at).toBe(town.clock.at)
  })

  test('T097 a phone that is known is another channel: no wait', async () => {
    const eef = await town.person('koop-cam', { phone: '+31612345678' })
    await reset(eef)
    const pc = town.browser('koop-cam')
    await pc.name(eef.name)
    expect(moved(await pc.password(eef, fresh))).toMatchObject({ step: 'prove', purpose: 'gate', method: 'sms' })
  })

  test('with an app mail is not on offer, and the reason is said; the app signs in, and mail is mail again', async () => {
    const anna = await town.person('c-point', { app: true })
    await reset(anna)
    const pc = town.browser('c-point')
    expect(moved(await pc.password(anna, fresh))).toMatchObject({ step: 'choose' })
    await refused(town, anna, () => pc.choose('email'), { said: 'method.mailAfterReset', counted: 0 })
    await pc.choose('totp')
    await signedIn(town, anna, () => pc.code(anna.app.code()))
    const other = town.browser('c-point')
    await other.password(anna, fresh)
    await other.choose('email')
    await signedIn(town, anna, async () => other.code(await other.sent('sign-in')))
  })

  test('M08 says when a code by mail counts again to who has nothing else, and to nobody for whom it is not true', async () => {
    const told = async (who: Person) => {
      const { db } = town.house.storage
      const [mail] = await db.selectFrom('message').select('facts').where('account_id', '=', who.id).where('template', '=', 'M08').execute()
      return JSON.parse(mail?.facts ?? '{}').told?.[0]?.mailCodeAgainAt
    }
    const until = (): number => town.clock.at + 86_400_000
    const [cato, withApp, known] = [await town.person('c-point'), await town.person('c-point', { app: true }), await town.person('c-point')]
    const pc = town.browser('c-point').ask('planning')
    await pc.password(known)
    await pc.choose('email')
    await pc.code(await pc.sent('sign-in'))
    town.pass(60)
    const [atGate, byPhone] = [await town.person('profiportaal'), await town.person('koop-cam', { phone: '+31612345678' })]
    for (const who of [cato, withApp, known, atGate, byPhone]) await new Forgetful(town, who.portal).reset(who)
    expect(await told(cato)).toBe(until())
    expect(await told(atGate)).toBe(until())
    expect([await told(withApp), await told(known), await told(byPhone)]).toEqual([undefined, undefined, undefined])
  })

  test('the browser of every day lifts it at once, as the manual says; one that first came afterwards does not', async () => {
    const bram = await town.person('c-point')
    const pc = town.browser('c-point')
    await pc.password(bram)
    await pc.choose('email')
    await signedIn(town, bram, async () => pc.code(await pc.sent('sign-in')))
    town.pass(86_400)
    await reset(bram)
    expect(moved(await town.browser('c-point').password(bram, fresh))).toMatchObject({ step: 'mailbox-rests' })
    expect(moved(await pc.password(bram, fresh))).toMatchObject({ step: 'choose' })
    await pc.choose('email')
    await signedIn(town, bram, async () => pc.code(await pc.sent('sign-in')))
  })

  test('a ticket lifts it: with the new password it leads to linking an app', async () => {
    const ida = await town.person('profiportaal')
    await reset(ida)
    const pc = town.browser('profiportaal')
    await pc.password(ida, fresh)
    expect(moved(await pc.ticket(await ticketFor(ida)))).toEqual({ step: 'enrol', method: 'totp' })
    const app = town.appWith((await pc.seed()) as Uint8Array)
    await signedIn(town, ida, () => pc.code(app.code()))
  })

  test('T054 a way back remembers no browser, also when the box is ticked on it', async () => {
    const gijs = await town.person('uitpas', { app: true })
    const pc = town.browser('uitpas').ask('balie')
    await pc.password(gijs)
    expect(moved(await pc.ticket(await ticketFor(gijs)))).toEqual({ step: 'choose-enrolment', options: expect.anything() })
    await pc.choose('totp')
    const app = town.appWith((await pc.seed()) as Uint8Array)
    await signedIn(town, gijs, () => pc.code(app.code(), true))
    expect((await photograph(town, gijs)).remembered).toEqual([])
    // Nor does the first code of an app that was linked as new.
    const fons = await town.person('uitpas')
    const first = town.browser('uitpas').ask('balie')
    await first.password(fons, undefined, true)
    await first.code(await first.sent('gate'))
    await first.choose('totp')
    const linked = town.appWith((await first.seed()) as Uint8Array)
    await signedIn(town, fons, () => first.code(linked.code(), true))
    expect((await photograph(town, fons)).remembered).toEqual([])
    // The twin: the same box beside a code of a sign-in.
    town.pass(60)
    const again = town.browser('uitpas').ask('balie')
    await again.password(gijs)
    await signedIn(town, gijs, () => again.code(app.code(), true))
    expect((await photograph(town, gijs)).remembered).toHaveLength(1)
  })

  test('row 62: the phone is lost: a ticket, a new app, and the old one ends when the new one is confirmed', async () => {
    const hana = await town.person('profiportaal', { app: true })
    const pc = town.browser('profiportaal')
    await pc.password(hana)
    const code = await ticketFor(hana)
    expect(code).toMatch(/^([B-Z2-9]{5}-){3}[B-Z2-9]{5}$/)
    expect(moved(await pc.ticket(` ${code.toLowerCase().replaceAll('-', ' ')} `))).toEqual({ step: 'enrol', method: 'totp' })
    expect((await photograph(town, hana)).authenticators).toHaveLength(1)
    const old = (await photograph(town, hana)).authenticators[0]?.id
    const app = town.appWith((await pc.seed()) as Uint8Array)
    await signedIn(town, hana, () => pc.code(app.code()))
    const now = (await photograph(town, hana)).authenticators
    expect([now.length, now[0]?.id === old]).toEqual([1, false])
    expect(await told(hana)).toContain('M13c')
    expect(await events(town, hana)).toEqual(
      expect.arrayContaining(['recovery.started', 'recovery.accepted', 'recovery.completed', 'authenticator.bound']),
    )
    town.pass(60)
    const next = town.browser('profiportaal')
    await next.password(hana)
    await refused(town, hana, () => next.code(hana.app.code()), { said: 'code.wrongApp' })
    await signedIn(town, hana, () => next.code(app.code()))
  })

  test('a ticket that is left half-way leaves the old app as it was', async () => {
    const hana = await town.person('profiportaal', { app: true })
    const pc = town.browser('profiportaal')
    await pc.password(hana)
    await pc.ticket(await ticketFor(hana))
    const other = town.browser('profiportaal')
    await other.password(hana)
    await signedIn(town, hana, () => other.code(hana.app.code()))
  })

  test('unknown, used, over, of another account, replaced: one sentence, and each raises the one counter of codes', async () => {
    const [hana, bob] = [await town.person('profiportaal', { app: true }), await town.person('profiportaal', { app: true })]
    const [over, replaced] = [await ticketFor(hana), await ticketFor(bob)]
    const foreign = await ticketFor(bob)
    town.pass(86_400)
    const last = await ticketFor(bob)
    const pc = town.browser('profiportaal')
    await pc.password(hana)
    for (const it of ['BCDFG-HJKMN-PQRTV-WXYZ2', 'kort', over, replaced, foreign, last])
      await refused(town, hana, () => pc.ticket(it), { said: 'ticket.wrong', event: 'recovery.refused', counted: 1 })
    await refused(town, hana, () => pc.ticket('  '), { said: 'ticket.empty', counted: 0 })
    for (const it of times(3, String)) await pc.code(it.repeat(6))
    expect(await pc.ticket('BCDFG-HJKMN-PQRTV-WXYZ2')).toMatchObject({ said: 'code.paused', status: 429 })
    // Also the right one is not looked at during the pause, and not used up.
    const right = await ticketFor(hana)
    expect(await pc.ticket(right)).toMatchObject({ said: 'code.paused' })
    expect((await tries(town, hana)).count).toBe(10)
    town.pass(901)
    await town.calm()
    await pc.password(hana)
    expect(moved(await pc.ticket(right))).toMatchObject({ step: 'enrol' })
    // T013: what somebody else tried in vain is still its owner's, who was charged nothing.
    expect(await tries(town, bob)).toEqual({ count: 0 })
    const own = town.browser('profiportaal')
    await own.password(bob)
    expect(moved(await own.ticket(last))).toMatchObject({ step: 'enrol' })
  })

  test('a ticket without the password is nothing, and thirty at once on two nodes spend it once', async () => {
    const hana = await town.person('profiportaal', { app: true })
    const code = await ticketFor(hana)
    const stranger = town.browser('profiportaal')
    expect(moved(await stranger.ticket(code))).toEqual({ step: 'password' })
    const browsers = times(8, (it) => (it % 2 ? town : otherNode).browser('profiportaal'))
    for (const it of browsers) await it.password(hana)
    const outcomes = await Promise.all(browsers.map((it) => it.ticket(code)))
    expect(outcomes.filter((it) => 'situation' in it && it.situation.step.step === 'enrol')).toHaveLength(1)
    await town.calm()
  })

  test('after a hundred wrong codes, and without any address, a ticket is the way back', async () => {
    const hana = await town.person('profiportaal', { app: true, email: null })
    await town.house.storage.db.updateTable('authenticator').set({ disabled_at: town.clock.at }).where('account_id', '=', hana.id).execute()
    const pc = town.browser('profiportaal')
    expect(moved(await pc.password(hana))).toEqual({ step: 'refuse', why: 'method-disabled' })
    expect(moved(await pc.ticket(await ticketFor(hana)))).toMatchObject({ step: 'enrol' })
  })
})
