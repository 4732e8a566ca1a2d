import { type Instant, nextStep, type Request, requirementFor, type Step } from '../decision/index.ts'
import { tellOwner } from '../delivery/index.ts'
import type { House } from '../factors/index.ts'
import { type AttemptRow, factsOf, findAccount, leftAfterPassword, noteHalfTold } from '../storage/index.ts'
import { policyOf } from './policy.ts'
import { viewOf } from './situation.ts'

/** How long a second step may take before the owner hears that somebody had the password. */
const patienceSeconds = 600
/** How far back a look goes: a sign-in is over after an hour, and a server may have been down for some of it. */
const lookBackSeconds = 3_600

/**
 * The right password and no second step within ten minutes: the owner is told, at most once a day. One of two nodes tells.
 * Reads only, as long as there is nothing to tell.
 */
export async function tellHalfFinished(house: House, now: Instant): Promise<void> {
  const until = now - patienceSeconds * 1000
  for (const attempt of await leftAfterPassword(house.storage.db, until - lookBackSeconds * 1000, until))
    await look(house, attempt, now).catch((error: unknown) => house.log.error({ err: error }, 'nobody was told of a sign-in left half-way'))
}

/** Where a code was asked. Who only read that one will be, or has to choose a new password, left nothing half-way. */
const waits: readonly Step['step'][] = ['choose', 'not-registered', 'prove', 'register-phone', 'enrol', 'choose-enrolment', 'wait']

async function look(house: House, attempt: AttemptRow, now: Instant): Promise<void> {
  const { db } = house.storage
  const portal = house.portals.get(attempt.portal)
  const account = portal && attempt.account_id ? await findAccount(db, portal.id, attempt.account_id) : undefined
  if (!portal || !account || account.disabled_at !== null) return
  const view = await viewOf(db, account, { facts: [] }, now)
  const need = requirementFor(policyOf(portal), JSON.parse(attempt.request) as Request, view, now)
  if (!waits.includes(nextStep(need, view, await factsOf(db, attempt.id), now).step)) return
  const isTold = await house.storage.inTransaction(async (tx) => {
    if (!(await noteHalfTold(tx, account.id, now))) return false
    await tellOwner(tx, house, { portal, account, language: attempt.language, now }, { notice: 'half-finished' })
    return true
  })
  if (isTold) house.notify()
}
