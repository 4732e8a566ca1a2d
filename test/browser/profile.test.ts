import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, noChromium } from '../support/chromium.ts'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'
import { choose, giveCode, heading, inBrowser, press, scanned, type } from '../support/journey.ts'

/* The user's own page, by the labels that the manuals print; with and without JavaScript. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(async () => {
  await demo.close()
  await closeBrowser()
})

async function intoCPoint(page: Page, who: string, code: () => Promise<string> | string, by = 'Authenticator App'): Promise<void> {
  await page.goto(`${demo.portal('c-point')}/sign-in`)
  await type(page, 'Gebruikersnaam', who)
  await type(page, 'Wachtwoord', demo.password)
  await press(page, 'Login')
  await choose(page, by)
  await press(page, 'Login')
  await giveCode(page, await code())
  await press(page, by === 'Authenticator App' ? 'Verzenden' : 'Login')
  expect(await heading(page)).toBe('Je bent aangelogd.')
}

/** axe itself is a script: it looks where scripts may run. */
const isAccessible = async (page: Page): Promise<void> => expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])

/** 'Het poppetje, rechtsboven': there, and what it opens is on the screen. */
const menu = async (page: Page, link: string): Promise<void> => {
  const person = page.locator('details.menu > summary')
  await person.click()
  const width = page.viewportSize()?.width ?? 0
  expect((await person.boundingBox())?.x).toBeGreaterThan(width / 2)
  const opened = await page.locator('details.menu > div').boundingBox()
  expect(opened?.x).toBeGreaterThanOrEqual(0)
  expect((opened?.x ?? 0) + (opened?.width ?? 0)).toBeLessThanOrEqual(width)
  await page.getByRole('link', { name: link, exact: true }).click()
}

