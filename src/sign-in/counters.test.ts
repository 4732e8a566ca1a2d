import { beforeAll, expect, test } from 'vitest'
import { onEachEngine, times } from '../../test/support/engines.ts'
import type { StoryBrowser } from '../../test/support/story-browser.ts'
import { events, moved, photograph, refused, signedIn, tries } from '../../test/support/story-checks.ts'
import { openStory, type Person, type Town } from '../../test/support/story-house.ts'
import { codesAtOnce, hotp, matchingStep, seedPlace } from '../factors/index.ts'
import { confirmByCode, type Standing, standingOf } from '../profile/index.ts'
import { addAuthenticator, authenticatorsOf, changeAccount, codesOf, findAccount } from '../storage/index.ts'
import { isSaid, sentSoFar, signOut } from './index.ts'

const quarter = 900

onEachEngine((opened, another) => {
  let town: Town
  let otherNode: Town
  beforeAll(async () => {
    town = await openStory(opened())
    otherNode = town.on(await another())
  })

  const at = async (who: Person, method?: string, on = town): Promise<StoryBrowser> => {
    const browser = on.browser(who.portal)
    await town.calm()
    await browser.password(who)
    if (method) await browser.choose(method)
    return browser
  }
  /** A code that is wrong for this person now and for the next half hour. */
  const wrong = (who: Person): string => {
    const right = new Set(times(120, (it) => who.app.code(it - 60)))
    return times(200, (it) => String(it).padStart(6, '0')).find((it) => !right.has(it)) as string
  }
  const notices = async ({ id }: Person): Promise<string[]> => {
    const rows = await town.house.storage.db.selectFrom('message').selectAll().where('account_id', '=', id).execute()
    return rows.filter((it) => it.template === 'M16').map((it) => it.facts)
  }

  test('T006 five wrong tries end a mailed code and bring another; ten failures are a pause, whatever comes in parallel', async () => {
    const anna = await town.person('c-point', { app: true })
    const browser = await at(anna, 'email')
    const first = await browser.sent('sign-in')
    const miss = first === '000001' ? '000002' : '000001'
    town.pass(120)
    for (const it of [1, 2, 3, 4]) expect((await refused(town, anna, () => browser.code(miss))).said, String(it)).toBe('code.wrongMail')
    const spent = await refused(town, anna, () => browser.code(miss), { said: 'code.spent' })
    expect(spent.reference).toBe((await codesOf(town.house.storage.db, (await browser.stand()).attempt?.id ?? '', 'sign-in'))[0]?.reference)
    await refused(town, anna, () => browser.code(first), { said: 'code.wrongMail', event: 'second-step.refused wrong' })

    const said = await Promise.all(times(50, (it) => browser.copy(it % 2 ? town.house : otherNode.house).code(miss)))
    expect(said.every((it) => isSaid(it))).toBe(true)
    expect(await tries(town, anna)).toMatchObject({ count: 10, pausedUntil: town.clock.at + quarter * 1000 })
    expect((await events(town, anna)).filter((it) => it === 'second-step.refused wrong')).toHaveLength(10)
    expect((await photograph(town, anna)).sessions).toEqual([])
    const right = await browser.sent('sign-in')
    const { until } = await refused(town, anna, () => browser.code(right), { status: 429, counted: 0 })
    expect(until).toBe(town.clock.at + quarter * 1000)
    expect(await notices(anna)).toHaveLength(1)
  })

  test('five quick wrong tries end a mailed code before another may go: it is said from when, and no life is promised to the old one', async () => {
    const anna = await town.person('c-point', { app: true })
    const browser = await at(anna, 'email')
    const first = await browser.sent('sign-in')
    const miss = first === '000001' ? '000002' : '000001'
    for (const _ of times(4, () => 0)) await browser.code(miss)
    const said = await refused(town, anna, () => browser.code(miss), { said: 'code.nextAt' })
    expect(said.at).toBeGreaterThan(town.clock.at)
    const { attempt, portal, now } = await browser.stand()
    expect(await sentSoFar(town.house.storage.db, attempt?.id ?? '', 'sign-in', portal.limits.codeTries, now)).toMatchObject({
      isOver: true,
    })
    expect(await browser.resend()).toMatchObject({ said: 'code.nextAt', status: 200 })
    town.pass(60)
    expect(moved(await browser.resend())).toMatchObject({ step: 'prove' })
    expect(await browser.resend()).toMatchObject({ said: 'code.tooSoon', status: 200 })
  })

  test('T006 when the pause begins no code is sent that would be over before it ends', async () => {
    const anna = await town.person('c-point', { app: true })
    const app = await at(anna, 'totp')
    for (const _ of times(5, () => 0)) await app.code(wrong(anna))
    const browser = await at(anna, 'email')
    const miss = (await browser.sent('sign-in')) === '000001' ? '000002' : '000001'
    town.pass(120)
    for (const _ of times(4, () => 0)) await browser.code(miss)
    await refused(town, anna, () => browser.code(miss), { status: 429 })
    expect(await codesOf(town.house.storage.db, (await browser.stand()).attempt?.id ?? '', 'sign-in')).toHaveLength(1)
  })

  test('T007 the count belongs to the account: forty browsers at forty addresses, two nodes, one pause at the tenth', async () => {
    const anna = await town.person('c-point', { app: true })
    const browsers: StoryBrowser[] = []
    // IPv4, one /64 that is walked, and many networks.
    const addresses = [(it: number) => `198.51.100.${it}`, (it: number) => `2001:db8:7:1::${it}`, (it: number) => `2001:db8:${it}::1`]
    for (const it of times(40, (place) => place)) {
      const browser = await at(anna, 'totp', it % 2 ? town : otherNode)
      browser.visitor = { ...browser.visitor, address: addresses[it % 3]?.(it) ?? '' }
      browsers.push(browser)
    }
    const outcomes = await Promise.all(browsers.map((it) => it.code(wrong(anna))))
    expect(outcomes.every((it) => isSaid(it))).toBe(true)
    expect((await tries(town, anna)).count).toBe(10)
    expect(outcomes.filter((it) => isSaid(it) && it.status === 422)).toHaveLength(9)
  })

  test('T008 one counter for all methods and the gate: changing the method gives no new tries', async () => {
    const anna = await town.person('c-point', { app: true })
    const bram = await town.person('c-point')
    const browser = await at(anna, 'totp')
    for (const [method, count] of [
      ['totp', 4],
      ['email', 4],
      ['totp', 1],
    ] as const) {
      await browser.choose(method)
      for (const _ of times(count, () => 0)) await refused(town, anna, () => browser.code(wrong(anna)))
    }
    await browser.choose('email')
    await refused(town, anna, () => browser.code('000001'), { said: 'code.paused', status: 429 })

    const gate = await at(bram, 'totp')
    await gate.begin()
    for (const _ of times(4, () => 0)) await refused(town, bram, () => gate.code('000001'), { event: 'gate.refused wrong' })
    expect(moved(await gate.code(await gate.sent('gate')))).toEqual({ step: 'enrol', method: 'totp' })
    for (const _ of times(5, () => 0)) await refused(town, bram, () => gate.code('000001'), { event: 'enrolment.refused wrong' })
    await refused(town, bram, () => gate.code('000001'), { said: 'code.paused', status: 429 })
  })

  test('T008 the way back and a confirmation in the profile have no tries of their own', async () => {
    const hana = await town.person('profiportaal', { app: true })
    const inside = await at(hana)
    await signedIn(town, hana, () => inside.code(hana.app.code()))
    town.pass(360)
    const confirm = async () => {
      const { house } = town
      const standing = await standingOf(house.storage.db, house, inside.portal, inside.visitor, town.clock.at)
      return confirmByCode(house, standing as Standing, inside.visitor, wrong(hana))
    }
    const half = await at(hana)
    const doors = [() => half.code(wrong(hana)), () => half.ticket('BCDFG-HJKMN-PQRTV-WXYZ2'), confirm]
    for (const it of times(9, (place) => place)) {
      expect(await doors[it % 3]?.(), `${it}`).toMatchObject({ status: 422 })
      expect((await tries(town, hana)).count).toBe(it + 1)
    }
    expect(await half.ticket('BCDFG-HJKMN-PQRTV-WXYZ2')).toMatchObject({ said: 'code.paused', status: 429 })
    for (const door of doors) expect(await door()).toMatchObject({ said: 'code.paused', status: 429 })
    expect((await tries(town, hana)).count).toBe(10)
  })

  test('T009 a new code never resets the count, and five in an hour are all', async () => {
    const anna = await town.person('c-point', { app: true })
    const browser = await at(anna, 'email')
    for (const count of [4, 4]) {
      for (const _ of times(count, () => 0)) await refused(town, anna, () => browser.code('000001'))
      town.pass(120)
      expect(moved(await browser.resend())).toMatchObject({ step: 'prove', method: 'email' })
    }
    await refused(town, anna, () => browser.code('000001'), { said: 'code.lastTries' })
    await refused(town, anna, () => browser.code('000001'), { said: 'code.paused', status: 429 })
    await refused(town, anna, () => browser.resend(), { said: 'code.paused', status: 429, counted: 0 })

    const bram = await town.person('c-point')
    const other = await at(bram, 'email')
    for (const _ of times(5, () => 0)) {
      town.pass(120)
      expect(moved(await other.resend())).toMatchObject({ step: 'prove', method: 'email' })
    }
    town.pass(120)
    await refused(town, bram, () => other.resend(), { said: 'code.tooManySent', status: 200, counted: 0 })
  })

  test('T009 a resend between every two guesses at once gives none more: the pause comes at the tenth', async () => {
    const bram = await town.person('c-point')
    const browser = await at(bram, 'email')
    town.pass(120)
    const acts = times(40, (it) => {
      const tab = browser.copy(it % 2 ? town.house : otherNode.house)
      return it % 4 < 2 ? tab.code('000001') : tab.resend()
    })
    await Promise.all(acts)
    expect(await tries(town, bram)).toMatchObject({ count: 10, pausedUntil: town.clock.at + quarter * 1000 })
  })

  test('T010 after nine failures nothing but a whole sign-in clears the count', async () => {
    const anna = await town.person('c-point', { app: true })
    const mallory = await town.person('c-point', { app: true })
    const namesake = await town.person('koop-cam', { app: true, name: anna.name })
    const session = await at(anna, 'totp')
    await signedIn(town, anna, () => session.code(anna.app.code()))
    const browser = await at(anna, 'totp')
    for (const _ of times(9, () => 0)) await browser.code(wrong(anna))
    await signedIn(town, mallory, async () => (await at(mallory, 'totp')).code(mallory.app.code()))
    const elsewhere = town.browser('koop-cam')
    await elsewhere.name(namesake.name)
    await elsewhere.password(namesake)
    await signedIn(town, namesake, () => elsewhere.code(namesake.app.code()))
    const { session: own } = await session.stand()
    expect(await signOut(town.house.storage.db, own as NonNullable<typeof own>, town.clock.at)).toBe(true)
    for (const language of ['nl', 'en']) {
      const again = browser.copy().forget('flow', 'session', 'browser', 'enrolment')
      again.visitor = { ...again.visitor, language }
      await again.password(anna)
    }
    expect((await tries(town, anna)).count).toBe(9)
    town.pass(7200)
    const spelled = town.on(await another()).browser('c-point')
    await spelled.password({ name: ` ${anna.name.toUpperCase()} ` })
    await spelled.choose('totp')
    expect((await tries(town, anna)).count).toBe(9)
    await refused(town, anna, () => spelled.code(wrong(anna)), { said: 'code.paused', status: 429 })
  })

  test('T011 the right code in a pause is not looked at and costs nothing; afterwards it works; pauses grow', async () => {
    const anna = await town.person('c-point', { app: true })
    for (const pause of [quarter, 2 * quarter, 4 * quarter]) {
      const browser = await at(anna, 'totp')
      for (const _ of times(10, () => 0)) await browser.code(wrong(anna))
      await refused(town, anna, () => browser.code(anna.app.code()), { said: 'code.paused', status: 429, counted: 0 })
      for (const node of [town, otherNode]) {
        const other = await at(anna, undefined, node)
        await other.choose('email')
        const said = await refused(town, anna, () => other.code(anna.app.code()), {
          status: 429,
          counted: 0,
          event: 'second-step.refused paused',
        })
        expect(said.until).toBe(town.clock.at + pause * 1000)
      }
      town.pass(pause - 1)
      expect(await (await at(anna)).step()).toMatchObject({ step: 'wait' })
      town.pass(1)
    }
    const browser = await at(anna, 'totp')
    await refused(town, anna, () => browser.code(wrong(anna)))
    await signedIn(town, anna, () => browser.code(anna.app.code()))
    expect(await tries(town, anna)).toEqual({ count: 0 })
    expect(await notices(anna)).toHaveLength(1)
  })

  test('T011 a hundred wrong codes in a row end the app, and its right code with it; the owner is told twice', async () => {
    const anna = await town.person('c-point', { app: true })
    for (const _ of times(10, () => 0)) {
      const browser = await at(anna, 'totp')
      for (const __ of times(10, () => 0)) await browser.code(wrong(anna))
      town.pass(86_400)
    }
    expect((await authenticatorsOf(town.house.storage.db, anna.id))[0]?.disabled_at).not.toBeNull()
    expect(await events(town, anna)).toContain('authenticator.disabled')
    expect((await notices(anna)).map((it) => Object.keys(JSON.parse(it).told[0])[1]).toSorted()).toEqual(['disabled', 'pausedUntil'])
    const browser = await at(anna)
    await refused(town, anna, () => browser.choose('totp'), { said: 'method.disabled', counted: 0 })
    await browser.choose('email')
    await refused(town, anna, () => browser.code(anna.app.code()))
    await signedIn(town, anna, async () => browser.code(await browser.sent('sign-in')))
    expect((await findAccount(town.house.storage.db, 'c-point', anna.id))?.authenticators_changed_at).not.toBeNull()
  })

  test('T011 a guess that could be one of many codes counts for more: whoever guesses stays under 9 in 10,000 in thirty days', async () => {
    const counted = async ({ id }: Person) => {
      const key = `second-step-30d ${id}`
      return (await town.house.storage.db.selectFrom('counter').select('count').where('key', '=', key).executeTakeFirst())?.count
    }
    const anna = await town.person('c-point', { app: true })
    const app = await at(anna, 'totp')
    const steps = times(41, (it) => it - 20).filter(
      (it) => matchingStep(Buffer.alloc(20), hotp(Buffer.alloc(20), 1_000 + it), 30_000_000) !== undefined,
    )
    expect(steps).toHaveLength(codesAtOnce)
    expect(1 - (1 - steps.length / 1_000_000) ** 300).toBeLessThan(9e-4)
    await app.code(wrong(anna))
    expect(await counted(anna)).toBe(1)

    const [two, row] = [town.house.random.id(), (await authenticatorsOf(town.house.storage.db, anna.id))[0]]
    await addAuthenticator(town.house.storage.db, {
      ...(row as NonNullable<typeof row>),
      id: two,
      secret: town.house.vault.seal(Buffer.alloc(20, 9), seedPlace(two)),
    })
    await app.code(wrong(anna))
    expect(await counted(anna)).toBe(3)

    const bram = await town.person('c-point')
    const mail = await at(bram, 'email')
    for (const wait of [30, 60, 120]) {
      town.pass(wait)
      await mail.resend()
    }
    await mail.code('000001')
    expect(await counted(bram)).toBe(2)
  })

  test('T011 three hundred wrong codes in thirty days ring the alarm, also with sign-ins between', async () => {
    const anna = await town.person('c-point', { app: true })
    const fail = async (count: number): Promise<void> => {
      const browser = await at(anna, 'totp')
      for (const _ of times(count, () => 0)) await browser.code(wrong(anna))
      await signedIn(town, anna, () => browser.code(anna.app.code()))
      town.pass(3600)
    }
    await fail(9)
    const { db } = town.house.storage
    const counted = () => db.selectFrom('counter').select('count').where('key', '=', `second-step-30d ${anna.id}`).executeTakeFirst()
    expect(await counted()).toEqual({ count: 9 })
    // The 285 of the weeks between.
    await db.updateTable('counter').set({ count: 294 }).where('key', '=', `second-step-30d ${anna.id}`).execute()
    await fail(5)
    expect(town.alarms).toEqual([])
    const browser = await at(anna, 'totp')
    const elsewhere = await at(anna, 'totp')
    for (const _ of times(3, () => 0)) await browser.code(wrong(anna))
    expect(town.alarms.filter((it) => it.includes('300 wrong codes'))).toHaveLength(1)
    expect((await notices(anna)).map((it) => JSON.parse(it).told)).toMatchObject([[{ newPassword: true }]])
    // The right code still comes first, then a new password is due; a sign-in from before it is not put out.
    const before = await photograph(town, anna)
    expect(moved(await browser.code(anna.app.code()))).toEqual({ step: 'refuse', why: 'new-password' })
    expect((await photograph(town, anna)).sessions).toEqual(before.sessions)
    expect(await elsewhere.step()).toMatchObject({ step: 'prove' })
    town.pass(60)
    expect(moved(await (await at(anna, 'totp')).code(anna.app.code()))).toEqual({ step: 'refuse', why: 'new-password' })
    await changeAccount(db, anna.id, { password_changed_at: town.clock.at })
    town.pass(60)
    const again = await at(anna, 'totp')
    await signedIn(town, anna, () => again.code(anna.app.code()))
    town.pass(60)
    await fail(3)
    expect(town.alarms.filter((it) => it.includes('300 wrong codes'))).toHaveLength(1)
    town.alarms.length = 0
  })
})
