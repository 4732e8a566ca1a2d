import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cast, csvOf, type Person } from './cast.ts'
import type { Ran } from './sluis.ts'

/**
 * Adds who is not there yet, by the command line, beside the running server. Whoever exists keeps what they have:
 * a second start changes nothing. Returns what could not be done, in the words of the command line.
 */
export async function makeCast(data: string, sluis: (args: readonly string[]) => Promise<Ran>): Promise<string[]> {
  const problems: string[] = []
  const portals = [...new Set(cast.map((person) => person.portal))]
  // In a folder of its own for as long as it takes: the files hold the password.
  const folder = mkdtempSync(join(data, 'cast-'))
  try {
    for (const portal of portals) {
      const people = cast.filter((person) => person.portal === portal)
      const known = await Promise.all(people.map((person) => exists(person, sluis)))
      const missing = people.filter((_, i) => !known[i])
      if (missing.length === 0) continue
      const file = join(folder, `${portal}.csv`)
      writeFileSync(file, csvOf(missing), { mode: 0o600 })
      const ran = await sluis(['account', 'import', file, '--portal', portal, '--skip-refused', '--json'])
      if (ran.exitCode !== 0) problems.push(`${portal}: ${(ran.stderr || ran.stdout).trim()}`)
      for (const person of missing.filter(({ isDisabled }) => isDisabled)) {
        const off = await sluis(['account', 'disable', '--portal', portal, '--username', person.userName])
        if (off.exitCode !== 0) problems.push(`${person.userName}: ${(off.stderr || off.stdout).trim()}`)
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return problems
}

async function exists({ portal, userName }: Person, sluis: (args: readonly string[]) => Promise<Ran>): Promise<boolean> {
  return (await sluis(['account', 'show', '--portal', portal, '--username', userName, '--json'])).exitCode === 0
}
