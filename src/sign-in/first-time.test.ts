import { beforeAll, expect, test } from 'vitest'
import { onEachEngine } from '../../test/support/engines.ts'
import type { StoryBrowser } from '../../test/support/story-browser.ts'
import { changesNothing, events, moved, photograph, signedIn } from '../../test/support/story-checks.ts'
import { type App, accountOf, openStory, type Person, type Town } from '../../test/support/story-house.ts'

onEachEngine((opened) => {
  let town: Town
  beforeAll(async () => {
    town = await openStory(opened())
  })
  const appOf = async (browser: StoryBrowser): Promise<App> => town.appWith((await browser.seed()) as Uint8Array)
  const texts = async ({ id }: Person) => {
    const rows = await town.house.storage.db.selectFrom('message').selectAll().where('account_id', '=', id).orderBy('created_at').execute()
    return rows.filter((it) => it.code_id !== null).map((it) => [it.template, it.channel, it.address])
  }

  test("c-point: choose the app, 'Doorgaan', the code from the mail, the QR code, the first code: signed in", async () => {
    const bram = await town.person('c-point')
    const pc = town.browser('c-point').ask('planning')
    expect(moved(await pc.password(bram))).toMatchObject({ step: 'choose', options: [{ state: 'not-registered' }, { state: 'ready' }] })
    expect(moved(await pc.choose('totp'))).toEqual({ step: 'not-registered', method: 'totp' })
    const woken = town.woken.times
    expect(moved(await pc.begin())).toMatchObject({ step: 'prove', method: 'email', purpose: 'gate' })
    expect(town.woken.times).toBe(woken + 1)
    expect(moved(await pc.code(await pc.sent('gate')))).toEqual({ step: 'enrol', method: 'totp' })
    const app = await appOf(pc)
    // The app is installed while the page is open.
    town.pass(40 * 60)
    const { situation } = await signedIn(town, bram, () => pc.code(app.code(), true))
    expect(situation.step).toMatchObject({ acr: 'urn:sluis:acr:2', amr: ['pwd', 'otp', 'mfa'] })
    expect(await accountOf(town, bram)).toMatchObject({ second_step_since: town.clock.at, last_method: 'totp' })
    expect(await texts(bram)).toEqual([['M02', 'email', `${bram.name}@haven.test`]])
    expect((await events(town, bram)).toSorted()).toEqual(
      ['password.accepted', 'gate.passed', 'enrolment.completed', 'authenticator.bound', 'session.started'].toSorted(),
    )
    town.pass(60)
    expect(moved(await pc.ask('ligplaatsen').forget('session').password(bram))).toMatchObject({ step: 'choose' })
    await pc.choose('totp')
    await signedIn(town, bram, () => pc.code(app.code()))
  })

  test('c-point: the code by mail needs no setting up, and is no second factor', async () => {
    const bram = await town.person('c-point')
    const pc = town.browser('c-point').ask('planning')
    await pc.password(bram)
    expect(moved(await pc.choose('email'))).toMatchObject({ step: 'prove', method: 'email', purpose: 'sign-in' })
    // Changing one's mind twice sends no second code; reading the page sends none.
    await pc.choose('totp')
    await pc.choose('email')
    await pc.stand()
    expect(await texts(bram)).toEqual([['M01', 'email', `${bram.name}@haven.test`]])
    const { situation } = await signedIn(town, bram, async () => pc.code(await pc.sent('sign-in')))
    expect(situation.step).toMatchObject({ acr: 'urn:sluis:acr:2-mail', amr: ['pwd', 'email'] })
  })

  test('c-point: before the date of the group a password is enough; it is told in time and asked from the day on', async () => {
    const cato = await town.person('c-point', { group_name: 'golf-2' })
    const now = town.clock.at
    town.clock.at = Date.parse('2026-12-01T08:00Z')
    const pc = town.browser('c-point').ask('planning')
    expect(moved(await pc.password(cato))).toEqual({ step: 'offer', mandatoryAt: Date.parse('2026-12-13T23:00Z') })
    const { situation } = await signedIn(town, cato, () => pc.later())
    expect(situation.step).toMatchObject({ acr: 'urn:sluis:acr:1', amr: ['pwd'] })
    // The second tab still shows the question.
    expect(await changesNothing(town, cato, () => pc.later())).toMatchObject({ step: 'done' })

    town.pass(86_400)
    const other = town.browser('c-point').ask('planning')
    await other.password(cato)
    expect(moved(await other.want())).toMatchObject({ step: 'choose' })
    town.clock.at = Date.parse('2026-12-13T23:00Z')
    const late = town.browser('c-point').ask('planning')
    expect(moved(await late.password(cato))).toMatchObject({ step: 'choose' })
    expect(await changesNothing(town, cato, () => late.later())).toMatchObject({ step: 'choose' })
    town.clock.at = now
  })

  test('profiportaal: the code from the mail, the QR code, the first code; from then on the app at every sign-in', async () => {
    const ida = await town.person('profiportaal')
    const pc = town.browser('profiportaal').ask('bestellen')
    expect(moved(await pc.password(ida))).toMatchObject({ step: 'prove', method: 'email', purpose: 'gate' })
    expect(moved(await pc.code(await pc.sent('gate')))).toEqual({ step: 'enrol', method: 'totp' })
    const app = await appOf(pc)
    await signedIn(town, ida, () => pc.code(app.code(), true))
    expect((await photograph(town, ida)).remembered).toEqual([])
    town.pass(3700)
    expect(moved(await pc.ask('bestellen').password(ida))).toMatchObject({ step: 'prove', method: 'totp', because: 'always' })
    await signedIn(town, ida, () => pc.code(app.code()))
  })
})
