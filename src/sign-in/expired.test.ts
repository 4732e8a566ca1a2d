import { beforeAll, expect, test } from 'vitest'
import { onEachEngine, times } from '../../test/support/engines.ts'
import type { StoryBrowser } from '../../test/support/story-browser.ts'
import { changesNothing, moved, refused, signedIn, tries } from '../../test/support/story-checks.ts'
import { openStory, type Person, type Town } from '../../test/support/story-house.ts'

const minute = 60

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

  test('T012 a mailed code works to its last second; after that it says so and a new one goes out by itself', async () => {
    const anna = await town.person('c-point')
    const [inTime, late] = [await at(anna, 'email'), await at(anna, 'email')]
    const [first, second] = [await inTime.sent('sign-in'), await late.sent('sign-in')]
    town.pass(10 * minute - 1)
    await signedIn(town, anna, () => inTime.code(first))
    town.pass(1)
    const ended = town.clock.at
    const woken = town.woken.times
    const said = await refused(town, anna, () => late.code(second), {
      said: 'code.expired',
      event: 'second-step.refused expired',
      counted: 0,
    })
    expect(said).toMatchObject({ at: ended, reference: expect.stringMatching(/^[A-Z0-9]{3}$/) })
    expect(town.woken.times).toBe(woken + 1)
    expect(await late.sent('sign-in')).not.toBe(second)
    await signedIn(town, anna, async () => late.code(await late.sent('sign-in')))
  })

  test('T012 who types the old code of two hears of the newer one: no third is sent, and the count stays', async () => {
    const anna = await town.person('c-point')
    const browser = await at(anna, 'email')
    town.pass(9 * minute)
    await browser.resend()
    town.pass(minute)
    const sent = (await messages(anna)).length
    const said = await refused(town, anna, async () => browser.code(await browser.sent('sign-in', 1)), { said: 'code.expired', counted: 0 })
    expect(said.reference).toBe((await codesOfSignIn(browser))[0]?.reference)
    expect(await messages(anna)).toHaveLength(sent)
    await signedIn(town, anna, async () => browser.code(await browser.sent('sign-in')))
  })

  test('T012 an expired code is no oracle: guesses count and pause; it costs no try itself, and begins no pause as the tenth', async () => {
    const anna = await town.person('c-point')
    const browser = await at(anna, 'email')
    const old = await browser.sent('sign-in')
    const miss = old === '000001' ? '000002' : '000001'
    town.pass(11 * minute)
    for (const _ of times(9, () => 0)) await browser.code(miss)
    const notices = (await messages(anna)).filter((it) => it.code_id === null).length
    for (const _ of [1, 2]) await refused(town, anna, () => browser.code(old), { said: 'code.expired', counted: 0 })
    expect(await tries(town, anna)).toEqual({ count: 9 })
    expect((await messages(anna)).filter((it) => it.code_id === null)).toHaveLength(notices)
    town.pass(1)
    await refused(town, anna, () => browser.code(miss), { said: 'code.paused', status: 429 })
    await refused(town, anna, () => browser.code(old), { said: 'code.paused', status: 429, counted: 0 })
  })

  test('T012 at the limit of resends an expired code says from when a new one is possible, and nobody hears of a pause', async () => {
    const anna = await town.person('c-point')
    const browser = await at(anna, 'email')
    for (const _ of times(5, () => 0)) {
      town.pass(2 * minute)
      expect(moved(await browser.resend())).toMatchObject({ step: 'prove' })
    }
    town.pass(10 * minute)
    // The last one is over as well: nobody is sent back to it.
    const said = await refused(town, anna, async () => browser.code(await browser.sent('sign-in')), {
      said: 'code.noneLeft',
      counted: 0,
    })
    expect(said.at).toBeGreaterThan(town.clock.at)
  })

  test('T012 the first of three codes works in its own life; with the first success the others die', async () => {
    const anna = await town.person('c-point')
    const browser = await at(anna, 'email')
    for (const _ of [1, 2]) {
      town.pass(2 * minute)
      await browser.resend()
    }
    const [copy, third] = [browser.copy(), await browser.sent('sign-in')]
    await signedIn(town, anna, async () => browser.code(await browser.sent('sign-in', 2)))
    expect(await changesNothing(town, anna, () => copy.code(third))).toMatchObject({ step: 'password' })
  })

  async function codesOfSignIn(browser: StoryBrowser) {
    const { attempt } = await browser.stand()
    const { db } = town.house.storage
    return db
      .selectFrom('code')
      .selectAll()
      .where('attempt_id', '=', attempt?.id ?? '')
      .orderBy('created_at', 'desc')
      .execute()
  }
})
