import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, noChromium } from '../support/chromium.ts'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'
import { choose, giveCode, heading, inBrowser, press, scanned, type } from '../support/journey.ts'

/* The manual of c-point in a browser, with the labels that the manual prints; with and without JavaScript. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(async () => {
  await demo.close()
  await closeBrowser()
})

async function password(page: Page, userName: string, application = 'c-point/ligplaatsen'): Promise<void> {
  await page.goto(demo.app(application))
  await press(page, 'Aanmelden')
  await type(page, 'Gebruikersnaam', userName)
  await type(page, 'Wachtwoord', demo.password)
  await press(page, 'Login')
}

describe.skipIf(noChromium)('c-point', () => {
  for (const javaScriptEnabled of [true, false]) {
    const how = `${javaScriptEnabled ? 'with' : 'without'} JavaScript`
    test(`rows 6-8, 19-20: a linked app signs in, ${how}`, () =>
      inBrowser(
        async (page) => {
          await password(page, javaScriptEnabled ? 'anna' : 'daan')
          expect(await heading(page)).toBe('Kies je authenticatiemethode')
          await choose(page, 'Authenticator App')
          await press(page, 'Login')
          // Who has a new phone, or no longer has the app on it, reads which of the lines below is theirs.
          await page.getByText('De code werkt niet', { exact: true }).click()
          await page.getByText('Nieuwe telefoon? Gebruik nu nog de oude en vervang de app daarna in je profiel.').waitFor()
          await page.getByText("Is de telefoon of de app weg? Kies 'Ik heb mijn telefoon niet meer'.").waitFor()
          await giveCode(page, appCode(keyOf(javaScriptEnabled ? 'anna' : 'daan')))
          await press(page, 'Verzenden')
          expect(await heading(page)).toBe('Je bent aangelogd.')
          expect(await page.textContent('main')).toContain('(urn:sluis:acr:2)')
        },
        { javaScriptEnabled },
      ))

    test(`rows 21-22, 38-41: a code by mail signs in; the kenmerk stands on screen and in the mail, which names nobody, ${how}`, () =>
      inBrowser(
        async (page) => {
          const [who, mailbox] = javaScriptEnabled ? ['bram', 'bram@haven.test'] : ['cato', 'balie@haven.test']
          await password(page, who)
          await choose(page, 'Verificatiecode via e-mail')
          await press(page, 'Login')
          const mail = await demo.find((it) => it.to === mailbox && it.subject.includes('kenmerk'))
          const reference = await page.locator('bdi.ref').first().textContent()
          expect(mail.subject).toContain(`kenmerk ${reference}`)
          expect(mail.text).not.toMatch(new RegExp(who, 'i'))
          await giveCode(page, /\d{6}/.exec(mail.text)?.[0] ?? '')
          await press(page, 'Login')
          expect(await heading(page)).toBe('Je bent aangelogd.')
          expect(await page.textContent('main')).toContain('(urn:sluis:acr:2-mail)')
        },
        { javaScriptEnabled },
      ))
  }

  test('rows 1-18, 35, 41: from the start page to a linked app: choice, Doorgaan, mailed code, QR, Volgende, first code', () =>
    inBrowser(async (page, context) => {
      await page.goto(demo.portal('c-point'))
      expect(await page.getByRole('button', { name: 'Login', exact: true }).count()).toBe(1)
      await press(page, 'Login')
      const name = page.getByLabel('Gebruikersnaam', { exact: true })
      const hint = (await page.locator(`#${await name.getAttribute('aria-describedby')}`).textContent()) ?? ''
      expect(hint).toContain('Meestal de eerste letter van je voornaam en dan je achternaam, maximaal 10 tekens.')
      expect(hint).toContain('De gebruikersnaam is niet het mailadres.')
      await name.fill('een naam van meer dan tien tekens')
      expect(await name.inputValue()).toBe('een naam van meer dan tien tekens')
      await password(page, 'bram')
      await choose(page, 'Authenticator App')
      expect(await page.textContent('main')).toContain('Aanbevolen.')
      await press(page, 'Login')
      expect(await heading(page)).toBe('Je hebt nog geen authenticator-app geregistreerd')
      // Calm: the manual calls it an error, and the page does not.
      expect(await page.title()).not.toMatch(/^Fout/)
      expect(await page.getByRole('alert').count()).toBe(0)
      await press(page, 'Doorgaan')
      expect(await heading(page)).toBe('Vul je eenmalig wachtwoord in')
      const mail = await demo.find(
        (it) => it.to === 'bram@haven.test' && it.subject.startsWith('Je eenmalig wachtwoord om de app in te stellen'),
      )
      expect(mail.text).not.toMatch(/bram(?!@)/i)
      await giveCode(page, /\d{6}/.exec(mail.text)?.[0] ?? '')
      await press(page, 'Login')
      const key = await scanned(page)
      await page.reload()
      expect(await scanned(page)).toBe(key)
      const second = await context.newPage()
      await second.goto(page.url())
      expect(await scanned(second)).toBe(key)
      await press(page, 'Volgende')
      expect(await scanned(page)).toBe(key)
      await giveCode(page, appCode(key))
      await press(page, 'Verzenden')
      expect(await heading(page)).toBe('Je bent aangelogd.')
      expect(await page.textContent('main')).not.toContain('Je bent aangemeld.')
      await press(page, 'Verder naar Ligplaatsen')
      expect(await page.textContent('main')).toContain('(urn:sluis:acr:2)')
      await page.goBack()
      expect(await page.content()).not.toContain(key)
    }))

  test('row 36: a browser is remembered for the application that used to take a password alone, and not for the other', () =>
    inBrowser(async (page, context) => {
      await password(page, 'anna', 'c-point/planning')
      await choose(page, 'Verificatiecode via e-mail')
      await press(page, 'Login')
      expect(await page.getByRole('checkbox', { name: 'Onthoud deze browser 30 dagen' }).isChecked()).toBe(true)
      await giveCode(page, await demo.code('anna@haven.test'))
      await press(page, 'Login')
      expect(await heading(page)).toBe('Je bent aangelogd.')
      const cookies = await context.cookies()
      await context.clearCookies()
      await context.addCookies(cookies.filter((it) => it.name === 'sluis-c-point-browser'))
      // A slip of the fingers first: the way back to the application is still allowed afterwards.
      await page.goto(demo.app('c-point/planning'))
      await press(page, 'Aanmelden')
      await type(page, 'Gebruikersnaam', 'anna')
      await type(page, 'Wachtwoord', 'twaalf eenden')
      await press(page, 'Login')
      expect(await page.title()).toMatch(/^Fout: /)
      await type(page, 'Wachtwoord', demo.password)
      await press(page, 'Login')
      await page.getByText('(urn:sluis:acr:2-remembered)').waitFor()
      // Inside the session that began now: no password again, but a code of its own.
      await page.goto(demo.app('c-point/ligplaatsen'))
      await press(page, 'Aanmelden')
      expect(await heading(page)).toBe('Kies je authenticatiemethode')
      await choose(page, 'Verificatiecode via e-mail')
      await press(page, 'Login')
      await giveCode(page, await demo.code('anna@haven.test'))
      await press(page, 'Login')
      expect(await page.textContent('main')).toContain('(urn:sluis:acr:2-mail)')
    }))
})
