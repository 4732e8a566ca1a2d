import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

/* The line `npm start` of package.json, run by the real npm around a stand-in that says when it was told to stop. */

const standIn = `
import { appendFileSync } from 'node:fs'
const log = (line) => appendFileSync('log', line + '\\n')
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { log(signal); process.exit(0) })
setTimeout(() => { log('nobody told me'); process.exit(1) }, 20_000)
log('started')
`

let folder: string
let npm: ChildProcess
const log = () => readFileSync(join(folder, 'log'), 'utf8').trim().split('\n')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluis-npm-'))
  mkdirSync(join(folder, 'scripts'))
  const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'stand-in', type: 'module', scripts: { start: scripts.start } }))
  writeFileSync(join(folder, 'scripts', 'start.mjs'), standIn)
  writeFileSync(join(folder, 'log'), '')
  npm = spawn('npm', ['start'], { cwd: folder, stdio: 'ignore' })
})
afterEach(() => {
  npm.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

describe('whoever stops npm, as a supervisor does, stops the demo', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s', async (signal) => {
    await until(() => log().includes('started'))
    npm.kill(signal)
    await until(() => log().length > 1)
    expect(log()).toEqual(['started', signal])
  })
})

async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !isSo(); i += 1) await pause(50)
}
