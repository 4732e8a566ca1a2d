import { join, resolve } from 'node:path'
import { systemClock } from './clock.ts'
import { portsFrom, sentenceFor } from './ports.ts'
import { type Setting, startDemo } from './start.ts'
import { tableOf } from './table.ts'

/*
 * What `npm start` runs: the catcher with the hub, the relying applications, and Sluis itself as a process of its own.
 * Ctrl-C or SIGTERM stops all of it, in the opposite order. Data lies in ./data, or where SLUIS_DATA says.
 */

const root = resolve(import.meta.dirname, '..')
const data = resolve(process.env.SLUIS_DATA || join(root, 'data'))
const started: Setting['started'] = []
const over = new AbortController()
let stopping: Promise<void> | undefined

function stop(exitCode: number): Promise<void> {
  stopping ??= (async () => {
    over.abort()
    for (const thing of started.toReversed()) await thing.stop()
    process.exit(exitCode)
  })()
  return stopping
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0))

const ports = portsFrom(process.env)
if ('refused' in ports) {
  process.stderr.write(`${ports.refused}\n`)
  process.exit(2)
}
try {
  const onEnd = (reason: string) => {
    if (stopping) return
    process.stderr.write(`${reason}\nHet hele verslag staat in ${join(data, 'sluis.log')}.\n`)
    void stop(1)
  }
  const running = await startDemo({ root, data, ports, environment: process.env, clock: systemClock, started, signal: over.signal, onEnd })
  if (!stopping) {
    process.stdout.write(`\n${tableOf(running.ports, running.facts, data)}`)
    for (const problem of running.problems) process.stderr.write(`Niet gelukt: ${problem}\n`)
  }
} catch (error) {
  if (!stopping) {
    process.stderr.write(`${sentenceFor(error, ports)}\n`)
    await stop(1)
  }
}
