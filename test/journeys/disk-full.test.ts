import { execFileSync } from 'node:child_process'
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, type TestContext, test } from 'vitest'
import { havenloket, secret } from '../support/havenloket.ts'
import { PersonAt } from '../support/person-at.ts'
import { type OwnPortal, openPortal } from '../support/portal.ts'

/* A disk that takes no more, under a server that runs: nobody gets in, nothing is lost, and it goes on by itself when there is room. */

const pageBytes = 4096

interface Disk {
  readonly within?: string
  /** From now on there is room for so many pages more, and no other. */
  leave(own: OwnPortal, pages: number): void
  makeRoom(own: OwnPortal): void
  gone(): void
}

/** A disk of its own, full to the last byte: for root alone. */
function smallDisk(): Disk {
  const within = mkdtempSync(join(tmpdir(), 'sluis-full-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', within])
  const filler = join(within, 'filler')
  return {
    within,
    leave: (_, pages) => {
      const open = openSync(filler, 'w')
      let written = 0
      try {
        for (;;) written += writeSync(open, Buffer.alloc(pageBytes))
      } catch {
        ftruncateSync(open, Math.max(0, written - pages * pageBytes))
      } finally {
        closeSync(open)
      }
    },
    makeRoom: () => rmSync(filler, { force: true }),
    gone: () => {
      execFileSync('umount', ['-l', within])
      rmSync(within, { recursive: true })
    },
  }
}

/** No file of the server may grow any more: for everybody. */
function smallFiles(): Disk {
  const limit = (own: OwnPortal, bytes: string): void => void execFileSync('prlimit', ['--pid', String(own.pid()), `--fsize=${bytes}:`])
  return {
    leave: (own, pages) => limit(own, String(statSync(join(own.folder, 'sluis.db-wal')).size + pages * pageBytes)),
    makeRoom: (own) => limit(own, 'unlimited'),
    gone: () => undefined,
  }
}

const disks = { 'files that may not grow': smallFiles, ...(process.getuid?.() === 0 ? { 'a full disk': smallDisk } : {}) }

describe.each(Object.entries(disks))('T146 %s', (_, make) => {
  let disk: Disk
  let own: OwnPortal
  beforeAll(async () => {
    disk = make()
    own = await openPortal('havenloket', havenloket, {}, disk)
    await own.add('wim@loket.test', secret)
  })
  afterAll(async () => {
    await own?.close()
    disk?.gone()
  })

  /** Sessions that live, and events that somebody came in: never one without the other. */
  const inside = (): number => {
    using database = new DatabaseSync(join(own.folder, 'sluis.db'), { readOnly: true })
    const count = (what: string): number => Number(database.prepare(`select count(*) as n from ${what}`).get()?.n)
    const sessions = count('session')
    expect(count("audit where event = 'session.started'")).toBe(sessions)
    return sessions
  }
  const ready = async (): Promise<number> => (await fetch(`${own.ops}/readyz`)).status
  afterEach(() => disk.makeRoom(own))
  const atCode = async (): Promise<PersonAt> => {
    const wim = new PersonAt(own.address)
    expect(await wim.password('wim', secret)).toBe('/sign-in/code/email')
    return wim
  }

  test('whatever room is left, a code is taken whole or not at all, and is good again when there is room', async () => {
    const told: number[] = []
    for (const pages of [0, 1, 3, 5, 8, 12, 17, 60]) {
      const wim = await atCode()
      const code = await own.code('wim@loket.test')
      const before = inside()
      disk.leave(own, pages)
      const reply = await wim.post('/sign-in/code/email', { code })
      told.push(reply.status)
      expect([303, 503]).toContain(reply.status)
      if (reply.status === 503) {
        expect(reply.headers['retry-after']).toBe('10')
        expect(reply.body).toContain('Aanmelden kan nu even niet. Er is niets verloren, probeer het straks.')
        expect([...wim.jar.keys()].filter((it) => it.endsWith('-session'))).toEqual([])
        expect((await wim.get('/home')).status).not.toBe(200)
      }
      expect(inside() - before).toBe(reply.status === 303 ? 1 : 0)
      disk.makeRoom(own)
      if (reply.status === 503) expect(await wim.due(await wim.post('/sign-in/code/email', { code }))).toBe('/home')
      expect((await wim.get('/home')).status).toBe(200)
      expect(inside()).toBe(before + 1)
    }
    // The room was really too small, and really enough.
    expect([told[0], told.at(-1)]).toEqual([503, 303])
  })

  test('pages are still read; a password is answered with one calm page; readyz is red and turns green by itself', async () => {
    const wim = new PersonAt(own.address)
    expect(await ready()).toBe(200)
    disk.leave(own, 0)
    expect(await ready()).toBe(503)
    expect((await wim.get('/sign-in')).status).toBe(200)
    for (const password of [secret, 'nooit van gehoord']) {
      const reply = await wim.post('/sign-in', { username: 'wim', password })
      expect([reply.status, reply.headers['retry-after']]).toEqual([503, '10'])
    }
    expect((await wim.post('/forgot', { username: 'wim', typed: 'X' })).status).not.toBe(500)
    disk.makeRoom(own)
    expect(await ready()).toBe(200)
    expect(await wim.password('wim', secret)).toBe('/sign-in/code/email')
  })
})

