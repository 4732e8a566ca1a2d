import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStorage, type Storage } from '../../src/storage/index.ts'
import { havenloket, secret } from '../support/havenloket.ts'
import { PersonAt } from '../support/person-at.ts'
import { type OwnPortal, openPortal } from '../support/portal.ts'
import { createDatabase, withPostgres } from '../support/postgres.ts'
import { openWire, type Wire } from '../support/wire.ts'

/* The database server goes away under a server that runs: nobody gets in, nothing is lost, and it goes on by itself. */

describe.skipIf(!withPostgres)('T146 T150 a database server', () => {
  let own: OwnPortal
  let wire: Wire
  let storage: Storage
  let drop: () => Promise<void>
  beforeAll(async () => {
    const database = await createDatabase()
    drop = database.drop
    const url = new URL(database.url)
    wire = await openWire({ host: url.hostname, port: Number(url.port) })
    url.port = String(wire.port)
    own = await openPortal('havenloket', havenloket, { database: url.href })
    storage = await openStorage(database.url)
    for (const name of ['wim', 'zus']) await own.add(`${name}@loket.test`, secret)
  })
  afterAll(async () => {
    await own?.close()
    await wire?.close()
    await storage?.close()
    await drop?.()
  })

  const ready = async (): Promise<number> => (await fetch(`${own.ops}/readyz`)).status
  const sessions = async (): Promise<number> => (await storage.db.selectFrom('session').select('id').execute()).length
  const atCode = async (name = 'wim'): Promise<{ wim: PersonAt; code: string }> => {
    const wim = new PersonAt(own.address)
    expect(await wim.password(name, secret)).toBe('/sign-in/code/email')
    return { wim, code: await own.code(`${name}@loket.test`) }
  }

  test.each(['cut', 'silent'] as const)(
    'that is %s: one calm page, readyz is red, and the same code signs in when it is back',
    { timeout: 90_000 },
    async (state) => {
      const { wim, code } = await atCode()
      const before = await sessions()
      const pid = own.pid()
      wire.is(state)
      const reply = await wim.post('/sign-in/code/email', { code })
      expect([reply.status, reply.headers['retry-after']]).toEqual([503, '10'])
      expect(reply.body).toContain('Aanmelden kan nu even niet. Er is niets verloren, probeer het straks.')
      expect([...wim.jar.keys()].filter((it) => it.endsWith('-session'))).toEqual([])
      expect(await ready()).toBe(503)
      wire.is('whole')
      expect(await wim.due(await wim.post('/sign-in/code/email', { code }))).toBe('/home')
      expect([await ready(), await sessions(), own.pid()]).toEqual([200, before + 1, pid])
    },
  )

  test('that flaps under people who sign in: nobody gets an error of ours, and the process is still there', {
    timeout: 60_000,
  }, async () => {
    const people = Array.from({ length: 6 }, () => new PersonAt(own.address))
    const told = new Set<string>()
    let isFlapping = true
    const flapping = (async () => {
      for (let turn = 0; turn < 12; turn++) {
        wire.is(turn % 2 ? 'whole' : 'cut')
        await pause(150)
      }
      isFlapping = false
    })()
    const signIn = async (it: PersonAt): Promise<void> => {
      while (isFlapping) told.add((await it.password('wim', secret)).replace(/^\/.*/, 'a page'))
    }
    await Promise.all([flapping, ...people.map(signIn)])
    // Whose page did not come has no form to send.
    expect([...told].filter((it) => !['a page', '503', '429', '403'].includes(it))).toEqual([])
    expect([told.has('503'), await ready()]).toEqual([true, 200])
  })

  test('T144 that made it and whose answer was lost: the page asks to try again, and the next answer is where it stands', async () => {
    // So many passwords that nobody ended are a pause for the other one.
    const { wim, code } = await atCode('zus')
    const before = await sessions()
    wire.loseCommitOf('insert into "session"')
    expect((await wim.post('/sign-in/code/email', { code })).status).toBe(503)
    expect((await sessions()) - before).toBe(1)
    expect(await wim.due(await wim.post('/sign-in/code/email', { code }))).toBe('/sign-in')
    const again = await atCode('zus')
    expect(await again.wim.due(await again.wim.post('/sign-in/code/email', { code: again.code }))).toBe('/home')
  })
})
