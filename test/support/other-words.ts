/*
 * The policy of a sign-in in other words than src/decision: two tellings that agree on millions of worlds are hardly both wrong.
 * For src/decision/laws.test.ts.
 */
import {
  type Account,
  type Fact,
  type Instant,
  type Method,
  nextStep,
  type Policy,
  type Proved,
  type Request,
  requirementFor,
  type Step,
} from '../../src/decision/index.ts'

const day = 86_400_000

export interface World {
  readonly policy: Policy
  readonly request: Request
  readonly account: Account
  readonly facts: readonly Fact[]
  readonly now: Instant
}

export const stepIn = ({ policy, request, account, facts, now: at }: World): Step =>
  nextStep(requirementFor(policy, request, account, at), account, facts, at)

/** How far a step is from the end: only 4 lets anybody in. */
export function nearness({ step }: Step): number {
  return step === 'identify' ? 0 : step === 'password' ? 1 : step === 'offer' ? 3 : step === 'done' ? 4 : 2
}

export function strictestRule({ policy, request }: World): string {
  if (request.application !== undefined) return policy.applications[request.application] ?? 'every-time'
  const rules: readonly string[] = Object.values(policy.applications)
  return rules.includes('every-time') ? 'every-time' : rules.includes('session') ? 'session' : 'remembered'
}

export function earliest({ request }: World): Instant {
  return Math.max(request.again ? request.at : 0, request.maxAgeSeconds === undefined ? 0 : request.at - request.maxAgeSeconds * 1000)
}

export const proofsOf = ({ facts, now: at }: World): Proved[] => facts.filter((it) => it.fact === 'proved').filter((it) => it.at <= at)

/** Somebody with nothing but the mailbox: no other factor since the reset, in a browser that nobody knew before it. */
export function isMailboxAlone({ policy, account, facts, now: at }: World): boolean {
  const { mailboxResetAt: reset, browserSeenAt: seen } = account
  if (reset === undefined || (seen !== undefined && seen <= reset && reset - seen <= 90 * day)) return false
  const others = new Set(policy.methods.filter((it) => it !== 'email').flatMap((it) => [`${it} sign-in`, `${it} enrol`, `${it} new-phone`]))
  const binding = ['totp enrol', 'sms new-phone', 'ticket recovery', 'recovery-code recovery']
  const since = facts.filter((it) => it.fact === 'proved' && it.at <= at && it.at >= reset) as Proved[]
  return !since.some((it) => {
    const act = `${it.method} ${it.purpose}`
    return binding.includes(act) || (it.purpose === 'sign-in' && others.has(act))
  })
}

export const mailCounts = (world: World, it: Proved): boolean =>
  it.method !== 'email' || !isMailboxAlone(world) || it.at >= (world.account.mailboxResetAt ?? 0) + day

export function showsSecondStep(world: World): Proved[] {
  const since = Math.max(earliest(world), strictestRule(world) === 'every-time' ? world.request.at : 0)
  return proofsOf(world).filter(
    (it) =>
      it.at >= since &&
      mailCounts(world, it) &&
      (world.policy.methods as readonly Method[]).includes(it.method) &&
      ['sign-in', it.method === 'totp' ? 'enrol' : it.method === 'sms' ? 'new-phone' : 'sign-in'].includes(it.purpose),
  )
}

export const showsPassword = (world: World): boolean => proofsOf(world).some((it) => it.method === 'password' && it.at >= earliest(world))

export function isRemembered(world: World): boolean {
  const { policy, account, now: at } = world
  if (strictestRule(world) !== 'remembered') return false
  const days = (it: Proved): boolean => it.at > at - policy.rememberedSeconds * 1000
  return proofsOf(world).some(
    (it) => it.method === 'remembered-browser' && days(it) && it.at >= earliest(world) && it.at >= (account.authenticatorsChangedAt ?? 0),
  )
}

export function isAsked({ policy, account, facts, now: at }: World): boolean {
  const { enforcement } = policy
  const date = enforcement.mode === 'from' ? (enforcement.groups[account.group ?? ''] ?? enforcement.at) : Number.POSITIVE_INFINITY
  const mandatory = enforcement.mode === 'at-once' || date <= at
  return mandatory || account.bound.length > 0 || account.secondStepSince !== undefined || facts.some((it) => it.fact === 'wanted')
}

export const mayEnter = (world: World): boolean =>
  showsPassword(world) && (!isAsked(world) || showsSecondStep(world).length > 0 || isRemembered(world))

export const isSecret = (step: Step): boolean =>
  ['enrol', 'register-phone', 'choose-enrolment'].includes(step.step) || (step.step === 'prove' && step.purpose === 'new-phone')

export const isRecovered = (world: World): boolean => proofsOf(world).some((it) => it.purpose === 'recovery')

export function mayShowSecret(world: World): boolean {
  const channels = world.policy.gate === 'email' ? ['email'] : ['email', 'sms']
  const gated = proofsOf(world).some((it) => it.purpose === 'gate' && channels.includes(it.method) && mailCounts(world, it))
  const speaksFirst = world.account.bound.some((it) => (world.policy.methods as readonly string[]).includes(it.method))
  return isRecovered(world) || (gated && !speaksFirst)
}

export function holdsInOneWorld(world: World): boolean {
  const step = stepIn(world)
  const near = nearness(step)
  if (near >= 2 !== showsPassword(world) || near >= 3 !== mayEnter(world)) return false
  if (isSecret(step) && !mayShowSecret(world)) return false
  if (step.step === 'offer' && isAsked(world)) return false
  return step.step !== 'done' || isTrue(step, world)
}

/** What an application is told: no more than what happened in this sign-in. */
export function isTrue(done: Extract<Step, { step: 'done' }>, world: World): boolean {
  const methods = new Set(showsSecondStep(world).map((it) => it.method))
  const strong = methods.has('totp') || methods.has('sms')
  const acr = strong ? '2' : methods.has('email') ? '2-mail' : isRemembered(world) ? '2-remembered' : '1'
  const amr = [
    'pwd',
    ...(methods.has('totp') ? ['otp'] : []),
    ...(methods.has('sms') ? ['sms'] : []),
    ...(strong ? ['mfa'] : methods.has('email') ? ['email'] : []),
  ]
  return done.acr === `urn:sluis:acr:${acr}` && done.amr.join() === amr.join() && (done.secondStepAt !== undefined) === methods.size > 0
}
