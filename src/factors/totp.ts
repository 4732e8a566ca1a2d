import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { Instant, Proved, Purpose } from '../decision/index.ts'
import { Fault } from '../errors.ts'
import { type AuthenticatorRow, moveLastStepTo, type Tx, type Vault, workingAuthenticatorsOf } from '../storage/index.ts'

/** What every authenticator app and browser extension honours: SHA-1, 6 digits, 30 seconds, a seed of 20 bytes. */
export const stepSeconds = 30
export const seedBytes = 20

export type TotpRefusal = { readonly fact: 'refused'; readonly why: 'wrong' | 'used' | 'previous' }

/** Checks one app code and spends its time step (RFC 6238, section 5.2: a code is accepted once). Any linked app may give it. */
export async function verifyTotp(
  tx: Tx,
  vault: Vault,
  account: string,
  purpose: Purpose,
  digits: string,
  now: Instant,
  broken: (row: AuthenticatorRow, fault: Fault) => void,
): Promise<Proved | TotpRefusal> {
  let why: TotpRefusal['why'] = 'wrong'
  for (const app of await workingAuthenticatorsOf(tx, account, now)) {
    const seed = app.disabled_at === null ? openSeed(vault, app, broken) : undefined
    if (!seed) continue
    const step = matchingStep(seed, digits, now)
    if (step !== undefined) {
      if (await moveLastStepTo(tx, app.id, step, now)) return { fact: 'proved', method: 'totp', purpose, at: now }
      why = 'used'
    } else if (why === 'wrong' && stepWithin(seed, digits, now, 10) !== undefined) why = 'previous'
  }
  return { fact: 'refused', why }
}

/** A seed that does not open is no reason to let anybody in, nor to answer 500: this app proves nothing and an alarm rings. */
function openSeed(vault: Vault, app: AuthenticatorRow, broken: (row: AuthenticatorRow, fault: Fault) => void): Uint8Array | undefined {
  if (app.method !== 'totp' || app.secret === null) return undefined
  try {
    return vault.open(app.secret, seedPlace(app.id))
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    broken(app, error)
    return undefined
  }
}

export const seedPlace = (authenticator: string): { table: string; column: string; row: string } => ({
  table: 'authenticator',
  column: 'secret',
  row: authenticator,
})

/** How many codes of one app are right at one moment. */
export const codesAtOnce = 3

/** The time step this code belongs to: now, one back (a slow person), one ahead (a fast phone). */
export function matchingStep(seed: Uint8Array, digits: string, now: Instant): number | undefined {
  return stepWithin(seed, digits, now, 1)
}

/** The same over more steps. Only explains a clock that is off; never accepts. */
export function stepWithin(seed: Uint8Array, digits: string, now: Instant, steps: number): number | undefined {
  const current = Math.floor(now / 1000 / stepSeconds)
  const key = createSecretKey(seed)
  let found: number | undefined
  // All steps are computed and compared in constant time; the nearest one wins.
  for (let away = steps; away >= 0; away--) {
    for (const step of away === 0 ? [current] : [current + away, current - away]) {
      if (step >= 0 && equalInConstantTime(hotp(key, step), digits)) found = step
    }
  }
  return found
}

/** RFC 4226, section 5.3, six digits. Of a key object a code costs a seventh of what it costs of bytes. */
export function hotp(seed: Uint8Array | KeyObject, counter: number): string {
  const message = Buffer.alloc(8)
  message.writeBigUInt64BE(BigInt(counter))
  const digest = createHmac('sha1', seed).update(message).digest()
  const offset = (digest[digest.length - 1] as number) & 0xf
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

export function equalInConstantTime(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
