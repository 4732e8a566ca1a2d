import type { Instant } from '../decision/index.ts'

export type RefusedCode =
  | 'username.empty'
  | 'email.empty'
  | 'email.format'
  | 'password.empty'
  | 'password.tooLong'
  | 'password.short'
  | 'password.common'
  | 'password.context'
  | 'reset.typedEmpty'
  | 'reset.typedWrong'
  | 'reset.tooMany'
  | 'reset.nameMismatch'

/** A refusal as a value: the key of the sentence, the status, the field that it is about, and what the sentence needs. */
export interface Refused {
  readonly refused: RefusedCode
  readonly status: 422 | 429
  readonly field?: 'username' | 'typed' | 'new_password'
  readonly until?: Instant
  readonly length?: number
  readonly minimum?: number
}

export const isRefused = (it: object): it is Refused => 'refused' in it
