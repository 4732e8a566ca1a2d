import { type OpenEnrolment, qrPng } from '../enrolment/index.ts'
import { keyUri } from '../factors/index.ts'
import { type AccountRow, authenticatorsOf, notePictureSaved } from '../storage/index.ts'
import type { Answer, Visit } from './visit.ts'

/* The QR code as a file, for who has no smartphone: given, and afterwards remembered until it is told that it can go. */

/** Only the code, black on white. */
export async function pictureFile({ doors: { house }, portal, now }: Visit, account: AccountRow, pending: OpenEnrolment): Promise<Answer> {
  await notePictureSaved(house.storage.db, pending.id, now)
  const headers = { 'content-disposition': `attachment; filename="${portal.id}-qr.png"` }
  return { status: 200, body: await qrPng(keyUri(portal.name, account.shown_name, pending.seed)), type: 'image/png', headers }
}

/** Whether a file with the secret of the app that was linked last lies somewhere. */
export async function hasPictureFile({ doors: { house } }: Visit, account: AccountRow): Promise<boolean> {
  const apps = (await authenticatorsOf(house.storage.db, account.id)).filter((it) => it.secret !== null)
  return (apps.at(-1)?.picture_saved_at ?? null) !== null
}