/** A portal of this test alone, and somebody there who was just sent a code. */
async function atCode(onTestFinished: TestContext['onTestFinished']): Promise<{ own: OwnPortal; wim: PersonAt; code: string }> {
  const own = await openPortal('havenloket', havenloket)
  onTestFinished(() => own.close())
  await own.add('wim@loket.test', secret)
  const wim = new PersonAt(own.address)
  await wim.password('wim', secret)
  const code = await own.code('wim@loket.test')
  return { own, wim, code }
}

test('T146 an audit that cannot be written lets nobody in, and the same code is good once it can', async ({ onTestFinished }) => {
  const { own, wim, code } = await atCode(onTestFinished)
  {
    using database = new DatabaseSync(join(own.folder, 'sluis.db'), { timeout: 5_000 })
    database.exec("create trigger deaf before insert on audit begin select raise(abort, 'it takes nothing'); end")
    const reply = await wim.post('/sign-in/code/email', { code })
    // Somebody changed the tables: that is a fault, not a disk that is full.
    expect([reply.status, database.prepare('select count(*) as n from session').get()?.n]).toEqual([500, 0])
    expect(reply.body).toContain('Er is niets veranderd, probeer het opnieuw.')
    expect((await wim.get('/home')).status).not.toBe(200)
    database.exec('drop trigger deaf')
  }
  expect(await wim.due(await wim.post('/sign-in/code/email', { code }))).toBe('/home')
})

test('T146 a file that another program holds: pages are read at once, a code waits, then 503, and it is good when the file is free', async ({
  onTestFinished,
}) => {
  const { own, wim, code } = await atCode(onTestFinished)
  {
    using held = new DatabaseSync(join(own.folder, 'sluis.db'), { timeout: 5_000 })
    held.exec('begin exclusive')
    const answers = [wim.post('/sign-in/code/email', { code })]
    const others = Array.from({ length: 20 }, () => new PersonAt(own.address))
    const [began, slowest] = [performance.now(), process.env.CI ? 3_000 : 1_000]
    for (const it of others) expect((await it.get('/sign-in')).status).toBe(200)
    expect(performance.now() - began).toBeLessThan(slowest)
    // All of them wait at once, not one after the other.
    for (const it of others) answers.push(it.post('/sign-in', { username: 'wim', password: secret }))
    expect(new Set((await Promise.all(answers)).map((it) => it.status))).toEqual(new Set([503]))
    held.exec('rollback')
  }
  expect(await wim.due(await wim.post('/sign-in/code/email', { code }))).toBe('/home')
})

test('T146 a log that takes nothing: people come in as ever, and the server ends when it is told to', async ({ onTestFinished }) => {
  const own = await openPortal('havenloket', havenloket, {}, { log: '/dev/full' })
  onTestFinished(() => own.close())
  await own.add('wim@loket.test', secret)
  for (const _ of [1, 2]) {
    const wim = new PersonAt(own.address)
    await wim.password('wim', secret)
    expect(await wim.due(await wim.post('/sign-in/code/email', { code: await own.code('wim@loket.test') }))).toBe('/home')
    // It tries its log again after a second.
    await pause(1_100)
  }
  await own.restart('SIGTERM')
  expect((await fetch(`${own.ops}/readyz`)).status).toBe(200)
})
