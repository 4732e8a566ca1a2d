import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { hotp, stepSeconds } from '../src/factors/index.ts'
import { type Connection, openConnection, type Reply } from './exchange.ts'
import { type Load, type Person, password } from './sign-in.ts'
import { atLeast, known, type Row } from './table.ts'

/* The whole OpenID Connect code flow: with a sign-in in it, and inside a live session beside a bare oidc-provider in memory. */

export const coded = 'coded'
export const client = {
  client_id: 'planning',
  client_secret: 'a-secret-of-the-benchmark-and-of-nobody-else',
  redirect_uris: ['http://planning.localhost/callback'],
}
const verifier = 'a-verifier-that-is-always-the-same-costs-the-driver-nothing'
const question = new URLSearchParams({
  client_id: client.client_id,
  redirect_uri: client.redirect_uris[0] ?? '',
  response_type: 'code',
  scope: 'openid',
  state: 'state',
  nonce: 'nonce',
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
})
const authorization = `authorization: Basic ${Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64')}`

/** A browser and the application behind it, on one connection. */
class Browser {
  readonly #jar = new Map<string, string>()
  #connection: Connection
  readonly #port: number

  constructor(connection: Connection, port: number) {
    this.#connection = connection
    this.#port = port
  }

  async ask(method: 'GET' | 'POST', address: string, body = ''): Promise<Reply & { location: string }> {
    const cookie = `cookie: ${[...this.#jar].map((it) => it.join('=')).join('; ')}`
    const path = address.replace(/^http:\/\/localhost:\d+/, '')
    const reply = await this.#connection.ask(method, path, [cookie, `origin: http://localhost:${this.#port}`], body)
    for (const [, key = '', value = ''] of reply.head.matchAll(/\r\nset-cookie: ([^=]+)=([^;\r]*)/gi)) {
      if (value === '') this.#jar.delete(key)
      else this.#jar.set(key, value)
    }
    return { ...reply, location: /\r\nlocation: ([^\r]+)/i.exec(reply.head)?.[1] ?? '' }
  }

  /** @returns where the form leads. */
  async fill(address: string, fields: Record<string, string>): Promise<string> {
    const page = await this.ask('GET', address)
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
    return (await this.ask('POST', address, new URLSearchParams({ csrf, ...fields }).toString())).location
  }

  /** Follows redirects of ours until the application's address. @returns the code. */
  async follow(address: string): Promise<string> {
    let at = address
    for (let hops = 0; hops < 6 && !at.startsWith('http://planning.localhost'); hops++) at = (await this.ask('GET', at)).location
    const code = new URL(at, 'http://nowhere').searchParams.get('code')
    if (!code) throw new Error(`no code came: ${at}`)
    return code
  }

  async redeem(path: string, code: string): Promise<void> {
    const redirect_uri = client.redirect_uris[0] ?? ''
    const form = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier })
    const { status, body } = await this.#connection.ask('POST', path, [authorization], form.toString())
    if (status !== 200 || !body.includes('id_token')) throw new Error(`the token endpoint answered ${status}: ${body}`)
  }

  /** The server hangs up on who says nothing for a while. */
  async comeBack(): Promise<void> {
    this.#connection.close()
    this.#connection = await openConnection(this.#port)
  }

  close(): void {
    this.#connection.close()
  }
}

const browserAt = async (port: number): Promise<Browser> => new Browser(await openConnection(port), port)

/** From the application to the sign-in and back with tokens: two pages and three posts, and the four requests of the flow. */
async function signInWithCode(browser: Browser, { name, seed }: Person): Promise<void> {
  const base = `/${coded}`
  const page = (await browser.ask('GET', `${base}/authorize?${question}`)).location
  const choose = await browser.fill(page, { username: name, password })
  const csrfless = await browser.fill(choose, { method: 'totp' })
  const back = await browser.fill(csrfless, { code: hotp(seed, Math.floor(Date.now() / 1000 / stepSeconds)) })
  await browser.redeem(`${base}/token`, await browser.follow(back))
}

export async function saturateWithCode(port: number, people: Iterator<Person>, clients: number, seconds: number): Promise<Load> {
  const startedAt = performance.now()
  let signIns = 0
  const one = async (): Promise<void> => {
    while (performance.now() - startedAt < seconds * 1000) {
      const { value: person, done } = people.next()
      if (done) throw new Error('there are not enough people for this machine')
      const browser = await browserAt(port)
      await signInWithCode(browser, person)
      browser.close()
      signIns++
    }
  }
  await Promise.all(Array.from({ length: clients }, one))
  return { signIns, seconds: (performance.now() - startedAt) / 1000 }
}

const [connections, warmUpSeconds, loadSeconds, turns] = [32, 2, 3, 3]

/** Each connection asks again and again inside its own live session. */
export async function insideSession(port: number, people: readonly Person[], cpuSeconds: () => number): Promise<Row[]> {
  const bare = fork(new URL('bare-provider.ts', import.meta.url), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  try {
    const [barePort] = (await once(bare, 'message')) as [number]
    const [ours, theirs] = [[] as Browser[], [] as Browser[]]
    const enter = async (person: Person): Promise<void> => {
      const [browser, other] = [await browserAt(port), await browserAt(barePort)]
      await signInWithCode(browser, person)
      await other.redeem('/token', await other.follow(`/auth?${question}`))
      ours.push(browser)
      theirs.push(other)
    }
    await Promise.all(people.slice(0, connections).map(enter))
    const again = async (browsers: readonly Browser[], authorize: string, token: string, seconds: number): Promise<number> => {
      await Promise.all(browsers.map((it) => it.comeBack()))
      const startedAt = performance.now()
      let done = 0
      const one = async (browser: Browser): Promise<void> => {
        while (performance.now() - startedAt < seconds * 1000) {
          await browser.redeem(token, await browser.follow(`${authorize}?${question}`))
          done++
        }
      }
      await Promise.all(browsers.map(one))
      return done / ((performance.now() - startedAt) / 1000)
    }
    const our = (seconds: number) => again(ours, `/${coded}/authorize`, `/${coded}/token`, seconds)
    const their = (seconds: number) => again(theirs, '/auth', '/token', seconds)
    await our(warmUpSeconds)
    await their(warmUpSeconds)
    const rates: [number, number][] = []
    let cpu = 0
    let flows = 0
    // By turns, so that whatever else this machine does falls on both.
    for (let turn = 0; turn < turns; turn++) {
      const before = cpuSeconds()
      const own = await our(loadSeconds)
      cpu += cpuSeconds() - before
      flows += own * loadSeconds
      rates.push([own, await their(loadSeconds)])
    }
    const [own, other] = [rates.reduce((all, [it]) => all + it, 0) / turns, rates.reduce((all, [, it]) => all + it, 0) / turns]
    for (const it of [...ours, ...theirs]) it.close()
    return [
      atLeast('code flow inside a live session / bare in-memory oidc-provider', 0.8, own / other),
      known('  rates', `${own.toFixed(0)} and ${other.toFixed(0)} a second; ours takes ${((cpu / flows) * 1000).toFixed(1)} ms of CPU`),
    ]
  } finally {
    bare.kill()
  }
}
