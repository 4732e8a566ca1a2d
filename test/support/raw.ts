/* A stranger with a socket: sends exactly what it is told, keeps no cookies but those it is given. */
import { type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Sending {
  readonly method?: string
  readonly headers?: Record<string, string | string[]>
  readonly body?: string | Buffer
  /** How long an answer may take. */
  readonly patienceSeconds?: number
  /** Which address of this machine it comes from, such as 127.0.3.7: each is somebody else to the server. */
  readonly from?: string | undefined
}

export function send(address: string, { method = 'GET', headers = {}, body, patienceSeconds = 15, from }: Sending = {}): Promise<Reply> {
  const { host, hostname, port } = new URL(address)
  const place =
    from === undefined
      ? { hostname, headers }
      : { hostname: from.includes(':') ? '::1' : '127.0.0.1', localAddress: from, headers: { host, ...headers } }
  // The path as it was written: a URL object would tidy it.
  const path = address.replace(/^http:\/\/[^/]+/, '') || '/'
  return new Promise((resolve, reject) => {
    const asking = request({ ...place, port, path, method, agent: false, timeout: patienceSeconds * 1000 }, async (reply) => {
      const pieces = await reply.toArray().catch(() => [])
      resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(pieces).toString() })
    })
    asking.once('error', reject)
    asking.once('timeout', () => asking.destroy(new Error(`no answer within ${patienceSeconds} seconds`)))
    asking.end(body)
  })
}

/** Exactly these bytes; everything that came until the other side closes. */
export function exchange(port: number, text: string | Buffer, patienceMs = 3_000): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let said = ''
    socket.on('data', (it) => {
      said += it
    })
    socket.on('close', () => resolve(said)).on('error', () => resolve(said))
    socket.setTimeout(patienceMs, () => socket.destroy())
    socket.write(text)
  })
}

/** What a browser would do first: fetch the page, keep its cookies, find the csrf value. */
export async function openForm(address: string, cookie = ''): Promise<{ cookie: string; csrf: string; reply: Reply }> {
  const reply = await send(address, { headers: cookie ? { cookie } : {} })
  const fresh = (reply.headers['set-cookie'] ?? []).map((it) => it.split(';')[0] ?? '')
  return { cookie: [cookie, ...fresh].filter(Boolean).join('; '), csrf: /name="csrf" value="([^"]+)"/.exec(reply.body)?.[1] ?? '', reply }
}

export const formType = 'application/x-www-form-urlencoded'
