import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { onEachEngine, times } from '../../test/support/engines.ts'
import type { StoryBrowser } from '../../test/support/story-browser.ts'
import { moved, photograph } from '../../test/support/story-checks.ts'
import { openStory, type Person, type Town } from '../../test/support/story-house.ts'
import { isSaid } from './index.ts'

const [rounds, tabs] = process.env.SLUIS_TEST_LONG ? [50, 100] : [3, 40]
const key = Buffer.alloc(32, 3)
/** A tab that comes sixth, before the one that wins is done. */
const triesAreOver = ['code.spent', 'code.nextAt']

onEachEngine((opened, another, address) => {
  let town: Town
  let otherNode: Town
  beforeAll(async () => {
    town = await openStory(opened(), { key })
    otherNode = town.on(await another())
  })

  const atCode = async (who: Person, on = town) => {
    const browser = on.browser(who.portal)
    await town.calm()
    await browser.password(who)
    await browser.choose('totp')
    return browser
  }
  const accepted = async ({ id }: Person): Promise<number> => {
    const rows = await town.house.storage.db.selectFrom('audit').select('event').where('account_id', '=', id).execute()
    return rows.filter((it) => it.event === 'second-step.accepted').length
  }
  const one = async (who: Person): Promise<void> => {
    expect((await photograph(town, who)).sessions).toHaveLength(1)
    expect(await accepted(who)).toBe(1)
  }

  test('T002 one app code in many sign-ins at once, on two nodes: one session, one event', { timeout: 600_000 }, async () => {
    for (let round = 0; round < rounds; round++) {
      const anna = await town.person('c-point', { app: true })
      const flows = []
      for (const node of times(tabs, (it) => (it % 2 ? town : otherNode))) flows.push(await atCode(anna, node))
      const outcomes = await Promise.all(flows.map((it) => it.code(anna.app.code())))
      expect(outcomes.filter((it) => !isSaid(it) && it.finished)).toHaveLength(1)
      for (const it of outcomes) if (isSaid(it)) expect([422, 429]).toContain(it.status)
      await one(anna)
    }
  })

  test('T002 T145 one mailed, one texted and one app code, many times in its own sign-in: one session, and no error', {
    timeout: 600_000,
  }, async () => {
    for (let round = 0; round < rounds; round++)
      for (const [portal, given, method] of [
        ['c-point', { app: true }, 'email'],
        ['c-point', { app: true }, 'totp'],
        ['uitpas', { sms: true }, 'sms'],
      ] as const) {
        const who = await town.person(portal, given)
        const browser = town.browser(portal)
        await browser.password(who)
        if (portal === 'c-point') await browser.choose(method)
        const code = method === 'totp' ? who.app.code() : await browser.sent('sign-in')
        const outcomes = await Promise.all(times(tabs, (it) => browser.copy(it % 2 ? town.house : otherNode.house).code(code)))
        expect(outcomes.filter((it) => !isSaid(it) && it.finished)).toHaveLength(1)
        // Those that a pause stopped hear so, or that the five tries of the code are over; nobody hears that it was used.
        for (const it of outcomes) if (isSaid(it)) expect(['code.paused', ...triesAreOver]).toContain(it.said)
        await one(who)
      }
  })

  test('T002 three codes that one sign-in was sent, right and wrong ones at once in many tabs: one session, and no error', {
    timeout: 600_000,
  }, async () => {
    for (let round = 0; round < rounds; round++) {
      const anna = await town.person('c-point')
      const browser = town.browser('c-point')
      await browser.password(anna)
      await browser.choose('email')
      for (const wait of [30, 60]) {
        town.pass(wait)
        await browser.resend()
      }
      const codes = ['000001', ...(await Promise.all(times(3, (it) => browser.sent('sign-in', it))))]
      const outcomes = await Promise.all(
        times(tabs, (it) => browser.copy(it % 2 ? town.house : otherNode.house).code(codes[it % 4] as string)),
      )
      expect(outcomes.filter((it) => !isSaid(it) && it.finished)).toHaveLength(1)
      const said = ['code.paused', 'code.wrongMail', 'code.lastTries', ...triesAreOver]
      for (const it of outcomes) if (isSaid(it)) expect(said).toContain(it.said)
      await one(anna)
    }
  })

  test('T145 two tabs that send the right code: one session, the other is shown what is due', async () => {
    const anna = await town.person('c-point', { app: true })
    const tab = town.browser('c-point')
    await tab.password(anna)
    await tab.choose('totp')
    const [page, other] = [await tab.stand(), tab.copy(otherNode.house)]
    expect(moved(await tab.code(anna.app.code())).step).toBe('done')
    other.visitor = tab.visitor
    const late = await other.code(anna.app.code(), false, page)
    expect(moved(late).step).toBe('done')
    expect(!isSaid(late) && (late.finished ?? late.sent)).toBeUndefined()
    await one(anna)
  })

  test('T141 the first code of an app binds one app, also when fifty tabs on two nodes send it', async () => {
    for (let round = 0; round < rounds; round++) {
      const bram = await town.person('c-point')
      const browser = town.browser('c-point')
      await browser.password(bram)
      await browser.choose('totp')
      await browser.begin()
      await browser.code(await browser.sent('gate'))
      const app = town.appWith((await browser.seed()) as Uint8Array)
      const outcomes = await Promise.all(times(50, (it) => browser.copy(it % 2 ? town.house : otherNode.house).code(app.code())))
      expect(outcomes.filter((it) => !isSaid(it) && it.finished)).toHaveLength(1)
      const { authenticators, sessions, pending } = await photograph(town, bram)
      expect([authenticators.length, sessions.length, pending.length]).toEqual([1, 1, 0])
    }
  })

  test('T002 two processes on one database: one of them wins', { timeout: 120_000 }, async () => {
    for (let round = 0; round < rounds; round++) {
      const anna = await town.person('c-point', { app: true })
      const flows: StoryBrowser['visitor'][] = []
      for (const _ of times(8, () => 0)) flows.push((await atCode(anna)).visitor)
      const work = { key: key.toString('hex'), at: town.clock.at, code: anna.app.code() }
      const said = await Promise.all(times(2, (it) => child({ ...work, flows: flows.slice(it * 4, it * 4 + 4) })))
      expect(said.flat().filter((it) => it === 'done')).toHaveLength(1)
      expect(said.flat().every((it) => ['done', 'code.wrongApp', 'code.lastTries'].includes(it))).toBe(true)
      await one(anna)
    }
  })

  async function child(work: object): Promise<string[]> {
    const script = join(import.meta.dirname, '..', '..', 'test', 'support', 'story-child.ts')
    const running = spawn(process.execPath, [script, JSON.stringify({ ...work, database: address() })], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [said] = await Promise.all([running.stdout.toArray(), once(running, 'exit')])
    return JSON.parse(said.join(''))
  }
})
