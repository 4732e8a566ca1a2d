import type { Acr, Instant, Proved } from './types.ts'

export interface Statement {
  readonly acr: Acr
  /** RFC 8176; `email` is a private value and never comes with `mfa`. */
  readonly amr: readonly string[]
  readonly authTime: Instant
  /** When a second step was really shown. A remembered browser repeats an old proof; it is not a new one. */
  readonly secondStepAt?: Instant
}

/** What the proofs that counted say to an application: no more than what happened. */
export function statementOf(proofs: readonly Proved[]): Statement {
  const has = (...methods: readonly Proved['method'][]): boolean => proofs.some((it) => methods.includes(it.method))
  const shown = proofs.filter((it) => it.method !== 'remembered-browser')
  const second = shown.filter((it) => it.method !== 'password')
  return {
    acr: has('totp', 'sms')
      ? 'urn:sluis:acr:2'
      : has('email')
        ? 'urn:sluis:acr:2-mail'
        : has('remembered-browser')
          ? 'urn:sluis:acr:2-remembered'
          : 'urn:sluis:acr:1',
    amr: [
      ...(has('password') ? ['pwd'] : []),
      ...(has('totp') ? ['otp'] : []),
      ...(has('sms') ? ['sms'] : []),
      ...(has('totp', 'sms') ? ['mfa'] : has('email') ? ['email'] : []),
    ],
    authTime: Math.max(...shown.map((it) => it.at)),
    ...(second.length > 0 ? { secondStepAt: Math.max(...second.map((it) => it.at)) } : {}),
  }
}
