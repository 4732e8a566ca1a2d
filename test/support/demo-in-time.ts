/*
 * The demo in a process of its own whose clock is moved from outside: Sluis, the applications, mail and text messages alike.
 *
 *   const demo = await openDemoInTime()     demo.later('+31d')     appCode(key, stepsIn('+31d'))
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Demo, demoAt } from './demo.ts'
import { fakeClock, type Offset } from './faketime.ts'
import { freePort } from './portal.ts'

export interface DemoInTime extends Demo {
  /** The time of all of it is so much later than the true one from now on; never go back. */
  later(offset: Offset): void
}

export async function openDemoInTime(): Promise<DemoInTime> {
  const folder = mkdtempSync(join(tmpdir(), 'sluis-in-time-'))
  const clock = await fakeClock(join(folder, 'clock'))
  const [web, inbox, smtp, smpp, app, metrics] = [await freePort(), await freePort(), 0, 0, await freePort(), 0]
  const ports = {
    SLUIS_PORT: web,
    SLUIS_INBOX_PORT: inbox,
    SLUIS_SMTP_PORT: smtp,
    SLUIS_SMPP_PORT: smpp,
    SLUIS_APP_PORT: app,
    SLUIS_METRICS_PORT: metrics,
  }
  const env = {
    ...process.env,
    ...clock.env,
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
    SLUIS_DATA: join(folder, 'data'),
  }
  const main = resolve(import.meta.dirname, '..', '..', 'demo', 'main.ts')
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const over = once(child, 'exit')
  let said = ''
  child.stdout.on('data', (it) => {
    said += it
  })
  // The table of people is the last thing that a start prints.
  for (let tries = 0; tries < 600 && !said.includes('twaalf eenden'); tries++) {
    if (child.exitCode !== null) throw new Error(`the demo ended: ${said}`)
    await pause(100)
  }
  const demo = demoAt({ web, inbox, app }, join(folder, 'data'), async () => {
    child.kill('SIGTERM')
    await over
    rmSync(folder, { recursive: true, force: true })
  })
  return { ...demo, later: (offset) => clock.set(offset) }
}

const unitSeconds = { s: 1, m: 60, h: 3_600, d: 86_400, y: 31_536_000 } as const

/** How many steps of an app lie between the true time and that one. */
export function stepsIn(offset: Offset): number {
  const unit = offset.at(-1) as keyof typeof unitSeconds
  return Math.round((Number.parseInt(offset, 10) * (unitSeconds[unit] ?? 1)) / 30)
}
