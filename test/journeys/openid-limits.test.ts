import { afterAll, beforeAll, expect, test } from 'vitest'
import { basic, type CodeFlow, codeFlow } from '../support/code-flow.ts'
import { openTown, type Town } from '../support/issuer-house.ts'

/* T038: requests of applications that a stranger may repeat without end. */
let town: Town
let flow: CodeFlow

beforeAll(async () => {
  town = await openTown({ change: (it) => ({ ...it, limits: { ...it.limits, signInsPerNetworkPerMinute: 30 } }) })
  flow = await codeFlow(town)
})
afterAll(() => town.close())

const waiting = async (): Promise<number> =>
  (await town.house.storage.db.selectFrom('protocol_record').select('key').where('model', '=', 'Interaction').execute()).length

test('T038 authorization requests that nobody answers are bounded for a network; the application hears it, and a minute later it goes on', async () => {
  const answers: string[] = []
  for (let it = 0; it < 40; it++) {
    const { location } = await flow.planning.ask()
    const answer = await fetch(location, { redirect: 'manual' })
    const to = new URL(answer.headers.get('location') ?? '', location)
    answers.push(to.searchParams.get('error') ?? to.pathname)
  }
  expect(answers.filter((it) => it === '/c-point/sign-in')).toHaveLength(30)
  expect(new Set(answers.slice(30))).toEqual(new Set(['temporarily_unavailable']))
  expect(await waiting()).toBe(30)

  // Where nothing would wait, nothing is counted: who is signed in already is let in, and prompt=none is answered.
  const silent = (await flow.planning.ask({ prompt: 'none' })).location
  const to = new URL((await fetch(silent, { redirect: 'manual' })).headers.get('location') ?? '')
  expect(to.searchParams.get('error')).toBe('login_required')
  expect(await waiting()).toBe(30)

  town.skip(61)
  const later = (await flow.planning.ask()).location
  expect((await fetch(later, { redirect: 'manual' })).headers.get('location')).toContain('/sign-in')
})

test('T038 requests sent ahead are limited for each client: one that runs wild stops nobody else', async () => {
  const push = async (party: typeof flow.planning, client: string): Promise<Response> =>
    fetch(`${flow.address}/par`, {
      method: 'POST',
      headers: { authorization: basic(client) },
      body: new URLSearchParams((await party.ask()).location.searchParams),
    })
  const statuses: number[] = []
  for (let at = 0; at < 620; at += 20)
    statuses.push(...(await Promise.all(Array.from({ length: 20 }, () => push(flow.planning, 'planning')))).map((it) => it.status))
  expect(statuses.filter((it) => it === 201)).toHaveLength(600)
  expect(statuses.filter((it) => it === 429)).toHaveLength(20)
  const over = await push(flow.planning, 'planning')
  expect([over.status, over.headers.get('retry-after'), ((await over.json()) as { error: string }).error]).toEqual([
    429,
    '60',
    'temporarily_unavailable',
  ])
  expect((await push(flow.strict, 'ligplaatsen')).status).toBe(201)
  town.skip(61)
  expect((await push(flow.planning, 'planning')).status).toBe(201)
}, 120_000)
