/*
 * One PostgreSQL for a whole test run, started when the first suite asks for it and stopped after the last.
 *
 *   main process: broker ──starts──> PostgreSQL          a run without such suites starts nothing
 *        ^ GET / over a socket of its own
 *   worker: createDatabase() (postgres.ts)
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type PostgresServer, startPostgres } from './postgres-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgresBroker: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), 'sluis-broker-'))
  const socket = join(home, 'socket')
  let server: Promise<PostgresServer> | undefined
  const broker = createServer((_, reply) => {
    server ??= startPostgres()
    server.then(
      ({ url }) => reply.end(url),
      (fault) => reply.writeHead(500).end(String(fault)),
    )
  })
  await new Promise<void>((resolve) => broker.listen(socket, resolve))
  project.provide('postgresBroker', socket)
  return async () => {
    broker.close()
    broker.closeAllConnections()
    await server?.then((it) => it.stop()).catch(() => {}) // a failed start was told to the suites that asked
    rmSync(home, { recursive: true, force: true })
  }
}
