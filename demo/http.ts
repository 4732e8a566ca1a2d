import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Listener, listenOnLoopback } from './loopback.ts'
import type { Markup } from './markup.ts'

/*
 * The small web server of the hub and of the relying application: a function from a request to an answer.
 *
 *   request ──> is it for this machine? ──> handler ──> answer with the headers every answer gets
 *
 * A page elsewhere on the web can reach localhost through the visitor's browser. Its name is then in Host
 * (after DNS rebinding) or in Origin and Sec-Fetch-Site: such requests are refused before the handler.
 */

export interface Answer {
  status: number
  headers: Record<string, string | string[]>
  body: string | Buffer
}

export interface Asked {
  method: string
  url: URL
  path: string
  cookie(name: string): string | undefined
  header(name: string): string | undefined
  /** The body as text; more than 64 kB is refused. */
  body(): Promise<string>
  form(): Promise<URLSearchParams>
}

export type Handler = (asked: Asked) => Promise<Answer> | Answer

/** A refusal that any depth of a handler may throw; the visitor reads the sentence. */
export class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export function serve(port: number, handler: Handler): Promise<Listener> {
  const server = createServer((request, response) => void answer(handler, request, response))
  return listenOnLoopback(port, (socket) => server.emit('connection', socket))
}

export const page = (markup: Markup, csp: string, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': csp },
  body: markup.text,
})

export const json = (value: unknown, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: `${JSON.stringify(value)}\n`,
})

export const redirect = (location: string): Answer => ({ status: 303, headers: { location, 'referrer-policy': 'no-referrer' }, body: '' })

async function answer(handler: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let said: Answer
  try {
    said = foreign(request) ?? (await handler(askedFrom(request)))
  } catch (error) {
    if (!(error instanceof Refusal))
      process.stderr.write(`demo: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    said = error instanceof Refusal ? json({ error: error.message }, error.status) : json({ error: 'Er ging hier iets mis.' }, 500)
  }
  const headers = {
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
    ...said.headers,
  }
  response.writeHead(said.status, headers)
  response.end(request.method === 'HEAD' ? undefined : said.body)
}

function foreign(request: IncomingMessage): Answer | undefined {
  const name = (request.headers.host ?? 'localhost').replace(/:\d+$/, '')
  if (!['localhost', '127.0.0.1', '[::1]'].includes(name)) return json({ error: 'Deze server antwoordt alleen op localhost.' }, 421)
  if (request.method === 'GET' || request.method === 'HEAD') return undefined
  const { origin } = request.headers
  const isOther = origin !== undefined && origin !== `http://${request.headers.host}`
  if (isOther || request.headers['sec-fetch-site'] === 'cross-site') return json({ error: 'Dit kwam van een andere pagina.' }, 403)
  return undefined
}

function askedFrom(request: IncomingMessage): Asked {
  const url = new URL(`http://${request.headers.host ?? 'localhost'}${(request.url ?? '/').replace(/^\/+/, '/')}`)
  const body = () => read(request)
  return {
    method: request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET'),
    url,
    path: url.pathname,
    cookie: (name) => cookieFrom(request.headers.cookie, name),
    header: (name) => [request.headers[name]].flat()[0],
    body,
    form: async () => new URLSearchParams(await body()),
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request) {
    size += piece.length
    if (size > 65_536) throw new Refusal(413, 'Dat is te veel in een keer.')
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function cookieFrom(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2)
    if (key === name) return value
  }
  return undefined
}
