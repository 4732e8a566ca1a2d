import jsqr from 'jsqr'
import type { BrowserContext, Page } from 'playwright-core'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, launchBrowser, noChromium } from '../support/chromium.ts'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'

/* The manual of c-point in a browser, with the labels that the manual prints; with and without JavaScript. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(async () => {
  await demo.close()
  await closeBrowser()
})

async function inBrowser(work: (page: Page, context: BrowserContext) => Promise<void>, options: { javaScriptEnabled?: boolean } = {}): Promise<void> {
  const context = await (await launchBrowser()).newContext({ locale: 'nl-BE', ...options })
  try {
    context.setDefaultTimeout(8_000)
    await work(await context.newPage(), context)
  } finally {
    await context.close()
  }
}

const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click()
const heading = (page: Page): Promise<string | null> => page.locator('h1').textContent()

async function password(page: Page, userName: string, application = 'c-point/ligplaatsen'): Promise<void> {
  await page.goto(demo.app(application))
  await press(page, 'Aanmelden')
  await page.getByLabel('Gebruikersnaam').fill(userName)
  await page.getByLabel('Wachtwoord', { exact: true }).fill(demo.password)
  await press(page, 'Login')
}

async function scanned(page: Page): Promise<string> {
  const picture = PNG.sync.read(await page.locator('svg.qr').screenshot())
  const found = jsqr.default(Uint8ClampedArray.from(picture.data), picture.width, picture.height)
  return new URL(found?.data ?? '').searchParams.get('secret') ?? ''
}

describe.skipIf(noChromium)('c-point', () => {
  for (const javaScriptEnabled of [true, false]) {
    const who = javaScriptEnabled ? 'bram' : 'cato'
    test(`rows 19-20, 6-8: a known app signs in, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, () =>
      inBrowser(
        async (page) => {
          await password(page, 'anna', javaScriptEnabled ? 'c-point/ligplaatsen' : 'c-point/planning')
          expect(await heading(page)).toBe('Kies je authenticatiemethode')
          await page.getByRole('radio', { name: 'Authenticator App', exact: true }).check()
          await press(page, 'Login')
          await page.locator('input[name=code]').fill(appCode(keyOf('anna'), javaScriptEnabled ? 0 : 1))
          await press(page, 'Verzenden')
          expect(await heading(page)).toBe('Je bent aangelogd.')
          expect(await page.textContent('main')).toContain('urn:sluis:acr:2')
        },
        { javaScriptEnabled },
      ))

    test(`rows 21-22: a code by mail signs in, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, () =>
      inBrowser(
        async (page) => {
          await password(page, who)
          await page.getByRole('radio', { name: 'Verificatiecode via e-mail', exact: true }).check()
          await press(page, 'Login')
          await page.locator('input[name=code]').fill(await demo.code(javaScriptEnabled ? 'bram@haven.test' : 'balie@haven.test'))
          await press(page, 'Login')
          expect(await heading(page)).toBe('Je bent aangelogd.')
          expect(await page.textContent('main')).toContain('urn:sluis:acr:2-mail')
        },
        { javaScriptEnabled },
      ))
  }

  test('rows 1-18: from the start page to a linked app: choice, Doorgaan, mailed code, QR, Volgende, first code', () =>
    inBrowser(async (page) => {
      await page.goto(demo.portal('c-point'))
      expect(await page.getByRole('button', { name: 'Login', exact: true }).count()).toBe(1)
      await password(page, 'bram')
      await page.getByRole('radio', { name: 'Authenticator App', exact: true }).check()
      await press(page, 'Login')
      expect(await heading(page)).toBe('Je hebt nog geen authenticator-app geregistreerd')
      await press(page, 'Doorgaan')
      expect(await heading(page)).toBe('Vul je eenmalig wachtwoord in')
      await page.locator('input[name=code]').fill(await demo.code('bram@haven.test'))
      await press(page, 'Login')
      const key = await scanned(page)
      await page.reload()
      expect(await scanned(page)).toBe(key)
      await press(page, 'Volgende')
      expect(await scanned(page)).toBe(key)
      await page.locator('input[name=code]').fill(appCode(key))
      await press(page, 'Verzenden')
      expect(await heading(page)).toBe('Je bent aangelogd.')
      await press(page, 'Verder naar Ligplaatsen')
      expect(await page.textContent('main')).toContain('urn:sluis:acr:2')
      await page.goBack()
      expect(await page.content()).not.toContain(key)
    }))
})
