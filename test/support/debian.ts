/*
 * Programs of Debian's packages, downloaded and unpacked in a folder of ours: no root, nothing of the machine is changed.
 *
 *   const found = await debian('nginx', ['nginx'])        { folder } with usr/sbin/nginx in it, or { reason } when it cannot be had
 *   const folder = unpacked(found, ctx)                   skips the test with the reason; in CI it fails instead
 */
import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { madeOnce } from './cache.ts'

const run = promisify(execFile)

export type Unpacked = { readonly folder: string } | { readonly reason: string }

/** `name`: under which it is kept between runs. */
export async function debian(name: string, packages: readonly string[]): Promise<Unpacked> {
  try {
    const folder = await madeOnce(`${name}-${process.arch}`, (draft) => download(draft, packages))
    return { folder: join(folder, 'unpacked') }
  } catch (fault) {
    return { reason: `${packages.join(', ')} could not be had from Debian: ${firstLine(fault)}` }
  }
}

export function unpacked(found: Unpacked, { skip }: { skip(reason: string): never }): string {
  if ('folder' in found) return found.folder
  if (process.env.CI) throw new Error(found.reason)
  return skip(found.reason)
}

/** Where the unpacked programs find the libraries that came with them. */
export const libraryPath = (folder: string): string =>
  readdirSync(join(folder, 'usr/lib'))
    .filter((it) => it.endsWith('-linux-gnu'))
    .map((it) => join(folder, 'usr/lib', it))
    .join(':')

/** The machine's own sources, but lists and archives in a folder of ours. */
async function download(folder: string, packages: readonly string[]): Promise<void> {
  const apt = join(folder, 'apt')
  for (const it of ['lists/partial', 'archives/partial']) mkdirSync(join(apt, it), { recursive: true })
  const own = { 'Dir::State::lists': `${apt}/lists`, 'Dir::Cache': apt, 'Dir::Cache::archives': `${apt}/archives`, 'Debug::NoLocking': '1' }
  const options = [
    ...Object.entries(own).map(([key, value]) => `-o${key}=${value}`),
    '-oAPT::Sandbox::User=root',
    '-oAcquire::Languages=none',
  ]
  const limits = { cwd: folder, timeout: 120_000 }
  await run('apt-get', ['update', '-qq', ...options], limits)
  await run('apt-get', ['download', '-qq', ...options, ...packages], limits)
  for (const it of readdirSync(folder).filter((file) => file.endsWith('.deb'))) await run('dpkg-deb', ['-x', it, 'unpacked'], limits)
  await run('rm', ['-rf', apt], limits)
}

function firstLine(fault: unknown): string {
  const said = fault instanceof Error && 'stderr' in fault && fault.stderr ? String(fault.stderr) : String(fault)
  return said.trim().split('\n')[0] ?? ''
}
