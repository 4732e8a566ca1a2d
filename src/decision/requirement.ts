import { soughtOf } from './sought.ts'
import type { Account, ApplicationRule, Instant, Kind, Policy, Request, Requirement, SecondStep } from './types.ts'

const daySeconds = 86_400
/** How long a mailbox that gave the password gives no second step. */
const restSeconds = daySeconds
/** A browser that was fully signed in from so shortly before the reset lifts that. */
const knownSeconds = 90 * daySeconds

/** Folds portal, application, request and account to what this sign-in asks: the strictest of them. */
export function requirementFor(policy: Policy, request: Request, account: Account | undefined, now: Instant): Requirement {
  const rule = ruleOf(policy, request)
  const strong = alternativesOf(policy, rule)
  const mandatoryAt = mandatorySince(policy, account)
  const mandatory = mandatoryAt !== undefined && mandatoryAt <= now
  const asked = mandatory ? strong : [['knowledge' as const], ...strong]
  const [anyOf, anyOfWhenWanted] = [soughtOf(asked, request), soughtOf(strong, request)]
  const counts = new Set([...anyOf, ...anyOfWhenWanted].flat())
  return {
    anyOf,
    anyOfWhenWanted,
    pages: policy.pages,
    methods: policy.methods.filter((it) => counts.has(secondKindOf(it))),
    choice: policy.choice,
    gate: policy.gate,
    phoneBeforeApp: policy.phoneBeforeApp,
    keepsLastMethod: policy.keepsLastMethod,
    enrolmentProves: true,
    rememberedSeconds: counts.has('remembered') ? policy.rememberedSeconds : 0,
    ...notBefore(request, now),
    ...mailboxRest(account, now),
    ...(rule === 'every-time' ? { secondStepNotBefore: request.at } : {}),
    ...(mandatory ? {} : announcement(policy, account, mandatoryAt, now)),
    ...(anyOf.length < asked.length ? { because: 'step-up' } : reason(policy, request, rule)),
  }
}

/** A sign-in that no application started asks what the portal asks at its strictest application. */
function ruleOf(policy: Policy, request: Request): ApplicationRule {
  if (request.application !== undefined) return ownValue(policy.applications, request.application) ?? 'every-time'
  const rules = Object.values(policy.applications)
  return (['every-time', 'session', 'remembered'] as const).find((it) => rules.includes(it)) ?? 'session'
}

function alternativesOf(policy: Policy, rule: ApplicationRule): Kind[][] {
  const kinds = new Set(policy.methods.map(secondKindOf))
  if (rule === 'remembered' && policy.rememberedSeconds > 0) kinds.add('remembered')
  return [...kinds].map((kind) => ['knowledge', kind])
}

export const secondKindOf = (method: SecondStep): Kind => (method === 'email' ? 'mailbox' : 'possession')

/**
 * From when on this account needs a second step; undefined when no date is set. Whoever has something registered is asked from
 * then on, whatever the date and whatever a clock says: nobody falls back to a password alone.
 */
function mandatorySince({ enforcement }: Policy, account: Account | undefined): Instant | undefined {
  if (account && (account.secondStepSince !== undefined || account.bound.length > 0)) return 0
  if (enforcement.mode === 'from') return ownValue(enforcement.groups, account?.group ?? '') ?? enforcement.at
  return enforcement.mode === 'at-once' ? 0 : undefined
}

/** Names of groups and applications come from elsewhere: `constructor` is a name like any other. */
function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function announcement(
  policy: Policy,
  account: Account | undefined,
  mandatoryAt: Instant | undefined,
  now: Instant,
): Pick<Requirement, 'announce'> {
  if (account?.hasPendingEnrolment) return { announce: { ...(mandatoryAt === undefined ? {} : { mandatoryAt }), everySeconds: 0 } }
  if (policy.enforcement.mode !== 'from' || mandatoryAt === undefined) return {}
  const leftSeconds = (mandatoryAt - now) / 1000
  if (leftSeconds > policy.enforcement.announceSeconds) return {}
  return { announce: { mandatoryAt, everySeconds: leftSeconds > 14 * daySeconds ? 7 * daySeconds : 0 } }
}

/** Until when a mailbox gives no second step that gave the password at this moment. */
export const mailboxRestsUntil = (resetAt: Instant): Instant => resetAt + restSeconds * 1000

/** Somebody with the mailbox alone must not get in. A browser that the account knew before is no work of a thief of mails. */
function mailboxRest(account: Account | undefined, now: Instant): Pick<Requirement, 'mailbox'> {
  const resetAt = account?.mailboxResetAt
  if (resetAt === undefined) return {}
  const seenAt = account?.browserSeenAt
  if (seenAt !== undefined && seenAt <= resetAt && seenAt + knownSeconds * 1000 >= resetAt) return {}
  const countsFrom = mailboxRestsUntil(resetAt)
  return { mailbox: { resetAt, countsFrom, rests: countsFrom > now } }
}

function notBefore(request: Request, now: Instant): Pick<Requirement, 'notBefore'> {
  const limits = [
    request.again ? request.at : undefined,
    request.maxAgeSeconds === undefined ? undefined : Math.min(request.at, now) - request.maxAgeSeconds * 1000,
  ]
  const latest = Math.max(...limits.filter((it) => it !== undefined))
  return Number.isFinite(latest) ? { notBefore: latest } : {}
}

/** True whatever the browser says. A sign-in that no application started is asked by the portal's own rule: no line is truer than a wrong one. */
function reason(policy: Policy, request: Request, rule: ApplicationRule): Pick<Requirement, 'because'> {
  if (policy.rememberedSeconds === 0) return { because: 'always' }
  if (request.application === undefined) return { because: 'unknown' }
  return rule === 'remembered' ? {} : { because: 'application-always' }
}
