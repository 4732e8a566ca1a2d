import { setTimeout as pause } from 'node:timers/promises'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { type Connection, openConnection } from './exchange.ts'

/*
 * Someone who opens a page every few milliseconds, however long the answers take. In a thread of its own, so that the load
 * driver's own work is not counted as the server's.
 */

export interface Asked {
  readonly port: number
  readonly paths: readonly string[]
  readonly seconds: number
}

const everyMs = 20
/** Shorter than the server keeps a silent connection. */
const longestRestMs = 3_000

/** The times of all answers, in milliseconds, shortest first. */
export function probe(asked: Asked): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: asked })
    worker.once('message', resolve).once('error', reject)
  })
}

/** The time that this share of the answers stayed within. */
export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN

async function lookAround({ port, paths, seconds }: Asked): Promise<number[]> {
  const idle: { connection: Connection; since: number }[] = []
  const times: number[] = []
  const one = async (path: string): Promise<void> => {
    const rested = idle.pop()
    const isFresh = rested !== undefined && performance.now() - rested.since < longestRestMs
    if (rested && !isFresh) rested.connection.close()
    const connection = rested && isFresh ? rested.connection : await openConnection(port)
    const startedAt = performance.now()
    const { status } = await connection.ask('GET', path)
    times.push(performance.now() - startedAt)
    if (status !== 200) throw new Error(`${path} answered ${status}`)
    idle.push({ connection, since: performance.now() })
  }
  const startedAt = performance.now()
  const running: Promise<void>[] = []
  for (let turn = 0; turn * everyMs < seconds * 1000; turn++) {
    await pause(Math.max(0, startedAt + turn * everyMs - performance.now()))
    running.push(one(paths[turn % paths.length] ?? '/'))
  }
  await Promise.all(running)
  for (const it of idle) it.connection.close()
  return times.sort((a, b) => a - b)
}

if (parentPort) parentPort.postMessage(await lookAround(workerData as Asked))
