import type { Db, Tx } from './open.ts'

/** Notes that a portal has passwords which are this much work to check; once is enough. */
export async function notePasswordWork(db: Db | Tx, portal: string, work: string): Promise<void> {
  await db
    .insertInto('password_work')
    .values({ portal, work })
    .onConflict((it) => it.columns(['portal', 'work']).doNothing())
    .execute()
}

/** All kinds of work that passwords of this portal ever were. */
export async function passwordWorks(db: Db | Tx, portal: string): Promise<string[]> {
  const rows = await db.selectFrom('password_work').select('work').where('portal', '=', portal).orderBy('work').execute()
  return rows.map((it) => it.work)
}
