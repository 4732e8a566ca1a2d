/** A browser without pages: one jar of cookies with their paths, and redirects followed until an application's address. */
export class Browser {
  /** By name and path: two of one name on two paths are two cookies. */
  readonly #jar = new Map<string, { name: string; value: string; path: string }>()
  readonly #applications: string

  constructor(applications: string) {
    this.#applications = applications
  }

  /** The addresses of every redirect on the way, and where it ended: a page, or an application's address. */
  go(address: string | URL, form?: Record<string, string>, headers: Record<string, string> = {}): Promise<Arrived> {
    return this.#walk(address, form && new URLSearchParams(form), (at) => ({ cookie: this.cookiesFor(at), ...(form ? headers : {}) }))
  }

  /** A form of another site: no cookie goes with it (SameSite=Lax), until a redirect leads on as a GET. */
  postFromElsewhere(address: string | URL, form: Record<string, string>): Promise<Arrived> {
    return this.#walk(address, new URLSearchParams(form), () => ({ origin: this.#applications }))
  }

  async #walk(address: string | URL, form: URLSearchParams | undefined, withForm: (at: URL) => Record<string, string>): Promise<Arrived> {
    let at = new URL(address)
    let body = form
    for (let hops = 0; hops < 12; hops++) {
      if (at.origin === this.#applications) {
        // An empty fragment is nothing to an application: its address is without it.
        if (at.hash === '') at.hash = ''
        return { address: at, status: 0, text: '', params: at.searchParams }
      }
      const answer = await fetch(at, {
        redirect: 'manual',
        headers: body ? withForm(at) : { cookie: this.cookiesFor(at) },
        ...(body ? { method: 'POST', body } : {}),
      })
      this.#keep(answer)
      const location = answer.headers.get('location')
      if (location === null) return { address: at, status: answer.status, text: await answer.text(), params: at.searchParams }
      await answer.text()
      at = new URL(location, at)
      body = undefined
    }
    throw new Error(`redirects without end at ${at}`)
  }

  cookiesFor(address: string | URL): string {
    const { pathname } = new URL(address)
    const sent = [...this.#jar.values()].filter(
      ({ path }) => pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`),
    )
    return sent.map(({ name, value }) => `${name}=${value}`).join('; ')
  }

  /** All cookie names it holds. */
  names(): string[] {
    return [...this.#jar.values()].map((it) => it.name)
  }

  /** A browser with the same cookies, as whoever copied them has. */
  copy(): Browser {
    const copied = new Browser(this.#applications)
    for (const [key, cookie] of this.#jar) copied.#jar.set(key, cookie)
    return copied
  }

  /** The value of a cookie whose name ends so. */
  valueOf(name: string): string | undefined {
    return [...this.#jar.values()].find((it) => it.name.endsWith(name))?.value
  }

  /** Puts another value into a cookie that it holds, by the end of its name. */
  plant(name: string, value: string): void {
    for (const [key, cookie] of this.#jar) if (cookie.name.endsWith(name)) this.#jar.set(key, { ...cookie, value })
  }

  forget(pattern: RegExp): void {
    for (const [key, { name }] of this.#jar) if (pattern.test(name)) this.#jar.delete(key)
  }

  #keep(answer: Response): void {
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name === undefined || value === undefined) continue
      const path = /; *path=([^;]*)/i.exec(line)?.[1] ?? '/'
      if (value === '') this.#jar.delete(`${name} ${path}`)
      else this.#jar.set(`${name} ${path}`, { name, value, path })
    }
  }
}

export interface Arrived {
  readonly address: URL
  /** 0: an application's address, which nobody asked. */
  readonly status: number
  readonly text: string
  readonly params: URLSearchParams
}
