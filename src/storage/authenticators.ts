import type { Instant } from '../decision/index.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import type { NewRow, Row } from './tables.ts'

export type AuthenticatorRow = Row<'authenticator'>
export type PendingEnrolmentRow = Row<'pending_enrolment'>
export type EndedApp = Pick<AuthenticatorRow, 'id' | 'account_id'> & { readonly portal: string }

export function authenticatorsOf(db: Db | Tx, account: string): Promise<AuthenticatorRow[]> {
  return authenticatorRows(db, account)
}
const authenticatorRows = prepared(1, (db, account: string) =>
  db.selectFrom('authenticator').selectAll().where('account_id', '=', account).orderBy('bound_at'),
)

/** Those that prove something now: not one that another took the place of. One that is turned off is among them. */
export function workingAuthenticatorsOf(db: Db | Tx, account: string, now: Instant): Promise<AuthenticatorRow[]> {
  return workingRows(db, account, now)
}
const workingRows = prepared(2, (db, account: string, now: Instant) =>
  db
    .selectFrom('authenticator')
    .selectAll()
    .where('account_id', '=', account)
    .where((it) => it.or([it('ends_at', 'is', null), it('ends_at', '>', now)]))
    .orderBy('bound_at'),
)

export async function addAuthenticator(tx: Db | Tx, row: NewRow<'authenticator'>): Promise<void> {
  await tx.insertInto('authenticator').values(row).execute()
}

/** Adds many at once. */
export async function addAuthenticators(tx: Tx, rows: readonly NewRow<'authenticator'>[]): Promise<void> {
  if (rows.length > 0) await tx.insertInto('authenticator').values(rows).execute()
}

/**
 * Spends a time step: one update, and its condition is the rule (RFC 6238, section 5.2). Steps only move forward, so the code of a
 * step before is dead once a later one was used.
 */
export async function moveLastStepTo(tx: Tx, id: string, step: number, now: Instant): Promise<boolean> {
  return (await movedTo(tx, id, step, now)).length === 1
}
const movedTo = prepared(3, (db, id: string, step: number, now: Instant) =>
  db
    .updateTable('authenticator')
    .set((it) => ({ last_step: step, last_used_at: now, uses: it('uses', '+', 1) }))
    .where('id', '=', id)
    .where('last_step', '<', step)
    .where('disabled_at', 'is', null)
    .where((it) => it.or([it('ends_at', 'is', null), it('ends_at', '>', now)]))
    .returning('id'),
)

/** A code that was texted came back: the phone was used. */
export async function touchAuthenticator(tx: Tx, account: string, method: 'sms', now: Instant): Promise<void> {
  await tx.updateTable('authenticator').set({ last_used_at: now }).where('account_id', '=', account).where('method', '=', method).execute()
}

export async function disableAuthenticators(tx: Tx, account: string, method: 'totp' | 'sms', now: Instant): Promise<void> {
  await tx
    .updateTable('authenticator')
    .set({ disabled_at: now })
    .where('account_id', '=', account)
    .where('method', '=', method)
    .where('disabled_at', 'is', null)
    .execute()
}

export async function removeAuthenticator(tx: Tx, account: string, id: string): Promise<boolean> {
  const done = await tx.deleteFrom('authenticator').where('id', '=', id).where('account_id', '=', account).executeTakeFirst()
  return done.numDeletedRows === 1n
}

/** What a person calls it. @returns false when the account has no such authenticator. */
export async function renameAuthenticator(tx: Db | Tx, account: string, id: string, title: string | null): Promise<boolean> {
  const done = await tx
    .updateTable('authenticator')
    .set({ title })
    .where('id', '=', id)
    .where('account_id', '=', account)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** Another takes its place at `endsAt`; undefined: nothing does any more. @returns false when the account has no such authenticator. */
export async function endAuthenticatorAt(
  tx: Tx,
  account: string,
  id: string,
  ending: { readonly endsAt: Instant; readonly by: string } | undefined,
): Promise<boolean> {
  const done = await tx
    .updateTable('authenticator')
    .set({ ends_at: ending?.endsAt ?? null, replaced_by: ending?.by ?? null, end_told_at: null })
    .where('id', '=', id)
    .where('account_id', '=', account)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** Its owner is told that it has ended. One winner; none for one that works, or works again. */
export async function noteEndTold(tx: Tx, id: string, now: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('authenticator')
    .set({ end_told_at: now })
    .where('id', '=', id)
    .where('ends_at', '<=', now)
    .where('end_told_at', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** What has ended after `since`, and nobody was told of: some of it at a time. */
export function endedUntold(db: Db, since: Instant, now: Instant): Promise<EndedApp[]> {
  return db
    .selectFrom('authenticator')
    .innerJoin('account', 'account.id', 'authenticator.account_id')
    .select(['authenticator.id', 'authenticator.account_id', 'account.portal'])
    .where('authenticator.ends_at', '>', since)
    .where('authenticator.ends_at', '<=', now)
    .where('authenticator.end_told_at', 'is', null)
    .where('account.disabled_at', 'is', null)
    .orderBy('authenticator.ends_at')
    .limit(100)
    .execute()
}

/** An app that is being linked can no longer be finished. */
export async function dropPendingEnrolment(tx: Tx, account: string): Promise<boolean> {
  const done = await tx.deleteFrom('pending_enrolment').where('account_id', '=', account).executeTakeFirst()
  return done.numDeletedRows > 0n
}

/** The app that is being linked, while it may still be finished. */
export async function findPendingEnrolment(db: Db | Tx, account: string, now: Instant): Promise<PendingEnrolmentRow | undefined> {
  return (await pendingOf(db, account, now))[0]
}
const pendingOf = prepared(2, (db, account: string, now: Instant) =>
  db.selectFrom('pending_enrolment').selectAll().where('account_id', '=', account).where('ends_at', '>', now),
)

/** Puts this pending enrolment in the place of any other of the account: at most one lives. */
export async function replacePendingEnrolment(tx: Tx, row: NewRow<'pending_enrolment'>): Promise<void> {
  await tx
    .insertInto('pending_enrolment')
    .values(row)
    .onConflict((it) => it.column('account_id').doUpdateSet({ picture_saved_at: null, ...row }))
    .execute()
}

/** Its QR code was saved as a file; the first time is kept. */
export async function notePictureSaved(db: Db, id: string, now: Instant): Promise<void> {
  await db
    .updateTable('pending_enrolment')
    .set({ picture_saved_at: now })
    .where('id', '=', id)
    .where('picture_saved_at', 'is', null)
    .execute()
}

/** Moves a pending enrolment to the sign-in that goes on with it. */
export async function adoptPendingEnrolment(tx: Tx, id: string, attempt: string): Promise<void> {
  await tx.updateTable('pending_enrolment').set({ attempt_id: attempt }).where('id', '=', id).execute()
}

/** Ends it. One winner: the caller that sees true may bind the authenticator. */
export async function spendPendingEnrolment(tx: Tx, id: string): Promise<boolean> {
  const done = await tx.deleteFrom('pending_enrolment').where('id', '=', id).executeTakeFirst()
  return done.numDeletedRows === 1n
}
