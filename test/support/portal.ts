/*
 * A portal that exists only in a test: one file in a folder of its own, real bin/sluis, real mail and SMS servers.
 *
 *   const own = await openPortal('dijkpoort', yaml)     own.address, own.add(email, password), own.code(to), own.sluis(['account', ...])
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startCatcher } from '../../demo/catcher/index.ts'

const root = resolve(import.meta.dirname, '..', '..')
const program = join(root, 'bin', 'sluis')

export interface OwnPortal {
  /** Without an `address:` in its file. */
  readonly address: string
  /** Where its files are. */
  readonly folder: string
  /** Where Sluis listens, whatever address the portal has. */
  readonly port: number
  /** Where it is asked whether it is ready. */
  readonly ops: string
  /** Of the server that runs now. */
  pid(): number
  /** The six digits of the newest message to this address; waits for one. */
  code(to: string): Promise<string>
  /** Who the newest message to this address says it is from. */
  senderTo(to: string): string | undefined
  /** The address for a new password in the newest mail to this address; waits for one. */
  link(to: string): Promise<string>
  sluis(args: readonly string[], input?: string): Promise<string>
  /** Somebody with this mailbox, called as what stands before the @. `more`: further options of `account add`. */
  add(email: string, password: string, more?: readonly string[]): Promise<string>
  /** A second server on the same data, until the portal is closed. @returns where it listens. */
  another(): Promise<number>
  /** Ends the server hard or gently, and starts it again on the same data and port. */
  restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
  close(): Promise<void>
}

export interface Place {
  /** Another disk than the usual one. */
  readonly within?: string
  /** The file that its log goes to. */
  readonly log?: string
}

/** `settings`: what sluis.yaml says besides. */
export async function openPortal(
  id: string,
  yaml: string,
  settings: object = {},
  { within = tmpdir(), log }: Place = {},
): Promise<OwnPortal> {
  const folder = mkdtempSync(join(within, 'sluis-portal-'))
  const catcher = await startCatcher({ clock: Date.now, ports: { smtp: 0, smpp: 0, inbox: 0 } })
  const [port, metricsPort] = [await freePort(), await freePort()]
  mkdirSync(join(folder, 'portals'))
  writeFileSync(join(folder, 'portals', `${id}.yaml`), yaml)
  const config = join(folder, 'sluis.yaml')
  writeFileSync(
    config,
    JSON.stringify({
      database: 'sluis.db',
      masterKey: { file: 'master.key' },
      portals: 'portals',
      listen: { port },
      address: `http://localhost:${port}`,
      metricsPort,
      smtp: { host: '127.0.0.1', port: catcher.ports.smtp, secure: 'none' },
      smpp: { host: '127.0.0.1', port: catcher.ports.smpp, systemId: 'sluis' },
      ...settings,
    }),
  )
  const [address, ops] = [`http://localhost:${port}/${id}`, `http://localhost:${metricsPort}`]
  const serve = async (file = config, probed = metricsPort) => {
    const child = spawn(program, ['serve', '--config', file], { stdio: ['ignore', log ? openSync(log, 'a') : 'ignore', 'inherit'] })
    for (let tries = 0; tries < 150; tries++) {
      if ((await fetch(`http://localhost:${probed}/readyz`).catch(() => undefined))?.ok) return child
      await pause(100)
    }
    throw new Error('the portal did not open within 15 seconds')
  }
  let child = await serve()
  const others: ChildProcess[] = []
  const stop = async (signal: NodeJS.Signals, it: ChildProcess = child) => {
    const over = once(it, 'exit')
    it.kill(signal)
    await over
  }
  const sluis: OwnPortal['sluis'] = (args, input = '') =>
    new Promise((done, failed) => {
      const running = execFile(program, [...args, '--config', config], (error, stdout, stderr) =>
        error ? failed(new Error(stderr)) : done(stdout),
      )
      running.stdin?.end(input)
    })
  const read = new Set<string>()
  return {
    address,
    folder,
    port,
    ops,
    pid: () => child.pid ?? 0,
    code: async (to) => {
      for (let tries = 0; tries < 150; tries++) {
        for (const it of catcher.inbox.all().filter((one) => one.to === to && !read.has(one.id))) {
          // A notice may come beside it, before or after.
          read.add(it.id)
          // Not six digits of a message number.
          const [digits] = /(?<!\w)\d{6}(?!\w)/.exec(it.text) ?? []
          if (digits) return digits
        }
        await pause(100)
      }
      throw new Error(`no message to ${to} within 15 seconds`)
    },
    senderTo: (to) => catcher.inbox.all().find((it) => it.to === to)?.from,
    link: async (to) => {
      for (let tries = 0; tries < 150; tries++) {
        const found = catcher.inbox.all().flatMap((it) => (it.to === to ? (/http\S+\/password\/new\?t=[\w-]+/.exec(it.text) ?? []) : []))
        if (found[0]) return found[0]
        await pause(100)
      }
      throw new Error(`no link to ${to} within 15 seconds`)
    },
    sluis,
    add: (email, password, more = []) => {
      const who = ['--portal', id, '--username', email.slice(0, email.indexOf('@')), '--email', email]
      return sluis(['account', 'add', ...who, ...more, '--password-stdin'], `${password}\n`)
    },
    another: async () => {
      const [own, metrics] = [await freePort(), await freePort()]
      const file = join(folder, `sluis-${own}.yaml`)
      const said = JSON.parse(readFileSync(config, 'utf8')) as object
      writeFileSync(file, JSON.stringify({ ...said, listen: { port: own }, metricsPort: metrics }))
      others.push(await serve(file, metrics))
      return own
    },
    restart: async (signal) => {
      await stop(signal)
      child = await serve()
    },
    close: async () => {
      for (const it of [child, ...others]) await stop('SIGTERM', it)
      await catcher.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
