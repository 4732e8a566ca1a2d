import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, noChromium } from '../support/chromium.ts'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'
import { beforeCode, codePage } from '../support/demo-steps.ts'
import { choose, giveCode, heading, inBrowser, press, type } from '../support/journey.ts'

/* A notice arrives, its link is opened on a phone that nobody knows, one press closes the account; then a new password is due. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(async () => {
  await demo.close()
  await closeBrowser()
})

const phrase = 'negen ganzen in het gras'

describe.skipIf(noChromium)("'Was jij dit niet?'", () => {
  for (const javaScriptEnabled of [true, false])
    test(`from the mail to a new password, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      const [who, mailbox] = javaScriptEnabled ? ['anna', 'anna@haven.test'] : ['cato', 'balie@haven.test']
      // At the first sign-in of all every browser is new, and nobody is told.
      const first = await beforeCode(demo, 'c-point', who)
      expect(await first.due(await first.post(codePage, { code: appCode(keyOf(who)) }))).toBe('/home')
      await inBrowser(async (thief) => {
        await thief.goto(`${demo.portal('c-point')}/sign-in`)
        await type(thief, 'Gebruikersnaam', who)
        await type(thief, 'Wachtwoord', demo.password)
        await press(thief, 'Login')
        await choose(thief, 'Authenticator App')
        await press(thief, 'Login')
        await giveCode(thief, appCode(keyOf(who), 1))
        await press(thief, 'Verzenden')

        const mail = await demo.find((it) => it.to === mailbox && it.subject === 'Aangemeld in een nieuwe browser bij C-point')
        expect(mail.text).toMatch(/Wanneer: .*\suur\. Waar: Chrome op Linux\./)
        await inBrowser(
          async (page) => {
            await page.goto(/^http\S+$/m.exec(mail.text)?.[0] ?? '')
            expect(page.url()).toBe(`${demo.portal('c-point')}/not-me`)
            expect(await heading(page)).toBe('Was jij dit niet?')
            expect(await page.textContent('main')).toMatch(/Op .* om .*\suur: aangemeld in een nieuwe browser\./)
            await press(page, 'Ja, beveilig mijn account')
            expect(await heading(page)).toBe('Je account is beveiligd')
            expect(await page.textContent('main')).toMatch(/overal afgemeld[\s\S]*alle browsers vergeten/)

            // The thief is out, and the old password leads no further.
            await thief.goto(`${demo.portal('c-point')}/profile`)
            expect(await heading(thief)).not.toMatch(/profiel/i)
            await type(thief, 'Gebruikersnaam', who)
            await type(thief, 'Wachtwoord', demo.password)
            await press(thief, 'Login')
            expect(await heading(thief)).toBe('Dit account is beveiligd')
            await press(thief, 'Kies een nieuw wachtwoord')
            expect(await heading(thief)).toBe('Wachtwoord vergeten')

            await page.getByRole('link', { name: 'Kies een nieuw wachtwoord.', exact: true }).click()
            await type(page, 'Gebruikersnaam', who)
            await type(page, 'Geef de opgegeven code in', /Code: (\w{4})/.exec((await page.textContent('main')) ?? '')?.[1] ?? '')
            await press(page, 'Stuur reset link')
            const reset = await demo.find((it) => it.to === mailbox && it.text.includes('/password/new'))
            await page.goto(/^http\S+\/password\/new\?t=[\w-]{20}$/m.exec(reset.text)?.[0] ?? '')
            if (mailbox.startsWith('balie')) await type(page, 'Gebruikersnaam', who)
            await type(page, 'Nieuw wachtwoord', phrase)
            await press(page, 'Bewaar het wachtwoord')
            await press(page, 'Aanmelden')
            await type(page, 'Gebruikersnaam', who)
            await type(page, 'Wachtwoord', phrase)
            await press(page, 'Login')
            expect(await page.getByRole('radio', { name: 'Authenticator App', exact: true }).count()).toBe(1)
          },
          { javaScriptEnabled },
        )
      })
    })

  test('the question at the foot of every page knows the number in a mail', () =>
    inBrowser(async (page) => {
      const mail = (await demo.messages()).find((it) => it.to === 'anna@haven.test' && /Berichtnummer/.test(it.text))
      await page.goto(`${demo.portal('c-point')}/sign-in`)
      await page.getByRole('link', { name: 'Is dit bericht van ons?', exact: true }).click()
      expect(await heading(page)).toBe('Is dit bericht van ons?')
      await type(page, 'Berichtnummer of kenmerk', /Berichtnummer: (\w{8})/.exec(mail?.text ?? '')?.[1] ?? '')
      await press(page, 'Controleer')
      expect(await page.getByRole('status').textContent()).toMatch(/^Ja, dit nummer is van ons, van \d+ \w+\.$/)
      await type(page, 'Berichtnummer of kenmerk', 'BBBBBBBB')
      await press(page, 'Controleer')
      expect(await page.title()).toMatch(/^Fout: /)
    }))
})
