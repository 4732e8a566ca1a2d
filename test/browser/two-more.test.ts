import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, noChromium } from '../support/chromium.ts'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'
import { addPeople } from '../support/demo-steps.ts'
import { giveCode, heading, inBrowser, press, scanned, type } from '../support/journey.ts'

/* The first steps of profiportaal and uitpas, by their manuals. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(async () => {
  await demo.close()
  await closeBrowser()
})

describe.skipIf(noChromium)('profiportaal', () => {
  test('rows 51-56: the QR at the first sign-in, machtigingscode, code verifiëren, and the sentence of the manual', () =>
    inBrowser(async (page) => {
      await page.goto(demo.app('profiportaal/bestellen'))
      await press(page, 'Inloggen')
      await type(page, 'Gebruikersnaam', 'ida')
      await type(page, 'Wachtwoord', demo.password)
      await press(page, 'Inloggen')
      await giveCode(page, await demo.code('ida@winkel.test'))
      await press(page, 'Bevestigen')
      expect(await page.textContent('main')).toMatch(/account toevoegen.*ander account/s)
      const key = await scanned(page)
      await page.getByLabel('Machtigingscode', { exact: true }).fill(appCode(key))
      await press(page, 'code verifiëren')
      expect(await heading(page)).toBe('Jouw Authenticator-app is nu gekoppeld aan jouw ProfiPortaal.')
    }))

  test('T145: a double click on the button is one sign-in, and sends one code', () =>
    inBrowser(async (page) => {
      await addPeople(demo, 'profiportaal', 'username,email,password', [['inez', 'inez@winkel.test', demo.password]])
      await page.goto(`${demo.portal('profiportaal')}/sign-in`)
      await type(page, 'Gebruikersnaam', 'inez')
      await type(page, 'Wachtwoord', demo.password)
      const button = page.getByRole('button', { name: 'Inloggen', exact: true })
      await button.evaluate((it: HTMLButtonElement) => {
        it.click()
        setTimeout(() => it.click(), 20)
      })
      await page.waitForURL(/proof\/email/)
      await giveCode(page, await demo.code('inez@winkel.test'))
      await press(page, 'Bevestigen')
      await scanned(page)
      expect((await demo.messages()).filter((it) => it.to === 'inez@winkel.test')).toHaveLength(1)
    }))

  test('row 57: every next sign-in asks the code', () =>
    inBrowser(async (page) => {
      await page.goto(demo.app('profiportaal/bestellen'))
      await press(page, 'Inloggen')
      await type(page, 'Gebruikersnaam', 'hana')
      await type(page, 'Wachtwoord', demo.password)
      await press(page, 'Inloggen')
      await giveCode(page, appCode(keyOf('hana')))
      await press(page, 'code verifiëren')
      expect(await page.textContent('main')).toContain('(urn:sluis:acr:2)')
    }))
})

describe.skipIf(noChromium)('uitpas', () => {
  test('rows 94-100, 108, 111: the opt-in link under the form, a mailed code, advice for a shared address, the app', () =>
    inBrowser(async (page) => {
      await page.goto(demo.app('uitpas/balie'))
      await press(page, 'Aanmelden')
      await page.getByRole('link', { name: 'Beveilig nu al je account met 2-stapsverificatie', exact: true }).click()
      await type(page, 'E-mailadres', 'info@cultuur.test')
      await type(page, 'Wachtwoord', 'twaalf eenden')
      await press(page, 'Aanmelden')
      // A wrong password does not take the wish away.
      expect(await page.title()).toMatch(/^Fout: Beveilig je account/)
      await type(page, 'Wachtwoord', demo.password)
      await press(page, 'Aanmelden')
      expect(await page.textContent('main')).toContain('een gedeeld adres')
      // Which of the two it will be is chosen after the code: the app is not promised yet, on the page or in the mail.
      expect(await page.textContent('main')).toContain('Daarna kies je een app of sms.')
      const mail = await demo.message('info@cultuur.test')
      expect(mail.subject).toMatch(/^Je verificatiecode om 2-staps verificatie in te stellen bij UiTPAS balie, kenmerk /)
      expect(mail.text).toContain('Met deze code stel je 2-staps verificatie in voor UiTPAS balie.')
      await giveCode(page, /\d{6}/.exec(mail.text)?.[0] ?? '')
      await press(page, 'Bevestigen')
      expect(await page.textContent('main')).toContain('Een code via e-mail kan niet.')
      await press(page, 'Verder met de authenticator app')
      await giveCode(page, appCode(await scanned(page)))
      await press(page, 'Bevestigen')
      expect(await heading(page)).toBe('Klaar! De tweede stap is ingesteld.')
      await press(page, 'Verder naar Balie')
      expect(await page.textContent('main')).toContain('(urn:sluis:acr:2)')
    }))
})
