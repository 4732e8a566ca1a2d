import type { Db, Tx } from './open.ts'

export async function readSetting(db: Db | Tx, key: string): Promise<string | undefined> {
  return (await db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst())?.value
}

/** Writes it unless somebody was first. @returns the value that holds. */
export async function settleSetting(db: Db | Tx, key: string, value: string): Promise<string> {
  await db
    .insertInto('setting')
    .values({ key, value })
    .onConflict((it) => it.column('key').doNothing())
    .execute()
  return (await readSetting(db, key)) ?? value
}

/** Whether the database takes what is written, down to its disk. It only reads when it is full, or a copy. @throws when it does not. */
export async function probeWriting(db: Db, now: number): Promise<void> {
  const value = String(now)
  await db
    .insertInto('setting')
    .values({ key: 'probed-at', value })
    .onConflict((it) => it.column('key').doUpdateSet({ value }))
    .execute()
}

/** Whether nobody has used this database yet. */
export async function isEmpty(db: Db): Promise<boolean> {
  return (await db.selectFrom('account').select('id').limit(1).executeTakeFirst()) === undefined
}
