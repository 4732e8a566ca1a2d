import { beforeAll, describe, expect, test } from 'vitest'
import { onEachEngine, times } from '../../test/support/engines.ts'
import { openStory, type Person, type Town } from '../../test/support/story-house.ts'
import type { Portal } from '../portals/index.ts'
import { isSaid } from '../sign-in/index.ts'
import { endSessionsOf, forgetRememberedOf } from '../storage/index.ts'
import { type Check, checkOf } from './forward-check.ts'
import { beginEntry, handOver, type TakenOver, takeOver } from './forward-entry.ts'
import { hostCookieName, hostOf, type ProtectedHost } from './forward-hosts.ts'

/* The door of a protected host over hours and days, on two nodes: who passes, how long, and who comes in. */

const [minute, hour] = [60, 3_600]
const person = { 'sec-fetch-user': '?1' }
const protecting = (portal: Portal): Portal => ({
  ...portal,
  applications: Object.fromEntries(
    Object.entries(portal.applications).map(([name, it]) => [name, { ...it, protects: `https://${name}.${portal.id}.example` }]),
  ),
})

onEachEngine((opened, another) => {
  let town: Town
  let node: Town
  let check: Check
  let checkThere: Check
  beforeAll(async () => {
    town = await openStory(opened(), { change: protecting })
    node = town.on(await another())
    check = checkOf(town.house)
    checkThere = checkOf(node.house)
  })

  const hostAt = (portal: string, application: string): ProtectedHost => hostOf(town.portal(portal), application) as ProtectedHost
  const now = (): number => town.clock.at
  const passes = async (host: ProtectedHost, cookie: string, more: object = {}, on = check): Promise<boolean> =>
    (await on(host, { cookie, 'x-forwarded-method': 'GET', ...more })).may === 'pass'

  /** A finished sign-in that this host asked for, and what it brings back; not taken over yet. */
  async function signedIn(host: ProtectedHost, who: Person, remember = false, browser = town.browser(who.portal)) {
    const state = town.house.random.token()
    const entry = await beginEntry(town.house, host, state, `${host.origin}/x`, now())
    browser.ask(host.application)
    await browser.password(who)
    if ((await browser.step()).step === 'offer') await browser.later()
    if ((await browser.step()).step === 'choose') await browser.choose('totp')
    const last = (await browser.step()).step === 'prove' ? await browser.code(who.app.code(), remember) : undefined
    if (last && isSaid(last)) throw new Error(last.said)
    const { session, browser: known } = await browser.stand()
    const held = { sessionId: session?.id ?? '', browserId: known.browser?.id ?? null }
    const address = new URL((await handOver(town.house, host.portal, entry, held, now())) ?? '')
    return { state, code: address.searchParams.get('code') ?? '', sessionId: held.sessionId, browser }
  }

  const cookieOf = (host: ProtectedHost, taken: TakenOver): string => {
    if (!taken.taken) throw new Error(taken.reason)
    return `${hostCookieName(host, 'host')}=${taken.token}`
  }

  async function inside(host: ProtectedHost, who: Person, remember = false) {
    const { state, code, ...rest } = await signedIn(host, who, remember)
    return { ...rest, cookie: cookieOf(host, await takeOver(town.house, host, code, state, now())) }
  }

  describe('who is in', () => {
    test('T070: pages that a person opens prolong the hour, what a page fetches by itself does not, and 24 hours are the end', async () => {
      const host = hostAt('c-point', 'planning')
      const polled = await inside(host, await town.person('c-point', { app: true }))
      for (let turn = 0; turn < 12; turn++) {
        expect(await passes(host, polled.cookie, { 'sec-fetch-mode': 'cors' })).toBe(true)
        town.pass(5 * minute)
      }
      town.pass(minute)
      expect(await passes(host, polled.cookie)).toBe(false)

      const read = await inside(host, await town.person('c-point', { app: true }))
      for (let turn = 0; turn < 24; turn++) {
        town.pass(59 * minute)
        expect(await passes(host, read.cookie, person), `turn ${turn}`).toBe(true)
      }
      town.pass(25 * minute)
      expect(await passes(host, read.cookie, person)).toBe(false)
    })

    test('T068: a session that ends on another node is over here at the next request', async () => {
      const host = hostAt('c-point', 'planning')
      const bram = await town.person('c-point', { app: true })
      const { cookie } = await inside(host, bram)
      for (const on of [check, checkThere, check, checkThere]) expect(await passes(host, cookie, {}, on)).toBe(true)
      await endSessionsOf(node.house.storage.db, bram.id, now())
      for (const on of [check, checkThere]) expect(await passes(host, cookie, {}, on)).toBe(false)
    })

    test('a browser that is forgotten does not open the host any more that trusted it', async () => {
      const host = hostAt('c-point', 'planning')
      const bram = await town.person('c-point', { app: true })
      const first = await signedIn(host, bram, true)
      first.browser.forget('session', 'flow')
      town.pass(minute)
      const again = await signedIn(host, bram, false, first.browser)
      const cookie = cookieOf(host, await takeOver(town.house, host, again.code, again.state, now()))
      expect(await passes(host, cookie)).toBe(true)
      await forgetRememberedOf(town.house.storage.db, bram.id, now())
      expect(await passes(host, cookie)).toBe(false)
    })

    test('a date that comes while somebody is in with a password alone closes the host', async () => {
      const before = now()
      town.clock.at = Date.parse('2026-12-13T22:30Z')
      const host = hostAt('c-point', 'planning')
      const { cookie } = await inside(host, await town.person('c-point', { group_name: 'golf-2' }))
      expect(await passes(host, cookie, person)).toBe(true)
      town.clock.at = Date.parse('2026-12-13T23:00:02Z')
      expect(await passes(host, cookie, person)).toBe(false)
      town.clock.at = before
    })

    test('a stricter host does not take the cookie of a lenient one, nor its name', async () => {
      const [lenient, strict] = [hostAt('c-point', 'planning'), hostAt('c-point', 'ligplaatsen')]
      const { cookie } = await inside(lenient, await town.person('c-point', { app: true }))
      const value = cookie.split('=')[1] ?? ''
      expect(await passes(strict, cookie)).toBe(false)
      expect(await passes(strict, `${hostCookieName(strict, 'host')}=${value}`)).toBe(false)
      expect(await passes(lenient, cookie)).toBe(true)
    })

    test('names are told in UTF-8 and cannot end a header', async () => {
      const host = hostAt('c-point', 'planning')
      const who = await town.person('c-point', { app: true, given_name: 'Zoë\r\nX-Admin: 1', family_name: 'Øst' })
      const { cookie } = await inside(host, who)
      const told = await check(host, { cookie })
      const name = told.may === 'pass' ? told.identity['remote-name'] : ''
      expect(Buffer.from(name, 'latin1').toString('utf8')).toBe('Zoë  X-Admin: 1 Øst')
    })
  })

  describe('who comes in', () => {
    test('of twenty that bring one hand-over to two nodes one comes in', async () => {
      const host = hostAt('c-point', 'planning')
      const { state, code } = await signedIn(host, await town.person('c-point', { app: true }))
      const tries = await Promise.all(times(20, (it) => takeOver((it % 2 ? town : node).house, host, code, state, now())))
      expect(tries.filter((it) => it.taken).length).toBe(1)
      expect(tries.filter((it) => !it.taken && it.reason === 'over').length).toBe(19)
    })

    test('a hand-over is good for sixty seconds', async () => {
      const host = hostAt('c-point', 'planning')
      const [late, early] = [
        await signedIn(host, await town.person('c-point', { app: true })),
        await signedIn(host, await town.person('c-point', { app: true })),
      ]
      town.pass(59)
      expect((await takeOver(town.house, host, early.code, early.state, now())).taken).toBe(true)
      town.pass(1)
      expect(await takeOver(town.house, host, late.code, late.state, now())).toEqual({ taken: false, reason: 'over' })
    })

    test('a session that ended on the way back brings nobody in', async () => {
      const host = hostAt('c-point', 'planning')
      const bram = await town.person('c-point', { app: true })
      const { state, code } = await signedIn(host, bram)
      await endSessionsOf(node.house.storage.db, bram.id, now())
      expect(await takeOver(town.house, host, code, state, now())).toEqual({ taken: false, reason: 'not-enough' })
    })

    test('a browser that was forgotten on the way back brings nobody in', async () => {
      const host = hostAt('c-point', 'planning')
      const bram = await town.person('c-point', { app: true })
      const first = await signedIn(host, bram, true)
      first.browser.forget('session', 'flow')
      town.pass(minute)
      const { state, code } = await signedIn(host, bram, false, first.browser)
      await forgetRememberedOf(node.house.storage.db, bram.id, now())
      expect(await takeOver(town.house, host, code, state, now())).toEqual({ taken: false, reason: 'not-enough' })
    })

    test('a sign-in that began an hour ago and longer waits for nobody any more', async () => {
      const host = hostAt('c-point', 'planning')
      const entry = await beginEntry(town.house, host, town.house.random.token(), `${host.origin}/`, now())
      town.pass(2 * hour)
      expect(await handOver(town.house, host.portal, entry, { sessionId: 'x', browserId: null }, now())).toBeUndefined()
    })
  })
})
