import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'
import { beforeCode, codePage, refusals, waitingForMail } from '../support/demo-steps.ts'
import { PersonAt } from '../support/person-at.ts'

/* One code in every spelling that a person may paste, and a thief may hope for. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo.close())

/** Every try at a code that was charged to anybody. */
function tries(): number {
  using file = new DatabaseSync(`${demo.data}/sluis.db`, { readOnly: true })
  return Number(file.prepare("select total(count) as n from counter where key like 'second-step %'").get()?.n)
}

const spaced = (code: string, by: string): string => `${code.slice(0, 3)}${by}${code.slice(3)}`
const inScript = (code: string, zero: number): string => code.replace(/\d/g, (it) => String.fromCodePoint(zero + Number(it)))

describe('a code in many spellings (T004)', () => {
  test('a code from the app that was used is refused in every spelling', async () => {
    for (const [portal, who, spellings] of [
      ['c-point', 'anna', ['{}', '{} ', '#{}', '0{}', '+{}', '{}\n']],
      ['profiportaal', 'hana', ['{}\u0000', '{}{}', '\u00a0{}', '{}\u200b', '1{}', '{}e5']],
    ] as const) {
      const code = appCode(keyOf(who))
      const first = await beforeCode(demo, portal, who)
      expect(await first.due(await first.post(codePage, { code }))).toBe('/home')
      const others = [inScript(code, 0xff10), inScript(code, 0x0660), ...[' ', '-'].map((it) => spaced(code, it))]
      const thief = await beforeCode(demo, portal, who)
      for (const typed of [...spellings.map((it) => it.replaceAll('{}', code)), ...(who === 'anna' ? others : [])])
        expect((await thief.post(codePage, { code: typed })).status, JSON.stringify(typed)).toBe(422)
      expect((await thief.get('/profile')).status).toBe(303)
      expect(thief.jar.has(`sluis-${portal}-session`)).toBe(false)
    }
  })

  const pasted: readonly [string, (code: string) => string][] = [
    ['with a hyphen', (it) => spaced(it, '-')],
    ['with dots', (it) => it.replace(/(\d\d)(?=\d)/g, '$1.')],
    ['as a whole SMS with its last line', (it) => `Uw code is ${it}. Geef hem aan niemand.\n@localhost #${it}`],
    ['in full-width digits with a no-break space', (it) => spaced(inScript(it, 0xff10), '\u00a0')],
  ]
  test.each(pasted)('an unused code pasted %s is that one code, and spends it', async (_how, write) => {
    const { bram, code } = await waitingForMail(demo)
    const copy = new PersonAt(demo.portal('c-point'))
    for (const [name, value] of bram.jar) copy.jar.set(name, value)
    copy.csrf = bram.csrf
    expect((await bram.post('/sign-in/code/email', { code: write(code) })).status).toBe(303)
    await copy.post('/sign-in/code/email', { code })
    expect(copy.jar.has('sluis-c-point-session')).toBe(false)
  })

  test('as JSON, as a list, twice, or in the query: 400 or 415, audited, and the right code still works', async () => {
    const { bram, code } = await waitingForMail(demo)
    const csrf = `csrf=${encodeURIComponent(bram.csrf)}`
    const before = refusals(demo, 'malformed')
    const counted = tries()
    const post = async (body: string, headers = {}, query = ''): Promise<number> =>
      (await bram.post(`/sign-in/code/email${query}`, body, headers)).status
    for (const json of [code, `"${code}"`, `["${code}"]`, `{"code":{"ne":""}}`])
      expect(await post(json, { 'content-type': 'application/json' }), json).toBe(415)
    for (const body of [`code[]=${code}`, `code=${code}&code=${code}`, `code[ne]=`]) expect(await post(`${csrf}&${body}`), body).toBe(400)
    expect(await post(`${csrf}&code=${code}`, {}, `?code=${code}`)).toBe(400)
    expect([refusals(demo, 'malformed'), tries()]).toEqual([before + 8, counted])
    expect((await bram.post('/sign-in/code/email', { code })).status).toBe(303)
  })
})

test('T005: what time it is says the server: no header, field or query makes an older code right', async () => {
  const guus = await beforeCode(demo, 'koop-cam', 'guus')
  const old = appCode(keyOf('guus'), -4)
  const then = new Date(Date.now() - 120_000).toUTCString()
  expect((await guus.post(codePage, { code: old }, { date: then, 'x-time': then, 'if-modified-since': then })).status).toBe(422)
  for (const more of ['time', 'timestamp', 'step', 'drift'])
    expect((await guus.post(codePage, { code: old, [more]: then })).status).toBe(400)
  expect((await guus.post(`${codePage}?now=${Date.now() - 120_000}`, { code: old })).status).toBe(400)
  expect(await guus.due(await guus.post(codePage, { code: appCode(keyOf('guus')) }))).toBe('/home')
})
