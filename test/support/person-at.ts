/*
 * A browser of raw requests at one portal: keeps cookies, knows the csrf value of the page it saw last, follows nothing by itself. Of
 * every answer it asserts that no secret that was given comes back in it: no password, code or cookie of a sign-in (T015).
 */
import { formType, type Reply, send } from './raw.ts'

export interface Asking {
  readonly method?: string
  readonly headers?: Record<string, string>
}

export class PersonAt {
  readonly portal: string
  readonly jar = new Map<string, string>()
  csrf = ''
  readonly #given = new Set<string>()
  readonly #from: string | undefined

  /** `from`: an address of this machine, such as 127.0.3.7, for somebody who lives elsewhere. */
  constructor(portal: string, from?: string) {
    this.portal = portal
    this.#from = from
  }

  get cookie(): string {
    return [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  async get(path: string, { method = 'GET', headers = {} }: Asking = {}): Promise<Reply> {
    return this.#keep(await send(this.portal + path, { method, from: this.#from, headers: { cookie: this.cookie, ...headers } }))
  }

  /** As its own form would, with the csrf value, unless the body is given as it is. */
  async post(path: string, fields: Record<string, string> | string = {}, headers: Record<string, string> = {}): Promise<Reply> {
    if (typeof fields !== 'string') this.#note(fields)
    const body = typeof fields === 'string' ? fields : new URLSearchParams({ csrf: this.csrf, ...fields }).toString()
    const origin = new URL(this.portal).origin
    return this.#keep(
      await send(this.portal + path, {
        method: 'POST',
        from: this.#from,
        headers: { cookie: this.cookie, origin, 'content-type': formType, ...headers },
        body,
      }),
    )
  }

  /** The right name and password from a fresh page; the path of the step that is due then. */
  async password(username: string, password: string): Promise<string> {
    await this.get('/sign-in')
    let reply = await this.post('/sign-in', { username, password })
    if (reply.status === 400) {
      await this.post('/sign-in', { username })
      reply = await this.post('/sign-in/password', { password })
    }
    return this.due(reply)
  }

  /** Where a redirect leads, relative to the portal; its page is fetched, so that the csrf value is that of the page. */
  async due({ status, headers }: Reply): Promise<string> {
    if (status !== 303) return `${status}`
    const path = (headers.location ?? '').replace(this.portal, '').slice(new URL(this.portal).pathname.length)
    await this.get(path)
    return path
  }

  async choose(method: string): Promise<string> {
    return this.due(await this.post('/sign-in/choose', { method }))
  }

  #note({ password, new_password, code }: Record<string, string>): void {
    for (const it of [password, new_password]) if (it !== undefined && it.length >= 12) this.#given.add(it)
    if (/^\d{6}$/.test(code ?? '')) this.#given.add(code ?? '')
  }

  #saysNothing({ headers: { 'set-cookie': _, ...headers }, body }: Reply): void {
    const said = `${JSON.stringify(headers)}\n${body}`
    const cookies = [...this.jar].filter(([name]) => /-(session|flow|browser|enrolment|reset)$/.test(name)).map(([, value]) => value)
    for (const it of [...this.#given, ...cookies.filter((value) => value.length > 20)])
      if (/^\d+$/.test(it) ? new RegExp(`(?<![\\w#-])${it}(?![\\w-])`).test(said) : said.includes(it))
        throw new Error(`an answer tells a secret back: ${it.slice(0, 6)}… in ${said.slice(0, 300)}`)
  }

  #keep(reply: Reply): Reply {
    this.#saysNothing(reply)
    for (const line of reply.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') this.jar.delete(name)
      else this.jar.set(name, value)
    }
    this.csrf = /name="csrf" value="([^"]+)"/.exec(reply.body)?.[1] ?? this.csrf
    return reply
  }
}
