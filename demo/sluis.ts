import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Sluis as any operator runs it: `bin/sluis`, beside a configuration file. Nothing of it is imported here. */

export interface Sluis {
  /** Settles when it ended by itself, with the last lines of its log. */
  ended: Promise<string>
  stop(): Promise<void>
}

export interface Ran {
  exitCode: number
  stdout: string
  stderr: string
}

const stopWithinSeconds = 15

export function serveSluis(root: string, config: string, logFile: string, environment: NodeJS.ProcessEnv): Sluis {
  const log = openSync(logFile, 'a', 0o600)
  const child = spawn(join(root, 'bin/sluis'), ['serve', '--config', config], { cwd: root, env: environment, stdio: ['ignore', log, log] })
  closeSync(log)
  const ended = endOf(child).then((how) => `${how}\n${lastLines(logFile, 15)}`)
  return {
    ended,
    async stop() {
      child.kill('SIGTERM')
      const tooLong = setTimeout(() => child.kill('SIGKILL'), stopWithinSeconds * 1000)
      await ended
      clearTimeout(tooLong)
    },
  }
}

/** One command of `bin/sluis`, until it is done. */
export function runSluis(root: string, args: readonly string[], environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, 'bin/sluis'), args, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'], signal })
    const said = { stdout: '', stderr: '' }
    child.stdout.on('data', (piece) => {
      said.stdout += piece
    })
    child.stderr.on('data', (piece) => {
      said.stderr += piece
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ exitCode: code ?? 1, ...said }))
  })
}

/** Asks until one of the addresses answers 200; false when `isOver` says that waiting is no use. */
export async function answers(addresses: readonly string[], isOver: () => boolean): Promise<boolean> {
  while (!isOver()) {
    const asked = addresses.map((address) => fetch(address, { signal: AbortSignal.timeout(2000) }).then((answer) => answer.ok))
    const results = await Promise.allSettled(asked)
    if (results.some((result) => result.status === 'fulfilled' && result.value)) return true
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return false
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`Sluis kon niet starten: ${error.message}`))
    child.once('exit', (code, signal) => resolve(`Sluis is gestopt (${signal ?? code}).`))
  })
}

const lastLines = (file: string, count: number) => readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n')
