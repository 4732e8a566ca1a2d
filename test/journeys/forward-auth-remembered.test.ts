import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OwnPortal } from '../support/portal.ts'
import { openWerf, portalFile, secret, signIn } from '../support/protected.ts'
import { Traveller } from '../support/traveller.ts'

/* A remembered browser at a protected host that it is enough for: forged, old, copied, and used by somebody with two tabs. */

const quay = 'http://quay.localhost:8003'
const day = 86_400_000
let own: OwnPortal
beforeAll(async () => {
  own = await openWerf(portalFile({ desk: 'http://desk.localhost:8001', yard: 'http://yard.localhost:8002', quay }))
})
afterAll(() => own.close())

/** How long ago something was is in the table alone. */
function age(change: string): void {
  using database = new DatabaseSync(join(own.folder, 'sluis.db'), { timeout: 5_000 })
  database.exec(change)
}
const told = (event: string): number => {
  using database = new DatabaseSync(join(own.folder, 'sluis.db'), { readOnly: true })
  return Number(database.prepare('select count(*) as n from audit where event = ?').get(event)?.n)
}
const browserWith = (value?: string): Traveller => {
  const who = new Traveller(() => ({ port: own.port }))
  if (value !== undefined) who.jar('localhost').set('sluis-werf-browser', value)
  return who
}
const mayPass = async (who: Traveller): Promise<number> => {
  const cookie = [...who.jar('quay.localhost')].map((it) => it.join('=')).join('; ')
  const headers = { 'x-forwarded-method': 'GET', 'x-forwarded-uri': '/page', ...(cookie ? { cookie } : {}) }
  return (await browserWith().ask(`http://127.0.0.1:${own.port}/_sluis/check/${new URL(quay).host}`, { headers })).status
}
async function arrive(who: Traveller): Promise<void> {
  await who.open(`${quay}/_sluis/sign-in?to=%2Fpage`)
}
/** With the password alone. @returns where that led, and whether the host lets in. */
async function letIn(who: Traveller, name: string): Promise<[string, number]> {
  await arrive(who)
  await who.submit({ username: name, password: secret })
  return [who.at.origin === quay ? 'in' : who.at.pathname, await mayPass(who)]
}
/** The value of a browser that is remembered, two minutes old: its next use replaces it. */
async function remembered(name: string): Promise<string> {
  const who = browserWith()
  await arrive(who)
  await signIn(own, who, name, true)
  expect(await mayPass(who)).toBe(200)
  age('update browser set value_at = value_at - 120000')
  return who.jar('localhost').get('sluis-werf-browser') ?? ''
}
const askedForCode = ['/werf/sign-in/code/email', 401]

test('T065 forged, cut or longer, under the name of the host, or thirty days old: a code is asked, and the host stays shut', async () => {
  const value = await remembered('bea')
  for (const forged of [value.slice(1), `${value}A`, `${value}.${value}`, 'eyJhbGciOiJub25lIn0.e30.', 'x'.repeat(3_000)])
    expect(await letIn(browserWith(forged), 'bea'), forged.slice(0, 50)).toEqual(askedForCode)
  const other = browserWith()
  for (const kind of ['host', 'state']) other.jar('quay.localhost').set(`sluis-werf-quay-${kind}`, value)
  expect(await mayPass(other)).toBe(401)
  // The right one, with the right password of somebody else.
  expect(await letIn(browserWith(value), 'cas')).toEqual(askedForCode)
  const pc = browserWith(value)
  expect(await letIn(pc, 'bea')).toEqual(['in', 200])
  age(`update remembered set proved_at = proved_at - ${30 * day}, ends_at = ends_at - ${30 * day}`)
  expect(await letIn(browserWith(pc.jar('localhost').get('sluis-werf-browser')), 'bea')).toEqual(askedForCode)
  expect(told('remembered.theft-suspected')).toBe(0)
})

test('T067 T063 two tabs at once are both let in and alarm nobody; whoever comes with the old value a minute later shuts the host for both', async () => {
  await own.add('dirk@werf.test', secret)
  const value = await remembered('dirk')
  const tabs = [browserWith(value), browserWith(value)]
  expect(await Promise.all(tabs.map((it) => letIn(it, 'dirk')))).toEqual([
    ['in', 200],
    ['in', 200],
  ])
  const [one, two] = tabs.map((it) => it.jar('localhost').get('sluis-werf-browser'))
  expect([one === two, one === value, told('remembered.theft-suspected')]).toEqual([true, false, 0])
  age('update retired_value set retired_at = retired_at - 61000')
  expect(await letIn(browserWith(value), 'dirk')).toEqual(askedForCode)
  expect(await Promise.all(tabs.map(mayPass))).toEqual([401, 401])
  expect(told('remembered.theft-suspected')).toBe(1)
})
