import type { Account, ApplicationRule, Instant, Kind, Policy, Reason, Request, Requirement, SecondStep } from './types.ts'

const daySeconds = 86_400

/** Folds portal, application, request and account to what this sign-in asks: the strictest of them. */
export function requirementFor(policy: Policy, request: Request, account: Account | undefined, now: Instant): Requirement {
  const rule = ruleOf(policy, request)
  const strong = alternativesOf(policy, rule)
  const mandatoryAt = mandatorySince(policy, account)
  const mandatory = mandatoryAt !== undefined && mandatoryAt <= now
  return {
    anyOf: mandatory ? strong : [['knowledge'], ...strong],
    anyOfWhenWanted: strong,
    pages: policy.pages,
    methods: policy.methods,
    choice: policy.choice,
    gate: policy.gate,
    phoneBeforeApp: policy.phoneBeforeApp,
    enrolmentProves: true,
    rememberedSeconds: rule === 'remembered' ? policy.rememberedSeconds : 0,
    ...notBefore(request, now),
    ...(rule === 'every-time' ? { secondStepNotBefore: request.at } : {}),
    ...(mandatory ? {} : announcement(policy, account, mandatoryAt, now)),
    because: alwaysReason(policy, rule),
  }
}

/** A sign-in that no application started asks what the portal asks at its strictest application. */
function ruleOf(policy: Policy, request: Request): ApplicationRule {
  if (request.application !== undefined) return policy.applications[request.application] ?? 'every-time'
  const rules = Object.values(policy.applications)
  return (['every-time', 'session', 'remembered'] as const).find((it) => rules.includes(it)) ?? 'session'
}

function alternativesOf(policy: Policy, rule: ApplicationRule): Kind[][] {
  const kinds = new Set(policy.methods.map(secondKindOf))
  if (rule === 'remembered' && policy.rememberedSeconds > 0) kinds.add('remembered')
  return [...kinds].map((kind) => ['knowledge', kind])
}

export const secondKindOf = (method: SecondStep): Kind => (method === 'email' ? 'mailbox' : 'possession')

/** From when on this account needs a second step; undefined when no date is set. */
function mandatorySince(policy: Policy, account: Account | undefined): Instant | undefined {
  const { enforcement } = policy
  const dated =
    enforcement.mode === 'at-once'
      ? 0
      : enforcement.mode === 'from'
        ? (enforcement.groups[account?.group ?? ''] ?? enforcement.at)
        : undefined
  const wanted = account?.secondStepSince
  if (dated === undefined || wanted === undefined) return dated ?? wanted
  return Math.min(dated, wanted)
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

function notBefore(request: Request, now: Instant): Pick<Requirement, 'notBefore'> {
  const limits = [
    request.again ? request.at : undefined,
    request.maxAgeSeconds === undefined ? undefined : Math.min(request.at, now) - request.maxAgeSeconds * 1000,
  ]
  const latest = Math.max(...limits.filter((it) => it !== undefined))
  return Number.isFinite(latest) ? { notBefore: latest } : {}
}

function alwaysReason(policy: Policy, rule: ApplicationRule): Reason {
  if (policy.rememberedSeconds === 0) return 'always'
  return rule === 'remembered' ? 'unknown' : 'application-always'
}
