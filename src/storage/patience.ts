import { setTimeout as delay } from 'node:timers/promises'

const attempts = 40

/** Does it again while what stands in the way will pass by itself: at most 40 times, about 4 seconds of waiting in all. */
export async function patiently<T>(
  work: () => T | Promise<T>,
  willPass: (error: unknown) => boolean,
  rest: (milliseconds: number) => Promise<void> = delay,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt >= attempts || !willPass(error)) throw error
      await rest(5 * Math.min(attempt, 20))
    }
  }
}

/** Serialization failure, deadlock: the transaction did nothing and may be tried again. */
export function isRetryable(error: unknown): boolean {
  const code = (error as { code?: string }).code
  return code === '40001' || code === '40P01'
}
