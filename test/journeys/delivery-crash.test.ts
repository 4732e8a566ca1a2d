import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Asked, mailsIn, type Outbox, openOutbox, pause } from '../support/outbox.ts'

const soon = { timeout: 10_000, interval: 20 }
const children = new Set<ChildProcess>()
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
})

function startChild({
  database,
  catcher,
}: Pick<Outbox, 'database'> & { catcher: { ports: { smtp: number; smpp: number } } }): ChildProcess {
  const file = join(import.meta.dirname, '..', 'support', 'delivery-child.ts')
  const child = spawn(process.execPath, [file, database, String(catcher.ports.smtp), String(catcher.ports.smpp)], { stdio: 'ignore' })
  children.add(child)
  return child
}

async function killAtOnce(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

describe('T130 kill -9 of the worker', () => {
  test('in the middle of many mails loses none, and none is sent more than twice', async () => {
    const { catcher, database, ask } = await openOutbox()
    const all: Asked[] = []
    for (let it = 0; it < 40; it++) all.push(await ask({ address: `u${it}@d${it}.test` }))
    for (const enough of [5, 15, 25]) {
      const child = startChild({ database, catcher })
      await vi.waitFor(() => expect(mailsIn(catcher).length).toBeGreaterThanOrEqual(enough), { ...soon, interval: 1 })
      await killAtOnce(child)
    }
    startChild({ database, catcher })
    await vi.waitFor(async () => expect((await endsOf(all)).filter((it) => it === 'queued')).toEqual([]), soon)
    const times = all.map((_, it) => mailsIn(catcher).filter((mail) => mail.to === `u${it}@d${it}.test`).length)
    expect(Math.min(...times)).toBe(1)
    expect(Math.max(...times)).toBeLessThanOrEqual(2)
    // A mail that was handed over twice, and whose worker was killed each time before it heard a yes, is not sent a third time. Whether it
    // arrived once or twice the worker cannot know: it is said so.
    for (const end of await endsOf(all)) expect(['accepted', 'sent-twice']).toContain(end)
  })

  test('again and again while the server is silent costs no sending: the code arrives when it is back', async () => {
    const { catcher, database, behave, ask } = await openOutbox()
    await behave({ smtp: 'silent' })
    const asked = await ask()
    for (let round = 0; round < 3; round++) {
      const child = startChild({ database, catcher })
      await vi.waitFor(async () => expect(await leaseOf(asked.message)).toBeGreaterThan(Date.now()), soon)
      await killAtOnce(child)
      await vi.waitFor(async () => expect(await leaseOf(asked.message)).toBeLessThan(Date.now()), soon)
    }
    await behave({})
    startChild({ database, catcher })
    await vi.waitFor(async () => expect((await asked.story()).state).toBe('accepted'), soon)
    expect(mailsIn(catcher)).toHaveLength(1)

    async function leaseOf(id: string): Promise<number> {
      const { openStorage } = await import('../../src/storage/index.ts')
      const storage = await openStorage(database)
      const row = await storage.db.selectFrom('message').select('leased_until').where('id', '=', id).executeTakeFirst()
      await storage.close()
      return row?.leased_until ?? 0
    }
  })

  test('between the yes of the server and the row sends once more, and never a third time', async () => {
    const { database, ask } = await openOutbox()
    const server = await takesAllAndSaysNothing()
    const asked = await ask()
    for (const texts of [1, 2]) {
      const child = startChild({ database, catcher: { ports: { smtp: server.port, smpp: 1 } } })
      await vi.waitFor(() => expect(server.texts).toBe(texts), soon)
      await killAtOnce(child)
    }
    startChild({ database, catcher: { ports: { smtp: server.port, smpp: 1 } } })
    await vi.waitFor(async () => expect(await asked.story()).toMatchObject({ state: 'set-aside', events: [{ code: 'sent-twice' }] }), soon)
    await pause(300)
    expect(server.texts).toBe(2)
    server.close()
  })
})

/** The states, with their reason where there is one. */
async function endsOf(all: readonly Asked[]): Promise<string[]> {
  const stories = await Promise.all(all.map((it) => it.story()))
  return stories.map(({ state, events }) => (state === 'set-aside' ? (events.at(-1)?.code ?? state) : state))
}

/** Takes the whole text and keeps it; its yes never arrives. */
async function takesAllAndSaysNothing() {
  const taker = { texts: 0, port: 0, close: () => server.close() }
  const server = createServer((socket) => {
    let isText = false
    let text = ''
    socket.on('error', () => undefined)
    socket.write('220 taker\r\n')
    socket.on('data', (piece) => {
      const said = piece.toString()
      if (isText) {
        text += said
        if (text.endsWith('\r\n.\r\n')) taker.texts++
        return
      }
      isText = said.startsWith('DATA')
      socket.write(isText ? '354 go on\r\n' : '250 yes\r\n')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  taker.port = (server.address() as { port: number }).port
  return taker
}
