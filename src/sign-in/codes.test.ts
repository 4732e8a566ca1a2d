import { createHmac } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { onEachEngine } from '../../test/support/engines.ts'
import { changesNothing, moved, refused, signedIn } from '../../test/support/story-checks.ts'
import { openStory, type Person, type Town } from '../../test/support/story-house.ts'
import { hotp } from '../factors/index.ts'
import { authenticatorsOf } from '../storage/index.ts'
import { isSaid } from './index.ts'

onEachEngine((opened, another) => {
  let town: Town
  let otherNode: Town
  beforeAll(async () => {
    town = await openStory(opened())
    otherNode = town.on(await another())
  })

  const withApp = (): Promise<Person> => town.person('c-point', { app: true })
  /** Past the password, at the code page of the chosen method. */
  const atCode = async (who: Person, method: 'totp' | 'email', on = town) => {
    const browser = on.browser(who.portal)
    await browser.password(who)
    await browser.choose(method)
    return browser
  }
  const lastStep = async ({ id }: Person) => (await authenticatorsOf(town.house.storage.db, id))[0]?.last_step

  test('T001 a code from the app works once: not in a new sign-in, not on another node, not one step later', async () => {
    const anna = await withApp()
    const code = anna.app.code()
    await signedIn(town, anna, async () => (await atCode(anna, 'totp')).code(code))
    const [again, elsewhere] = [await atCode(anna, 'totp'), await atCode(anna, 'totp', otherNode)]
    await refused(town, anna, () => again.code(code), { said: 'code.wrongApp', event: 'second-step.refused used' })
    await refused(town, anna, () => elsewhere.code(code), { said: 'code.wrongApp', event: 'second-step.refused used' })
    town.pass(30)
    await refused(town, anna, () => again.code(code), { event: 'second-step.refused used' })
    await signedIn(town, anna, () => again.code(anna.app.code()))
  })

  test('T001 by Back in the finished sign-in a used code shows the page that is due, and makes no evidence', async () => {
    for (const method of ['totp', 'email'] as const) {
      const anna = await withApp()
      const browser = await atCode(anna, method)
      const code = method === 'totp' ? anna.app.code() : await browser.sent('sign-in')
      const page = await browser.stand()
      await signedIn(town, anna, () => browser.code(code))
      expect(await changesNothing(town, anna, () => browser.code(code, false, page))).toMatchObject({ step: 'done' })
      expect(await changesNothing(town, anna, () => browser.code(code))).toMatchObject({ step: 'done' })
      town.pass(60)
    }
  })

  test('T001 a mailed code works once, and in no other sign-in', async () => {
    const anna = await withApp()
    const browser = await atCode(anna, 'email')
    const code = await browser.sent('sign-in')
    const others = [await atCode(anna, 'email'), await atCode(anna, 'email', otherNode)]
    const miss = () => ({ said: 'code.wrongMail', event: 'second-step.refused wrong' }) as const
    for (const it of others) await refused(town, anna, () => it.code(code), miss())
    await signedIn(town, anna, () => browser.code(code))
    for (const it of others) await refused(town, anna, () => it.code(code), miss())
  })

  test('T001 a texted code works once: not in another sign-in, on no node, nor by Back', async () => {
    const gijs = await town.person('uitpas', { sms: true })
    const browser = town.browser('uitpas')
    await browser.password(gijs)
    const code = await browser.sent('sign-in')
    const page = await browser.stand()
    await signedIn(town, gijs, () => browser.code(code))
    for (const node of [town, otherNode]) {
      const other = node.browser('uitpas')
      await other.password(gijs)
      await refused(town, gijs, () => other.code(code), { said: 'code.wrongSms', event: 'second-step.refused wrong' })
    }
    expect(await changesNothing(town, gijs, () => browser.code(code, false, page))).toMatchObject({ step: 'done' })
  })

  test('a texted code is a use of the phone: the profile tells when it was last used', async () => {
    const gijs = await town.person('uitpas', { sms: true })
    town.pass(86_400)
    const browser = town.browser('uitpas')
    await browser.password(gijs)
    await signedIn(town, gijs, async () => browser.code(await browser.sent('sign-in')))
    expect((await authenticatorsOf(town.house.storage.db, gijs.id)).map((it) => it.last_used_at)).toEqual([town.clock.at])
  })

  test('T003 steps only move forward: after a code, that of the step before is dead on every node and after a restart', async () => {
    const anna = await withApp()
    await signedIn(town, anna, async () => (await atCode(anna, 'totp')).code(anna.app.code(1)))
    const spent = await lastStep(anna)
    for (const [steps, node] of [
      [0, town],
      [-1, otherNode],
      [-1, town.on(await another())],
    ] as const) {
      const browser = await atCode(anna, 'totp', node)
      await refused(town, anna, () => browser.code(anna.app.code(steps)), { event: 'second-step.refused used' })
    }
    expect(await lastStep(anna)).toBe(spent)
    town.pass(60)
    await signedIn(town, anna, async () => (await atCode(anna, 'totp')).code(anna.app.code()))
  })

  const spellings = (it: string): string[] => [
    `${it.slice(0, 3)} ${it.slice(3)}`,
    `${it.slice(0, 3)}-${it.slice(3)}`,
    [...it].join('.'),
    `  ${it}\u00a0`,
    `${it.slice(0, 2)}\u200b${it.slice(2)}`,
    `#${it}`,
    `+${it}.`,
    `${it[0]}.${it.slice(1)}e5`,
    [...it].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join(''),
    `${it} is je code om aan te melden bij C-point. Geef deze code aan niemand.\n@localhost #${it}`,
  ]
  const never = (it: string): string[] => [
    [...it].map((digit) => String.fromCodePoint(0x660 + Number(digit))).join(''),
    `0${it}`,
    `${it}0`,
    `{"code":"${it.slice(1)}"}`,
  ]

  test('T004 a used code stays used in every spelling', async () => {
    const anna = await withApp()
    const code = anna.app.code()
    await signedIn(town, anna, async () => (await atCode(anna, 'totp')).code(code))
    const browser = await atCode(anna, 'totp')
    for (const it of spellings(code).slice(0, 9)) await refused(town, anna, () => browser.code(it), { event: 'second-step.refused used' })
  })

  test('T004 what a person may paste is the code and works once; anything else is no code and costs no try', async () => {
    for (const [place] of spellings('123456').entries()) {
      const anna = await withApp()
      const browser = await atCode(anna, 'totp')
      const code = anna.app.code()
      for (const it of never(code)) await refused(town, anna, () => browser.code(it), { said: 'code.format', counted: 0 })
      await signedIn(town, anna, () => browser.code(spellings(code)[place] as string))
    }
  })

  test('T004 a code is six characters: one that begins with zeros is not the number behind them', async () => {
    const anna = await withApp()
    while (!anna.app.code().startsWith('0')) town.pass(30)
    const [browser, code] = [await atCode(anna, 'totp'), anna.app.code()]
    for (const it of [code.slice(1), ` ${code.slice(1)}`, `${code.slice(1)}0`, String(Number(code))])
      expect(isSaid(await browser.code(it)), it).toBe(true)
    await signedIn(town, anna, () => browser.code(code))
  })

  test('T005 only the step before, now and ahead count; no other digest, length or period of the same key', async () => {
    const seed = Buffer.alloc(20, 5)
    const app = town.appWith(seed)
    const now = Math.floor(town.clock.at / 30_000)
    const sha256 =
      createHmac('sha256', seed)
        .update(Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]))
        .digest()
        .readUInt32BE(0) % 1_000_000
    const wrong = [...[-10, -2, 2, 10].map((it) => app.code(it)), hotp(seed, Math.floor(now / 2)), String(sha256).padStart(6, '0')]
    const right = [-1, 0, 1].map((it) => app.code(it))
    for (const it of wrong.filter((code) => !right.includes(code))) {
      const anna = await town.person('c-point')
      await linked(anna, seed)
      const browser = await atCode(anna, 'totp')
      await refused(town, anna, () => browser.code(it), { said: 'code.wrongApp' })
    }
    for (const it of right) {
      const anna = await town.person('c-point')
      await linked(anna, seed)
      await signedIn(town, anna, async () => (await atCode(anna, 'totp')).code(it))
    }
  })

  test('T016 an empty field asks for the code and costs nothing; no word means yes', async () => {
    const anna = await withApp()
    const browser = await atCode(anna, 'totp')
    for (const it of ['', ' ', '\u00a0', '\t\n']) await refused(town, anna, () => browser.code(it), { said: 'code.empty', counted: 0 })
    for (const it of ['null', 'undefined', 'false', '0', 'NaN', '1', '*', '%', '1'.repeat(100_000), '12345', '1234567'])
      await refused(town, anna, () => browser.code(it), { said: 'code.format', counted: 0 })
    await refused(town, anna, () => browser.code('111111 222222'), { said: 'code.manyRuns', counted: 0 })
    for (const it of ['', 'none', 'totp email', 'TOTP']) {
      const { said } = await refused(town, anna, () => browser.choose(it), { counted: 0 })
      expect(said).toBe(it === '' ? 'method.none' : 'method.unavailable')
    }
    expect(moved(await browser.begin())).toMatchObject({ step: 'prove', method: 'totp' })
    await signedIn(town, anna, () => browser.code(anna.app.code()))
  })

  async function linked({ id }: Person, seed: Uint8Array): Promise<void> {
    const { db } = town.house.storage
    const app = town.house.random.id()
    const secret = town.house.vault.seal(seed, { table: 'authenticator', column: 'secret', row: app })
    const row = { id: app, account_id: id, method: 'totp' as const, secret, title: null, last_step: 0, bound_at: town.clock.at }
    await db
      .insertInto('authenticator')
      .values({ ...row, last_used_at: null, disabled_at: null })
      .execute()
  }
})
