import { availableParallelism } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Demo, openDemo } from '../support/demo.ts'
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

test(`T036: ${many} passwords at once: a bounded queue, 503 with Retry-After beyond it, no try charged for that, other pages answer`, async () => {
  const person = new PersonAt(demo.portal('c-point'))
  const page = await person.get('/sign-in')
  const asset = /href="(\/assets\/styles-[^"]+)"/.exec(page.body)?.[1] ?? ''
  const probes = [`${demo.portal('c-point')}/sign-in`, new URL(asset, demo.portal('c-point')).href]
  const quiet = await probe(probes, pause(1_000))
  const before = passwordCounters()

  const flood = Promise.all(Array.from({ length: many }, (_, at) => wrongPassword(person, at)))
  const busy = await probe(probes, flood)
  const replies = await flood
  const [checked, sentAway] = [422, 503].map((status) => replies.filter((it) => it.status === status)) as [Reply[], Reply[]]
  expect(checked.length + sentAway.length).toBe(many)
  expect(checked.length).toBeGreaterThan(0)
  expect(sentAway.length).toBeGreaterThan(0)
  for (const { headers, body } of sentAway)
    expect([Number(headers['retry-after']) > 0, body]).toEqual([true, expect.stringContaining('heel veel mensen')])
  expect(passwordCounters() - before).toBe(checked.length)
  // The machine of the test also plays the crowd: on a slow one a page is as slow as it was before, times a few.
  expect(busy.statuses).toEqual([200])
  expect(busy.slow, `quiet ${quiet.slow} ms, ${availableParallelism()} cores`).toBeLessThan(Math.max(100, quiet.slow * 15))

  // Nothing hangs afterwards: the next person signs in.
  expect(await new PersonAt(demo.portal('c-point')).password('anna', demo.password)).toBe('/sign-in/choose')
}, 180_000)

/** As a browser with its form would, each on a connection of its own, ten of each address: one network alone would be held up sooner. */
const wrongPassword = ({ portal, cookie, csrf }: PersonAt, at: number): Promise<Reply> =>
  send(`${portal}/sign-in`, {
    method: 'POST',
    from: `127.0.9.${1 + (at % 60)}`,
    headers: { cookie, origin: new URL(portal).origin, 'content-type': formType },
    body: new URLSearchParams({ csrf, username: `niemand${at}`, password: 'wrong wrong wrong' }).toString(),
    patienceSeconds: 150,
  })

/** Asks for these every 50 ms until something is over: which answers, and how slow the slowest five in a hundred were. */
async function probe(addresses: readonly string[], until: Promise<unknown>): Promise<{ statuses: number[]; slow: number }> {
  const took: number[] = []
  const statuses = new Set<number>()
  let isOver = false
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
    await pause(50)
  }
  return { statuses: [...statuses], slow: took.toSorted((a, b) => a - b)[Math.floor(took.length * 0.95)] ?? 0 }
}
