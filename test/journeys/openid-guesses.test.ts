import { afterAll, beforeAll, expect, test } from 'vitest'
import { clientSecret, fromHeader, openTown, type Town } from '../support/issuer-house.ts'

/** Guesses of the secret of an application (T111): limited, while the application itself goes on. */
let town: Town
beforeAll(async () => {
  town = await openTown()
})
afterAll(() => town.close())

const right = clientSecret('ligplaatsen')
const real = '192.0.2.10'
/** @returns whether the application was believed: then it hears that its code is wrong, and not that it is. */
async function isBelieved(from: string, secret: string, id = 'ligplaatsen', door = 'token'): Promise<boolean> {
  const answer = await fetch(`${town.portal('c-point').address}/${door}`, {
    method: 'POST',
    headers: { [fromHeader]: from, authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'authorization_code', code: 'x', redirect_uri: 'http://app.localhost/x', token: 'x' }),
  })
  const { error } = (await answer.json()) as { error?: string }
  if (error === 'invalid_client') expect(answer.status).toBe(401)
  return error !== 'invalid_client'
}
const guess = async (times: number, from: (it: number) => string, door?: string): Promise<void> => {
  for (let it = 0; it < times; it++) expect(await isBelieved(from(it), `guess-${it}`.padEnd(40, 'x'), 'ligplaatsen', door)).toBe(false)
}
const events = async (event: string) =>
  (await town.house.storage.db.selectFrom('audit').select('id').where('event', '=', event).execute()).length

test('T111 a thousand guesses, in turn and at once: soon none is looked at, and the application goes on, from its own place and from a new one', async () => {
  expect(await isBelieved(real, right)).toBe(true)
  const evil = '203.0.113.66'
  for (let round = 0; round < 20; round++) {
    await Promise.all(Array.from({ length: 50 }, (_, it) => guess(1, () => evil, it % 2 ? 'token' : 'introspect')))
    expect(await isBelieved(real, right)).toBe(true)
  }
  // What was found by chance, or bought elsewhere, is not even looked at from there, at no door.
  for (const door of ['token', 'introspect', 'par']) expect(await isBelieved(evil, right, 'ligplaatsen', door)).toBe(false)
  expect(await isBelieved('192.0.2.77', right)).toBe(true)
  expect(await events('client.paused')).toBe(1)
  // Other applications of that network are not held up.
  expect(await isBelieved(evil, clientSecret('planning'), 'planning')).toBe(true)
})

test('T111 the pause ends by itself, and a right secret is never counted', async () => {
  const office = '198.51.100.9'
  for (let it = 0; it < 60; it++) expect(await isBelieved('198.51.100.10', right)).toBe(true)
  const fresh = await Promise.all(Array.from({ length: 100 }, () => isBelieved('198.51.100.11', right)))
  expect(fresh).toEqual(fresh.map(() => true))
  await guess(20, () => office)
  expect(await isBelieved(office, right)).toBe(false)
  town.skip(61)
  expect(await isBelieved(office, right)).toBe(true)
})

test('T111 a right one among many at once, from a place that is not known, is not believed after the twentieth wrong one', async () => {
  const secrets = Array.from({ length: 200 }, (_, it) => (it === 150 ? right : `guess-${it}`.padEnd(40, 'x')))
  const believed = await Promise.all(secrets.map((it) => isBelieved('203.0.113.99', it)))
  expect(believed.filter(Boolean)).toEqual([])
})

test('T111 guesses from the very place of the application keep it out at no moment', async () => {
  await guess(200, () => real)
  expect(await isBelieved(real, right)).toBe(true)
})

test('T111 addresses of one IPv6 network are one, and many networks side by side soon are too', async () => {
  await guess(20, (it) => `2001:db8:7:1::${it.toString(16)}`)
  expect(await isBelieved('2001:db8:7:1::ffff', right)).toBe(false)
  expect(await isBelieved('2001:db8:7:2::1', right)).toBe(true)
  await guess(60, (it) => `2001:db8:7:${(it + 16).toString(16)}::1`)
  expect(await isBelieved('2001:db8:7:ff::1', right)).toBe(false)
  expect(await isBelieved('2001:db8:8::1', right)).toBe(true)
})

test('T111 what was shown stands nowhere: not in the audit, not in a key of a counter', async () => {
  const { db } = town.house.storage
  const kept = JSON.stringify([await db.selectFrom('audit').selectAll().execute(), await db.selectFrom('counter').selectAll().execute()])
  for (const it of [right, 'guess-1', 'ligplaatsen']) expect(kept).not.toContain(it)
})
