import { beforeAll, expect, test } from 'vitest'
import { onEachEngine } from '../../test/support/engines.ts'
import type { StoryBrowser } from '../../test/support/story-browser.ts'
import { moved, refused, signedIn } from '../../test/support/story-checks.ts'
import { type App, accountOf, openStory, type Person, type Town } from '../../test/support/story-house.ts'

onEachEngine((opened, another) => {
  let town: Town
  beforeAll(async () => {
    town = await openStory(opened())
  })
  const appOf = async (browser: StoryBrowser): Promise<App> => town.appWith((await browser.seed()) as Uint8Array)
  const texts = async ({ id }: Person) => {
    const rows = await town.house.storage.db.selectFrom('message').selectAll().where('account_id', '=', id).orderBy('created_at').execute()
    return rows.filter((it) => it.code_id !== null).map((it) => [it.template, it.channel, it.address])
  }

  test('koop-cam, phone known: the name, the password, six digits by SMS, the app; no mail is sent', async () => {
    const eef = await town.person('koop-cam', { phone: '+31612345678' })
    const pc = town.browser('koop-cam').ask('publicatie')
    expect(await pc.step()).toEqual({ step: 'identify' })
    expect(moved(await pc.name(eef.name))).toEqual({ step: 'password' })
    expect(moved(await pc.password(eef))).toMatchObject({ step: 'prove', method: 'sms', purpose: 'gate' })
    town.pass(30)
    await pc.resend()
    town.pass(869)
    // Fifteen minutes, for the first of the two as well.
    expect(moved(await pc.code(await pc.sent('gate', 1)))).toEqual({ step: 'enrol', method: 'totp' })
    expect(await accountOf(town, eef)).toMatchObject({ phone: '+31612345678', phone_proven_at: town.clock.at })
    const app = await appOf(pc)
    await signedIn(town, eef, () => pc.code(app.code()))
    expect(await texts(eef)).toEqual([1, 2].map(() => ['S02', 'sms', '+31612345678']))
  })

  test('koop-cam, no phone known: a mailed code, the number, six digits by SMS to it, the app', async () => {
    const fons = await town.person('koop-cam')
    const pc = town.browser('koop-cam').ask('publicatie')
    await pc.name(fons.name)
    expect(moved(await pc.password(fons))).toMatchObject({ step: 'prove', method: 'email', purpose: 'gate' })
    expect(moved(await pc.code(await pc.sent('gate')))).toEqual({ step: 'register-phone', known: false })
    for (const [typed, said] of [
      ['', 'phone.empty'],
      ['12', 'phone.format'],
      ['070-7000526', 'phone.notMobile'],
      ['+33 6 12 34 56 78', 'phone.country'],
    ] as const)
      await refused(town, fons, () => pc.phone(typed), { said, counted: 0 })
    expect(moved(await pc.phone('06-1234 5678'))).toMatchObject({ step: 'prove', method: 'sms', purpose: 'new-phone' })
    const wrongNumber = await pc.sent('new-phone')
    expect(moved(await pc.withdraw())).toEqual({ step: 'register-phone', known: false })
    const soon = await refused(town, fons, () => pc.phone('06 87654321'), { said: 'phone.tooSoon', counted: 0 })
    expect(soon.at).toBe(town.clock.at + 30_000)
    expect(await pc.step()).toEqual({ step: 'register-phone', known: false })
    town.pass(30)
    expect(moved(await pc.phone('06 87654321'))).toMatchObject({ step: 'prove', purpose: 'new-phone' })
    await refused(town, fons, () => pc.code(wrongNumber), { said: 'code.wrongSms' })
    expect(moved(await pc.code(await pc.sent('new-phone')))).toEqual({ step: 'enrol', method: 'totp' })
    expect(await accountOf(town, fons)).toMatchObject({ phone: '+31687654321', phone_proven_at: town.clock.at })
    const app = await appOf(pc)
    const { situation } = await signedIn(town, fons, () => pc.code(app.code()))
    expect(situation.step).toMatchObject({ amr: ['pwd', 'otp', 'mfa'] })
    expect((await texts(fons)).map(([template]) => template)).toEqual(['M03', 'S03', 'S03'])
  })

  test('uitpas: the password alone is enough until somebody opts in; then app or SMS, behind a code by mail', async () => {
    for (const method of ['totp', 'sms'] as const) {
      const gijs = await town.person('uitpas')
      const plain = town.browser('uitpas').ask('balie')
      await signedIn(town, gijs, () => plain.password(gijs))

      const pc = town.browser('uitpas').ask('balie')
      expect(moved(await pc.password(gijs, undefined, true))).toMatchObject({ step: 'prove', method: 'email', purpose: 'gate' })
      expect(moved(await pc.code(await pc.sent('gate')))).toMatchObject({ step: 'choose-enrolment' })
      await pc.choose(method)
      if (method === 'sms') await pc.phone('0470 12 34 56')
      const app = method === 'totp' ? await appOf(pc) : undefined
      const { situation } = await signedIn(town, gijs, async () => pc.code(app?.code() ?? (await pc.sent('new-phone')), true))
      expect(situation.step).toMatchObject({ acr: 'urn:sluis:acr:2', amr: ['pwd', method === 'totp' ? 'otp' : 'sms', 'mfa'] })
      // From now on it is asked in a browser that is not remembered.
      town.pass(60)
      const other = town.browser('uitpas').ask('balie')
      expect(moved(await other.password(gijs))).toMatchObject({ step: 'prove', method, purpose: 'sign-in' })
      // The page that links it has no box to tick; the next one has.
      expect(moved(await pc.ask('balie').forget('session').password(gijs))).toMatchObject({ step: 'prove', method })
      town.pass(60)
      await signedIn(town, gijs, async () => pc.code(app?.code() ?? (await pc.sent('sign-in')), true))
      expect(moved(await pc.ask('balie').forget('session').password(gijs))).toMatchObject({ acr: 'urn:sluis:acr:2-remembered' })
    }
  })

  test('uitpas: who leaves half-way and comes back the next day is offered it again, finds the same QR code, and may say Later', async () => {
    const gijs = await town.person('uitpas')
    const pc = town.browser('uitpas').ask('balie')
    await pc.password(gijs, undefined, true)
    await pc.code(await pc.sent('gate'))
    await pc.choose('totp')
    const app = await appOf(pc)
    // The house restarts; another tab looks.
    const node = town.on(await another())
    expect(await pc.copy(node.house).step()).toEqual({ step: 'enrol', method: 'totp' })
    town.pass(20 * 3600)
    const later = town.browser('uitpas').ask('balie')
    expect(moved(await later.password(gijs))).toEqual({ step: 'offer' })
    await signedIn(town, gijs, () => later.later())
    town.pass(1)
    const back = pc.copy(node.house).ask('balie')
    await back.password(gijs)
    expect(moved(await back.want())).toMatchObject({ step: 'prove', purpose: 'gate' })
    await back.code(await back.sent('gate'))
    await back.choose('totp')
    expect((await appOf(back)).code()).toBe(app.code())
    await signedIn(town, gijs, () => back.code(app.code()))
  })

  test('a fifth portal by its file alone: the name first, SMS or mail, three days', async () => {
    const hugo = await town.person('haven', { sms: true })
    const pc = town.browser('haven').ask('loket')
    await pc.name(hugo.name)
    expect(moved(await pc.password(hugo))).toMatchObject({ step: 'prove', method: 'sms', purpose: 'sign-in' })
    town.pass(1)
    expect(moved(await pc.choose('email'))).toMatchObject({ step: 'prove', method: 'email', purpose: 'sign-in' })
    expect(await texts(hugo)).toEqual([
      ['S01', 'sms', '+32470123456'],
      ['M01', 'email', `${hugo.name}@haven.test`],
    ])
    await signedIn(town, hugo, async () => pc.code(await pc.sent('sign-in'), true))
    town.pass(3 * 86_400 - 1)
    await pc.ask('loket').name(hugo.name)
    expect(moved(await pc.password(hugo))).toMatchObject({ step: 'done', acr: 'urn:sluis:acr:2-remembered' })
    town.pass(1)
    await pc.ask('loket').forget('session').name(hugo.name)
    expect(moved(await pc.password(hugo))).toMatchObject({ step: 'prove', method: 'email', because: 'remember-ended' })
  })
})
