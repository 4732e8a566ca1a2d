import { pbkdf2Sync } from 'node:crypto'
import { beforeAll, expect, test, vi } from 'vitest'
import { onEachEngine, times } from '../../test/support/engines.ts'
import type { StoryBrowser } from '../../test/support/story-browser.ts'
import { moved, refused, signedIn } from '../../test/support/story-checks.ts'
import { accountOf, openStory, type Person, password, type Town } from '../../test/support/story-house.ts'
import { makePasswords } from '../factors/index.ts'
import { systemRandom as random } from '../random.ts'
import { givePassword, isSaid } from './index.ts'

onEachEngine((opened, another) => {
  let town: Town
  let otherNode: Town
  beforeAll(async () => {
    town = await openStory(opened())
    otherNode = town.on(await another())
  })
  const wrong = 'een ander lang wachtwoord'
  const nobody = (): Pick<Person, 'name'> => ({ name: `niemand${random.below(1e9)}` })
  const passwordCounters = () => town.house.storage.db.selectFrom('counter').selectAll().where('key', 'like', 'password %').execute()

  test('T021 T023 wrong for anna, off, without a password and for nobody: one answer, and nothing is sent', async () => {
    for (const portal of ['c-point', 'koop-cam', 'uitpas']) {
      const anna = await town.person(portal, { app: true })
      const joop = await town.person(portal, { disabled_at: town.clock.at })
      const without = await town.person(portal, { password_hash: null })
      const tried = [
        [anna, wrong],
        [joop, wrong],
        [joop, password],
        [without, wrong],
        [nobody(), password],
      ] as const
      const answers = []
      for (const [who, typed] of tried) {
        const browser = town.browser(portal)
        if (portal === 'koop-cam') expect(moved(await browser.name(who.name))).toEqual({ step: 'password' })
        answers.push(await browser.password(who, typed))
        expect(await browser.step()).toEqual({ step: 'password' })
      }
      expect(new Set(answers.map((it) => JSON.stringify(it))).size).toBe(1)
      expect(answers[0]).toEqual({ said: portal === 'uitpas' ? 'signin.wrongEmail' : 'signin.wrong', status: 422 })
      const ids = [anna, joop, without].map((it) => it.id)
      expect(await town.house.storage.db.selectFrom('message').selectAll().where('account_id', 'in', ids).execute()).toEqual([])
      await refused(town, anna, () => town.browser(portal).password(anna, wrong), { event: 'password.refused', counted: 0 })
    }
    await town.calm()
  })

  test('T021 a sign-in that is open when its account is switched off is at the password again', async () => {
    const anna = await town.person('c-point', { app: true })
    const browser = town.browser('c-point')
    await browser.password(anna)
    await browser.choose('totp')
    await town.house.storage.db.updateTable('account').set({ disabled_at: town.clock.at }).where('id', '=', anna.id).execute()
    expect(moved(await browser.code(anna.app.code()))).toEqual({ step: 'password' })
  })

  test('T024 the pause comes at the same count, as long and as worded, for a name that does not exist', async () => {
    const anna = await town.person('c-point', { app: true })
    const answers = []
    for (const who of [anna, nobody()]) {
      const heard = []
      for (const node of times(13, (it) => (it % 2 ? town : otherNode))) heard.push(await node.browser('c-point').password(who, wrong))
      town.pass(60)
      for (const _ of times(11, () => 0)) heard.push(await town.browser('c-point').password(who, wrong))
      answers.push(heard.map((it) => (isSaid(it) ? { ...it, until: it.until === undefined ? 0 : it.until - town.clock.at } : it)))
    }
    expect(answers[0]).toEqual(answers[1])
    const statuses = (answers[0] ?? []).map((it) => ('status' in it ? it.status : 0))
    expect(statuses).toEqual([...times(10, () => 422), 429, 429, 429, ...times(10, () => 422), 429])
    await town.calm()
  })

  test('T030 who is paused by a stranger comes in from the browser that is known; a new browser waits a minute', async () => {
    const anna = await town.person('c-point', { app: true })
    const pc = town.browser('c-point')
    await pc.password(anna)
    await pc.choose('totp')
    await signedIn(town, anna, () => pc.code(anna.app.code()))
    for (const _ of times(12, () => 0)) await town.browser('c-point').password(anna, wrong)
    expect(await town.browser('c-point').password(anna)).toMatchObject({ said: 'signin.paused', status: 429 })
    town.pass(30)
    await pc.password(anna)
    await pc.choose('totp')
    await signedIn(town, anna, () => pc.code(anna.app.code()))
    await town.calm()
  })

  test('who signs in every day from the same browser is never paused', async () => {
    const anna = await town.person('c-point', { app: true })
    const pc = town.browser('c-point')
    for (const day of times(25, (it) => it)) {
      expect([day, moved(await pc.password(anna)).step]).toEqual([day, 'choose'])
      await pc.choose('totp')
      await signedIn(town, anna, () => pc.code(anna.app.code()))
      town.pass(86_400)
    }
    expect(await passwordCounters()).toEqual([])
  })

  test('T034 one person in every spelling: one account, one count; a look-alike is nobody and wins no tries', async () => {
    const name = `anni\u00e9${random.below(1e6)}`
    const anna = await town.person('c-point', { app: true, name })
    const same = [name.toUpperCase(), ` ${name} `, name.normalize('NFD'), name.replace('a', '\uff41')]
    for (const it of same) expect(await town.browser('c-point').password({ name: it }, wrong), it).toMatchObject({ said: 'signin.wrong' })
    expect((await passwordCounters()).map((it) => it.count)).toEqual([4])
    const alike = [
      name.replace('a', '\u0430'),
      name.replace('n', 'n\u200d'),
      name.replace('n', 'n\u00ad'),
      `${name}\0`,
      `${name}.`,
      `${name}@haven.test`,
      `${name}@c-point`,
      name.replace('i', '\u0131'),
      name.replace('i', '\u0130'),
      encodeURIComponent(name),
      `${name}%00`,
    ]
    for (const it of alike) expect(await otherNode.browser('c-point').password({ name: it }), it).toMatchObject({ said: 'signin.wrong' })
    expect((await passwordCounters()).filter((it) => it.count === 4)).toHaveLength(1)
    for (const [place, it] of same.entries()) {
      await town.calm()
      const browser = (place % 2 ? town : otherNode).browser('c-point')
      await browser.password({ name: it })
      await browser.choose('totp')
      await signedIn(town, anna, () => browser.code(anna.app.code()))
      town.pass(60)
    }
  })

  test('T034 a name that a database cannot hold is a name like any other, and nobody has it', async () => {
    const anna = await town.person('koop-cam', { app: true })
    for (const it of [`${anna.name}\0`, '\0', `a\0${'\u{1f9a9}'.repeat(200)}`]) {
      const browser = town.browser('koop-cam')
      expect(moved(await browser.name(it)), JSON.stringify(it)).toEqual({ step: 'password' })
      const typed = (await browser.stand()).attempt?.typed_name ?? ''
      expect(await browser.password({ name: typed })).toMatchObject({ said: 'signin.wrong', status: 422 })
    }
    await town.calm()
  })

  test('T035 257 characters are refused before any hash and at once; 256 of any kind work', async () => {
    const long = '\u{1f9a9}'.repeat(256)
    const anna = await town.person('c-point', { app: true, password_hash: await town.house.passwords.hash(long) })
    for (const it of ['x'.repeat(257), `${long}x`, 'x'.repeat(10_000_000), '\ufdfa'.repeat(257), `e${'\u0301'.repeat(10_000)}`]) {
      const browser = town.browser('c-point')
      const before = await browser.stand()
      const began = performance.now()
      const outcome = await givePassword(town.house, before, browser.visitor, { name: anna.name, password: it })
      // Nothing was normalised and nobody was looked for.
      expect(performance.now() - began).toBeLessThan(20)
      await refused(town, anna, async () => outcome, { said: 'password.tooLong', counted: 0 })
    }
    expect(await passwordCounters()).toEqual([])
    for (const it of [`${long.slice(2)}`, 'x\0', '\ufdfa'.repeat(256)])
      await refused(town, anna, () => town.browser('c-point').password(anna, it), { said: 'signin.wrong', counted: 0 })
    const browser = town.browser('c-point')
    expect(moved(await browser.password(anna, long)).step).toBe('choose')
    await town.calm()
  })

  test('T029 an imported hash becomes ours after the answer: nobody waits for it, and nobody sees that it was imported', async () => {
    const passwords = await makePasswords(random)
    let begin = (): void => undefined
    const mayBegin = new Promise<void>((resolve) => {
      begin = resolve
    })
    const slow = { ...passwords, hash: (plain: string) => mayBegin.then(() => passwords.hash(plain)) }
    const there = await openStory(opened(), { passwords: slow })
    const salt = 'zout'
    const sum = pbkdf2Sync(password, salt, 1_000, 32, 'sha256').toString('base64')
    const imported = `pbkdf2_sha256$1000$${salt}$${sum}`
    const ruth = await there.person('c-point', { app: true, password_hash: imported })
    const hash = async () => (await accountOf(there, ruth))?.password_hash
    expect(moved(await there.browser('c-point').password(ruth)).step).toBe('choose')
    expect(await hash()).toBe(imported)
    begin()
    await vi.waitFor(async () => expect(await hash()).toMatch(/^\$argon2id\$/), 5_000)
    expect(moved(await there.browser('c-point').password(ruth)).step).toBe('choose')
    await there.calm()
  })

  test('T036 a full queue is told before a try is counted: nobody is paused by a busy morning', async () => {
    const busy = await openStory(opened(), { passwords: await makePasswords(random, { width: 1, longest: 3 }) })
    const anna = await busy.person('c-point', { app: true })
    const tried = await Promise.allSettled(times(60, () => busy.browser('c-point').password(anna, wrong)))
    const answered = tried.filter((it) => it.status === 'fulfilled')
    const sentAway = tried.filter((it) => it.status === 'rejected')
    expect(sentAway.length).toBeGreaterThan(40)
    expect(sentAway.every((it) => it.reason.code === 'queue-full')).toBe(true)
    expect((await passwordCounters()).map((it) => it.count)).toEqual([answered.length])
    expect(busy.house.passwords.waiting).toBe(0)
    await busy.calm()
    expect(moved(await busy.browser('c-point').password(anna)).step).toBe('choose')
    await busy.calm()
  })

  test('T036 who is told to wait keeps no place in the queue, by name and by network', async () => {
    const busy = await openStory(opened(), {
      passwords: await makePasswords(random, { width: 1, longest: 3 }),
      change: (it) => ({ ...it, limits: { ...it.limits, passwordFailuresPerNetwork: 12 } }),
    })
    const [anna, bram] = [await busy.person('c-point', { app: true }), await busy.person('c-point')]
    const at = (address: string): StoryBrowser => {
      const browser = busy.browser('c-point')
      browser.visitor = { ...browser.visitor, address }
      return browser
    }
    for (const it of times(14, (place) => `198.51.100.${place}`)) await at(it).password(anna, wrong)
    expect(await at('198.51.100.20').password(anna)).toMatchObject({ said: 'signin.paused', status: 429 })
    const office = '203.0.113.4'
    for (const _ of times(18, () => 0)) await at(office).password(nobody(), wrong)
    expect(await at(office).password(bram)).toMatchObject({ said: 'signin.paused', status: 429 })
    expect(busy.house.passwords.waiting).toBe(0)
    expect(moved(await at('203.0.113.99').password(bram)).step).toBe('choose')
    await busy.calm()
  })
})
