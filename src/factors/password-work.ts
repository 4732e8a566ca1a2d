import { performance } from 'node:perf_hooks'

/*
 * How much work a stored hash is, told by its beginning: format and cost, without salt and sum.
 *
 *   $argon2id$v=19$m=65536,t=3,p=4$   $2b$12$   pbkdf2_sha256$600000$
 *
 * {SSHA} is too little work to be seen from outside, and has none.
 */
const beginnings = /^(?:\$argon2id\$v=19\$m=\d+,t=\d+,p=\d\$|\$2[aby]\$\d\d\$|pbkdf2_sha(?:1|256|512)\$\d+\$)/

export const workOf = (hash: string): string | undefined => beginnings.exec(hash)?.[0]

const digestBytes: Readonly<Record<string, number>> = { sha1: 20, sha256: 32, sha512: 64 }

/** A hash that is this much work to check, and of no password that anybody knows. */
export function exampleOf(work: string): string {
  if (work.startsWith('$argon2id')) return `${work}${'A'.repeat(22)}$${'A'.repeat(43)}`
  if (work.startsWith('$2')) return `${work}${'.'.repeat(53)}`
  const [, digest = ''] = /^pbkdf2_(\w+)\$/.exec(work) ?? []
  return `${work}nobody$${Buffer.alloc(digestBytes[digest] ?? 0).toString('base64')}`
}

export interface WorkTimes {
  /** Does some work and remembers how long it took. */
  timed<T>(work: string | undefined, doIt: () => Promise<T>): Promise<T>
  /** Milliseconds within which the slowest of these is done; what was never seen is tried first. */
  slowest(works: readonly string[], tryOut: (hash: string) => Promise<unknown>): Promise<number>
}

const remembered = 16
/** A wait that is a little longer than the work hides how much a single check differs from the next. */
const margin = 1.25
const grid = 10

/** What each kind of work took lately on this machine, under the load that it has. */
export function makeWorkTimes(): WorkTimes {
  const seen = new Map<string, number[]>()
  const trying = new Map<string, Promise<void>>()
  const timed: WorkTimes['timed'] = async (work, doIt) => {
    const began = performance.now()
    const result = await doIt()
    if (work !== undefined) seen.set(work, [...(seen.get(work) ?? []), performance.now() - began].slice(-remembered))
    return result
  }
  const triedOut = (work: string, tryOut: (hash: string) => Promise<unknown>): Promise<void> => {
    const running = trying.get(work) ?? tryOut(exampleOf(work)).then(() => void trying.delete(work))
    trying.set(work, running)
    return running
  }
  return {
    timed,
    slowest: async (works, tryOut) => {
      for (const work of works) if (!seen.has(work)) await triedOut(work, tryOut)
      const longest = Math.max(0, ...works.flatMap((it) => seen.get(it) ?? []))
      return Math.ceil((longest * margin) / grid) * grid
    },
  }
}
