import { afterEach, beforeEach, expect, test } from 'vitest'
import { countsThatStay, nobody, office, openCrowdedTown, wrongPassword as wrong } from '../../test/support/crowded-town.ts'
import { onEachEngine, times } from '../../test/support/engines.ts'
import type { StoryBrowser } from '../../test/support/story-browser.ts'
import { moved, signedIn } from '../../test/support/story-checks.ts'
import type { Person, Town } from '../../test/support/story-house.ts'
import { answerTo } from '../../test/support/work.ts'
import { systemRandom as random } from '../random.ts'
import { countNetworkFailure } from './crowd.ts'
import { isSaid, leastBits, mostBits, type Work, workFor } from './index.ts'
import { countWorkedFailure } from './work.ts'

onEachEngine((opened, another) => {
  let town: Town
  beforeEach(async () => {
    town = await openCrowdedTown(opened())
  })
  afterEach(async () => expect(await countsThatStay(town)).toEqual([]))
  const at = (address = office, portal = 'c-point'): StoryBrowser => {
    const pc = town.browser(portal)
    pc.visitor = { ...pc.visitor, address, form: random.token() }
    return pc
  }
  const asked = (pc: StoryBrowser): Promise<Work> => workFor(town.house, pc.portal, pc.visitor, town.clock.at)
  const flood = async (address = office): Promise<void> => {
    const { house, clock } = town
    for (const _ of times(20, () => 0)) await countNetworkFailure(house, town.portal('c-point'), at(address).visitor, clock.at)
    expect(await at(address).password(nobody(), wrong)).toMatchObject({ said: 'signin.paused', status: 429 })
  }
  const waits = { said: 'signin.paused', status: 429 }

  test('T033 a colleague who signs in for the very first time behind a flooded address comes in at once by a little work', async () => {
    await flood()
    const crowd: Person[] = []
    for (const _ of times(4, () => 0)) crowd.push(await town.person('c-point', { app: true }))
    const comesIn = async (who: Person): Promise<void> => {
      const pc = at()
      expect(await pc.password(who)).toMatchObject(waits)
      expect(moved(await pc.password(who, undefined, false, answerTo(await asked(pc)))).step).toBe('choose')
    }
    await Promise.all(crowd.map(comesIn))
    const [who] = crowd as [Person]
    const pc = at()
    await pc.password(who, undefined, false, answerTo(await asked(pc)))
    await pc.choose('totp')
    await signedIn(town, who, () => pc.code(who.app.code()))
  })

  test('T033 an answer counts once, also on two nodes at once, for its browser, network and portal, for half an hour', async () => {
    await flood()
    const who = await town.person('c-point', { app: true })
    const pc = at()
    const answer = answerTo(await asked(pc))
    const other = town.on(await another())
    const outcomes = await Promise.all(times(8, (it) => pc.copy(it % 2 ? other.house : town.house).password(who, undefined, false, answer)))
    expect(outcomes.filter((it) => !isSaid(it))).toHaveLength(1)
    for (const it of outcomes) if (isSaid(it)) expect(it).toMatchObject(waits)

    town.pass(1)
    const fresh = answerTo(await asked(pc))
    const stranger = at()
    await flood('203.0.113.8')
    const elsewhere = pc.copy()
    elsewhere.visitor = { ...pc.visitor, address: '203.0.113.8' }
    const [question = '', number = ''] = [fresh.slice(0, fresh.lastIndexOf('.')), fresh.slice(fresh.lastIndexOf('.') + 1)]
    const later = question.replace(/^\d+/, String(town.clock.at + 1))
    const vain = [
      '',
      question,
      `${question}.`,
      `${question}.1`,
      `${later}.${number}`,
      `${fresh}0`,
      `${fresh}\n`,
      fresh.replace(/\.\d\d\./, '.00.'),
    ]
    const tries = [[stranger, fresh], [elsewhere, fresh], ...vain.map((it) => [pc.copy(), it] as const)] as const
    // Everybody who has to wait waits half a second: all of them at once.
    const heard = await Promise.all(tries.map(([from, typed]) => from.password(who, undefined, false, typed)))
    for (const [place, it] of heard.entries()) expect(it, tries[place]?.[1]).toMatchObject(waits)
    expect(moved(await pc.password(who, undefined, false, fresh)).step).toBe('choose')

    const old = answerTo(await asked(pc))
    town.pass(1_800)
    await flood()
    expect(await pc.password(who, undefined, false, old)).toMatchObject(waits)
  })

  test('T033 T021 who works hears the same of every name, and many wrong passwords make the work of that network dearer', async () => {
    await flood()
    const known = await town.person('c-point', { app: true })
    town.pass(30)
    const home = at()
    moved(await home.password(known))
    await home.choose('totp')
    await signedIn(town, known, () => home.code(known.app.code()))
    await flood()
    const said = []
    for (const who of [known, await town.person('c-point'), nobody()]) {
      const pc = at()
      said.push(await pc.password(who, wrong, false, answerTo(await asked(pc))))
    }
    expect(said).toEqual(times(3, () => ({ said: 'signin.wrong', status: 422 })))

    const pc = at()
    const cheap = await asked(pc)
    expect(cheap.bits).toBe(leastBits)
    const more = async (count: number) => {
      await Promise.all(times(count, () => countWorkedFailure(town.house, pc.portal, pc.visitor, town.clock.at)))
      return (await asked(pc)).bits
    }
    expect([await more(25), await more(50), await more(2_000)]).toEqual([leastBits + 1, leastBits + 2, mostBits])
    expect((await asked(at('203.0.113.9'))).bits).toBe(leastBits)
    // What was asked while it was easy is worth nothing now.
    const fresh = await town.person('c-point')
    expect(await pc.password(fresh, undefined, false, answerTo(cheap))).toMatchObject(waits)
    town.pass(3_600)
    expect((await asked(pc)).bits).toBe(leastBits)
  })

  test('T032 T033 whoever walks a /48 for the work of each /64 in it finds it dearer everywhere there, and nowhere else', async () => {
    const from = (it: number): StoryBrowser => at(`2001:db8:5:${it.toString(16)}::1`)
    await Promise.all(times(100, (it) => countWorkedFailure(town.house, from(it).portal, from(it).visitor, town.clock.at)))
    expect((await asked(from(0xabc))).bits).toBe(leastBits + 1)
    expect((await asked(at('2001:db8:6::1'))).bits).toBe(leastBits)
  })
})
