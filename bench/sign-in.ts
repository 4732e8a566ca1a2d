import { hotp, stepSeconds } from '../src/factors/index.ts'
import { type Connection, openConnection, type Reply } from './exchange.ts'

/* Full sign-ins at c-point, password and app code, by people who each do it once: every code is fresh. */

export const portal = 'c-point'
export const password = 'een lang wachtwoord voor de meting'
/** `definition`: the two pages and three posts that the target is about; `browser`: the page of the choice is drawn as well. */
export type Pages = 'definition' | 'browser'

export interface Person {
  readonly name: string
  readonly seed: Uint8Array
}

export interface Load {
  readonly signIns: number
  readonly seconds: number
}

/** Every client begins its next sign-in when the last one is done. Sign-ins that are half-way when time is up are finished and counted. */
export async function saturate(port: number, people: Iterator<Person>, pages: Pages, clients: number, seconds: number): Promise<Load> {
  const startedAt = performance.now()
  let signIns = 0
  const client = async (): Promise<void> => {
    const connection = await openConnection(port)
    while (performance.now() - startedAt < seconds * 1000) {
      const { value: person, done } = people.next()
      if (done) throw new Error('there are not enough people for this machine')
      await signIn(connection, port, person, pages)
      signIns++
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: clients }, client))
  return { signIns, seconds: (performance.now() - startedAt) / 1000 }
}

/** @throws when any answer is another than a sign-in gets: what is not signed in is not counted. */
async function signIn(connection: Connection, port: number, { name, seed }: Person, pages: Pages): Promise<void> {
  const cookies = new Map<string, string>()
  const keep = (reply: Reply): Reply => {
    for (const [, key = '', value = ''] of reply.head.matchAll(/\r\nset-cookie: ([^=]+)=([^;\r]*)/gi)) cookies.set(key, value)
    return reply
  }
  const cookie = (): string => `cookie: ${[...cookies].map(([key, value]) => `${key}=${value}`).join('; ')}`
  const get = async (page: string): Promise<string> => {
    const reply = keep(await connection.ask('GET', `/${portal}${page}`, [cookie()]))
    const csrf = /name="csrf" value="([^"]+)"/.exec(reply.body)?.[1]
    if (reply.status !== 200 || csrf === undefined) throw new Error(`${page} answered ${reply.status} without a form`)
    return csrf
  }
  const post = async (page: string, fields: Record<string, string>, next: string): Promise<void> => {
    const headers = [cookie(), `origin: http://localhost:${port}`]
    const reply = keep(await connection.ask('POST', `/${portal}${page}`, headers, new URLSearchParams(fields).toString()))
    const location = /\r\nlocation: ([^\r]+)/i.exec(reply.head)?.[1]
    if (reply.status !== 303 || location !== `/${portal}${next}`) throw new Error(`${page} answered ${reply.status} to ${location}`)
  }
  let csrf = await get('/sign-in')
  await post('/sign-in', { csrf, username: name, password }, '/sign-in/choose')
  if (pages === 'browser') csrf = await get('/sign-in/choose')
  await post('/sign-in/choose', { csrf, method: 'totp' }, '/sign-in/code/app')
  csrf = await get('/sign-in/code/app')
  const code = hotp(seed, Math.floor(Date.now() / 1000 / stepSeconds))
  await post('/sign-in/code/app', { csrf, code }, '/home')
}
