import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withPostgres } from '../support/postgres.ts'
import { codeOfPicture, openTwoNodes, password, type Standing, type TwoNodes } from '../support/what-stands.ts'

/*
 * T068: whoever changes who can get in, ends what stood on the old state: on both of two processes, at every door, within 5 seconds; at
 * applications within 60. Everything is asked every 250 ms from the moment of the change.
 */

const fresh = 'dertien zwanen landen zacht'
const which = (name: string): string[] => ['--portal', 'werf', '--username', name]

interface Event {
  /** The session that made the change lives on, under a new cookie value. */
  readonly lives?: true
  readonly password?: string
  make(house: TwoNodes, who: Standing): Promise<void>
}

const submitted = async (who: Standing, page: string, fields: Record<string, string>, then: RegExp, to?: string): Promise<void> => {
  await who.acting.open(`${who.portal}${page}`)
  await who.acting.submit(fields, to && `/werf${to}`)
  expect(`${who.acting.at.pathname}${who.acting.at.search}`, who.acting.page.body.slice(0, 2_000)).toMatch(then)
}
const idOf = (who: Standing): string => /\/profile\/remove\/([\w-]+)/.exec(who.acting.page.body)?.[1] ?? ''

const events: Readonly<Record<string, Event>> = {
  'a password that was forgotten': {
    password: fresh,
    make: async ({ own }, who) => {
      await who.acting.open(`${who.portal}/password`)
      await who.acting.submit({ username: who.name })
      await who.acting.open(await own.link(`${who.name}@werf.test`))
      await who.acting.submit({ new_password: fresh })
      expect(who.acting.at.pathname, who.acting.page.body.slice(0, 2_000)).toBe('/werf/password/done')
    },
  },
  'a password that was changed': {
    lives: true,
    password: fresh,
    make: (_, who) => submitted(who, '/profile/password', { password, new_password: fresh }, /news=password$/),
  },
  'an app that was removed': {
    lives: true,
    make: async (_, who) => {
      await who.acting.open(`${who.portal}/profile`)
      await submitted(who, `/profile/remove/${idOf(who)}`, {}, /news=removed/)
    },
  },
  'an app that was added': {
    lives: true,
    make: async (_, who) => {
      await submitted(who, '/profile/add', { method: 'totp' }, /\/profile\/add\/app$/)
      await submitted(who, '/profile/add/app', { code: codeOfPicture(await who.picture()) }, /news=added/)
    },
  },
  'an app in the place of another': {
    lives: true,
    make: async (_, who) => {
      await who.acting.open(`${who.portal}/profile`)
      const replace = `/profile/replace/${idOf(who)}`
      await submitted(who, replace, {}, /\/app$/)
      await submitted(who, `${replace}/app`, { code: codeOfPicture(await who.picture()) }, /news=replacing/)
    },
  },
  'an app that a hundred wrong codes turned off': {
    make: async (house, who) => {
      const { db } = house.storage
      const { id } = await db.selectFrom('account').select('id').where('name', '=', who.name).executeTakeFirstOrThrow()
      const before = { key: `second-step ${id}`, count: 99, paused_until: null, first_at: Date.now(), last_at: Date.now() }
      await db.insertInto('counter').values(before).execute()
      const stranger = who.stranger()
      await stranger.open(`${who.portal}/sign-in`)
      await stranger.submit({ username: who.name, password })
      await stranger.open(`${who.portal}/sign-in/choose`)
      await stranger.submit({ method: 'totp' })
      await stranger.submit({ code: '000000' })
      const { disabled_at } = await db.selectFrom('authenticator').selectAll().where('account_id', '=', id).executeTakeFirstOrThrow()
      expect(disabled_at).not.toBeNull()
    },
  },
  "'this was not me'": { make: (_, who) => submitted(who, '/profile', {}, /\/not-me$/, '/profile/secure') },
  'an account that was turned off': { make: async ({ own }, who) => void (await own.sluis(['account', 'disable', ...which(who.name)])) },
  'sessions that an operator ends': {
    make: async ({ own }, who) => void (await own.sluis(['account', 'end-sessions', ...which(who.name)])),
  },
  'an app that an operator removes': {
    make: async ({ own }, who) => void (await own.sluis(['account', 'remove-method', ...which(who.name), '--method', 'totp', '--yes'])),
  },
  'signing out everywhere': { make: (_, who) => submitted(who, '/profile/sessions', {}, /signed-out/, '/profile/sessions/end-all') },
}

describe.each(['sqlite', 'postgres'] as const)('on %s, two processes', (engine) => {
  if (engine === 'postgres' && !withPostgres) return test.skip('no PostgreSQL here', () => undefined)
  let house: TwoNodes
  let people = 0
  beforeAll(async () => {
    house = await openTwoNodes(engine)
  })
  afterAll(() => house.close())

  test.each(Object.entries(events))(
    'T068: %s: all that stood is over within 5 seconds, at applications within 60',
    async (_, event) => {
      const who = await house.standing(`mens${people++}`)
      expect((await who.alive()).toSorted()).toEqual(everything)
      expect(await who.isKnownAtApplication()).toBe(true)

      await event.make(house, who)
      const changedAt = Date.now()
      let left = await who.alive()
      while (left.length > 0 && Date.now() - changedAt < 5_000) {
        await pause(250)
        left = await who.alive()
      }
      expect(left).toEqual([])
      while ((await who.isKnownAtApplication()) && Date.now() - changedAt < 60_000) await pause(250)
      expect(await who.isKnownAtApplication()).toBe(false)
      expect(await who.isActing()).toEqual([event.lives ?? false, event.lives ?? false])
      expect(await who.opensStill(event.password)).toEqual([])
    },
    90_000,
  )
})

const everything = [
  'the access token',
  'the acting session by its old cookie',
  'the half-way sign-in',
  'the lenient protected host',
  'the picture of a new app',
  'the protected host',
  'the refresh token',
  'the session',
  'the session of the remembered browser',
].flatMap((it) => [`${it} (N1)`, `${it} (N2)`])
