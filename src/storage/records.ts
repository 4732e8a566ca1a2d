import type { Instant } from '../decision/index.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import type { NewRow, Row } from './tables.ts'

export type ProtocolRecord = Row<'protocol_record'>
export type SigningKeyRow = Row<'signing_key'>

export async function putRecord(db: Db | Tx, row: NewRow<'protocol_record'>): Promise<void> {
  const { key, model, portal, payload, consumed_at = null, ends_at = null } = row
  await put(db, key, model, portal, payload, consumed_at, ends_at)
}
type Put = [key: string, model: string, portal: string, payload: string, consumedAt: Instant | null, endsAt: Instant | null]
const put = prepared(6, (db, ...[key, model, portal, payload, consumed_at, ends_at]: Put) => {
  const rest = { model, portal, payload, consumed_at, ends_at }
  return db
    .insertInto('protocol_record')
    .values({ key, ...rest })
    .onConflict((it) => it.column('key').doUpdateSet(rest))
})

/** False when it was there already: of two that come at once one is the first. */
export async function addRecord(db: Db | Tx, row: NewRow<'protocol_record'>): Promise<boolean> {
  const done = await db
    .insertInto('protocol_record')
    .values(row)
    .onConflict((it) => it.column('key').doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 1n
}

export function findRecord(db: Db | Tx, key: string, now: Instant): Promise<ProtocolRecord | undefined> {
  return recordByKey(db, key, now).then(([row]) => row)
}
const recordByKey = prepared(2, (db, key: string, now: Instant) =>
  db
    .selectFrom('protocol_record')
    .selectAll()
    .where('key', '=', key)
    .where((it) => it.or([it('ends_at', 'is', null), it('ends_at', '>', now)])),
)

/** Changes what is there; false when it has gone or run out meanwhile, and then it stays gone. */
export async function changePayload(db: Db | Tx, key: string, payload: string, now: Instant): Promise<boolean> {
  return (await payloadChanged(db, key, payload, now)).length === 1
}
const payloadChanged = prepared(3, (db, key: string, payload: string, now: Instant) =>
  db
    .updateTable('protocol_record')
    .set({ payload })
    .where('key', '=', key)
    .where((it) => it.or([it('ends_at', 'is', null), it('ends_at', '>', now)]))
    .returning('key'),
)

/** One winner: of two that redeem at once, one sees true. */
export async function consumeRecord(db: Db | Tx, key: string, now: Instant): Promise<boolean> {
  return (await consumed(db, key, now)).length === 1
}
const consumed = prepared(2, (db, key: string, now: Instant) =>
  db.updateTable('protocol_record').set({ consumed_at: now }).where('key', '=', key).where('consumed_at', 'is', null).returning('key'),
)

export async function dropRecord(db: Db | Tx, key: string): Promise<void> {
  await dropped(db, key)
}
const dropped = prepared(1, (db, key: string) => db.deleteFrom('protocol_record').where('key', '=', key))

export function signingKeysOf(db: Db | Tx, portal: string): Promise<SigningKeyRow[]> {
  return db.selectFrom('signing_key').selectAll().where('portal', '=', portal).orderBy('created_at').execute()
}

/** Adds the keys unless another process was first. */
export async function addSigningKeys(tx: Tx, portal: string, rows: NewRow<'signing_key'>[]): Promise<void> {
  // Holds a row until the end of the transaction: whoever comes second waits here, and then sees the keys of the first.
  const turn = { key: `signing-keys ${portal}`, value: 'made' }
  await tx
    .insertInto('setting')
    .values(turn)
    .onConflict((it) => it.column('key').doUpdateSet(turn))
    .execute()
  if ((await signingKeysOf(tx, portal)).length > 0) return
  await tx.insertInto('signing_key').values(rows).execute()
}

/** Adds the next key of an algorithm; of two nodes that made one the first adds its own. */
export async function addNextSigningKey(db: Db | Tx, row: NewRow<'signing_key'>): Promise<void> {
  await db
    .insertInto('signing_key')
    .values(row)
    .onConflict((it) => it.column('id').doNothing())
    .execute()
}

export async function dropSigningKeys(db: Db | Tx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await db.deleteFrom('signing_key').where('id', 'in', ids).execute()
}
