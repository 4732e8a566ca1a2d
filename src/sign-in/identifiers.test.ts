import { beforeAll, expect, test } from 'vitest'
import { onEachEngine } from '../../test/support/engines.ts'
import type { StoryBrowser } from '../../test/support/story-browser.ts'
import { moved, signedIn } from '../../test/support/story-checks.ts'
import { openStory, type Town } from '../../test/support/story-house.ts'

/* T061: what a browser is known by is new after each step up; what was planted, copied or left behind is worth nothing on both nodes. */

onEachEngine((opened, another) => {
  let town: Town
  let elsewhere: Town
  beforeAll(async () => {
    town = await openStory(opened())
    elsewhere = town.on(await another())
  })

  /** What somebody would see who took these cookies before and comes with them now, here and on the other node. */
  const seenWith = async (copy: StoryBrowser) => {
    const [here, there] = [await copy.stand(), await copy.copy(elsewhere.house).stand()]
    expect(there.step).toEqual(here.step)
    return { step: here.step.step, account: here.account, session: here.session }
  }

  test('T061: identify, password, code: a new sign-in cookie each time, and the ones before know nobody', async () => {
    const guus = await town.person('koop-cam', { app: true })
    const pc = town.browser('koop-cam').ask('publicatie')
    pc.visitor = { ...pc.visitor, flow: 'planted', session: 'planted', browser: 'planted' }
    await pc.name(guus.name)
    const named = pc.copy()
    await pc.password(guus)
    const halfWay = pc.copy()
    await signedIn(town, guus, () => pc.code(guus.app.code()))
    const values = [named, halfWay, pc].map((it) => it.visitor.flow)
    expect(new Set(['planted', ...values.slice(0, 2)]).size).toBe(3)
    for (const it of ['session', 'browser'] as const) expect([undefined, 'planted']).not.toContain(pc.visitor[it])
    expect(await seenWith(named)).toEqual({ step: 'password', account: undefined, session: undefined })
    expect(await seenWith(halfWay.forget('session'))).toMatchObject({ session: undefined })
    expect((await seenWith(halfWay)).step).not.toBe('done')
  })

  test('T061: a step up inside a session gives it a new cookie, and so does a fresh sign-in in the same browser', async () => {
    const anna = await town.person('c-point', { app: true })
    const pc = town.browser('c-point').ask('ligplaatsen')
    const comeIn = async (): Promise<void> => {
      await town.calm()
      await pc.choose('totp')
      expect(moved(await pc.code(anna.app.code())).step).toBe('done')
      town.pass(30)
    }
    await pc.password(anna)
    await comeIn()
    const first = pc.copy().forget('flow', 'browser')
    expect((await seenWith(first)).account?.id).toBe(anna.id)
    pc.ask('ligplaatsen')
    await comeIn()
    expect(pc.visitor.session).not.toBe(first.visitor.session)
    expect(await seenWith(first)).toEqual({ step: 'password', account: undefined, session: undefined })
    const second = pc.copy().forget('flow', 'browser')
    await pc.ask('ligplaatsen').password(anna)
    await comeIn()
    expect(await seenWith(second)).toEqual({ step: 'password', account: undefined, session: undefined })
  })
})
