import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { stringify } from 'yaml'

/* Sluis as an operator runs it, `bin/sluis` beside a sluis.yaml in a folder of its own, on SQLite; nothing of it is imported here. */

export interface Place {
  readonly port: number
  /** Imports people out of the text of a CSV file. */
  importPeople(portal: string, csv: string): Promise<void>
  start(): Promise<Server>
  remove(): void
}

export interface Server {
  /** From spawn to the first connection that is taken. */
  readonly startMs: number
  /** Processor time since the start. */
  cpuSeconds(): number
  /** Memory held, in MiB. */
  memory(): number
  stop(): Promise<void>
}

const root = resolve(import.meta.dirname, '..')
const sluis = join(root, 'bin/sluis')
/** Of /proc/PID/stat; the same on every Linux that we run on. */
export const ticksPerSecond = 100

export async function makePlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'sluis-bench-'))
  const [port, metricsPort] = [await freePort(), await freePort()]
  const config = join(folder, 'sluis.yaml')
  const settings = {
    database: 'sluis.db',
    masterKey: { file: 'master.key' },
    portals: [join(root, 'portals'), join(root, 'bench/guarded')],
    listen: { port, hosts: ['127.0.0.1'] },
    address: `http://localhost:${port}`,
    metricsPort,
    smtp: { host: '127.0.0.1', port: 9, secure: 'none' },
    smpp: { host: '127.0.0.1', port: 9, systemId: 'bench' },
    applications: { address: 'http://localhost:8090' },
  }
  writeFileSync(config, stringify(settings))
  return {
    port,
    importPeople: async (portal, csv) => {
      const file = join(folder, 'people.csv')
      writeFileSync(file, csv, { mode: 0o600 })
      await promisify(execFile)(sluis, ['account', 'import', file, '--portal', portal, '--config', config])
    },
    start: () => startServer(config, port, join(folder, 'sluis.log')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function startServer(config: string, port: number, logFile: string): Promise<Server> {
  const log = openSync(logFile, 'a')
  const startedAt = performance.now()
  const child = spawn(sluis, ['serve', '--config', config], { stdio: ['ignore', log, log] })
  closeSync(log)
  while (!(await takesConnections(port))) {
    if (child.exitCode !== null) throw new Error(readFileSync(logFile, 'utf8'))
    await pause(2)
  }
  const startMs = performance.now() - startedAt
  // bin/sluis becomes node itself, so this is the process of the server.
  const proc = (name: string): string => readFileSync(`/proc/${child.pid}/${name}`, 'utf8')
  return {
    startMs,
    cpuSeconds: () => {
      const fields = proc('stat')
        .replace(/^.*\) /s, '')
        .split(' ')
      return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
    },
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(proc('status'))?.[1]) / 1024,
    stop: () => stop(child),
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const tooLong = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await ended
  clearTimeout(tooLong)
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (is: boolean) => () => {
      socket.destroy()
      resolve(is)
    }
    socket.once('connect', end(true)).once('error', end(false))
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
