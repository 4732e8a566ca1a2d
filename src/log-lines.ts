import { writeSync, write as writeTo } from 'node:fs'
import type { DestinationStream } from 'pino'

const mostBytes = 1_000_000
const retryMilliseconds = 1_000

/**
 * Lines to a file or pipe that may be full, or read by nobody: nothing waits for it and nothing fails by it. What finds no room waits
 * here, up to a million bytes; the lines after that are left out, and their number is told once there is room again.
 */
export function linesTo(file: number, tellLost: (lines: number) => void): DestinationStream {
  const waiting: Buffer[] = []
  let bytes = 0
  let lost = 0
  let isBusy = false

  const keep = (line: string): void => {
    const written = Buffer.from(line)
    waiting.push(written)
    bytes += written.length
  }
  /** A line may leave in pieces. */
  const gone = (count: number): void => {
    bytes -= count
    let left = count
    while (waiting[0] && left >= waiting[0].length) left -= waiting.shift()?.length ?? 0
    if (waiting[0] && left > 0) waiting[0] = waiting[0].subarray(left)
  }
  const again = (): void => {
    isBusy = false
    pump()
  }
  const pump = (): void => {
    if (isBusy || waiting.length === 0) return
    isBusy = true
    writeTo(file, Buffer.concat(waiting), (error, count) => {
      if (error) return void setTimeout(again, retryMilliseconds).unref()
      gone(count)
      const untold = lost
      lost = 0
      if (untold > 0) tellLost(untold)
      again()
    })
  }
  process.once('exit', () => {
    try {
      if (waiting.length > 0) writeSync(file, Buffer.concat(waiting))
    } catch {
      // There is no room, and nobody left who could wait for it.
    }
  })
  return {
    write: (line) => {
      if (bytes + line.length > mostBytes) lost++
      else keep(line)
      pump()
    },
  }
}
