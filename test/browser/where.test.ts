import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, noChromium } from '../support/chromium.ts'
import { type Demo, openDemo } from '../support/demo.ts'
import { choose, heading, inBrowser, press, type } from '../support/journey.ts'

/* Row 42: the mail does not arrive. The page tells where it is, and nobody gets in because a server is away. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(async () => {
  await demo.close()
  await closeBrowser()
})

async function askCode(page: Page, userName: string): Promise<void> {
  await page.goto(demo.app('c-point/ligplaatsen'))
  await press(page, 'Aanmelden')
  await type(page, 'Gebruikersnaam', userName)
  await type(page, 'Wachtwoord', demo.password)
  await press(page, 'Login')
  await choose(page, 'Verificatiecode via e-mail')
  await press(page, 'Login')
}

/** Looks again, as the button says, until the sentence is there. */
async function untilItSays(page: Page, sentence: RegExp): Promise<void> {
  await page.getByRole('link', { name: 'Waar blijft mijn code?' }).click()
  for (let looks = 0; looks < 40; looks++) {
    if (sentence.test((await page.textContent('main')) ?? '')) return
    await page.waitForTimeout(300)
    await press(page, 'Vernieuwen')
  }
  expect(await page.textContent('main')).toMatch(sentence)
}

describe.skipIf(noChromium)('where is my code?', () => {
  const troubles = [
    ['451', 'anna', /De mailserver van haven\.test vraagt ons later terug te komen\./],
    ['550', 'bram', /De mailserver van haven\.test weigerde de mail om .* Reden: 550/],
    ['closed', 'cato', /Onze eigen mail hapert sinds/],
  ] as const
  for (const [smtp, who, sentence] of troubles) {
    test(`row 42: the page says where the mail is, and the code page lets nobody in: a mail server that is ${smtp}`, () =>
      inBrowser(async (page) => {
        await demo.behave({ smtp })
        await askCode(page, who)
        await untilItSays(page, sentence)
        // Their IT department can do nothing about our own mail.
        expect(await page.getByRole('heading', { name: 'Voor je IT-afdeling' }).count()).toBe(smtp === 'closed' ? 0 : 1)
        await page.getByRole('button', { name: 'Terug naar de code', exact: true }).click()
        expect(await heading(page)).toBe('Vul je verificatiecode in')
        if (smtp === 'closed')
          expect(await page.locator('.sent').textContent()).toMatch(
            /^Onze mail hapert, de code komt later\. Wacht even of kies een andere methode\./,
          )
        if (smtp === '550') expect(await page.locator('.sent').textContent()).toMatch(/^De mailserver van haven\.test weigerde de mail\./)
        await press(page, 'Login')
        await page.waitForLoadState()
        expect(await page.title()).toMatch(/^Fout: /)
        await demo.behave({ smtp: 'accept' })
      }))
  }

  test('rows 38-40: a mail that waited for the server arrives by itself; the kenmerk tells it from that of a colleague', () =>
    inBrowser(async (page) => {
      await demo.behave({ smtp: 'closed' })
      await askCode(page, 'daan')
      await untilItSays(page, /Onze eigen mail hapert sinds|De mail staat klaar/)
      await demo.behave({ smtp: 'accept' })
      await page.getByRole('button', { name: 'Terug naar de code', exact: true }).click()
      // A colleague's mail waits in the same mailbox: the kenmerk on the screen tells them apart.
      const reference = await page.locator('bdi.ref').first().textContent()
      const mine = await demo.find((it) => it.subject.includes(`kenmerk ${reference}`))
      await page.locator('input[name=code]').fill(/\d{6}/.exec(mine.text)?.[0] ?? '')
      await press(page, 'Login')
      expect(await heading(page)).toBe('Je bent aangelogd.')
    }))

  test('a text message to a number that does not exist: the page leads to what there is without that number', () =>
    inBrowser(async (page) => {
      await demo.behave({ smpp: 'fail-receipt' })
      await page.goto(`${demo.portal('koop-cam')}/sign-in`)
      await type(page, 'Gebruikersnaam', 'eef')
      await press(page, 'Volgende')
      await type(page, 'Wachtwoord', demo.password)
      await press(page, 'Bevestigen')
      await untilItSays(page, /De sms is niet afgeleverd\. Reden: nummer bestaat niet\./)
      await page.getByRole('link', { name: 'Ik heb dit nummer niet meer', exact: true }).click()
      expect(await heading(page)).toBe('Krijgt u geen code?')
      await demo.behave({ smpp: 'accept' })
    }))
})
