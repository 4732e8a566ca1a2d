import { beforeAll, expect, test } from 'vitest'
import { onEachEngine } from '../../test/support/engines.ts'
import type { StoryBrowser } from '../../test/support/story-browser.ts'
import { events, moved, photograph, tries } from '../../test/support/story-checks.ts'
import { openStory, type Person, type Town } from '../../test/support/story-house.ts'
import { isSaid, type Said } from '../sign-in/index.ts'
import { authenticatorsOf, codesOf, digitsOf } from '../storage/index.ts'
import type { Changed, Standing } from './index.ts'
import { beginConfirm, chooseForConfirm, confirmByCode, confirmByPassword, removeMethod, renameMethod, standingOf } from './index.ts'

const minute = 60

onEachEngine((opened, another) => {
  let town: Town
  beforeAll(async () => {
    town = await openStory(opened())
  })

  const standing = async (it: StoryBrowser, at = town): Promise<Standing> => {
    const { house } = at
    const found = await standingOf(house.storage.db, house, it.portal, it.visitor, house.clock.now())
    if (!found) throw new Error('no whole session stands here')
    return found
  }
  const due = async (it: StoryBrowser): Promise<string> => {
    const step = (await standing(it)).due
    return step ? `${step.step}${'method' in step ? ` ${step.method}` : ''}` : 'may change'
  }
  const act = async (it: StoryBrowser, work: (at: Standing) => Promise<Changed | Said>): Promise<Changed | Said> => {
    const outcome = await work(await standing(it))
    if (!isSaid(outcome) && 'cookies' in outcome) it.visitor = { ...it.visitor, ...outcome.cookies }
    return outcome
  }
  const confirm = (it: StoryBrowser, code: string) => act(it, (at) => confirmByCode(town.house, at, it.visitor, code))
  const remove = (it: StoryBrowser, id: string) => act(it, (at) => removeMethod(town.house, at, it.visitor, id))
  const begin = (it: StoryBrowser) => act(it, (at) => beginConfirm(town.house, at, it.visitor))
  const sentTo = async (it: StoryBrowser): Promise<string> => {
    const { attempt } = await standing(it)
    const [code] = await codesOf(town.house.storage.db, attempt?.id ?? '', 'change')
    return digitsOf(town.house.vault, code?.id ?? '')
  }
  const appOf = async ({ id }: Person): Promise<string> => (await authenticatorsOf(town.house.storage.db, id))[0]?.id ?? ''

  /** Signed in with the app; `later` seconds ago. */
  const inside = async (who: Person, later = 0, method = 'totp'): Promise<StoryBrowser> => {
    const browser = town.browser(who.portal)
    await browser.password(who)
    if (moved(await browser.choose(method)).step !== 'done')
      moved(await browser.code(method === 'totp' ? who.app.code() : await browser.sent('sign-in')))
    town.pass(later)
    return browser
  }

  test('T053 a second step of this session confirms for five minutes and not a second longer', async () => {
    const anna = await town.person('c-point', { app: true })
    const browser = await inside(anna, 5 * minute)
    expect(await due(browser)).toBe('may change')
    town.pass(1)
    expect(await due(browser)).toBe('prove totp')
    expect(await remove(browser, await appOf(anna))).toEqual({ changed: 'due' })
    expect((await photograph(town, anna)).authenticators).toHaveLength(1)
    expect(await confirm(browser, anna.app.code())).toMatchObject({ changed: 'made' })
    expect(await due(browser)).toBe('may change')
  })

  test('T001 a code of the app that signed in confirms no change, and one that confirmed signs nobody in', async () => {
    const anna = await town.person('c-point', { app: true })
    const browser = await inside(anna, 6 * minute)
    const [code, id] = [anna.app.code(), await appOf(anna)]
    await inside(anna)
    const before = await photograph(town, anna)
    expect(await confirm(browser, code)).toMatchObject({ status: 422 })
    expect(await remove(browser, id)).toEqual({ changed: 'due' })
    expect(await photograph(town, anna)).toEqual(before)
    expect((await tries(town, anna)).count).toBe(1)
    expect(await events(town, anna)).toContain('second-step.refused used')
    town.pass(30)
    const next = anna.app.code()
    expect(await confirm(browser, next)).toMatchObject({ changed: 'made' })
    const other = town.browser('c-point')
    await other.password(anna)
    await other.choose('totp')
    expect(await other.code(next)).toMatchObject({ said: 'code.wrongApp', status: 422 })
  })

  test('T053 what another session showed confirms nothing here, and a clock set back neither', async () => {
    const anna = await town.person('c-point', { app: true })
    const old = await inside(anna, 10 * minute)
    const fresh = await inside(anna)
    expect([await due(old), await due(fresh)]).toEqual(['prove totp', 'may change'])
    town.clock.at -= 2 * minute * 1000
    const { house } = town
    expect(await standingOf(house.storage.db, house, fresh.portal, fresh.visitor, town.clock.at)).toBeUndefined()
    town.pass(3 * minute)
  })

  test('T053 a remembered browser confirms nothing', async () => {
    const anna = await town.person('uitpas', { app: true })
    const first = town.browser('uitpas').ask('balie')
    await first.password(anna)
    moved(await first.code(anna.app.code(), true))
    town.pass(60 * minute)
    const again = first.forget('session', 'flow').ask('balie')
    const step = moved(await again.password(anna))
    expect(step).toMatchObject({ step: 'done', acr: 'urn:sluis:acr:2-remembered' })
    const { house } = town
    // Not even the page is shown: the app is asked for first.
    expect(await standingOf(house.storage.db, house, again.portal, again.visitor, house.clock.now())).toBeUndefined()
  })

  test('T014 a code of the sign-in confirms no change, and a code for a change signs nobody in', async () => {
    const bram = await town.person('c-point')
    const browser = await inside(bram, 6 * minute, 'email')
    await begin(browser)
    const change = await sentTo(browser)
    const other = town.browser('c-point')
    await other.password(bram)
    await other.choose('email')
    const signIn = await other.sent('sign-in')
    const before = await photograph(town, bram)
    expect(await confirm(browser, signIn)).toMatchObject({ said: 'code.wrongMail', status: 422 })
    expect(await other.code(change)).toMatchObject({ said: 'code.wrongMail', status: 422 })
    expect(await photograph(town, bram)).toEqual(before)
    expect(await confirm(browser, change)).toMatchObject({ changed: 'made' })
    expect(moved(await other.code(signIn)).step).toBe('done')
  })

  test('one counter for all doors: wrong confirmations and wrong sign-ins pause together', async () => {
    const anna = await town.person('c-point', { app: true })
    const browser = await inside(anna, 6 * minute)
    const wrong = anna.app.code() === '000000' ? '000001' : '000000'
    for (let times = 0; times < 9; times++) expect(await confirm(browser, wrong)).toMatchObject({ status: 422 })
    const other = town.browser('c-point')
    await other.password(anna)
    await other.choose('totp')
    expect(await other.code(wrong)).toMatchObject({ said: 'code.paused', status: 429 })
    expect(await due(browser)).toBe('wait')
    expect(await confirm(browser, anna.app.code())).toMatchObject({ said: 'code.paused', status: 429 })
    expect((await tries(town, anna)).count).toBe(10)
  })

  test('T058 removed once: the proof is void then, other sessions and open sign-ins end, the acting session has a new cookie, all are told', async () => {
    const anna = await town.person('c-point', { app: true })
    const elsewhere = await inside(anna)
    town.pass(30)
    const browser = await inside(anna)
    const open = town.browser('c-point')
    await open.password(anna)
    const held = { ...browser.visitor }
    const id = await appOf(anna)
    // Two tabs that were both drawn before the first of them pressed.
    const at = await standing(browser)
    const results = await Promise.all([1, 2].map(() => removeMethod(town.house, at, browser.visitor, id)))
    expect(results.map((it) => ('changed' in it ? it.changed : it.said)).toSorted()).toEqual(['due', 'made'])
    const { house } = town
    const stands = (visitor: StoryBrowser['visitor']) => standingOf(house.storage.db, house, browser.portal, visitor, town.clock.at)
    expect(await stands(held)).toBeUndefined()
    expect(await stands(elsewhere.visitor)).toBeUndefined()
    expect(await open.step()).toMatchObject({ step: 'password' })
    expect((await events(town, anna)).filter((it) => it === 'authenticator.removed')).toHaveLength(1)
    const made = results.find((it) => 'cookies' in it) as Extract<Changed, { changed: 'made' }>
    const visitor = { ...held, ...made.cookies }
    expect((await stands(visitor))?.due).toMatchObject({ step: 'prove', method: 'email', purpose: 'change' })
    const messages = await house.storage.db.selectFrom('message').select('template').where('account_id', '=', anna.id).execute()
    expect(messages.filter((it) => it.template === 'M06')).toHaveLength(1)

    // E-mail still works, and the app is linked anew behind the gate.
    const next = town.browser('c-point')
    await next.password(anna)
    expect(moved(await next.choose('totp'))).toEqual({ step: 'not-registered', method: 'totp' })
    await next.choose('email')
    expect(moved(await next.code(await next.sent('sign-in'))).step).toBe('done')
  })

  test('T056 an id of somebody else and one that nobody has: the same answer, and nothing is touched', async () => {
    const [anna, mallory] = [await town.person('c-point', { app: true }), await town.person('c-point', { app: true })]
    const far = await town.person('profiportaal', { app: true })
    const browser = await inside(mallory)
    const before = [await photograph(town, anna), await photograph(town, far), await photograph(town, mallory)]
    for (const id of [await appOf(anna), await appOf(far), '0', '-1', '../', '7d444840-9dc0-11d1-b245-5ffdce74fad2', '__proto__']) {
      expect(await remove(browser, id)).toEqual({ changed: 'not-yours' })
      expect(await act(browser, (at) => renameMethod(town.house, at, browser.visitor, id, 'mijn'))).toEqual({ changed: 'not-yours' })
    }
    expect([await photograph(town, anna), await photograph(town, far), await photograph(town, mallory)]).toEqual(before)
    expect(await events(town, mallory)).toContain('request.refused not-yours')
  })

  test('T058 the last method stays where the portal says so, and where no gate could be passed', async () => {
    const strict = await openStory(await another(), { change: (it) => ({ ...it, secondStep: { ...it.secondStep, keepLastMethod: true } }) })
    for (const [at, given] of [
      [strict, {}],
      [town, { email: null }],
    ] as const) {
      const hana = await at.person('profiportaal', { app: true, ...given })
      const browser = at.browser('profiportaal')
      await browser.password(hana)
      moved(await browser.code(hana.app.code()))
      const [app] = await authenticatorsOf(at.house.storage.db, hana.id)
      const outcome = await removeMethod(at.house, await standing(browser, at), browser.visitor, app?.id ?? '')
      expect(outcome).toMatchObject({ said: 'profile.lastMethod', status: 422 })
      expect(await authenticatorsOf(at.house.storage.db, hana.id)).toHaveLength(1)
    }
  })

  test('who has no second step yet confirms with the password and a code over the channel of the gate', async () => {
    const gijs = await town.person('uitpas')
    const browser = town.browser('uitpas')
    moved(await browser.password(gijs))
    town.pass(6 * minute)
    expect(await due(browser)).toBe('password')
    const give = (typed: string) => act(browser, (at) => confirmByPassword(town.house, at, browser.visitor, typed))
    expect(await give('een ander lang wachtwoord')).toMatchObject({ said: 'password.currentWrong', status: 422 })
    expect(await give('twaalf eenden zwemmen traag')).toEqual({ changed: 'due' })
    expect(await due(browser)).toBe('prove email')
    expect(await confirm(browser, await sentTo(browser))).toMatchObject({ changed: 'made' })
    expect(await due(browser)).toBe('may change')
  })

  test('T044 a method that is not registered cannot be chosen for a confirmation', async () => {
    const hana = await town.person('profiportaal', { app: true })
    const browser = await inside(hana, 6 * minute)
    for (const it of ['email', 'sms', 'none'])
      expect(await act(browser, (at) => chooseForConfirm(town.house, at, browser.visitor, it))).toMatchObject({
        said: 'method.unavailable',
      })
    expect(await due(browser)).toBe('prove totp')
  })
})
