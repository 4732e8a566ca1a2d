import { readdirSync, readFileSync } from 'node:fs'
import { setPriority } from 'node:os'

const niceness = 10

/**
 * The threads that check passwords give way to the one that serves pages: with as many hashes under way as there are cores, a page
 * would otherwise wait for its share of one. Linux keeps a priority for each thread; elsewhere, and where that is not allowed, nothing
 * changes. Call it when the threads exist, after the first hash.
 */
export function letPagesGoFirst(): void {
  try {
    for (const thread of readdirSync('/proc/self/task'))
      if (readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim() === 'libuv-worker') setPriority(Number(thread), niceness)
  } catch {
    // A machine without it serves all the same.
  }
}
