import { readFileSync } from 'node:fs'
import jsqr from 'jsqr'
import type { Page } from 'playwright-core'
import { PNG } from 'pngjs'
import { decodeQR } from 'qr/decode.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, noChromium } from '../support/chromium.ts'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'
import { addPeople } from '../support/demo-steps.ts'
import { readByExtension } from '../support/extension.ts'
import { choose, giveCode, heading, inBrowser, press, scanned, type } from '../support/journey.ts'

/* The manual of uitpas for who has no smartphone: the picture as a file, into the extension of a browser. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
  const people = [
    'mia@balie.test',
    'noor@balie.test',
    'piet@balie.test',
    'rita@balie.test',
    'saar@balie.test',
    'tine@balie.test',
    'toon@balie.test',
  ].map((it) => [it, it, demo.password])
  await addPeople(demo, 'uitpas', 'username,email,password', people)
})
afterAll(async () => {
  await demo?.close()
  await closeBrowser()
})

/** By the link under the form to the choice of how to get the code. */
async function optIn(page: Page, who: string): Promise<void> {
  await page.goto(demo.app('uitpas/balie'))
  await press(page, 'Aanmelden')
  await page.getByRole('link', { name: 'Beveilig nu al je account met 2-stapsverificatie', exact: true }).click()
  await type(page, 'E-mailadres', who)
  await type(page, 'Wachtwoord', demo.password)
  await press(page, 'Aanmelden')
  await giveCode(page, await demo.code(who))
  await press(page, 'Bevestigen')
  expect(await heading(page)).toBe('Hoe wil je de code krijgen?')
}

async function downloaded(page: Page): Promise<{ name: string; picture: PNG }> {
  const [file] = await Promise.all([page.waitForEvent('download'), press(page, 'Download de QR-code')])
  return { name: file.suggestedFilename(), picture: PNG.sync.read(readFileSync(await file.path())) }
}

const shades = ({ data }: PNG): string[] => {
  const found = new Set<string>()
  for (let at = 0; at < data.length; at += 4) found.add(data.subarray(at, at + 4).join())
  return [...found].toSorted()
}

