import { DEFAULT_MIGRATION_TABLE, type Migration, Migrator } from 'kysely/migration'
import * as first from './2026-11-24-first.ts'
import * as auditChain from './2026-11-25-audit-chain.ts'
import * as browserSeries from './2026-11-25-browser-series.ts'
import * as factOrder from './2026-11-25-fact-order.ts'
import * as hostSessions from './2026-11-25-host-sessions.ts'
import * as leanRecords from './2026-11-25-lean-records.ts'
import * as limits from './2026-11-25-limits.ts'
import * as links from './2026-11-25-links.ts'
import * as notices from './2026-11-25-notices.ts'
import * as passwordWork from './2026-11-25-password-work.ts'
import * as profile from './2026-11-25-profile.ts'
import * as provenEmail from './2026-11-25-proven-email.ts'
import * as recovery from './2026-11-25-recovery.ts'
import * as savedPicture from './2026-11-25-saved-picture.ts'
import * as sessionClients from './2026-11-25-session-clients.ts'
import * as sweep from './2026-11-25-sweep.ts'
import * as toldEnds from './2026-11-25-told-ends.ts'
import * as twins from './2026-11-25-twins.ts'
import * as unsealed from './2026-11-25-unsealed.ts'
import * as way from './2026-11-25-way.ts'
import * as wholeTables from './2026-11-25-whole-tables.ts'
import type { AnyShape } from './any-shape.ts'

/** One list for both engines, run by name; a name never changes once it was released. */
const migrations: Record<string, Migration> = {
  '2026-11-24-first': first,
  '2026-11-25-fact-order': factOrder,
  '2026-11-25-links': links,
  '2026-11-25-browser-series': browserSeries,
  '2026-11-25-host-sessions': hostSessions,
  '2026-11-25-password-work': passwordWork,
  '2026-11-25-audit-chain': auditChain,
  '2026-11-25-session-clients': sessionClients,
  '2026-11-25-profile': profile,
  '2026-11-25-recovery': recovery,
  '2026-11-25-notices': notices,
  '2026-11-25-limits': limits,
  '2026-11-25-sweep': sweep,
  '2026-11-25-whole-tables': wholeTables,
  '2026-11-25-way': way,
  '2026-11-25-unsealed': unsealed,
  '2026-11-25-saved-picture': savedPicture,
  '2026-11-25-told-ends': toldEnds,
  '2026-11-25-twins': twins,
  '2026-11-25-proven-email': provenEmail,
  '2026-11-25-lean-records': leanRecords,
}

export async function migrate(db: AnyShape): Promise<void> {
  if (await isUpToDate(db)) return
  // Several of one day come in any order: a database that has the later name already still gets the earlier one.
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations }, allowUnorderedMigrations: true })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}

/** Looked at first: the migrator writes even when there is nothing to do, and a start would wait for the disk. */
async function isUpToDate(db: AnyShape): Promise<boolean> {
  try {
    const done = new Set((await db.selectFrom(DEFAULT_MIGRATION_TABLE).select('name').execute()).map((it) => it.name))
    return Object.keys(migrations).every((it) => done.has(it))
  } catch {
    // A new database; or one that does not answer, and then the migrator says so.
    return false
  }
}
