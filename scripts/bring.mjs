/*
 * Brings a fresh clone to where it can run: packages, the project's own Node, a build.
 *
 *   npm start | npm test (any Node >= 20)
 *        └─ bring()  ── npm ci, when node_modules is missing or older than the lockfile
 *                    ── asks the Node that came with the packages for its version
 *                    └─> the path of a Node >= 24.16, which runs all that follows
 *
 * Plain JavaScript without imports from packages: it runs before there are any.
 */
import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const ownNode = join(modules, `node-linux-${process.arch}`, 'bin', 'node')

/**
 * Sets up what is missing and returns the path of a Node that can run Sluis; ends the process when there is none.
 * @returns {Promise<string>}
 */
export async function bring() {
  if (!isInstalled()) {
    await alone('install', async () => {
      if (!isInstalled()) install()
    })
  }
  const node = [ownNode, process.execPath].find((it) => versionOf(it) >= 2416)
  if (node) return node
  // A package for another libc links a `.bin/node` that cannot run and hides the machine's own.
  if (existsSync(ownNode)) rmSync(join(modules, '.bin', 'node'), { force: true })
  return give(
    `Sluis needs Node 24.16 or newer: none could be had for ${process.platform} ${process.arch}, so install one and run this again.`,
  )
}

function isInstalled() {
  const done = join(modules, '.package-lock.json')
  const expected = ['vitest', 'typescript', 'rolldown', ...(hasOwnNode() ? [`node-linux-${process.arch}`] : [])]
  if (!existsSync(done) || expected.some((it) => !existsSync(join(modules, it)))) return false
  return statSync(done).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
}

function hasOwnNode() {
  return process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch)
}

function install() {
  console.error('Installing the packages (once) ...')
  // `include` wins from an `omit` in the environment, as NODE_ENV=production sets one. No package needs its install script.
  const done = spawnSync(
    'npm',
    ['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, NODE_ENV: '', PATH: pathWithout(join(modules, '.bin')) },
    },
  )
  if (done.error) give(`npm could not be started: ${done.error.message}.`)
  if (done.status !== 0) give(`The packages could not be installed: npm ended with ${done.status ?? done.signal}, see above.`)
}

/** npm puts `.bin` first, and with it the very Node that a new installation is about to remove. */
function pathWithout(/** @type {string} */ folder) {
  return (process.env.PATH ?? '')
    .split(':')
    .filter((it) => it !== folder)
    .join(':')
}

/**
 * The version that a Node binary tells, 2416 for 24.16; 0 when it cannot run here.
 * @param {string} node
 */
function versionOf(node) {
  if (!existsSync(node)) return 0
  const told = spawnSync(node, ['--version'], { encoding: 'utf8' })
  const [, major = 0, minor = 0] = /^v(\d+)\.(\d+)\./.exec(told.stdout ?? '') ?? []
  return 100 * Number(major) + Number(minor)
}

/**
 * Does one piece of set-up while no other process of this clone does it: `npm start` and `npm test` may be begun together.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(what, work) {
  const lock = join(root, '.cache', `${what}.lock`)
  mkdirSync(dirname(lock), { recursive: true })
  while (!take(lock)) await pause(200)
  try {
    return await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

/** @param {string} lock */
function take(lock) {
  try {
    const file = openSync(lock, 'wx')
    writeSync(file, String(process.pid))
    closeSync(file)
    return true
  } catch {
    if (!isHeld(lock)) rmSync(lock, { force: true })
    return false
  }
}

/** A lock whose owner died is nobody's. */
function isHeld(/** @type {string} */ lock) {
  try {
    const owner = Number(readFileSync(lock, 'utf8'))
    if (owner === 0) return Date.now() - statSync(lock).mtimeMs < 2_000
    process.kill(owner, 0)
    return true
  } catch (fault) {
    return /** @type {NodeJS.ErrnoException} */ (fault).code === 'EPERM'
  }
}

/**
 * Runs a program with the given Node first on PATH, passes signals on, and returns its exit code.
 * @param {string} node
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>}
 */
export function run(node, args, env = {}) {
  const path = `${dirname(node)}:${join(modules, '.bin')}:${process.env.PATH ?? ''}`
  const child = spawn(node, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path, ...env } })
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  const pass = (/** @type {NodeJS.Signals} */ signal) => {
    // Ctrl-C reaches the whole foreground group by itself; a second SIGINT would cut its tidy stop short.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  }
  for (const signal of signals) process.on(signal, pass)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      for (const it of signals) process.off(it, pass)
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143))
    })
  })
}

/**
 * Says one sentence and ends.
 * @param {string} sentence
 * @returns {never}
 */
export function give(sentence) {
  console.error(sentence)
  process.exit(1)
}
