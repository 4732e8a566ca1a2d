import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

export interface Tunnel {
  /** For a browser: `proxy: { server }`. */
  readonly server: string
  close(): Promise<void>
}

/** Leads a browser to one port of this machine, whatever host it names: names that no name server knows can be visited. */
export async function openTunnel(port: () => number): Promise<Tunnel> {
  const server: Server = createServer((_request, response) => void response.writeHead(403).end())
  server.on('connect', (_request, browser, head) => {
    const there = connect(port(), '127.0.0.1', () => {
      browser.write('HTTP/1.1 200 Connection established\r\n\r\n')
      there.write(head)
      there.pipe(browser).pipe(there)
    })
    there.on('error', () => browser.destroy())
    browser.on('error', () => there.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
