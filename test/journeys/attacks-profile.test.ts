import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'
import { PersonAt } from '../support/person-at.ts'

/* What a stranger with a session tries at the doors of the profile, over HTTP. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(async () => {
  await demo.close()
})

async function inside(userName: string, later = 0): Promise<PersonAt> {
  const person = new PersonAt(demo.portal('c-point'))
  await person.password(userName, demo.password)
  await person.choose('totp')
  expect(await person.due(await person.post('/sign-in/code/app', { code: appCode(keyOf(userName), later) }))).toBe('/home')
  return person
}
const idsOn = (page: string): string[] => [...page.matchAll(/value="\/profile\/remove\/([\w-]+)"/g)].map((it) => it[1] ?? '')

describe('the doors of the profile', () => {
  test('T056 not yours and not there: one status, one body, at every door; by GET nothing is changed', async () => {
    const [anna, daan] = [await inside('anna'), await inside('daan')]
    const [annas] = idsOn((await anna.get('/profile')).body)
    const [daans] = idsOn((await daan.get('/profile')).body)
    expect(annas).toMatch(/^[\w-]{20,}$/)
    expect(annas).not.toBe(daans)
    const bodies = new Set<string>()
    for (const id of [annas ?? '', '0', '-1', '7d444840-9dc0-11d1-b245-5ffdce74fad2'])
      for (const door of ['remove', 'name', 'replace', 'keep', 'stolen', 'put-back']) {
        const reply = await daan.get(`/profile/${door}/${id}`)
        // For a stolen phone something else than the app must speak first; also then nothing of anybody is told.
        if (door === 'stolen') expect([303, 404]).toContain(reply.status)
        else {
          expect(reply.status).toBe(404)
          bodies.add(reply.body.replace(/name="csrf" value="[^"]+"/g, ''))
        }
        const posted = await daan.post(`/profile/${door}/${id}`)
        expect(door === 'stolen' ? [303, 404] : [404]).toContain(posted.status)
      }
    expect(bodies.size).toBe(1)
    // Reading the page of a removal removes nothing; many ids at once, or another verb, are no form of ours.
    expect((await anna.get(`/profile/remove/${annas}`)).status).toBe(200)
    expect((await anna.post(`/profile/remove/${annas}`, { id: 'x' })).status).toBe(400)
    expect((await anna.post('/profile/remove')).status).toBe(404)
    expect((await anna.get(`/profile/remove/${annas}`, { method: 'DELETE' })).status).toBe(404)
    expect(idsOn((await anna.get('/profile')).body)).toEqual([annas])
    expect(idsOn((await daan.get('/profile')).body)).toEqual([daans])
  })

  test('T056 a session or a browser of somebody else, named by its id: the answer of one that nobody has, and it goes on', async () => {
    const [anna, daan] = [await inside('anna', 1), await inside('daan', 1)]
    const idIn = (table: string): string => {
      using database = new DatabaseSync(join(demo.data, 'sluis.db'), { readOnly: true })
      const newest = `select it.id from ${table} it join account on account.id = account_id where name = 'anna' order by it.id desc`
      return String(database.prepare(newest).get()?.id)
    }
    for (const [door, field, page] of [
      ['/profile/sessions/end', 'session', '/profile/sessions'],
      ['/profile/browsers/forget', 'browser', '/profile/browsers'],
    ] as const) {
      const [theirs, answers] = [idIn(field), new Set<string>()]
      expect(theirs).toMatch(/^[\w-]{20,}$/)
      for (const id of [theirs, '7d444840-9dc0-11d1-b245-5ffdce74fad2', '0', '-1', '../', 'x'.repeat(300)]) {
        await daan.get(page)
        const { status, headers, body } = await daan.post(door, { [field]: id })
        answers.add(JSON.stringify([status, headers.location, body.replace(/value="[^"]+"/g, '')]))
      }
      expect([...answers], door).toHaveLength(1)
      expect((await daan.post(door, `csrf=${daan.csrf}&${field}=${theirs}&${field}=x`)).status).toBe(400)
    }
    expect((await anna.get('/profile')).status).toBe(200)
  })

  test('T044 without a session every door of the profile leads to the sign-in, and a half sign-in opens none', async () => {
    const stranger = new PersonAt(demo.portal('c-point'))
    const half = new PersonAt(demo.portal('c-point'))
    await half.password('cato', demo.password)
    for (const door of [
      '/profile',
      '/profile/add',
      '/profile/add/app',
      '/profile/add/picture',
      '/profile/email',
      '/profile/password',
      '/confirm',
    ]) {
      expect((await stranger.get(door)).headers.location).toMatch(/\/sign-in$/)
      expect((await half.get(door)).headers.location).toMatch(/\/sign-in\/choose$/)
    }
    await half.get('/sign-in/choose')
    for (const [door, fields] of [
      ['/profile/add', { method: 'totp' }],
      ['/profile/email', { email: 'dief@elders.test' }],
      ['/profile/password', { password: demo.password, new_password: 'veertien ganzen vliegen laag' }],
      ['/confirm', { code: appCode(keyOf('cato')) }],
    ] as const)
      expect((await half.post(door, fields)).headers.location).toMatch(/\/sign-in\/choose$/)
  })

  test('T053 after one change the next one asks for a proof of its own; where it leads on is never elsewhere', async () => {
    const cato = await inside('cato')
    await cato.get('/profile/email')
    expect(await cato.due(await cato.post('/profile/email', { email: 'cato@nieuw.test' }))).toBe('/profile/email/code')
    const before = new Map(cato.jar)
    const reply = await cato.post('/profile/email/code', { code: await demo.code('cato@nieuw.test') })
    expect(reply.headers.location).toMatch(/\/profile\?news=email$/)
    expect(cato.jar.get('sluis-c-point-session')).not.toBe(before.get('sluis-c-point-session'))
    const [id] = idsOn((await cato.get('/profile')).body)
    for (const door of ['/profile/add', '/profile/email', '/profile/password', `/profile/remove/${id}`])
      expect((await cato.get(door)).headers.location).toBe(`/c-point/confirm?next=${door}`)
    expect((await cato.post(`/profile/remove/${id}`)).headers.location).toBe(`/c-point/confirm?next=/profile/remove/${id}&expired`)
    for (const next of ['//evil.test', 'https://evil.test', '/profile/../../evil', '/sign-out', '/profile/a%0d%0aset-cookie:x']) {
      const page = await cato.get(`/confirm?next=${encodeURIComponent(next)}`)
      expect(page.body).toContain('name="next" value="/profile"')
      expect(page.body).not.toContain('evil')
    }
    // The session of before the change is worth nothing any more.
    const copy = new PersonAt(demo.portal('c-point'))
    for (const [name, value] of before) copy.jar.set(name, value)
    expect((await copy.get('/profile')).headers.location).toMatch(/\/sign-in$/)
  })
})
