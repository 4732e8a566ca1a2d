import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, noChromium } from '../support/chromium.ts'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'
import { choose, giveCode, heading, inBrowser, press, type } from '../support/journey.ts'

/* From the application to Sluis and back in a browser, which looks at every redirect after a form: more certainty, and the way out. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(async () => {
  await demo.close()
  await closeBrowser()
})

async function withMail(page: Page, userName: string, mailbox: string): Promise<void> {
  await page.goto(demo.app('c-point/planning'))
  await press(page, 'Aanmelden')
  await type(page, 'Gebruikersnaam', userName)
  await type(page, 'Wachtwoord', demo.password)
  await press(page, 'Login')
  await choose(page, 'Verificatiecode via e-mail')
  await press(page, 'Login')
  await giveCode(page, await demo.code(mailbox))
  await press(page, 'Login')
  expect(await heading(page)).toBe('Je bent aangelogd.')
}

describe.skipIf(noChromium)('an application and Sluis', () => {
  test('the vault asks the code of the app, opens, and the story of the token is told in words', () =>
    inBrowser(async (page) => {
      await withMail(page, 'anna', 'anna@haven.test')
      await page.getByRole('link', { name: 'De kluis: een deel dat meer zekerheid vraagt' }).click()
      expect(await heading(page)).toBe('De kluis vraagt meer zekerheid')
      await press(page, 'Doorgaan')
      expect(await page.textContent('main')).toContain('Voor dit deel van Planning is een nieuwe code nodig.')
      await giveCode(page, appCode(keyOf('anna')))
      await press(page, 'Verzenden')
      expect(await heading(page)).toBe('De kluis is open')
      await page.getByRole('link', { name: 'Terug naar Planning' }).click()
      await page.getByRole('link', { name: 'Wat Planning nu weet, in gewone woorden' }).click()
      expect(await page.textContent('main')).toContain('Toen is gegeven: het wachtwoord en een code uit de app.')
    }))

  test('signing out at the application signs out at Sluis and comes back; nobody is asked', () =>
    inBrowser(async (page) => {
      await withMail(page, 'cato', 'balie@haven.test')
      await press(page, 'Afmelden')
      expect(page.url()).toContain(demo.app('c-point/planning'))
      expect(await page.textContent('main')).toContain('Je bent afgemeld.')
      await page.goto(`${demo.portal('c-point')}/profile`)
      expect(new URL(page.url()).pathname).toBe('/c-point/sign-in')
    }))

  test('signing out at Sluis, asked by an application without a hint: the question, then back at the application', () =>
    inBrowser(async (page) => {
      await withMail(page, 'daan', 'balie@haven.test')
      const back = new URLSearchParams({ client_id: 'planning', post_logout_redirect_uri: demo.app('c-point/planning') })
      await page.goto(`${demo.portal('c-point')}/end-session?${back}`)
      expect(await heading(page)).toBe('Afmelden bij C-point?')
      await press(page, 'Afmelden')
      await page.waitForURL(`${demo.app('c-point/planning')}**`)
      await expect
        .poll(async () => {
          await page.reload()
          return page.textContent('main')
        })
        .toContain('Je bent afgemeld.')
    }))

  test('T123 what somebody put behind the # of our address comes along to no application: not with an answer, an error or a sign-out', () =>
    inBrowser(async (page) => {
      const planted = '#access_token=of-somebody-else&code=planted'
      const asked = new URLSearchParams({
        client_id: 'planning',
        redirect_uri: demo.app('c-point/planning/callback'),
        ...{ response_type: 'code', scope: 'openid', prompt: 'none', code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' },
      })
      const answers: string[] = []
      page.on('request', (it) => void answers.push(...(/callback\?(code|error)=/.exec(it.url())?.slice(1) ?? [])))
      const silently = async (): Promise<void> => {
        await page.goto(`${demo.portal('c-point')}/authorize?${asked}${planted}`)
        expect(new URL(page.url()).hash).toBe('')
      }
      await silently()
      await withMail(page, 'bram', 'bram@haven.test')
      await silently()
      expect(answers).toEqual(['error', 'code', 'code'])
      const back = new URLSearchParams({ client_id: 'planning', post_logout_redirect_uri: demo.app('c-point/planning') })
      await page.goto(`${demo.portal('c-point')}/end-session?${back}${planted}`)
      await press(page, 'Afmelden')
      await page.waitForURL(`${demo.app('c-point/planning')}**`)
      expect(new URL(page.url()).hash).toBe('')
    }))
})
