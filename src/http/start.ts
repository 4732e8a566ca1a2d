import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Config } from '../config.ts'
import { Fault } from '../errors.ts'
import type { House } from '../factors/index.ts'
import { opsServer } from './ops.ts'

export interface OpenHttp {
  readonly addresses: readonly string[]
  close(): Promise<void>
}

/** Listens where the configuration says; a port in use is one sentence. */
export async function startHttp(house: House, config: Config): Promise<OpenHttp> {
  const ops = await Promise.all(config.listen.hosts.map((host) => listen(opsServer(house), host, config.metricsPort)))
  return { addresses: ops.map(addressOf), close: async () => void (await Promise.all(ops.map(stop))) }
}

function listen(server: Server, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? `port ${port} on ${host} is in use: stop the program that listens there, or choose another port`
          : `cannot listen on ${host}:${port}: ${error.message}`
      reject(new Fault('port-in-use', why, { cause: error }))
    })
    server.listen({ host, port, ipv6Only: host.includes(':') }, () => resolve(server))
  })
}

/** No new connections; those that rest are closed, those that work may end. */
function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
}

function addressOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo
  return family === 'IPv6' ? `http://[${address}]:${port}` : `http://${address}:${port}`
}
