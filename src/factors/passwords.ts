import { availableParallelism } from 'node:os'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { hash as argon2, verify as verifyArgon2 } from '@node-rs/argon2'
import { Fault } from '../errors.ts'
import type { Random } from '../random.ts'
import { formatOf, verifyImported } from './password-formats.ts'
import { makeWorkTimes, workOf } from './password-work.ts'

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
  /**
   * A place in the queue, asked for before a try is counted: whoever finds the queue full is charged none.
   * @throws Fault 'queue-full'
   */
  place(): PlaceInQueue
  needsRehash(hash: string): boolean
  /** Whether it stands, as a whole, in the operator's list of passwords that everybody tries first. */
  isCommon(plain: string): boolean
  /** How much work an imported hash is; undefined for our own, and for what takes no time. */
  workOf(hash: string): string | undefined
  /** How many wait for a turn. */
  readonly waiting: number
}

/** Is used once: by checking a password, or by leaving. */
export interface PlaceInQueue {
  /** As `Passwords.verify`, but never finds the queue full. */
  verify(hash: string | null, plain: string): Promise<boolean>
  /**
   * Waits until the slowest of these would have been checked, from when our own check began. Holds no turn and no thread: a refusal
   * that waits keeps nobody out.
   */
  asSlowAs(works: readonly string[]): Promise<void>
  leave(): void
}

/** How many wait for a turn at most. */
export const longestQueue = 500

export interface PasswordSettings {
  readonly width?: number
  readonly longest?: number
  /** Whole passwords that nobody may choose, in small letters. */
  readonly common?: ReadonlySet<string>
}

/** Hashes in a queue as wide as the machine; what does not fit in the queue is told at once instead of piling up. */
export async function makePasswords(
  random: Random,
  { width = availableParallelism(), longest = longestQueue, common }: PasswordSettings = {},
): Promise<Passwords> {
  const turns = makeTurns(width, longest)
  const times = makeWorkTimes()
  const hash = (plain: string): Promise<string> => argon2(normal(plain), { ...cost, salt: random.bytes(16) })
  const nobody = await hash(random.token())
  const check = (stored: string | null, plain: string): Promise<boolean> => {
    const known = stored !== null && formatOf(stored) !== undefined
    return times.timed(known ? workOf(stored) : undefined, async () => {
      if (known && !stored.startsWith('$argon2')) return verifyImported(stored, plain)
      const right = await verifyArgon2(known ? stored : nobody, normal(plain)).catch(() => false)
      return known && right
    })
  }
  return {
    hash: (plain) => turns.take(() => hash(plain)),
    verify: (stored, plain) => turns.take(() => check(stored, plain)),
    place: () => {
      const leave = turns.keepPlace()
      let began = performance.now()
      return {
        leave,
        verify: (stored, plain) => {
          leave()
          return turns.begin(() => {
            began = performance.now()
            return check(stored, plain)
          })
        },
        asSlowAs: async (works) => {
          const milliseconds = await times.slowest(works, (hash) => turns.begin(() => check(hash, 'nobody')))
          await pause(Math.max(0, began + milliseconds - performance.now()))
        },
      }
    },
    needsRehash: (stored) => !stored.startsWith(prefix),
    isCommon: (plain) => common?.has(plain.toLowerCase()) ?? false,
    workOf: (stored) => (stored.startsWith(prefix) ? undefined : workOf(stored)),
    get waiting() {
      return turns.waiting
    },
  }
}

/** The same letters, however the keyboard made them (RFC 8265, section 4.2: NFC). */
const normal = (plain: string): string => plain.normalize('NFC')

interface Turns {
  /** @throws Fault 'queue-full' */
  take<T>(work: () => Promise<T>): Promise<T>
  /** The same for who kept a place. */
  begin<T>(work: () => Promise<T>): Promise<T>
  /** @returns gives the place back; once. @throws Fault 'queue-full' */
  keepPlace(): () => void
  readonly waiting: number
}

function makeTurns(width: number, longest: number): Turns {
  const queue: (() => void)[] = []
  let busy = 0
  let kept = 0
  const next = (): void => {
    const begin = queue.shift()
    if (begin) begin()
    else busy--
  }
  const demandRoom = (): void => {
    if (queue.length + kept >= longest) throw new Fault('queue-full', `${queue.length + kept} passwords wait to be checked`)
  }
  const begin = async <T>(work: () => Promise<T>): Promise<T> => {
    if (busy < width) busy++
    else await new Promise<void>((resolve) => queue.push(resolve))
    try {
      return await work()
    } finally {
      next()
    }
  }
  return {
    begin,
    get waiting() {
      return queue.length + kept
    },
    take: async (work) => {
      demandRoom()
      return begin(work)
    },
    keepPlace: () => {
      demandRoom()
      kept++
      let left = false
      return () => {
        if (!left) kept--
        left = true
      }
    },
  }
}
