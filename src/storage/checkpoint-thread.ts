import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

/* The thread of checkpoints.ts: it has a connection of its own, and each message is one turn. */

const busyTimeoutMilliseconds = 50
/** Each round finds what was written during the one before: less each time. */
const mostRounds = 10
/** About 100 MB. A journal that never was empty for a moment is longer than this; then writers wait for the last round. */
const longestPages = 25_000

const { file } = workerData as { file: string }
const database = new DatabaseSync(file, { timeout: busyTimeoutMilliseconds })

function checkpoint(mode: 'passive' | 'restart'): { pages: number; isWhole: boolean } {
  const { log, checkpointed } = database.prepare(`pragma wal_checkpoint(${mode})`).get() as { log: number; checkpointed: number }
  return { pages: log, isWhole: checkpointed >= log }
}

function turn(): void {
  for (let round = 1; ; round++) {
    const { pages, isWhole } = checkpoint('passive')
    if (isWhole) return
    if (round < mostRounds) continue
    if (pages > longestPages) checkpoint('restart')
    return
  }
}

parentPort?.on('message', () => {
  try {
    turn()
  } catch {
    // A full disk, another process at the same work: the journal keeps everything until the next turn.
  }
  parentPort?.postMessage('done')
})
