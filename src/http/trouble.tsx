import { Fault } from '../errors.ts'
import { type Trouble, TroublePage } from '../pages/index.ts'
import { pageAnswer } from './draw.tsx'
import { frameFor } from './frame.ts'
import type { Answer, Doors, Visit } from './visit.ts'

export function troubleAnswer(visit: Visit, trouble: Trouble, status: number): Answer {
  return pageAnswer(visit, { request: { at: visit.now } }, <TroublePage frame={frameFor(visit)} trouble={trouble} />, status)
}

const retrySeconds = 10
/** Stands on the page and in the log; tells nothing by itself. */
export const supportNumber = ({ random }: Doors['house']): string => String(random.below(100_000_000)).padStart(8, '0')
/** SQLite: busy, read-only, I/O, damaged, full, cannot open. PostgreSQL: connection, resource and system classes, read-only, shutting down. */
const sqliteDown = [5, 8, 10, 11, 13, 14, 26]
const networkDown = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|08|25006|53|57P|58|XX00[12])/

/** What was thrown, as a calm page; code and cause go to the log alone. Never a stack, never a 500 for what we know. */
export function faultAnswer({ house }: Doors, visit: Visit | undefined, error: unknown): Answer {
  const { statusCode = 500, code = '', errcode } = error as { statusCode?: number; code?: string; errcode?: number }
  if (statusCode >= 400 && statusCode < 500) {
    if (!visit) return { status: statusCode, body: 'This request cannot be read.\n', type: 'text/plain; charset=utf-8' }
    return troubleAnswer(visit, statusCode === 413 ? { kind: 'too-large' } : { kind: 'expired' }, statusCode)
  }
  if (error instanceof Fault && error.code === 'queue-full') return later(visit, 'busy')
  const isDown =
    (error instanceof Fault && error.code === 'database-down') ||
    (errcode !== undefined && sqliteDown.includes(errcode & 0xff)) ||
    networkDown.test(code) ||
    /timeout exceeded when trying to connect|Connection terminated|is not queryable/.test((error as Error).message ?? '')
  const number = supportNumber(house)
  house.log.error({ err: error, number, code: isDown ? 'database-down' : 'impossible' }, 'a request failed')
  if (isDown) return later(visit, 'down')
  return visit
    ? troubleAnswer(visit, { kind: 'error', number }, 500)
    : { status: 500, body: 'Something went wrong on our side.\n', type: 'text/plain; charset=utf-8' }
}

function later(visit: Visit | undefined, kind: 'busy' | 'down'): Answer {
  const answer = visit ? troubleAnswer(visit, { kind }, 503) : { status: 503, body: 'Try again soon.\n', type: 'text/plain; charset=utf-8' }
  return { ...answer, retryAfterSeconds: retrySeconds }
}
