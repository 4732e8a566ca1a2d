import type { Instant, Method } from '../decision/index.ts'
import { type AuditRow, auditRowsSince, type Db } from '../storage/index.ts'

/** What a person is told of their own account. No address, no reason, nothing that only a helpdesk understands. */
export type Activity = { readonly at: Instant; readonly device: string | null } & (
  | { readonly what: 'signedIn' | 'added' | 'removed' | 'disabled'; readonly method: Method }
  | { readonly what: 'wrong'; readonly times: number }
  | { readonly what: 'password' | 'email' | 'phone' | 'copied' | 'forgotten' | 'ticket' | 'secured' }
)

const activityDays = 90
/** Grouped rows of a person under attack: what is older than so many events is not told here. */
const most = 2_000

const kinds = {
  'session.started': 'signedIn',
  'authenticator.bound': 'added',
  'authenticator.removed': 'removed',
  'authenticator.disabled': 'disabled',
  'second-step.refused': 'wrong',
  'gate.refused': 'wrong',
  'enrolment.refused': 'wrong',
  'password.changed': 'password',
  'reset.used': 'password',
  'recovery.accepted': 'ticket',
  'notice.acted': 'secured',
  'email.changed': 'email',
  'phone.changed': 'phone',
  'remembered.theft-suspected': 'copied',
  'remembered.forgotten': 'forgotten',
} as const satisfies Record<string, Activity['what']>

/** The last 90 days, newest first; codes that were not right one after another in one sign-in are one line. */
export async function activityOf(db: Db, portal: string, account: string, now: Instant): Promise<Activity[]> {
  const since = now - activityDays * 86_400_000
  const rows = await auditRowsSince(db, portal, account, { events: Object.keys(kinds), since, limit: most })
  const told: Activity[] = []
  let before: AuditRow | undefined
  for (const row of rows) {
    const activity = activityIn(row)
    if (!activity) continue
    const last = told.at(-1)
    const isMore = activity.what === 'wrong' && last?.what === 'wrong' && before?.attempt_id === row.attempt_id
    if (isMore) told[told.length - 1] = { ...last, times: last.times + 1 }
    else told.push(activity)
    before = row
  }
  return told
}

function activityIn({ event, method, reason, at, device }: AuditRow): Activity | undefined {
  const what = kinds[event as keyof typeof kinds]
  const when = { at, device }
  switch (what) {
    case 'wrong':
      // A code that nobody looked at was neither right nor wrong.
      return reason === 'paused' ? undefined : { ...when, what, times: 1 }
    case 'password':
    case 'email':
    case 'phone':
    case 'copied':
    case 'forgotten':
    case 'ticket':
    case 'secured':
      return { ...when, what }
    default:
      return method === null ? undefined : { ...when, what, method: method as Method }
  }
}
