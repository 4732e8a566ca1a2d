import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from '../support/browser-jar.ts'
import { withClient } from '../support/clients.ts'
import { basic, type CodeFlow, codeFlow } from '../support/code-flow.ts'
import { type CutStorage, cutAfter } from '../support/cut.ts'
import { onEachEngine } from '../support/engines.ts'
import { openTown, type Person, type Town } from '../support/issuer-house.ts'
import { verifiedJwt } from '../support/jwt.ts'
import type { Question } from '../support/relying-party.ts'

/*
 * T144: the server ends between any two statements of what an application exchanges, also after the last one and before the answer. The
 * application asks again, as after any lost answer. Two live tokens never come of one, and it always goes on without asking the person.
 * T148: the same while keys are turned.
 */

/** Until the write that spends it nothing has happened, and the same one works; after it, it never does. */
const spentAtOnce = /^200( 200)*( 400)+$/

/** Of many points the usual run takes every third, and the last ones, where the commit is. */
const isTried = (statements: number, all: number): boolean =>
  Boolean(process.env.SLUIS_TEST_LONG) || all < 12 || statements % 3 === 0 || statements > all - 3

onEachEngine((_opened, _another, address) => {
  let town: Town
  let flow: CodeFlow
  let cut: CutStorage
  beforeAll(async () => {
    town = await openTown({
      database: address(),
      change: (portal) => withClient(portal, 'planning', { refreshTokens: true }),
      through: (whole) => {
        cut = cutAfter(whole)
        return cut.storage
      },
    })
    flow = await codeFlow(town)
  })
  afterAll(() => town.close())

  async function renew(token: string | undefined) {
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token ?? '' })
    const answer = await fetch(`${flow.address}/token`, { method: 'POST', headers: { authorization: basic('planning') }, body })
    return { status: answer.status, body: (await answer.json().catch(() => ({}))) as Record<string, string> }
  }
  async function renewable() {
    const coded = await flow.codeFor(flow.planning)
    return { ...coded, first: (await flow.redeem('planning', coded.code, coded.question)).body }
  }
  /** The tokens of this person that can still be used, as the tables have them. */
  async function living({ id }: Person, model: 'RefreshToken' | 'AccessToken'): Promise<number> {
    const { vault, storage } = town.house
    const rows = await storage.db.selectFrom('protocol_record').selectAll().execute()
    const isEnded = (grant: string): boolean => rows.some((it) => it.key === vault.mac('protocol grant', 'c-point', grant))
    return rows.filter((it) => {
      const { accountId, grantId } = JSON.parse(it.payload) as { accountId?: string; grantId?: string }
      return it.model === model && accountId === id && it.consumed_at === null && !isEnded(grantId ?? '')
    }).length
  }
  const silently = async (browser: Browser): Promise<string> => {
    const question = await flow.planning.ask({ prompt: 'none' })
    const { params } = await browser.go(question.location)
    const { status } = await flow.redeem('planning', params.get('code') ?? '', question)
    return params.get('error') ?? String(status)
  }
  /** At each statement in turn: the application hears no token, and asks again. */
  async function eachTime<Ready>(prepare: () => Promise<Ready>, act: (it: Ready) => Promise<unknown>, look: (it: Ready) => Promise<void>) {
    const model = await prepare()
    cut.anew()
    await act(model)
    const all = cut.asked()
    expect(all).toBeGreaterThan(3)
    for (let statements = 0; statements < all; statements++) {
      if (!isTried(statements, all)) continue
      const ready = await prepare()
      cut.anew(statements)
      const heard = await act(ready)
      expect(cut.asked(), `after ${statements} of ${all}`).toBeGreaterThan(statements)
      cut.anew()
      expect((heard as { status: number }).status, `after ${statements} of ${all}`).toBeGreaterThanOrEqual(500)
      await look(ready)
    }
  }

  test('T144 a refresh token that is renewed', { timeout: 120_000 }, async () => {
    const ends: number[] = []
    await eachTime(
      renewable,
      ({ first }) => renew(first.refresh_token),
      async ({ first, browser, person }) => {
        const again = await renew(first.refresh_token)
        ends.push(again.status)
        expect(await living(person, 'RefreshToken')).toBeLessThanOrEqual(1)
        expect(await flow.userInfo(first.access_token)).toBe(200)
        if (again.status === 200) expect((await renew(again.body.refresh_token)).status).toBe(200)
        else expect([again.body.error, await silently(browser)]).toEqual(['invalid_grant', '200'])
      },
    )
    expect(ends.join(' ')).toMatch(spentAtOnce)
  })

  test('T144 a code that is exchanged', { timeout: 120_000 }, async () => {
    const ends: number[] = []
    await eachTime(
      () => flow.codeFor(flow.planning),
      async ({ code, question }) => flow.redeem('planning', code, question).catch(() => ({ status: 503 })),
      async ({ code, question, browser, person }) => {
        const again = await flow.redeem('planning', code, question)
        ends.push(again.status)
        const lives = [await living(person, 'AccessToken'), await living(person, 'RefreshToken')]
        if (again.status === 200) expect(lives).toEqual([1, 1])
        else expect([again.body.error, ...lives, await silently(browser)]).toEqual(['invalid_grant', 0, 0, '200'])
      },
    )
    expect(ends.join(' ')).toMatch(spentAtOnce)
  })

  test('T144 T113 a refresh token that comes back: whoever has its successor never keeps it', { timeout: 120_000 }, async () => {
    await eachTime(
      async () => {
        const ready = await renewable()
        const thief = await renew(ready.first.refresh_token)
        town.skip(11)
        return { ...ready, thief: thief.body }
      },
      async ({ first }) => renew(first.refresh_token),
      async ({ first, thief, browser }) => {
        expect((await renew(first.refresh_token)).body.error).toBe('invalid_grant')
        expect([(await renew(thief.refresh_token)).body.error, await flow.userInfo(thief.access_token)]).toEqual(['invalid_grant', 401])
        expect(await silently(browser)).toBe('login_required')
      },
    )
  })

  test('T144 an answer without a page, and one to a request that was sent ahead: nothing is lost but the try', {
    timeout: 120_000,
  }, async () => {
    const ahead = async ({ location }: Question): Promise<string> => {
      const [headers, body] = [{ authorization: basic('planning') }, location.searchParams]
      const pushed = (await (await fetch(`${flow.address}/par`, { method: 'POST', headers, body })).json()) as { request_uri: string }
      return `${flow.address}/authorize?${new URLSearchParams({ client_id: 'planning', ...pushed })}`
    }
    for (const isAhead of [false, true])
      await eachTime(
        async () => {
          const { browser } = await flow.codeFor(flow.planning)
          const question = await flow.planning.ask({ prompt: 'none' })
          return { browser, question, at: isAhead ? await ahead(question) : question.location.href }
        },
        ({ browser, at }) => browser.go(at),
        async ({ browser, question, at }) => {
          const again = await browser.go(at)
          // A request that was sent ahead is good once: where it was spent the application asks anew.
          if (again.params.has('code')) {
            const { status } = await flow.redeem('planning', again.params.get('code') ?? '', question)
            expect(status).toBe(200)
          } else expect([isAhead, again.status, await silently(browser)]).toEqual([true, 400, '200'])
        },
      )
  })

  test('T144 the code that ends a sign-in, and the way back to the application: let in once, with its event, or not yet', {
    timeout: 120_000,
  }, async () => {
    const { db } = town.house.storage
    const sessionsOf = async ({ id }: Person) => {
      const sessions = await db.selectFrom('session').select('id').where('account_id', '=', id).execute()
      const events = await db.selectFrom('audit').select('event').where('account_id', '=', id).execute()
      expect(events.filter((it) => it.event === 'session.started')).toHaveLength(sessions.length)
      return sessions.length
    }
    let count = 0
    await eachTime(
      async () => {
        const [browser, person] = [town.browser(), await town.addPerson('c-point', `cut${++count}`)]
        await browser.go((await flow.planning.ask()).location)
        await browser.go(`${flow.address}/sign-in/password`, { username: person.name })
        await browser.go(`${flow.address}/sign-in/choose`, { method: 'totp' })
        return { browser, person, code: person.appCode() }
      },
      ({ browser, code }) => browser.go(`${flow.address}/sign-in/code`, { code }),
      async ({ browser, person, code }) => {
        const before = await sessionsOf(person)
        expect(before).toBeLessThanOrEqual(1)
        const again = await browser.go(`${flow.address}/sign-in/code`, { code })
        if (before === 0) expect([again.params.has('code'), await sessionsOf(person)]).toEqual([true, 1])
        // Its cookie may never have come: then the person signs in once more, and the code of before is worth nothing.
        else expect(await sessionsOf(person)).toBe(1)
      },
    )
  })

  test('T148 signing keys that are turned by a server that dies at each statement: it goes on where it was, and no sign-in fails meanwhile', {
    timeout: 120_000,
  }, async () => {
    const names = async (): Promise<string[]> => {
      const { keys } = (await (await fetch(`${flow.address}/jwks`)).json()) as { keys: { kid: string; alg: string }[] }
      expect(new Set(keys.map((it) => it.kid)).size).toBe(keys.length)
      return keys.flatMap((it) => (it.alg === 'RS256' ? [it.kid] : []))
    }
    const signedBy = async (): Promise<unknown> => {
      const { code, question } = await flow.codeFor(flow.planning)
      const { body } = await flow.redeem('planning', code, question)
      return (await verifiedJwt(flow.address, body.id_token ?? '')).header.kid
    }
    /** Begun anew after each death, which comes one statement later each time. @returns how often it died. */
    async function turnedInTheEnd(signs: unknown): Promise<number> {
      for (let statements = 0; ; statements++) {
        cut.anew(statements)
        const isDone = await town.connect.makeKeys().then(
          () => true,
          () => false,
        )
        cut.anew()
        if (statements % 4 === 0 || isDone) expect(await signedBy()).toBe(signs)
        if (isDone) return statements
      }
    }
    const day = 86_400
    const [first] = await names()
    town.skip(89 * day + 60)
    expect(await turnedInTheEnd(first)).toBeGreaterThan(3)
    town.skip(60)
    const both = await names()
    const second = both.find((it) => it !== first)
    expect(both).toEqual([first, second])
    town.skip(day)
    expect(await signedBy()).toBe(second)
    town.skip(2 * day)
    expect(await turnedInTheEnd(second)).toBeGreaterThan(1)
    town.skip(60)
    expect(await names()).toEqual([second])
  })
})
