import { statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

/*
 * What stands in the journal of SQLite goes into the database itself on another thread:
 *
 *     commits ──> journal ──────────────> database
 *     the loop     up to 4 MB: nothing     checkpoint-thread.ts, once a second while there are commits
 *
 * The loop would stand still meanwhile, for all of thirty megabytes and two waits for the disk. A service that is hardly used never
 * starts the thread.
 */
const everyMilliseconds = 1_000
const firstBytes = 4_000_000

export interface Checkpoints {
  /** Something was committed. */
  wrote(): void
  close(): Promise<void>
}

export function openCheckpoints(file: string): Checkpoints {
  let thread: Worker | undefined
  let isWorking = false
  let last = 0
  const startThread = (): Worker => {
    const made = new Worker(new URL('./checkpoint-thread.ts', import.meta.url), { workerData: { file } })
    made.unref()
    made.on('message', () => {
      isWorking = false
    })
    // Without it the engine does the work itself, later: `wal_autocheckpoint` in sqlite.ts.
    made.on('error', () => undefined)
    return made
  }
  return {
    wrote: () => {
      const now = performance.now()
      if (isWorking || now - last < everyMilliseconds) return
      last = now
      if (!thread && (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) < firstBytes) return
      thread ??= startThread()
      isWorking = true
      thread.postMessage('turn')
    },
    close: async () => {
      await thread?.terminate()
    },
  }
}
