import { type Activity, activityOf } from '../audit/index.ts'
import { ActivityPage } from '../pages/index.ts'
import { asSituation, inSession, sessionFrame } from './confirm.tsx'
import { deviceKept } from './device.ts'
import { pageAnswer } from './draw.tsx'
import { basePath, path } from './paths.ts'

const onePage = 20

/** P48: 20 a page. No address of a computer is shown. */
export const activity = inSession(async (visit, standing) => {
  const { account, session, portal, now } = standing
  const frame = sessionFrame(visit, standing, path.activity)
  const all = await activityOf(visit.doors.house.storage.db, portal.id, account.id, now)
  const pages = Math.max(1, Math.ceil(all.length / onePage))
  const page = pageIn(visit.query.get('page'), pages)
  const rows = all.slice((page - 1) * onePage, page * onePage).map(({ at, device, ...it }: Activity) => ({
    ...it,
    at: frame.words.told.time(at),
    device: deviceKept(device),
    isElsewhere: device !== null && device !== session.device,
  }))
  const beside = (of: number): string | undefined => (of < 1 || of > pages ? undefined : `${basePath(portal)}${path.activity}?page=${of}`)
  return pageAnswer(
    visit,
    asSituation(standing),
    <ActivityPage frame={frame} rows={rows} newer={beside(page - 1)} older={beside(page + 1)} />,
  )
})

const pageIn = (asked: string | null, pages: number): number => Math.min(pages, /^[1-9]\d{0,3}$/.test(asked ?? '') ? Number(asked) : 1)
