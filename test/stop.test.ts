import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newOperator } from './support/command-line.ts'
import { freePort } from './support/portal.ts'

/* `bin/sluis serve` is told to stop. */

const port = await freePort()
const operator = newOperator({ listen: { port, hosts: ['127.0.0.1'] }, address: `http://localhost:${port}`, metricsPort: await freePort() })
beforeAll(async () => void (await operator.sluis(['--help'])), 120_000) // builds once
afterAll(() => operator.close())

async function isServed(): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

test.each(['SIGTERM', 'SIGINT'] as const)('a %s that comes with the first connection stops all that was begun', async (signal) => {
  const server = spawn(join(import.meta.dirname, '../bin/sluis'), ['serve', '--config', operator.config], { stdio: 'ignore' })
  const ended = once(server, 'exit')
  while (!(await isServed())) await pause(1)
  server.kill(signal)
  expect(await ended).toEqual([0, null])
})
