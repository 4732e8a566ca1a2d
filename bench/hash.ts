import { availableParallelism } from 'node:os'
import { verify } from '@node-rs/argon2'

export interface BareHashing {
  /** Verifications a second, as many at once as the machine has cores. */
  readonly rate: number
  /** Processor time of one verification. */
  readonly cpuSeconds: number
}

/** What the machine can do when it does nothing but check this hash: the physical limit of a sign-in with a password. */
export async function bareHashing(hash: string, password: string, seconds: number): Promise<BareHashing> {
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  let done = 0
  const one = async (): Promise<void> => {
    while (performance.now() - startedAt < seconds * 1000) {
      await verify(hash, password)
      done++
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, one))
  const tookSeconds = (performance.now() - startedAt) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { rate: done / tookSeconds, cpuSeconds: (user + system) / 1e6 / done }
}

/** Before and after: what else the machine did meanwhile weighs on both. */
export const meanOf = (a: BareHashing, b: BareHashing): BareHashing => ({
  rate: (a.rate + b.rate) / 2,
  cpuSeconds: (a.cpuSeconds + b.cpuSeconds) / 2,
})
