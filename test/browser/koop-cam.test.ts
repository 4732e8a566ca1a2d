import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, noChromium } from '../support/chromium.ts'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'
import { giveCode, heading, inBrowser, press, scanned, type } from '../support/journey.ts'
import { openPortal } from '../support/portal.ts'

/* The manual of koop-cam: the name first, an SMS or a mail before the app, the app ever after. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(async () => {
  await demo.close()
  await closeBrowser()
})

async function password(page: Page, userName: string): Promise<void> {
  await page.goto(demo.app('koop-cam/publicatie'))
  await press(page, 'Inloggen')
  await type(page, 'Gebruikersnaam', userName)
  await press(page, 'Volgende')
  await type(page, 'Wachtwoord', demo.password)
  await press(page, 'Bevestigen')
}

async function linkApp(page: Page): Promise<void> {
  const key = await scanned(page)
  await giveCode(page, appCode(key))
  await press(page, 'Bevestigen')
  expect(await heading(page)).toBe('Instellen MFA is voltooid')
  await press(page, 'Verder naar Publicatie')
  expect(await page.textContent('main')).toContain('(urn:sluis:acr:2)')
}

describe.skipIf(noChromium)('koop-cam', () => {
  test('rows 65-77, 82-87: a known phone: six digits by SMS, a new code by the link above the field, then the app', () =>
    inBrowser(async (page) => {
      await password(page, 'eef')
      expect(await page.textContent('body')).toContain('servicedesk.publicatie@logius.nl')
      expect(await heading(page)).toBe('Vul uw SMS-code in')
      const sms = await demo.message('31612345678')
      expect(sms.from).toBe('KOOPCAMP')
      const main = await page.textContent('main')
      expect(main).toContain('De sms komt van KOOPCAMP.')
      expect(main).toContain('Uw telefoonnummer gebruiken wij als bevestiging van uw identiteit.')
      const order = await page.evaluate(() => {
        const [button, field] = [
          [...document.querySelectorAll('button')].find((it) => it.textContent === 'vraag een nieuwe code aan'),
          document.querySelector('input[name=code]'),
        ]
        return Boolean(button && field && button.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING)
      })
      expect(order).toBe(true)
      await page.getByLabel('SMS-code', { exact: true }).fill(/\d{6}/.exec(sms.text)?.[0] ?? '')
      await press(page, 'Bevestigen')
      await linkApp(page)
    }))

  test('row 73: in pre-production the text message comes from KOOPCAME, and each page says that no real work is done here', async () => {
    const file = readFileSync(join(import.meta.dirname, '..', '..', 'portals', 'koop-cam.yaml'), 'utf8')
    const alone = (file.split(/^applications:/m)[0] ?? '').replace(/^ *logo:.*\n/m, '')
    const own = await openPortal('koop-cam', alone, { environment: 'preproduction' })
    try {
      await own.add('wim@gemeente.test', 'zeven natte otters', ['--phone', '+31612345670'])
      await inBrowser(async (page) => {
        await page.goto(`${own.address}/sign-in`)
        expect(await page.textContent('footer')).toContain('Testomgeving')
        await type(page, 'Gebruikersnaam', 'wim')
        await press(page, 'Volgende')
        await type(page, 'Wachtwoord', 'zeven natte otters')
        await press(page, 'Bevestigen')
        await giveCode(page, await own.code('31612345670'))
        expect(own.senderTo('31612345670')).toBe('KOOPCAME')
        expect(await page.textContent('main')).toContain('De sms komt van KOOPCAME.')
        await press(page, 'Bevestigen')
        await scanned(page)
      })
    } finally {
      await own.close()
    }
  })

  test('rows 78-87: no phone known: a mailed code, a phone number, an SMS to it, then the app; without JavaScript', () =>
    inBrowser(
      async (page) => {
        await password(page, 'fons')
        expect(await heading(page)).toBe('Vul uw beveiligingscode in')
        await giveCode(page, await demo.code('fons@gemeente.test'))
        await press(page, 'Bevestigen')
        expect(await heading(page)).toBe('Vul het telefoonnummer in dat u wilt registreren')
        expect(await page.textContent('main')).toContain('Uw telefoonnummer gebruiken wij als bevestiging van uw identiteit.')
        await page.locator('input[name=phone]').fill('06 87654399')
        await press(page, 'Bevestigen')
        // As people of the country write it, not as machines do.
        expect(await page.textContent('main')).toContain('06 87654399')
        await giveCode(page, await demo.code('31687654399'))
        await press(page, 'Bevestigen')
        await linkApp(page)
      },
      { javaScriptEnabled: false },
    ))

  test('row 88: from then on the app code at every sign-in', () =>
    inBrowser(async (page) => {
      await password(page, 'guus')
      expect(await heading(page)).toBe('Vul uw beveiligingscode in')
      await giveCode(page, appCode(keyOf('guus')))
      await press(page, 'Bevestigen')
      expect(await heading(page)).toBe('U bent ingelogd.')
    }))

  test('row 63: one sign-in: an application that does not know the person yet lets in without any question', () =>
    inBrowser(async (page, context) => {
      await password(page, 'guus')
      await giveCode(page, appCode(keyOf('guus'), 1))
      await press(page, 'Bevestigen')
      expect(await heading(page)).toBe('U bent ingelogd.')
      // Another application would know as little: it holds no cookie, only Sluis does.
      const kept = (await context.cookies()).filter((it) => !it.name.startsWith('demo-app-'))
      await context.clearCookies()
      await context.addCookies(kept)
      await page.goto(demo.app('koop-cam/publicatie'))
      await press(page, 'Inloggen')
      expect(await heading(page)).toBe('U bent ingelogd.')
    }))
})
