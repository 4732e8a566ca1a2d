import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, noChromium } from '../support/chromium.ts'
import { choose, giveCode, heading, inBrowser, press, type } from '../support/journey.ts'
import { type OwnPortal, openPortal } from '../support/portal.ts'

/* A portal that no code knows: the name first, SMS and mail, three remembered days, u. One file is all it takes. */
const file = `
name: Dijkpoort
country: NL
timeZone: Europe/Amsterdam
register: u
languages: [nl, en]
pages: identifier-first
secondStep:
  methods: [sms, email]
  choice: last-used
  gate: email
  rememberedBrowser: { days: 3, ticked: false }
enforcement: { mode: at-once }
vocabulary: { verb: inloggen }
support:
  name: { nl: de helpdesk }
  lines: [{ email: help@dijkpoort.example }]
theme: { colour: "#1f4e79" }
mail: { from: noreply@dijkpoort.example }
sms: { name: Dijkpoort, sender: { production: DIJKPOORT }, countries: [NL] }
`
const secret = 'zeven natte otters'
let own: OwnPortal

beforeAll(async () => {
  own = await openPortal('dijkpoort', file)
  await own.add('wim@dijk.test', secret)
})
afterAll(async () => {
  await own.close()
  await closeBrowser()
})

describe.skipIf(noChromium)('a fifth portal is one file', () => {
  test('the name first, then the password, then a code by mail; u throughout; the server killed in the middle loses nothing', () =>
    inBrowser(
      async (page) => {
        await page.goto(own.address)
        await press(page, 'Inloggen')
        await type(page, 'Gebruikersnaam', 'wim')
        await press(page, 'Volgende')
        await type(page, 'Wachtwoord', secret)
        await press(page, 'Inloggen')
        expect(await heading(page)).toBe('Vul uw code in')
        const digits = await own.code('wim@dijk.test')
        await own.restart('SIGKILL')
        await giveCode(page, digits)
        await press(page, 'Inloggen')
        expect(await heading(page)).toBe('U bent ingelogd')
        expect(await page.textContent('body')).not.toMatch(/\bje\b|\bjouw\b/i)
      },
      { javaScriptEnabled: false },
    ))

  test('another method: a phone number, a text message to it, and it is set up', () =>
    inBrowser(async (page) => {
      await page.goto(`${own.address}/sign-in`)
      await type(page, 'Gebruikersnaam', 'wim')
      await press(page, 'Volgende')
      await type(page, 'Wachtwoord', secret)
      await press(page, 'Inloggen')
      await own.code('wim@dijk.test')
      await page.getByRole('link', { name: 'Kies een andere methode' }).click()
      await choose(page, 'Sms')
      await press(page, 'Doorgaan')
      await giveCode(page, await own.code('wim@dijk.test'))
      await press(page, 'Bevestigen')
      await page.locator('input[name=phone]').fill('06 12345699')
      await press(page, 'Stuur een sms')
      await giveCode(page, await own.code('31612345699'))
      await press(page, 'Bevestigen')
      expect(await heading(page)).toBe('Sms is ingesteld')
    }))
})
