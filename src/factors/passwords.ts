import { availableParallelism } from 'node:os'
import { hash as argon2, verify as verifyArgon2 } from '@node-rs/argon2'
import { Fault } from '../errors.ts'
import type { Random } from '../random.ts'
import { formatOf, verifyImported } from './password-formats.ts'

/** argon2id, version 19: 19 MiB, 2 passes, 1 lane (OWASP's smallest recommended setting). */
export const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const prefix = '$argon2id$v=19$m=19456,t=2,p=1$'

export interface Passwords {
  /** @throws Fault 'queue-full' */
  hash(plain: string): Promise<string>
  /**
   * Whether the password is right. `null` (nobody, or an account without a password) costs the same work and is never right.
   * @throws Fault 'queue-full'
   */
  verify(hash: string | null, plain: string): Promise<boolean>
  needsRehash(hash: string): boolean
  /** How many wait for a turn. */
  readonly waiting: number
}

/** Hashes in a queue as wide as the machine; what does not fit in the queue is told at once instead of piling up. */
export async function makePasswords(random: Random, { width = availableParallelism(), longest = 500 } = {}): Promise<Passwords> {
  const turns = makeTurns(width, longest)
  const hash = (plain: string): Promise<string> => argon2(normal(plain), { ...cost, salt: random.bytes(16) })
  const nobody = await hash(random.token())
  const check = async (stored: string | null, plain: string): Promise<boolean> => {
    const known = stored !== null && formatOf(stored) !== undefined
    if (known && !stored.startsWith('$argon2')) return verifyImported(stored, plain)
    const right = await verifyArgon2(known ? stored : nobody, normal(plain)).catch(() => false)
    return known && right
  }
  return {
    hash: (plain) => turns.take(() => hash(plain)),
    verify: (stored, plain) => turns.take(() => check(stored, plain)),
    needsRehash: (stored) => !stored.startsWith(prefix),
    get waiting() {
      return turns.waiting
    },
  }
}

/** The same letters, however the keyboard made them (RFC 8265, section 4.2: NFC). */
const normal = (plain: string): string => plain.normalize('NFC')

function makeTurns(width: number, longest: number): { take<T>(work: () => Promise<T>): Promise<T>; readonly waiting: number } {
  const queue: (() => void)[] = []
  let busy = 0
  const next = (): void => {
    const begin = queue.shift()
    if (begin) begin()
    else busy--
  }
  return {
    get waiting() {
      return queue.length
    },
    take: async (work) => {
      if (queue.length >= longest) throw new Fault('queue-full', `${queue.length} passwords wait to be checked`)
      if (busy < width) busy++
      else await new Promise<void>((resolve) => queue.push(resolve))
      try {
        return await work()
      } finally {
        next()
      }
    },
  }
}
