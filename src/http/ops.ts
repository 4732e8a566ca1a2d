import { createServer, type Server } from 'node:http'
import type { House } from '../factors/index.ts'
import { probeWriting } from '../storage/index.ts'
import type { Figures } from './figures.ts'

/** What machines ask, on a port that no user reaches: alive, ready (the database takes what is written), and figures. */
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
    if (request.url === '/readyz') return void probeWriting(house.storage.db, house.clock.now()).then(() => answer(200, 'ready\n'), failed)
    if (request.url === '/metrics') return void figures.text().then((text) => answer(200, text, figures.type), failed)
    return answer(404, 'not here\n')
  })
}
