import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, noChromium } from '../support/chromium.ts'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'
import { choose, giveCode, heading, inBrowser, press, scanned, type } from '../support/journey.ts'

/* The back button and F5 after something was not right: the page comes, not the browser's question to send the form again. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(async () => {
  await demo.close()
  await closeBrowser()
})

async function chooseMethod(page: Page, userName: string, method: string): Promise<void> {
  await page.goto(`${demo.portal('c-point')}/sign-in`)
  await type(page, 'Gebruikersnaam', userName)
  await type(page, 'Wachtwoord', demo.password)
  await press(page, 'Login')
  await choose(page, method)
  await press(page, 'Login')
}

describe.skipIf(noChromium)('back and reload', () => {
  test('after a wrong code the code page comes again, and the right code of before still works', () =>
    inBrowser(async (page) => {
      await chooseMethod(page, 'anna', 'Verificatiecode via e-mail')
      const code = await demo.code('anna@haven.test')
      await giveCode(page, '000000')
      await press(page, 'Login')
      expect(await page.title()).toMatch(/^Fout: /)
      await page.getByRole('link', { name: 'Waar blijft mijn code?' }).click()
      await page.goBack()
      expect(await heading(page)).toBe('Vul je verificatiecode in')
      // A new code so soon is refused at an address that takes forms alone.
      await press(page, 'Stuur een nieuwe code')
      expect(await page.textContent('main')).toContain('Een nieuwe code kan')
      await page.reload()
      expect(await heading(page)).toBe('Vul je verificatiecode in')
      expect(await page.textContent('main')).not.toContain('Een nieuwe code kan')
      await giveCode(page, code)
      await press(page, 'Login')
      expect(await heading(page)).toBe('Je bent aangelogd.')
      expect((await demo.messages()).filter((it) => it.to === 'anna@haven.test' && it.subject.includes('kenmerk'))).toHaveLength(1)
    }))

  test('who types while the page still loads loses no letter when its script comes', () =>
    inBrowser(async (page) => {
      let letScriptCome = (): void => undefined
      const mayCome = new Promise<void>((resolve) => {
        letScriptCome = resolve
      })
      await page.route('**/assets/script-*.js', async (route) => {
        await mayCome
        await route.continue()
      })
      await page.goto(`${demo.portal('c-point')}/sign-in`, { waitUntil: 'commit' })
      const password = page.getByLabel('Wachtwoord', { exact: true })
      await password.focus()
      await page.keyboard.type('twaalf eenden ')
      letScriptCome()
      await page.getByRole('button', { name: 'Toon' }).waitFor()
      await page.keyboard.type('zwemmen traag')
      expect(await password.inputValue()).toBe('twaalf eenden zwemmen traag')
    }))

  test('in the profile the change that was begun goes on', () =>
    inBrowser(async (page) => {
      await page.goto(`${demo.portal('profiportaal')}/sign-in`)
      await type(page, 'Gebruikersnaam', 'ida')
      await type(page, 'Wachtwoord', demo.password)
      await press(page, 'Inloggen')
      await giveCode(page, await demo.code('ida@winkel.test'))
      await press(page, 'Bevestigen')
      const key = await scanned(page)
      await giveCode(page, appCode(key, -1))
      await press(page, 'code verifiëren')
      await page.goto(`${demo.portal('profiportaal')}/profile`)
      // The code that linked the app is good for one change; the next one asks again.
      await press(page, 'Wijzig wachtwoord')
      await type(page, 'Huidig wachtwoord', demo.password)
      await type(page, 'Nieuw wachtwoord', 'dertien ganzen vliegen over')
      await press(page, 'Bewaar het wachtwoord')
      await press(page, 'Wijzig e-mailadres')
      expect(await heading(page)).toBe('Bevestig dat jij het bent')
      await giveCode(page, '000000')
      await press(page, 'code verifiëren')
      expect(await page.title()).toMatch(/^Fout: /)
      // A person is slower than the script.
      await page.waitForLoadState()
      await page.reload()
      expect(await page.title()).not.toMatch(/^Fout: /)
      await giveCode(page, appCode(key))
      await press(page, 'code verifiëren')
      expect(await heading(page)).toBe('Wijzig je e-mailadres')
    }))

  test('after a wrong code for a new address the page of that code comes again, in another language too', () =>
    inBrowser(async (page) => {
      await chooseMethod(page, 'cato', 'Authenticator App')
      await giveCode(page, appCode(keyOf('cato')))
      await press(page, 'Verzenden')
      await page.goto(`${demo.portal('c-point')}/profile`)
      await press(page, 'Wijzig e-mailadres')
      await type(page, 'Nieuw e-mailadres', 'cato@nieuw.test')
      await press(page, 'Stuur een code')
      await giveCode(page, '000000')
      await press(page, 'Bevestigen')
      expect(await page.title()).toMatch(/^Fout: /)
      await page.waitForLoadState()
      await page.reload()
      expect(await heading(page)).toBe('Vul de code in')
      await page.getByRole('link', { name: 'English' }).click()
      expect(await heading(page)).toBe('Enter the code')
      await page.getByRole('link', { name: 'Nederlands' }).click()

      // The pages of one method as well: its name, and whether it goes.
      await page.goto(`${demo.portal('c-point')}/profile`)
      await press(page, 'Naam wijzigen')
      await page.getByRole('link', { name: 'English' }).click()
      expect(await heading(page)).toBe('Change the name')
    }))
})
