import { createServer, type Server } from 'node:http'
import { sql } from 'kysely'
import type { House } from '../factors/index.ts'
import type { Figures } from './figures.ts'

/** What machines ask, on a port that no user reaches: alive, ready (the database answers), and figures. */
export function opsServer(house: House, figures: Figures): Server {
  return createServer((request, response) => {
    const answer = (status: number, body: string, type = 'text/plain; charset=utf-8'): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
    }
    const failed = (error: unknown): void => {
      house.log.error({ err: error }, 'a probe was not answered')
      answer(503, 'not ready\n')
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405, 'GET only\n')
    if (request.url === '/healthz') return answer(200, 'ok\n')
    if (request.url === '/readyz') return void sql`select 1`.execute(house.storage.db).then(() => answer(200, 'ready\n'), failed)
    if (request.url === '/metrics') return void figures.text().then((text) => answer(200, text, figures.type), failed)
    return answer(404, 'not here\n')
  })
}
