/*
 * Time moved from outside: Debian's libfaketime in front of the servers under test, never a door in the product.
 *
 *   const clock = await fakeClock(folder)
 *   spawn(node, ['dist/main.js'], { env: { ...process.env, ...clock.env } })
 *   clock.set('+31d')        Date.now() of that process jumps; its timers go on
 *
 * Got without root: from the machine when it is installed, else by apt-get with lists of its own, unpacked by dpkg-deb.
 */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { debian } from './debian.ts'

const library = 'libfaketimeMT.so.1'

/** A distance from the true time: a sign, a number, and s, m, h, d or y; '+0' is now. */
export type Offset = `${'+' | '-'}${number}${'s' | 'm' | 'h' | 'd' | 'y'}` | '+0'

export interface FakeClock {
  /** For the environment of each process that shall live in this time. */
  readonly env: Readonly<Record<string, string>>
  /** Moves the time of all of them at once. */
  set(offset: Offset): void
}

let looked: Promise<{ readonly path: string } | { readonly reason: string }> | undefined

/** Whether time can be moved here; if not, the reason for `ctx.skip`. The first call may download 40 KB. */
export async function available(): Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string }> {
  const found = await find()
  return 'path' in found ? { ok: true } : { ok: false, reason: found.reason }
}

/** A clock of its own, at the true time until it is set. `dir` is made readable for all: PostgreSQL may run as another user. */
export async function fakeClock(dir: string): Promise<FakeClock> {
  const found = await find()
  if ('reason' in found) throw new Error(found.reason)
  mkdirSync(dir, { recursive: true })
  chmodSync(dir, 0o755)
  copyFileSync(found.path, join(dir, library))
  chmodSync(join(dir, library), 0o755)
  const file = join(dir, 'faketime')
  const set = (offset: Offset) => {
    writeFileSync(`${file}.next`, `${offset}\n`, { mode: 0o644 })
    renameSync(`${file}.next`, file) // a reader sees the old time or the new, never half a line
  }
  set('+0')
  return {
    set,
    env: {
      LD_PRELOAD: join(dir, library),
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      DONT_FAKE_MONOTONIC: '1', // timers go on
      NO_FAKE_STAT: '1',
    },
  }
}

function find() {
  looked ??= installed() ?? downloaded()
  return looked
}

function installed() {
  const folders = existsSync('/usr/lib') ? readdirSync('/usr/lib').map((it) => join('/usr/lib', it, 'faketime')) : []
  const path = ['/usr/lib/faketime', ...folders].map((it) => join(it, library)).find((it) => existsSync(it))
  return path ? Promise.resolve({ path }) : undefined
}

async function downloaded() {
  const found = await debian('faketime', ['libfaketime'])
  if ('reason' in found) return found
  const path = readdirSync(found.folder, { recursive: true, encoding: 'utf8' }).find((it) => it.endsWith(`/${library}`))
  return path ? { path: join(found.folder, path) } : { reason: `Debian's libfaketime holds no ${library}` }
}
