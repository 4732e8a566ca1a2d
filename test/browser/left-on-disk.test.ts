import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromBase32 } from '../../src/factors/index.ts'
import { launchProfile, noChromium } from '../support/chromium.ts'
import { appCode, type Demo, openDemo } from '../support/demo.ts'
import { giveCode, heading, press, scanned, type } from '../support/journey.ts'

/* What a browser keeps on the disk of a shared computer, after somebody linked an app there and left. */

let demo: Demo
const folder = mkdtempSync(join(tmpdir(), 'sluis-profile-'))
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(async () => {
  await demo?.close()
  rmSync(folder, { recursive: true, force: true })
})

const files = (): Buffer[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((it) => join(folder, it))
    .filter((it) => statSync(it, { throwIfNoEntry: false })?.isFile())
    .map((it) => readFileSync(it))

test.skipIf(noChromium)(
  'T047: neither key nor picture is in any file of the browser, nor on any page, once the app is linked',
  async () => {
    const context = await launchProfile(folder)
    const page = await context.newPage()
    await page.goto(demo.app('profiportaal/bestellen'))
    await press(page, 'Inloggen')
    await type(page, 'Gebruikersnaam', 'ida')
    await type(page, 'Wachtwoord', demo.password)
    await press(page, 'Inloggen')
    await giveCode(page, await demo.code('ida@winkel.test'))
    await press(page, 'Bevestigen')
    const key = await scanned(page)
    const drawn = (await page.locator('svg.qr path').last().getAttribute('d')) ?? ''
    const picture = await page.request.get(`${demo.portal('profiportaal')}/enrol/picture`)
    expect([picture.status(), picture.headers()['cache-control']]).toEqual([200, 'no-store'])
    const [bytes, address] = [await picture.body(), page.url()]
    await page.reload()
    await giveCode(page, appCode(key))
    await press(page, 'code verifiëren')
    expect(await heading(page)).toBe('Jouw Authenticator-app is nu gekoppeld aan jouw ProfiPortaal.')

    // Back, by the button and by the address; the picture by its own.
    await page.goBack()
    expect(await page.content()).not.toContain(key)
    await page.goto(address)
    expect(await page.content()).not.toContain(key)
    expect((await page.request.get(`${demo.portal('profiportaal')}/enrol/picture`)).status()).toBe(404)

    await page.goto(`${demo.portal('profiportaal')}/sign-out`)
    // What is there before the sign-out, which empties the cache, is looked at as well.
    const before = files()
    await press(page, 'Uitloggen')
    await context.close()

    const secrets = [
      Buffer.from(key),
      Buffer.from(key, 'utf16le'),
      Buffer.from(fromBase32(key) ?? []),
      Buffer.from(drawn.slice(0, 60)),
      Buffer.from(bytes.subarray(bytes.indexOf('IDAT') + 4).subarray(0, 24)),
    ]
    expect(secrets.map((it) => it.length >= 20)).toEqual(Array(5).fill(true))
    const kept = files()
    expect(kept.length).toBeGreaterThan(20)
    // That files are read at all: the style sheet, which may be kept, was in the cache.
    expect(before.some((it) => it.includes('/assets/styles-'))).toBe(true)
    for (const secret of secrets) expect([...before, ...kept].filter((it) => it.includes(secret))).toHaveLength(0)
  },
)