describe.skipIf(noChromium)('the profile', () => {
  for (const javaScriptEnabled of [true, false]) {
    const how = `${javaScriptEnabled ? 'with' : 'without'} JavaScript`
    const viewport = javaScriptEnabled ? { width: 1280, height: 900 } : { width: 360, height: 740 }
    test(`rows 23-25: Mijn Profiel, Wis Authenticator App registratie, and once more; e-mail still works, ${how}`, () =>
      inBrowser(
        async (page) => {
          const who = javaScriptEnabled ? 'anna' : 'daan'
          await intoCPoint(page, who, () => appCode(keyOf(who)))
          await menu(page, 'Mijn Profiel')
          expect(await heading(page)).toBe('Mijn Profiel')
          if (javaScriptEnabled) await isAccessible(page)
          await press(page, 'Wis Authenticator App registratie')
          expect(await heading(page)).toBe('Wil je Authenticator-app verwijderen?')
          if (javaScriptEnabled) await isAccessible(page)
          await press(page, 'Wis Authenticator App registratie')
          expect(await heading(page)).toBe('Mijn Profiel')
          expect(await page.getByRole('status').textContent()).toContain('Authenticator-app is verwijderd.')
          expect(await page.getByRole('button', { name: 'Wis Authenticator App registratie' }).count()).toBe(0)

          await page.context().clearCookies()
          await intoCPoint(
            page,
            who,
            () => demo.code(who === 'anna' ? 'anna@haven.test' : 'balie@haven.test'),
            'Verificatiecode via e-mail',
          )
          // When a mailbox was last used is not kept: nothing is said rather than something untrue.
          await menu(page, 'Mijn Profiel')
          expect(await page.textContent('main')).toMatch(/Verificatiecode via e-mail(?!.*Nog niet gebruikt)/s)
          await page.context().clearCookies()
          await page.goto(`${demo.portal('c-point')}/sign-in`)
          await type(page, 'Gebruikersnaam', who)
          await type(page, 'Wachtwoord', demo.password)
          await press(page, 'Login')
          await choose(page, 'Authenticator App')
          await press(page, 'Login')
          expect(await heading(page)).toBe('Je hebt nog geen authenticator-app geregistreerd')
          await press(page, 'Doorgaan')
          expect(await heading(page)).toBe('Vul je eenmalig wachtwoord in')
        },
        { javaScriptEnabled, viewport },
      ))
  }

  test('rows 58-61: poppetje, Profiel instellingen, the bin with the word Verwijder; sign out and in: the first-time steps again', () =>
    inBrowser(async (page) => {
      const into = async (): Promise<void> => {
        await page.goto(`${demo.portal('profiportaal')}/sign-in`)
        await type(page, 'Gebruikersnaam', 'hana')
        await type(page, 'Wachtwoord', demo.password)
        await press(page, 'Inloggen')
      }
      await into()
      await giveCode(page, appCode(keyOf('hana')))
      await press(page, 'code verifiëren')
      await menu(page, 'Profiel instellingen')
      expect(await heading(page)).toBe('Profiel instellingen')
      const bin = page.getByRole('button', { name: 'Verwijder', exact: true })
      expect(await bin.getAttribute('title')).toBe('Prullenbak')
      expect(await bin.getAttribute('aria-describedby')).toBe(
        await page.getByRole('heading', { name: 'Authenticator-app' }).getAttribute('id'),
      )
      // 'Aan de rechterzijde', and last for who goes by the keyboard.
      const others = page.locator('li:has(#method-0) .actions button')
      expect((await others.allTextContents()).at(-1)).toBe('Verwijder')
      const [line, at] = [await page.locator('li:has(#method-0)').boundingBox(), await bin.boundingBox()]
      expect(Math.round((at?.x ?? 0) + (at?.width ?? 0))).toBe(Math.round((line?.x ?? 0) + (line?.width ?? 0)))
      await bin.click()
      expect(await page.textContent('main')).toContain(
        'Dit is je enige methode. De volgende keer stel je een nieuwe in, na een code via e-mail.',
      )
      await press(page, 'Verwijder')
      expect(await page.getByRole('status').textContent()).toContain('Log uit en weer in om een andere app te koppelen.')
      await page.locator('details.menu > summary').click()
      await press(page, 'Uitloggen')
      await into()
      expect(await heading(page)).toBe('Vul je eenmalige code in')
    }))

  test('a new address, then a new password: each asks for a proof of its own, and the way leads on to where it was asked', () =>
    inBrowser(async (page) => {
      await intoCPoint(page, 'cato', () => appCode(keyOf('cato')))
      await menu(page, 'Mijn Profiel')
      expect(await page.textContent('main')).toContain('balie@haven.test')
      await press(page, 'Wijzig e-mailadres')
      expect(await heading(page)).toBe('Wijzig je e-mailadres')
      await isAccessible(page)
      await type(page, 'Nieuw e-mailadres', 'cato@nieuw.test')
      await press(page, 'Stuur een code')
      expect(await heading(page)).toBe('Vul de code in')
      expect(await page.textContent('main')).toContain('cato@nieuw.test')
      await isAccessible(page)
      const mail = await demo.message('cato@nieuw.test')
      expect(mail.subject).toContain(`kenmerk ${await page.locator('bdi.ref').first().textContent()}`)
      await giveCode(page, /\d{6}/.exec(mail.text)?.[0] ?? '')
      await press(page, 'Bevestigen')
      expect(await page.getByRole('status').textContent()).toContain('Het e-mailadres is gewijzigd.')
      expect(await page.textContent('main')).toContain('Dit adres kan vanaf')

      await press(page, 'Wijzig wachtwoord')
      expect(await heading(page)).toBe('Bevestig dat jij het bent')
      expect(await page.textContent('main')).toContain('Je wilt iets aan de beveiliging wijzigen.')
      // Inside a session a ticket opens nothing: it is said where it does, instead of a link that leads away.
      await page.locator('summary', { hasText: 'Ik heb mijn telefoon niet meer' }).click()
      await page.getByText("Na afmelden en weer aanmelden kies je 'Ik heb mijn telefoon niet meer'.").waitFor()
      await isAccessible(page)
      await page.getByRole('link', { name: 'Kies een andere methode' }).click()
      await choose(page, 'Verificatiecode via e-mail')
      await press(page, 'Login')
      await giveCode(page, await demo.code('cato@nieuw.test'))
      await press(page, 'Login')
      expect(await heading(page)).toBe('Wijzig je wachtwoord')
      await isAccessible(page)
      await type(page, 'Huidig wachtwoord', demo.password)
      await type(page, 'Nieuw wachtwoord', 'veertien ganzen vliegen laag')
      await press(page, 'Bewaar het wachtwoord')
      expect(await page.getByRole('status').textContent()).toContain('Het wachtwoord is gewijzigd.')
      // The page and the mail say the same of who is still signed in.
      const told = await demo.find((it) => it.to === 'cato@nieuw.test' && it.subject.includes('wachtwoord'))
      expect(told.text).toContain('Op andere toestellen ben je afgemeld en onthouden browsers zijn vergeten.')
    }))

  test('a new phone: the new app is linked first, both work, and the old one can be kept', () =>
    inBrowser(async (page) => {
      await page.goto(`${demo.portal('koop-cam')}/sign-in`)
      await type(page, 'Gebruikersnaam', 'guus')
      await press(page, 'Volgende')
      await type(page, 'Wachtwoord', demo.password)
      await press(page, 'Bevestigen')
      await giveCode(page, appCode(keyOf('guus')))
      await press(page, 'Bevestigen')
      await menu(page, 'Profiel')
      await press(page, 'Vervangen')
      expect(await heading(page)).toBe('Vervang uw authenticator-app')
      await isAccessible(page)
      await press(page, 'Koppel de nieuwe app')
      expect(await heading(page)).toBe('Koppel uw nieuwe authenticator-app')
      expect(await page.textContent('main')).toContain('De oude app blijft werken tot de nieuwe twee keer gebruikt is.')
      await isAccessible(page)
      const key = await scanned(page)
      await page.reload()
      expect(await scanned(page)).toBe(key)
      await giveCode(page, appCode(key))
      await press(page, 'Bevestigen')
      expect(await page.getByRole('status').textContent()).toContain('De nieuwe app is gekoppeld.')
      expect(await page.textContent('main')).toContain('Oude app, werkt tot')
      expect(await page.getByRole('button', { name: 'Vervangen' }).count()).toBe(0)
      await isAccessible(page)
      await page.goBack()
      expect(await page.content()).not.toContain(key)
    }))

  test('a phone beside the app: Add a method, Continue with text messages, on a narrow screen and in English', () =>
    inBrowser(
      async (page) => {
        await page.goto(`${demo.portal('uitpas')}/sign-in?lang=en`)
        await page.locator('input[name=username]').fill('gijs@balie.test')
        await page.locator('input[name=password]').fill(demo.password)
        await page.locator('main button[type=submit]').first().click()
        await giveCode(page, appCode(keyOf('gijs@balie.test')))
        await page.locator('main button.primary').click()
        await menu(page, 'Profile')
        await press(page, 'Add a method')
        expect(await heading(page)).toBe('How do you want to get the code?')
        await press(page, 'Continue with text messages')
        expect(await heading(page)).toBe('Change your mobile number')
        await isAccessible(page)
        await type(page, 'Mobile number', '0470 65 43 21')
        await press(page, 'Send a text message')
        await giveCode(page, await demo.code('32470654321'))
        await page.locator('main button.primary').click()
        expect(await page.getByRole('status').textContent()).toContain('The number has been changed.')
        expect(await page.getByRole('heading', { name: 'Text message' }).count()).toBe(1)
        expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true)
      },
      { viewport: { width: 360, height: 740 } },
    ))
})
