import { createServer, type Server, type Socket } from 'node:net'

/*
 * Everything in the demo listens on this machine alone: 127.0.0.1 and, where there is one, ::1.
 * Both, because a browser may take either for `localhost`: with only one of them
 * another program on the same port could answer in our place.
 */

export interface Listener {
  port: number
  close(): Promise<void>
}

/** A port somebody else has: the person who starts the demo can do something about it, so it is told in one sentence. */
export class PortTaken extends Error {
  readonly port: number
  constructor(port: number, cause: unknown) {
    super(`port ${port} is in use`, { cause })
    this.name = 'PortTaken'
    this.port = port
  }
}

/** Opens `port` (0: any free one, the same on both addresses) and hands each connection to `serve`. */
export async function listenOnLoopback(port: number, serve: (socket: Socket) => void): Promise<Listener> {
  for (let tries = 0; ; tries++) {
    const first = await listen(port, '127.0.0.1', serve)
    try {
      const second = await listen(first.port, '::1', serve)
      return { port: first.port, close: async () => void (await Promise.all([first.close(), second.close()])) }
    } catch (error) {
      if (hasNoSuchAddress(error)) return first
      await first.close()
      // The free port of one address may be taken on the other: then another free one is as good.
      if (port !== 0 || tries === 9) throw error
    }
  }
}

function listen(port: number, host: string, serve: (socket: Socket) => void): Promise<Listener> {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    serve(socket)
  })
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE' ? new PortTaken(port, error) : error))
    server.listen({ port, host, ipv6Only: true }, () => resolve({ port: portOf(server), close: () => close(server, open) }))
  })
}

function close(server: Server, open: Set<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    for (const socket of open) socket.destroy()
  })
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  return address.port
}

const hasNoSuchAddress = (error: unknown) => ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes((error as NodeJS.ErrnoException).code ?? '')
