import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStorage, type Storage } from '../../src/storage/index.ts'
import { times } from '../support/engines.ts'
import { type OwnPortal, openPortal } from '../support/portal.ts'
import { createDatabase, withPostgres } from '../support/postgres.ts'
import { Traveller } from '../support/traveller.ts'

/* T095: a link for a forgotten password, at two processes of Sluis on one database, as an operator runs them. */

const old = 'twaalf eenden zwemmen traag'
const fresh = (it: number): string => `zeven natte otters zingen lied ${it}`
const mailbox = 'bea@werf.test'
const file = `
name: Werf
country: BE
register: je
pages: one-page
secondStep: { methods: [totp, email], choice: every-time, gate: email }
enforcement: { mode: at-once }
support: { name: { nl: de balie }, lines: [{ email: balie@werf.example }] }
theme: { colour: "#1f4e79" }
mail: { from: noreply@werf.example }
applications:
  desk: { title: Balie, secondStep: session }
`

for (const engine of ['sqlite', 'postgres'] as const)
  describe.skipIf(engine === 'postgres' && !withPostgres)(`on ${engine}, two processes`, () => {
    let database: Awaited<ReturnType<typeof createDatabase>> | undefined
    let own: OwnPortal
    let nodes: readonly number[]
    let storage: Storage
    beforeAll(async () => {
      database = engine === 'postgres' ? await createDatabase() : undefined
      own = await openPortal('werf', file, database ? { database: database.url } : {})
      nodes = [own.port, await own.another()]
      storage = await openStorage(database?.url ?? join(own.folder, 'sluis.db'))
      await own.add(mailbox, old)
    }, 60_000)
    afterAll(async () => {
      await storage?.close()
      await own?.close()
      await database?.drop()
    })

    const browserAt = (node: number): Traveller => new Traveller(() => ({ port: nodes[node % 2] ?? 0 }))
    /** The same browser, its next request to the other node. */
    const tab = (of: Traveller, node: number): Traveller => {
      const copy = browserAt(node)
      for (const [name, value] of of.jar('localhost')) copy.jar('localhost').set(name, value)
      copy.at = of.at
      copy.page = of.page
      return copy
    }
    const opens = async (password: string): Promise<boolean> => {
      await storage.db.deleteFrom('counter').where('key', 'like', 'password %').execute()
      const browser = browserAt(0)
      await browser.open(`${own.address}/sign-in`)
      await browser.submit({ username: 'bea', password })
      return browser.page.status === 200 && browser.at.pathname !== '/werf/sign-in'
    }
    /** The link of a new mail. */
    const ask = async (browser: Traveller, before?: string): Promise<string> => {
      await browser.open(`${own.address}/password`)
      await browser.submit({ username: 'bea' })
      let link = await own.link(mailbox)
      for (let tries = 0; link === before && tries < 100; tries++, link = await own.link(mailbox)) await pause(100)
      return link
    }

    test('T095 the link fifty times at once: one new password, one mail about it; then it and every older link are dead on both', async () => {
      const browser = browserAt(0)
      const older = await ask(browser)
      const newer = await ask(browser, older)
      expect(newer).not.toBe(older)
      await browser.open(newer)
      expect(browser.at.href).toBe(`${own.address}/password/new`)
      const tabs = times(50, (it) => tab(browser, it))
      await Promise.all(tabs.map((it, nr) => it.submit({ new_password: fresh(nr) })))
      const won = tabs.flatMap((it, nr) => (it.at.pathname === '/werf/password/done' ? [nr] : []))
      expect(won).toHaveLength(1)
      expect(await opens(old)).toBe(false)
      for (const nr of [won[0] ?? 0, ((won[0] ?? 0) + 1) % 50]) expect(await opens(fresh(nr))).toBe(nr === won[0])

      const { id } = await storage.db.selectFrom('account').select('id').where('name', '=', 'bea').executeTakeFirstOrThrow()
      const mails = await storage.db.selectFrom('message').select('template').where('account_id', '=', id).execute()
      expect(mails.filter((it) => it.template === 'M08')).toHaveLength(1)
      const events = await storage.db.selectFrom('audit').select('event').where('account_id', '=', id).execute()
      expect(events.filter((it) => it.event === 'reset.used')).toHaveLength(1)

      for (const link of [newer, older])
        for (const node of [0, 1]) {
          const later = tab(browser, node)
          await later.open(link)
          expect(later.page.body).not.toContain('name="new_password"')
          // The form of before, with the value of this link in its cookie.
          later.page = browser.page
          await later.submit({ new_password: fresh(99) }, '/werf/password/new')
          expect(later.at.pathname).toBe('/werf/password/new')
        }
      expect([await opens(fresh(99)), await opens(fresh(won[0] ?? 0))]).toEqual([false, true])
    }, 120_000)
  })
