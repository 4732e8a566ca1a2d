import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CodeFlow, codeFlow } from '../support/code-flow.ts'
import { openTown, type Town } from '../support/issuer-house.ts'
import { readJwt, verifiedJwt } from '../support/jwt.ts'

/** The keys of an issuer, as they change (T121, T115). */
let town: Town
let flow: CodeFlow
const day = 86_400

beforeAll(async () => {
  town = await openTown()
  flow = await codeFlow(town)
})
afterAll(() => town.close())

type Keys = Record<string, string>[]
const published = async (): Promise<Keys> => ((await (await fetch(`${flow.address}/jwks`)).json()) as { keys: Keys }).keys
const names = (keys: Keys): string[] => keys.flatMap((it) => (it.alg === 'RS256' ? [it.kid ?? ''] : []))
async function token(): Promise<string> {
  const { code, question } = await flow.codeFor(flow.planning)
  return (await flow.redeem('planning', code, question)).body.id_token ?? ''
}
const hintStands = async (hint: string): Promise<boolean> =>
  (await town.browser().go(`${flow.address}/end-session?id_token_hint=${hint}`)).address.pathname === '/c-point/signed-out'

test('T121 the next key is published a day before it signs, the old one stays two days longer, and no token loses its key on the way', async () => {
  const before = await published()
  expect(names(before)).toHaveLength(1)
  const [first] = names(before)
  const early = await token()
  expect((await verifiedJwt(flow.address, early)).header.kid).toBe(first)

  town.skip(89 * day + 60)
  await town.connect.makeKeys()
  await town.connect.makeKeys()
  const both = await published()
  expect([names(both).length, both.length]).toEqual([2, 6])
  const second = names(both).find((it) => it !== first)
  expect((await verifiedJwt(flow.address, await token())).header.kid).toBe(first)

  town.skip(day + 60)
  const late = await token()
  expect((await verifiedJwt(flow.address, late)).header.kid).toBe(second)
  expect(await hintStands(early)).toBe(true)
  expect((await verifiedJwt(flow.address, early)).header.kid).toBe(first)

  town.skip(2 * day + 60)
  await town.connect.makeKeys()
  expect(names(await published())).toEqual([second])
  expect(await hintStands(early)).toBe(false)
  expect(await hintStands(late)).toBe(true)
})

test('T121 what is published is public: no private and no symmetric part, one name each, and no key of another portal', async () => {
  const keys = await published()
  expect(keys.every((it) => ['RSA', 'EC', 'OKP'].includes(it.kty ?? '') && it.use === 'sig')).toBe(true)
  for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']) expect(keys.filter((it) => member in it)).toEqual([])
  expect(new Set(keys.map((it) => it.kid)).size).toBe(keys.length)
  expect(readJwt(await token()).header).toMatchObject({ alg: 'RS256', kid: expect.any(String) })
})