describe.skipIf(noChromium)('without a smartphone', () => {
  test.each([true, false])(
    'rows 96-106: the QR code as a file, only the code, black on white; the extension reads it; JavaScript: %s',
    (javaScriptEnabled) =>
      inBrowser(
        async (page) => {
          const who = javaScriptEnabled ? 'mia@balie.test' : 'noor@balie.test'
          await optIn(page, who)
          await press(page, 'Verder in de browser van deze computer')
          expect(await heading(page)).toBe('Gebruik de code in je browser')
          const main = (await page.textContent('main')) ?? ''
          for (const said of [
            'puzzelstukje',
            'pinnetje',
            'potloodje',
            'plusje',
            'QR-afbeelding importeren',
            'QR-afbeeldingsback-up importeren',
          ])
            expect(main).toContain(said)
          for (const name of ['Microsoft Edge: Authenticator: 2FA Client', 'Google Chrome: Authenticator'])
            expect(await page.getByRole('link', { name, exact: true }).getAttribute('href')).toMatch(/^https:\/\//)
          const { name, picture } = await downloaded(page)
          expect(name).toBe('uitpas-qr.png')
          expect(shades(picture)).toEqual(['0,0,0,255', '255,255,255,255'])
          const { width, height, data } = picture
          const [read, again] = [jsqr.default(Uint8ClampedArray.from(data), width, height)?.data ?? '', decodeQR({ width, height, data })]
          expect(again).toBe(read)
          const entry = readByExtension(read)
          expect(entry).toMatchObject({ type: 'totp', issuer: 'UiTPAS balie', account: who })
          expect(await page.content()).not.toContain(entry.secret)

          await press(page, 'Naar de code')
          expect(await scanned(page)).toBe(entry.secret)
          await giveCode(page, appCode(entry.secret))
          await press(page, 'Bevestigen')
          expect(await heading(page)).toBe('Klaar! De tweede stap is ingesteld.')
          expect(await page.textContent('main')).toContain('Wis nu het bestand met de QR-code.')
          await page.goto(`${demo.portal('uitpas')}/enrol/browser`)
          expect(await page.content()).not.toContain('puzzelstukje')
        },
        { javaScriptEnabled },
      ),
  )

  test('row 110: whoever pressed text messages by mistake is one press from the app', () =>
    inBrowser(async (page) => {
      await optIn(page, 'toon@balie.test')
      await press(page, 'Verder met sms')
      expect(await heading(page)).toBe('Welk gsm-nummer wil je gebruiken?')
      await page.getByRole('link', { name: 'Kies een andere methode', exact: true }).click()
      await page.getByRole('radio', { name: 'Authenticator-app', exact: true }).check()
      await press(page, 'Doorgaan')
      await scanned(page)
    }))

  test('rows 106-107, 116: the balie is opened once more to finish: after the mailed code the same QR code is there, and nothing is chosen twice', () =>
    inBrowser(async (page) => {
      await optIn(page, 'tine@balie.test')
      await press(page, 'Verder met de authenticator app')
      const key = await scanned(page)
      await page.goto(demo.app('uitpas/balie'))
      await press(page, 'Aanmelden')
      await type(page, 'E-mailadres', 'tine@balie.test')
      await type(page, 'Wachtwoord', demo.password)
      await press(page, 'Aanmelden')
      await press(page, 'Nu instellen')
      await giveCode(page, await demo.code('tine@balie.test'))
      await press(page, 'Bevestigen')
      expect(await page.textContent('main')).toContain('Je was hier al mee bezig. De QR-code is dezelfde gebleven.')
      expect(await scanned(page)).toBe(key)
      // Who wants something else now still can.
      await page.getByRole('link', { name: 'Kies een andere methode', exact: true }).click()
      await page.getByRole('button', { name: 'Verder met sms', exact: true }).waitFor()
      await page.goBack()
      await giveCode(page, appCode(key))
      await press(page, 'Bevestigen')
      expect(await heading(page)).toBe('Klaar! De tweede stap is ingesteld.')
      await press(page, 'Verder naar Balie')
      expect(await page.textContent('main')).toContain('(urn:sluis:acr:2)')
    }))

  test('rows 110, 112: the other ways are said where one chooses; the key goes into a password manager', () =>
    inBrowser(async (page) => {
      await optIn(page, 'piet@balie.test')
      const main = await page.textContent('main')
      expect(main).toContain('Wachten op een sms is niet nodig.')
      expect(main).toContain('Kan ook met een telefoon zonder apps.')
      await press(page, 'Verder met de authenticator app')
      await page.getByRole('link', { name: 'Ik heb geen smartphone', exact: true }).click()
      await press(page, 'Verder met een wachtwoordbeheerder')
      expect(await heading(page)).toBe('Gebruik de code in je wachtwoordbeheerder')
      await press(page, 'Naar de sleutel')
      await page.getByText('Scannen lukt niet', { exact: true }).click()
      const key = ((await page.locator('#key').textContent()) ?? '').replaceAll(' ', '')
      await giveCode(page, appCode(key))
      await press(page, 'Bevestigen')
      expect(await heading(page)).toBe('Klaar! De tweede stap is ingesteld.')
      // There is no file.
      expect(await page.textContent('main')).not.toContain('Wis nu het bestand')
    }))

  test('rows 96-107: who saves the file, leaves and comes back later is told to delete it as well', () =>
    inBrowser(async (page, context) => {
      await optIn(page, 'saar@balie.test')
      await press(page, 'Verder in de browser van deze computer')
      const { data, width, height } = (await downloaded(page)).picture
      const { secret } = readByExtension(decodeQR({ width, height, data }))
      const cookies = await context.cookies()
      await context.clearCookies()
      await context.addCookies(cookies.filter((it) => !it.name.endsWith('-flow')))
      await page.goto(`${demo.portal('uitpas')}/sign-in`)
      await type(page, 'E-mailadres', 'saar@balie.test')
      await type(page, 'Wachtwoord', demo.password)
      await press(page, 'Aanmelden')
      await press(page, 'Nu instellen')
      await giveCode(page, await demo.code('saar@balie.test'))
      await press(page, 'Bevestigen')
      expect(await scanned(page)).toBe(secret)
      await giveCode(page, appCode(secret))
      await press(page, 'Bevestigen')
      expect(await page.textContent('main')).toContain('Wis nu het bestand met de QR-code.')
    }))

  test('rows 109, 117: after the app its page advises text messages as well, and leads there; both are set up then', () =>
    inBrowser(async (page) => {
      await optIn(page, 'rita@balie.test')
      await press(page, 'Verder met de authenticator app')
      await giveCode(page, appCode(await scanned(page)))
      await press(page, 'Bevestigen')
      expect(await page.textContent('main')).toContain('Komt een code niet aan, dan gebruik je de andere.')
      await press(page, 'Stel ook sms in')
      // The code of the app was given a moment ago; and there was no number: nothing is said of an old one.
      expect(await heading(page)).toBe('Welk gsm-nummer wil je gebruiken?')
      await page.locator('input[name=phone]').fill('0470 11 22 33')
      await page.locator('button.primary').click()
      await giveCode(page, await demo.code('32470112233'))
      await page.locator('button.primary').click()
      expect(await page.getByRole('status').textContent()).toContain('Het nummer is gecontroleerd.')
      await page.goto(`${demo.portal('uitpas')}/profile`)
      const main = await page.textContent('main')
      expect(main).toMatch(/Authenticator-app/i)
      expect(main).toMatch(/sms/i)
      expect(main).toContain('33')
    }))

  test('rows 9-10, 96-106: c-point offers the ways without a smartphone before the mailed proof, and goes on with the one that was chosen', () =>
    inBrowser(async (page) => {
      await page.goto(demo.app('c-point/ligplaatsen'))
      await press(page, 'Aanmelden')
      await type(page, 'Gebruikersnaam', 'bram')
      await type(page, 'Wachtwoord', demo.password)
      await press(page, 'Login')
      await choose(page, 'Authenticator App')
      await press(page, 'Login')
      expect(await heading(page)).toBe('Je hebt nog geen authenticator-app geregistreerd')
      await page.getByRole('link', { name: 'Ik heb geen smartphone', exact: true }).click()
      expect(await heading(page)).toBe('Hoe wil je de code krijgen?')
      await press(page, 'Verder in de browser van deze computer')
      expect(await heading(page)).toBe('Vul je eenmalig wachtwoord in')
      await giveCode(page, '000000')
      await press(page, 'Login')
      await giveCode(page, await demo.code('bram@haven.test'))
      await press(page, 'Login')
      expect(await heading(page)).toBe('Gebruik de code in je browser')
      await press(page, 'Naar de code')
      await giveCode(page, appCode(await scanned(page)))
      await press(page, 'Verzenden')
      expect(await heading(page)).toBe('Je bent aangelogd.')
    }))

  test('row 117: a second app from the profile, in the browser of this computer', () =>
    inBrowser(async (page) => {
      await page.goto(`${demo.portal('uitpas')}/sign-in`)
      await type(page, 'E-mailadres', 'gijs@balie.test')
      await type(page, 'Wachtwoord', demo.password)
      await press(page, 'Aanmelden')
      await giveCode(page, appCode(keyOf('gijs@balie.test')))
      await page.locator('main button.primary').click()
      await page.goto(`${demo.portal('uitpas')}/profile`)
      await press(page, 'Voeg een methode toe')
      await press(page, 'Verder in de browser van deze computer')
      expect(await heading(page)).toBe('Gebruik de code in je browser')
      const { data, width, height } = (await downloaded(page)).picture
      const second = readByExtension(decodeQR({ width, height, data })).secret
      await press(page, 'Naar de code')
      expect(await scanned(page)).toBe(second)
      await giveCode(page, appCode(second))
      await page.locator('main button.primary').click()
      expect(new URL(page.url()).pathname).toBe('/uitpas/profile')
      expect(await page.getByRole('status').textContent()).toContain('Wis nu het bestand met de QR-code.')
    }))
})
