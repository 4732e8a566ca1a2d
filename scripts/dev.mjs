/* npm run dev: the demo, built and begun again after each change of a source. */
import { spawn } from 'node:child_process'
import { existsSync, watch } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './bring.mjs'

const node = process.execPath
const watched = ['src', 'demo', 'portals', 'locales'].map((it) => join(root, it)).filter((it) => existsSync(it))

/** @type {import('node:child_process').ChildProcess | undefined} */
let demo
let ending = false
/** @type {NodeJS.Timeout | undefined} */
let settling

await beginAgain()
for (const folder of watched) watch(folder, { recursive: true }, changed)
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => void end())

/** An editor writes several times at once: wait until it is quiet. */
function changed() {
  clearTimeout(settling)
  settling = setTimeout(() => void beginAgain(), 150)
}

async function beginAgain() {
  if ((await run(node, ['scripts/build.mjs', '--if-stale'])) !== 0) return
  await stop()
  if (!ending) demo = spawn(node, ['demo/main.ts'], { cwd: root, stdio: 'inherit' })
}

async function stop() {
  const running = demo
  if (!running || running.exitCode !== null || running.signalCode !== null) return
  const stopped = new Promise((resolve) => running.once('exit', resolve))
  running.kill('SIGTERM')
  await stopped
}

async function end() {
  ending = true
  await stop()
  process.exit(0)
}
