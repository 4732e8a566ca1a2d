/*
 * A person who goes from host to host with a jar of cookies for each, as a browser does: redirects are followed, `Origin` and
 * `Sec-Fetch-*` are sent, a form is posted with the csrf value of the page that was seen last.
 *
 *   const bea = new Traveller((url) => ({ port: 8080 }))     where each host really listens, on this machine
 *   await bea.open('http://desk.localhost/page?x=1')         bea.at, bea.page, bea.hops
 */
import { request as askPlainly } from 'node:http'
import { request as askSecurely } from 'node:https'
import { formType, type Reply } from './raw.ts'

export interface Asking {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string
}

export type Reach = (url: URL) => { readonly port: number }

export class Traveller {
  readonly #reach: Reach
  readonly #jars = new Map<string, Map<string, string>>()
  at = new URL('about:blank')
  page: Reply = { status: 0, headers: {}, body: '' }
  /** Every address on the way to the page that was seen last. */
  hops: string[] = []
  constructor(reach: Reach) {
    this.#reach = reach
  }

  /** Cookies ignore ports. */
  jar(host: string): Map<string, string> {
    const jar = this.#jars.get(host) ?? new Map<string, string>()
    this.#jars.set(host, jar)
    return jar
  }

  /** One request, with the cookies of that host; nothing is followed. */
  async ask(address: string | URL, { method = 'GET', headers = {}, body }: Asking = {}): Promise<Reply> {
    const url = new URL(address)
    const cookie = [...this.jar(url.hostname)].map(([name, value]) => `${name}=${value}`).join('; ')
    const own = { host: url.host, ...(cookie ? { cookie } : {}), ...headers }
    const path = String(address).slice(url.origin.length).replace(/#.*/, '') || '/'
    const options = { host: '127.0.0.1', port: this.#reach(url).port, path, method, headers: own, agent: false, timeout: 15_000 }
    const reply = await new Promise<Reply>((resolve, reject) => {
      const secure = { ...options, servername: url.hostname, rejectUnauthorized: false }
      const asking = url.protocol === 'https:' ? askSecurely(secure) : askPlainly(options)
      asking.once('response', async (answer) => {
        const pieces = await answer.toArray().catch(() => [])
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(pieces).toString() })
      })
      asking.once('upgrade', ({ headers: said }, socket) => {
        socket.destroy()
        resolve({ status: 101, headers: said, body: '' })
      })
      asking.once('error', reject)
      asking.once('timeout', () => asking.destroy(new Error('no answer within 15 seconds')))
      asking.end(body)
    })
    for (const line of reply.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') this.jar(url.hostname).delete(name)
      else this.jar(url.hostname).set(name, value)
    }
    return reply
  }

  /** A link or the address bar: follows redirects to a page. */
  async open(address: string | URL, asking: Asking = {}): Promise<Reply> {
    this.hops = [String(address)]
    const navigation = { accept: 'text/html,*/*', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-user': '?1' }
    let reply = await this.ask(address, { ...asking, headers: { ...navigation, ...asking.headers } })
    while (reply.headers.location !== undefined && (reply.status === 303 || reply.status === 302)) {
      if (this.hops.length > 12) throw new Error(`redirects without end: ${this.hops.join(' ')}`)
      const next = new URL(reply.headers.location, this.hops.at(-1))
      // An empty fragment is nothing to who is asked.
      if (next.hash === '') next.hash = ''
      this.hops.push(next.href)
      reply = await this.ask(reply.headers.location.startsWith('http') ? reply.headers.location : next, { headers: navigation })
    }
    this.at = new URL(this.hops.at(-1) ?? '')
    this.page = reply
    return reply
  }

  /** Posts the form of the page that was seen last, to its own address. */
  submit(fields: Readonly<Record<string, string>>, path = this.at.pathname): Promise<Reply> {
    const csrf = /name="csrf" value="([^"]+)"/.exec(this.page.body)?.[1] ?? ''
    return this.open(this.at.origin + path, {
      method: 'POST',
      headers: { origin: this.at.origin, 'content-type': formType },
      body: new URLSearchParams({ csrf, ...fields }).toString(),
    })
  }
}
