import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { makePasswords } from '../../src/factors/index.ts'
import { systemRandom } from '../../src/random.ts'
import { type Demo, openDemo } from '../support/demo.ts'
import { addPeople } from '../support/demo-steps.ts'
import { PersonAt } from '../support/person-at.ts'
import { formType, type Reply, send } from '../support/raw.ts'

/* Very many at once, each with a password to be checked: who does not fit is told so, and everybody else is served. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo.close())

const many = process.env.SLUIS_TEST_LONG ? 2_000 : 600

function passwordCounters(): number {
  using file = new DatabaseSync(`${demo.data}/sluis.db`, { readOnly: true })
  return Number(file.prepare("select count(*) as n from counter where key like 'password %'").get()?.n)
}

const metrics = async (): Promise<string> => {
  const { metricsPort } = parse(readFileSync(`${demo.data}/sluis.yaml`, 'utf8')) as { metricsPort: number }
  return (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
}
const mebibytes = async (): Promise<number> => Number(/^process_resident_memory_bytes (\S+)/m.exec(await metrics())?.[1]) / 2 ** 20
/** What the queue, its hashes and so many connections may take beside what lies there at rest. */
const mostMebibytes = 400

test(`T036: ${many} passwords at once, right ones and wrong ones: a bounded queue, 503 with Retry-After beyond it, no try charged for that, other pages answer`, async () => {
  const hash = await (await makePasswords(systemRandom)).hash(demo.password)
  const names = Array.from({ length: many }, (_, at) => `druk${at}`)
  await addPeople(
    demo,
    'c-point',
    'username,email,password_hash',
    names.map((it) => [it, `${it}@haven.test`, `"${hash}"`]),
  )
  const person = new PersonAt(demo.portal('c-point'))
  const page = await person.get('/sign-in')
  const asset = /href="(\/assets\/styles-[^"]+)"/.exec(page.body)?.[1] ?? ''
  const origin = new URL(demo.portal('c-point')).origin
  const probes = [`${demo.portal('c-point')}/sign-in`, origin + asset, `${origin}/_sluis/check/desk.localhost`]
  const quiet = await probe(probes, pause(1_000))

  for (const [status, nameAt, password] of [
    [303, (at: number) => names[at] ?? '', demo.password],
    [422, (at: number) => `niemand${at}`, 'wrong wrong wrong'],
  ] as const) {
    const before = passwordCounters()
    const flood = Promise.all(Array.from({ length: many }, (_, at) => givePassword(person, nameAt(at), password, at)))
    const busy = await probe(probes, flood)
    const replies = await flood
    const [checked, sentAway] = [status, 503].map((it) => replies.filter((reply) => reply.status === it)) as [Reply[], Reply[]]
    expect(checked.length + sentAway.length).toBe(many)
    expect(checked.length).toBeGreaterThan(0)
    expect(sentAway.length).toBeGreaterThan(0)
    for (const { headers, body } of sentAway)
      expect([Number(headers['retry-after']) > 0, body]).toEqual([true, expect.stringContaining('heel veel mensen')])
    expect(passwordCounters() - before).toBe(checked.length)
    // The machine of the test also plays the crowd: on a slow one a page is as slow as it was before, times a few.
    expect(busy.statuses).toEqual(quiet.statuses)
    expect(busy.slow, `quiet ${quiet.slow} ms, ${availableParallelism()} cores`).toBeLessThan(Math.max(100, quiet.slow * 15))
    expect(busy.mebibytes).toBeLessThan(mostMebibytes)
  }
  expect(quiet.statuses).toEqual([200, 403])

  // Nothing hangs afterwards: the next person signs in.
  expect(await new PersonAt(demo.portal('c-point')).password('anna', demo.password)).toBe('/sign-in/choose')
}, 300_000)

/** As a browser with its form would, each on a connection of its own, ten of each address: one network alone would be held up sooner. */
const givePassword = ({ portal, cookie, csrf }: PersonAt, username: string, password: string, at: number): Promise<Reply> =>
  send(`${portal}/sign-in`, {
    method: 'POST',
    from: `127.0.9.${1 + (at % 60)}`,
    headers: { cookie, origin: new URL(portal).origin, 'content-type': formType },
    body: new URLSearchParams({ csrf, username, password }).toString(),
    patienceSeconds: 150,
  })

interface Probed {
  readonly statuses: readonly number[]
  /** Milliseconds of the slowest five in a hundred. */
  readonly slow: number
  /** The most that was seen. */
  readonly mebibytes: number
}

/** Asks for these every 50 ms until something is over. */
async function probe(addresses: readonly string[], until: Promise<unknown>): Promise<Probed> {
  const took: number[] = []
  const statuses = new Set<number>()
  let isOver = false
  let most = 0
  const end = (): void => {
    isOver = true
  }
  until.then(end, end)
  while (!isOver) {
    for (const address of addresses) {
      const began = performance.now()
      statuses.add((await send(address)).status)
      took.push(performance.now() - began)
    }
    most = Math.max(most, await mebibytes())
    await pause(50)
  }
  return {
    statuses: [...statuses].toSorted((a, b) => a - b),
    slow: took.toSorted((a, b) => a - b)[Math.floor(took.length * 0.95)] ?? 0,
    mebibytes: most,
  }
}
