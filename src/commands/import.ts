import type { House } from '../factors/index.ts'
import type { Portal } from '../portals/index.ts'
import { type Plan, planOf } from './import-plan.ts'
import { write } from './import-write.ts'
import { type RefusedLine, readPeople } from './people-file.ts'
import type { Progress } from './progress.ts'
import type { Report } from './report.ts'
import { portalNamed } from './which-account.ts'

export interface ImportOptions {
  readonly portal: string
  readonly dryRun?: boolean
  readonly update?: boolean
  readonly skipRefused?: boolean
}

/** `account import`: read and check all lines, then all of them are written or none is. */
export async function importAccounts(
  house: House,
  file: string,
  options: ImportOptions,
  report: Report,
  progress: Progress,
): Promise<void> {
  const portal = portalNamed(house, options.portal)
  const people = await readPeople(file, portal, progress)
  const plan = await planOf(house, portal, people.lines, options.update === true)
  progress.end()
  const refused = [...people.refused, ...plan.refused].toSorted((a, b) => a.line - b.line)
  const counts = { added: plan.adds.length, changed: plan.changes.length }
  const base = { portal: portal.id, dryRun: options.dryRun === true, unchanged: plan.unchanged, refused, notes: notesOn(portal, plan) }
  for (const note of base.notes) report.note(note)

  if (refused.length > 0 && !options.skipRefused) {
    const nothing = options.dryRun ? {} : { added: 0, changed: 0, unchanged: 0 }
    const end = `Nothing was imported. Mend the lines, or leave them out with --skip-refused.`
    return report.refused({ ...base, ...counts, ...nothing }, [...told(refused), end].join('\n'))
  }
  if (refused.length > 0) report.note(told(refused).join('\n'))
  if (options.dryRun)
    return report.done({ ...base, ...counts }, `Would have: ${summary(counts, plan.unchanged, portal)}. Nothing was written.`)

  const written = await write(house, portal, plan, progress).finally(progress.end)
  const unchanged = plan.unchanged + counts.changed - written.changed
  report.done({ ...base, ...written, unchanged }, `Done: ${summary(written, unchanged, portal)}.`)
}

const summary = ({ added, changed }: { added: number; changed: number }, unchanged: number, portal: Portal): string =>
  `${added} added, ${changed} changed, ${unchanged} left as they are in ${portal.name}`

const mostTold = 100

/** Lines and reasons, never a value. */
function told(refused: readonly RefusedLine[]): string[] {
  const lines = refused.slice(0, mostTold).map(({ line, column, reason }) => `line ${line}: ${column ? `${column} ` : ''}${reason}`)
  const rest = refused.length - lines.length
  const of = new Set(refused.map((it) => it.line)).size
  return [...lines, ...(rest > 0 ? [`and ${rest} more; --json lists all`] : []), `${of === 1 ? '1 line' : `${of} lines`} refused`]
}

/** Not wrong, but perhaps not meant: a group without a date of its own follows the date of the portal. */
function notesOn({ enforcement, name }: Portal, { adds, changes }: Plan): string[] {
  const dated = enforcement.mode === 'from' ? Object.keys(enforcement.groups) : []
  const groups = new Set([...adds, ...changes.map((it) => it.line)].flatMap(({ person }) => person.group ?? []))
  return [...groups]
    .filter((it) => !dated.includes(it))
    .map((it) => `Group '${it}' has no date of its own: it follows the date of ${name}.`)
}
