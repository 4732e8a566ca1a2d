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

/** Whether nobody has used this database yet. */
export async function isEmpty(db: Db): Promise<boolean> {
  return (await db.selectFrom('account').select('id').limit(1).executeTakeFirst()) === undefined
}
