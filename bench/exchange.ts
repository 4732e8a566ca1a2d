import { connect, type Socket } from 'node:net'

/*
 * A keep-alive connection that costs the machine next to nothing: the load driver shares its cores with the server that it
 * measures. It understands exactly what Sluis sends: a status, headers, and a body of a known length.
 */

export interface Reply {
  readonly status: number
  readonly head: string
  /** As bytes, one character each. */
  readonly body: string
}

export interface Connection {
  /** One request at a time. `headers` are lines without their ends. */
  ask(method: 'GET' | 'POST', path: string, headers?: readonly string[], body?: string): Promise<Reply>
  close(): void
}

export function openConnection(port: number, host = `localhost:${port}`): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(connectionOn(socket, host))
    })
  })
}

function connectionOn(socket: Socket, host: string): Connection {
  let received = ''
  let waiting: { resolve(reply: Reply): void; reject(error: Error): void } | undefined
  const over = (): void => waiting?.reject(new Error('the server closed the connection'))
  socket.setEncoding('latin1').on('error', over).on('close', over)
  socket.on('data', (piece) => {
    received += piece
    const reply = replyIn(received)
    if (!reply || !waiting) return
    received = ''
    const { resolve } = waiting
    waiting = undefined
    resolve(reply)
  })
  return {
    ask: (method, path, headers = [], body = '') =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('the server closed the connection'))
        waiting = { resolve, reject }
        const form = method === 'POST' ? ['content-type: application/x-www-form-urlencoded', `content-length: ${body.length}`] : []
        socket.write([`${method} ${path} HTTP/1.1`, `host: ${host}`, ...headers, ...form, '', body].join('\r\n'))
      }),
    close: () => socket.destroy(),
  }
}

function replyIn(text: string): Reply | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = text.slice(0, end)
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
  const body = text.slice(end + 4)
  return body.length < length ? undefined : { status: Number(head.slice(9, 12)), head, body }
}
