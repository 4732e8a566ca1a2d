import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { havenloket, secret } from '../support/havenloket.ts'
import { PersonAt } from '../support/person-at.ts'
import { type OwnPortal, openPortal } from '../support/portal.ts'

/* T144: kill -9 of the server at any moment of a post. What a person was told is true afterwards, and who heard nothing tries again. */

const rounds = process.env.SLUIS_TEST_LONG ? 60 : 6
let own: OwnPortal
beforeAll(async () => {
  own = await openPortal('havenloket', havenloket)
})
afterAll(() => own?.close())

const count = (what: string): number => {
  using database = new DatabaseSync(join(own.folder, 'sluis.db'), { readOnly: true })
  return Number(database.prepare(`select count(*) as n from ${what}`).get()?.n)
}
/** A name that nobody has, also where the test is tried once more. */
let people = 0
const someNew = (name: string): string => `${name}${++people}`

/** The answer, or undefined where the server was killed before it came. */
async function killedDuring(milliseconds: number, post: () => Promise<{ status: number }>): Promise<number | undefined> {
  const answer = post().then(
    (it) => it.status,
    () => undefined,
  )
  await pause(milliseconds)
  await own.restart('SIGKILL')
  return answer
}

test('T144 a code: who was let in is in, who heard nothing comes in by the same code or begins anew; never in without its event', {
  timeout: 300_000,
}, async () => {
  for (let round = 0; round < rounds; round++) {
    const name = someNew('wim')
    await own.add(`${name}@loket.test`, secret)
    const wim = new PersonAt(own.address)
    expect(await wim.password(name, secret)).toBe('/sign-in/code/email')
    const code = await own.code(`${name}@loket.test`)
    const before = count('session')
    const status = await killedDuring(round * 2, () => wim.post('/sign-in/code/email', { code }))
    const sessions = count('session')
    expect(count("audit where event = 'session.started'")).toBe(sessions)
    expect(count("code where used_at is not null and purpose = 'sign-in'")).toBe(sessions)
    if (status !== undefined) expect((await wim.get('/home')).status).toBe(200)
    else expect(await wim.due(await wim.post('/sign-in/code/email', { code }))).toBe(sessions > before ? '/sign-in' : '/home')
    if (sessions === before || status !== undefined) continue
    await wim.password(name, secret)
    expect(await wim.due(await wim.post('/sign-in/code/email', { code: await own.code(`${name}@loket.test`) }))).toBe('/home')
  }
})

test('T144 a new password by a link: one of the two opens, and it is the new one when that was said', { timeout: 300_000 }, async () => {
  for (let round = 0; round < rounds; round++) {
    const [name, old, fresh] = [someNew('els'), 'zeven natte otters', 'dertien droge reigers']
    await own.add(`${name}@loket.test`, old)
    const els = new PersonAt(own.address)
    const { body } = await els.get('/password')
    const shown = /name="shown" value="([^"]+)"/.exec(body)?.[1]
    const typed = /Code: <bdi[^>]*>(\w{4})</.exec(body)?.[1] ?? ''
    await els.post('/password', { username: name, ...(shown ? { shown, typed } : {}) })
    const link = await own.link(`${name}@loket.test`)
    await els.due(await els.get(link.replace(own.address, '')))
    const status = await killedDuring(round * 6, () => els.post('/password/new', { new_password: fresh }))
    const opens = []
    for (const password of [old, fresh]) opens.push((await new PersonAt(own.address).password(name, password)) !== '422')
    if (status !== undefined) expect(opens).toEqual([false, true])
    else expect(opens.filter(Boolean)).toHaveLength(1)
    const isNew = opens[1] ? 1 : 0
    expect(count(`audit join account on account.id = account_id where event = 'reset.used' and name = '${name}'`)).toBe(isNew)
    expect(count(`message join account on account.id = account_id where template = 'M08' and name = '${name}'`)).toBe(isNew)
  }
})
