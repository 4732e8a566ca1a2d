import type { Instant } from '../decision/index.ts'
import type { HeldBack } from '../factors/index.ts'

/** A refusal as a value: the key of the sentence for the person, the status for the machine, and the facts the sentence needs. */
export interface Said {
  readonly said: SaidCode
  readonly status: 200 | 422 | 429
  /** The field that it is about, when it is not the code. */
  readonly field?: 'username' | 'password' | 'code' | 'method' | 'phone' | 'email' | 'name' | 'new_password' | 'ticket'
  readonly until?: Instant
  readonly at?: Instant
  readonly reference?: string
  readonly left?: number
  readonly sentBefore?: number
  readonly minutes?: number
  readonly minimum?: number
  readonly direction?: 'behind' | 'ahead'
  /** Changed cookies, when the answer still made something. */
  readonly enrolment?: string
}

export type SaidCode =
  | 'username.empty'
  | 'email.empty'
  | 'password.empty'
  | 'password.tooLong'
  | 'signin.wrong'
  | 'signin.wrongEmail'
  | 'signin.paused'
  | 'code.empty'
  | 'code.format'
  | 'code.manyRuns'
  | 'code.wrongApp'
  | 'code.wrongMail'
  | 'code.wrongSms'
  | 'code.wrongEnrol'
  | 'code.lastTries'
  | 'code.spent'
  | 'code.expired'
  | 'code.usedApp'
  | 'code.usedSent'
  | 'code.previousApp'
  | 'code.otherKind'
  | 'code.clock'
  | 'code.tooSoon'
  | 'code.tooManySent'
  | 'code.nextAt'
  | 'code.noneLeft'
  | 'code.paused'
  | 'method.none'
  | 'method.unavailable'
  | 'method.disabled'
  | 'method.mailAfterReset'
  | 'ticket.empty'
  | 'ticket.wrong'
  | 'enrol.expired'
  | 'enrol.gate'
  | 'phone.empty'
  | 'phone.format'
  | 'phone.notMobile'
  | 'phone.country'
  | 'phone.tooSoon'
  | 'server.busy'
  | 'phone.limit'
  | 'sms.limit'
  | 'mail.limit'
  | 'flow.otherTab'
  | 'profile.lastMethod'
  | 'profile.nameLong'
  | 'profile.stepExpired'
  | 'password.currentWrong'
  | 'password.short'
  | 'password.common'
  | 'password.context'
  | 'password.same'
  | 'email.format'
  | 'email.same'
  | 'phone.same'

/** No code now: from when, and how many there were. */
export const heldBackSaid = ({ why, at, until, sentBefore }: HeldBack, status: Said['status']): Said => ({
  said: why,
  status,
  at,
  until,
  sentBefore,
})

export const isSaid = (it: object): it is Said => 'said' in it
