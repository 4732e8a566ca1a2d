import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AtApplications, atApplications, stepOf } from '../support/at-applications.ts'
import type { Browser } from '../support/browser-jar.ts'
import { withClient } from '../support/clients.ts'
import { basic, type CodeFlow, codeFlow } from '../support/code-flow.ts'
import { openTown, type Person, type Town } from '../support/issuer-house.ts'
import { createDatabase, withPostgres } from '../support/postgres.ts'

/*
 * A remembered browser at the door for applications, forged, old (T065) or used by an honest person in a hurry (T067). Two servers take
 * turns, so that each hop of a browser finds the other one.
 */

const day = 86_400
const lenient = { acr: 'urn:sluis:acr:2-remembered', amr: ['pwd'] }

describe.each(['sqlite', 'postgres'] as const)('on %s, two servers', (engine) => {
  if (engine === 'postgres' && !withPostgres) return test.skip('no PostgreSQL here', () => undefined)
  let town: Town
  let flow: CodeFlow
  let at: AtApplications
  let drop = async (): Promise<void> => undefined
  beforeAll(async () => {
    const made = engine === 'postgres' ? await createDatabase() : undefined
    if (made) drop = made.drop
    town = await openTown({
      ...(made ? { database: made.url } : {}),
      nodes: 2,
      change: (portal) => withClient(portal, 'planning', { refreshTokens: true, scopes: ['openid', 'offline_access'] }),
    })
    flow = await codeFlow(town)
    at = atApplications(town, flow)
  })
  afterAll(async () => {
    await town.close()
    await drop()
  })

  /** How a sign-in can begin at this door: by an address, by a form of another site, by a request that was sent ahead. */
  const doors: Readonly<Record<string, (browser: Browser) => Promise<unknown>>> = {
    'an address': (browser) => at.ask(browser, flow.planning),
    'a form': async (browser) => {
      const { location } = await flow.planning.ask()
      return browser.postFromElsewhere(location.origin + location.pathname, Object.fromEntries(location.searchParams))
    },
    'a request sent ahead': async (browser) => {
      const { location } = await flow.planning.ask()
      const [headers, body] = [{ authorization: basic('planning') }, location.searchParams]
      const pushed = (await (await fetch(`${flow.address}/par`, { method: 'POST', headers, body })).json()) as { request_uri: string }
      return browser.go(`${flow.address}/authorize?${new URLSearchParams({ client_id: 'planning', ...pushed })}`)
    },
  }
  const claimsOf = async (browser: Browser, person: Person) => {
    const [, question] = await at.ask(browser, flow.planning)
    return (await flow.planning.redeem((await at.givePassword(browser, person)).address, question)).claims()
  }
  const comesBack = (browser: Browser): Browser => {
    browser.forget(/(session|flow|interaction|resume)$/)
    return browser
  }
  const isCalm = async (person: Person): Promise<void> => expect(await at.events(person)).not.toContain('remembered.theft-suspected')

  test.each(Object.entries(doors))(
    'T065 begun by %s: a cookie that was forged, cut or filled with more is none, and a code is asked',
    async (_, begin) => {
      const [person, own] = await at.remembered()
      const mallory = await at.somebody()
      const value = own.valueOf('-browser') ?? ''
      const unsigned = (claims: object): string => `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify(claims))}.`.replaceAll('=', '')
      for (const forged of [
        ...[value.slice(0, -1), `${value}A`, value.toLowerCase(), `${value}.${mallory.id}`, `${value}|${Date.now() + 90 * day * 1000}`],
        ...['none', unsigned({ sub: person.id, exp: 9_999_999_999 }), unsigned({ browser: value }), 'x'.repeat(10_000)],
      ]) {
        const browser = own.copy()
        browser.plant('-browser', forged)
        expect(await at.silent(browser), forged).toBe('login_required')
        await begin(browser)
        expect(stepOf(await at.givePassword(browser, person)), forged).toBe('choose')
      }
      expect(await at.events(person)).toContain('remembered.refused unknown')
      // Another person's own password beside it changes nothing for either.
      const foreign = own.copy()
      await begin(foreign)
      expect(stepOf(await at.givePassword(foreign, mallory))).toBe('choose')
      await begin(own)
      expect((await at.givePassword(own, person)).params.has('code')).toBe(true)
      await isCalm(person)
    },
  )

  test('T065 a real value is none in the address, in a form, in a header, as another cookie or as a token', async () => {
    const [person, own] = await at.remembered()
    const value = own.valueOf('-browser') ?? ''
    const stranger = town.browser()
    await at.ask(stranger, flow.planning, { browser: value, 'sluis-c-point-browser': value })
    const [form, headers] = [{ username: person.name, browser: value, remember: value }, { 'x-sluis-browser': value }]
    expect(stepOf(await stranger.go(`${flow.address}/sign-in/password`, form, headers))).toBe('choose')
    expect((await at.letIn(own, person)).step).toBe('done')
    for (const name of ['-session', '-flow', '-interaction']) {
      const other = own.copy()
      other.plant('-session', value)
      other.plant(name, value)
      expect(await at.silent(other), name).toBe('login_required')
    }
    expect([await flow.userInfo(value), await at.renew(value), await at.silent(own)]).toEqual([401, 400, null])
  })

  test('T065 six uses make it no older day: it ends thirty days after the last real code, and a clock that is set back revives nothing', async () => {
    const [person, own] = await at.remembered()
    const values = new Set([own.valueOf('-browser')])
    for (let use = 0; use < 6; use++) {
      town.skip(4 * day)
      expect(await claimsOf(comesBack(own), person)).toMatchObject(lenient)
      values.add(own.valueOf('-browser'))
    }
    expect(values.size).toBe(7)
    town.skip(5 * day - 180)
    expect(await claimsOf(comesBack(own), person)).toMatchObject(lenient)
    town.skip(121)
    expect((await at.letIn(comesBack(own), person)).step).toBe('choose')
    expect(await at.silent(comesBack(own))).toBe('login_required')
    expect(await at.events(person)).toContain('remembered.refused over')
    // Before the code was shown that it stands on, it does not count either.
    town.skip(-31 * day)
    expect((await at.letIn(comesBack(own).copy(), person)).step).toBe('choose')
    town.skip(31 * day)
    await isCalm(person)
  })

  test('T067 six tabs at once with one cookie: each application gets its answer, all hold the same new value, and nobody is alarmed', async () => {
    const [person, own] = await at.remembered()
    const tabs = Array.from({ length: 6 }, () => own.copy())
    const given = await Promise.all(tabs.map((it) => at.letIn(it, person)))
    expect(given.map((it) => it.step)).toEqual(Array(6).fill('done'))
    expect(new Set(tabs.map((it) => it.valueOf('-browser'))).size).toBe(1)
    for (const { body } of given) expect(await flow.userInfo(body.access_token)).toBe(200)
    town.skip(61)
    for (const it of tabs.slice(2, 4)) expect((await at.letIn(comesBack(it.copy()), person)).step).toBe('done')
    for (const { body } of given) expect(await at.renew(body.refresh_token)).toBe(200)
    await isCalm(person)
  })

  test('T067 six questions of one jar: the tab that signs in is answered, the others are let in without a page', async () => {
    const [person, own] = await at.remembered()
    for (let tab = 0; tab < 5; tab++) expect(stepOf((await at.ask(own, flow.planning))[0])).toBe('password')
    expect((await at.letIn(own, person)).step).toBe('done')
    const silent = await Promise.all(Array.from({ length: 5 }, () => at.silent(own)))
    expect(silent).toEqual(Array(5).fill(null))
    await isCalm(person)
  })

  test('T067 an answer that was lost with the new value in it: for a minute the one before leads to the same; after it, somebody holds a copy', async () => {
    const [person, own] = await at.remembered()
    const [lost, later] = [own.copy(), own.copy()]
    const first = await at.letIn(own, person)
    town.skip(50)
    expect((await at.letIn(lost, person)).step).toBe('done')
    expect(lost.valueOf('-browser')).toBe(own.valueOf('-browser'))
    expect(await flow.userInfo(first.body.access_token)).toBe(200)
    await isCalm(person)
    town.skip(15)
    expect((await at.letIn(later, person)).step).toBe('choose')
    expect(await at.events(person)).toContain('remembered.theft-suspected')
    expect([await flow.userInfo(first.body.access_token), await at.renew(first.body.refresh_token)]).toEqual([401, 400])
  })

  test('T067 a browser that comes back as it was left yesterday, and one whose clock is years wrong', async () => {
    const [person, own] = await at.remembered()
    expect((await at.letIn(own, person)).step).toBe('done')
    // All its cookies are there again, also those of the session and of a sign-in that nobody finished.
    await at.ask(own, flow.planning)
    const restored = own.copy()
    town.skip(day)
    expect(await at.silent(restored)).toBe('login_required')
    const [, question] = await at.ask(restored, flow.planning)
    const headers = { date: 'Thu, 01 Jan 1970 00:00:00 GMT', 'if-modified-since': 'Thu, 01 Jan 2099 00:00:00 GMT' }
    const answer = await restored.go(`${flow.address}/sign-in/password`, { username: person.name }, headers)
    expect((await flow.planning.redeem(answer.address, question)).claims()).toMatchObject(lenient)
    await isCalm(person)
  })
})
