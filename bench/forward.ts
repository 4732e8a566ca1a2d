import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { hotp, stepSeconds } from '../src/factors/index.ts'
import { type Connection, openConnection, type Reply } from './exchange.ts'
import { ticksPerSecond } from './server.ts'
import { type Person, password } from './sign-in.ts'
import { atLeast, known, type Row } from './table.ts'

/* What a proxy asks before each request, by somebody who is in, beside a server that only says hello to the same request. */

export const guarded = 'guarded'
const host = 'planning.localhost'
const connections = 16
const [warmUpSeconds, loadSeconds, turns] = [2, 3, 3]

export async function forwardAuth(port: number, server: { cpuSeconds(): number }, person: Person): Promise<Row[]> {
  const hello = fork(new URL('hello.ts', import.meta.url), { stdio: 'inherit' })
  try {
    const [helloPort] = (await once(hello, 'message')) as [number]
    const headers = [`cookie: ${await comeIn(port, person)}`, 'x-forwarded-method: GET', 'x-forwarded-uri: /week/7', 'sec-fetch-mode: cors']
    const path = `/_sluis/check/${host}`
    const ask = (at: number, seconds: number) => asked(at, path, headers, seconds)
    await ask(port, warmUpSeconds)
    await ask(helloPort, warmUpSeconds)
    const [checks, hellos] = [[] as Measured[], [] as Measured[]]
    // By turns, so that whatever else this machine does falls on both.
    for (let turn = 0; turn < turns; turn++) {
      checks.push(await measured(() => ask(port, loadSeconds), server.cpuSeconds))
      hellos.push(
        await measured(
          () => ask(helloPort, loadSeconds),
          () => cpuSecondsOf(hello),
        ),
      )
    }
    const [check, bare] = [sumOf(checks), sumOf(hellos)]
    return [
      atLeast('forward-auth check with a live session / bare node:http hello', 0.6, check.rate / bare.rate),
      known('  rates', `${check.rate.toFixed(0)} and ${bare.rate.toFixed(0)} a second`),
      known('  CPU of the server', `${(check.cpuSeconds * 1e6).toFixed(0)} and ${(bare.cpuSeconds * 1e6).toFixed(0)} µs each`),
    ]
  } finally {
    hello.kill()
  }
}

interface Measured {
  readonly times: number
  readonly seconds: number
  readonly cpuSeconds: number
}

async function measured(load: () => Promise<Omit<Measured, 'cpuSeconds'>>, cpu: () => number): Promise<Measured> {
  const before = cpu()
  const done = await load()
  return { ...done, cpuSeconds: cpu() - before }
}

function sumOf(them: readonly Measured[]): { rate: number; cpuSeconds: number } {
  const sum = (of: (it: Measured) => number): number => them.reduce((all, it) => all + of(it), 0)
  return { rate: sum((it) => it.times) / sum((it) => it.seconds), cpuSeconds: sum((it) => it.cpuSeconds) / sum((it) => it.times) }
}

/** The answers are all of one length: counting bytes leaves the machine to the server that is measured. */
async function asked(port: number, path: string, headers: readonly string[], seconds: number): Promise<Omit<Measured, 'cpuSeconds'>> {
  const question = Buffer.from([`GET ${path} HTTP/1.1`, `host: localhost:${port}`, ...headers, '', ''].join('\r\n'))
  const answer = await answerTo(port, path, headers)
  const startedAt = performance.now()
  let times = 0
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => socket.write(question))
      let missing = answer.length
      socket.on('error', reject).on('data', (piece) => {
        missing -= piece.length
        if (missing > 0) return
        if (missing < 0 || piece.toString('latin1', 9, 12) !== '200')
          return reject(new Error(`another answer: ${piece.toString('latin1')}`))
        times++
        missing = answer.length
        if (performance.now() - startedAt < seconds * 1000) return socket.write(question)
        socket.destroy()
        resolve()
      })
    })
  await Promise.all(Array.from({ length: connections }, one))
  return { times, seconds: (performance.now() - startedAt) / 1000 }
}

async function answerTo(port: number, path: string, headers: readonly string[]): Promise<{ length: number }> {
  const connection = await openConnection(port)
  const { status, head, body } = await connection.ask('GET', path, headers)
  connection.close()
  if (status !== 200) throw new Error(`${path} answered ${status}`)
  return { length: head.length + 4 + body.length }
}

/** A whole sign-in that the protected host asked for. @returns the cookie that the host holds now. */
async function comeIn(port: number, { name, seed }: Person): Promise<string> {
  const [atHost, atPortal] = [await openConnection(port, host), await openConnection(port)]
  const jars = new Map<Connection, Map<string, string>>()
  const ask = async (at: Connection, method: 'GET' | 'POST', path: string, body = ''): Promise<Reply & { location: string }> => {
    const jar = jars.get(at) ?? new Map<string, string>()
    jars.set(at, jar)
    const cookie = `cookie: ${[...jar].map((it) => it.join('=')).join('; ')}`
    const reply = await at.ask(method, path, [cookie, `origin: http://localhost:${port}`], body)
    for (const [, key = '', value = ''] of reply.head.matchAll(/\r\nset-cookie: ([^=]+)=([^;\r]*)/gi)) jar.set(key, value)
    const location = /\r\nlocation: https?:\/\/[^/]+([^\r]+)/i.exec(reply.head) ?? /\r\nlocation: ([^\r]+)/i.exec(reply.head)
    return { ...reply, location: location?.[1] ?? '' }
  }
  const post = async (path: string, fields: Record<string, string>): Promise<string> => {
    const page = await ask(atPortal, 'GET', path)
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
    return (await ask(atPortal, 'POST', path, new URLSearchParams({ csrf, ...fields }).toString())).location
  }
  const entry = await ask(atHost, 'GET', '/_sluis/sign-in?to=/')
  const { location: page } = await ask(atPortal, 'GET', entry.location)
  const codePage = await post(page, { username: name, password })
  const back = await post(codePage, { code: hotp(seed, Math.floor(Date.now() / 1000 / stepSeconds)) })
  const { status } = await ask(atHost, 'GET', back)
  const cookie = [...(jars.get(atHost) ?? [])].map((it) => it.join('=')).join('; ')
  if (status !== 303 || !cookie.includes('-host=')) throw new Error(`nobody came in at ${back}`)
  atHost.close()
  atPortal.close()
  return cookie
}

function cpuSecondsOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}
