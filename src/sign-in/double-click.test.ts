import { beforeAll, expect, test } from 'vitest'
import { onEachEngine } from '../../test/support/engines.ts'
import type { StoryBrowser } from '../../test/support/story-browser.ts'
import { moved } from '../../test/support/story-checks.ts'
import { openStory, type Person, type Town } from '../../test/support/story-house.ts'
import { isSaid, tellHalfFinished } from './index.ts'

/* Without JavaScript nothing holds back the second click of a double click: the form comes twice, and the browser shows one answer. */

onEachEngine((opened, another) => {
  let town: Town
  let otherNode: Town
  beforeAll(async () => {
    town = await openStory(opened())
    otherNode = town.on(await another())
  })

  const messages = async ({ id }: Person): Promise<string[]> => {
    const { db } = town.house.storage
    const rows = await db.selectFrom('message').select('template').where('account_id', '=', id).orderBy('created_at').execute()
    return rows.map((it) => it.template)
  }
  /** The form of one page, sent twice at once; one of the two goes to another node. */
  const twice = async (who: Person, before?: (browser: StoryBrowser) => Promise<unknown>): Promise<[StoryBrowser, StoryBrowser]> => {
    await town.calm()
    const page = town.browser(who.portal)
    page.visitor = { ...page.visitor, form: town.house.random.token() }
    await before?.(page)
    const clicks: [StoryBrowser, StoryBrowser] = [page.copy(), page.copy(otherNode.house)]
    await Promise.all(clicks.map((it) => it.password(who)))
    return clicks
  }

  test.each([0, 1])('one mail, and its code is right in the sign-in that the browser shows, whichever it is: %i', async (shown) => {
    for (let round = 0; round < 5; round++) {
      const who = await town.person('profiportaal')
      const clicks = await twice(who)
      expect(await messages(who)).toEqual(['M02'])
      const [here, left] = [clicks[shown], clicks[1 - shown]] as [StoryBrowser, StoryBrowser]
      const [page, other] = [await here.stand(), await left.stand()]
      expect(page.attempt?.id).not.toBe(other.attempt?.id)
      const holder = page.attempt?.codes_of ? left : here
      const code = await holder.sent('gate')
      expect(moved(await here.code(code))).toEqual({ step: 'enrol', method: 'totp' })
      // What was proved counts where it was proved, and the code is spent.
      expect(await left.step()).toMatchObject({ step: 'prove', purpose: 'gate' })
      expect(await left.code(code)).toMatchObject({ status: 422 })
      expect(await left.step()).toMatchObject({ step: 'prove', purpose: 'gate' })
    }
  })

  test('also where the name came first and the code by SMS, and for the second step of who has a number', async () => {
    const known = await town.person('koop-cam', { phone: '+31612345678' })
    await twice(known, (page) => page.name(known.name))
    expect(await messages(known)).toEqual(['S02'])
    const gijs = await town.person('uitpas', { sms: true })
    await twice(gijs)
    expect(await messages(gijs)).toEqual(['S01'])
  })

  test('a new code goes to both, an old one lives on; ten seconds later, in another browser and at another form it is a sign-in of its own', async () => {
    const who = await town.person('profiportaal')
    const [first, second] = await twice(who)
    town.pass(60)
    expect(isSaid(await second.resend())).toBe(false)
    expect(isSaid(await first.resend())).toBe(true)
    expect(await messages(who)).toEqual(['M02', 'M02'])
    town.pass(60)
    const later = first.copy().forget('flow')
    await later.password(who)
    const stranger = town.browser('profiportaal')
    stranger.visitor = { ...stranger.visitor, form: town.house.random.token() }
    await stranger.password(who)
    await town.browser('profiportaal').password(who)
    expect(await messages(who)).toEqual(['M02', 'M02', 'M02', 'M02', 'M02'])
    expect((await stranger.stand()).attempt?.codes_of).toBeNull()
  })

  test('the click that is left warns nobody once the other went on; who stops after a double click is told of like any other', async () => {
    const [goesOn, stops] = [await town.person('profiportaal'), await town.person('profiportaal')]
    const [here, there] = await twice(goesOn)
    const holder = (await here.stand()).attempt?.codes_of ? there : here
    moved(await here.code(await holder.sent('gate')))
    await twice(stops)
    town.pass(601)
    await tellHalfFinished(town.house, town.clock.at)
    expect(await messages(goesOn)).not.toContain('M10')
    expect((await messages(stops)).filter((it) => it === 'M10')).toHaveLength(1)
  })
})
