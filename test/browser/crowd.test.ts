import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, noChromium } from '../support/chromium.ts'
import { type Demo, openDemo } from '../support/demo.ts'
import { heading, inBrowser, press, type } from '../support/journey.ts'
import { PersonAt } from '../support/person-at.ts'

/* T033: somebody who signs in for the very first time, from an address behind which very many passwords are tried at this moment. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(async () => {
  await demo?.close()
  await closeBrowser()
})

/** Wrong passwords for many names, until the network pauses. */
async function flood(portal: string): Promise<void> {
  // Where the browser of the test comes from as well.
  for (const from of ['127.0.0.1', '::1']) await floodFrom(new PersonAt(demo.portal(portal), from))
}

async function floodFrom(stranger: PersonAt): Promise<void> {
  await stranger.get('/sign-in')
  for (let tries = 0; tries < 250; tries++) {
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, it) => stranger.post('/sign-in', { username: `niemand${tries}x${it}`, password: 'wrong wrong wrong' })),
    )
    if (replies.some((it) => it.status === 429)) return
  }
  throw new Error('the network does not pause')
}

describe.skipIf(noChromium)('T033 behind a flooded address', () => {
  test('the first sign-in goes through at once: the page works a little while the password is typed', () =>
    inBrowser(async (page) => {
      await flood('c-point')
      await page.goto(`${demo.portal('c-point')}/sign-in`)
      expect(await page.locator('form[data-work]').count()).toBe(1)
      await type(page, 'Gebruikersnaam', 'bram')
      await type(page, 'Wachtwoord', demo.password)
      await press(page, 'Login')
      await page.waitForURL(/\/choose$/)
      expect(await heading(page)).toBe('Kies je authenticatiemethode')
    }))

  test('who was on the page before the flood hears when it goes, and needs no wait then', () =>
    inBrowser(async (page) => {
      await page.goto(`${demo.portal('profiportaal')}/sign-in`)
      expect(await page.locator('form[data-work]').count()).toBe(0)
      await flood('profiportaal')
      for (const place of [0, 1]) {
        await type(page, 'Gebruikersnaam', 'ida')
        await type(page, 'Wachtwoord', demo.password)
        await page.locator('main button.primary').click()
        if (place === 0) {
          expect(await page.textContent('main')).toContain('Er is te vaak een wachtwoord geprobeerd.')
          await page.getByRole('status').filter({ hasText: 'opnieuw proberen' }).waitFor()
        }
      }
      await page.waitForURL(/\/proof\/email$/)
    }))

  test('without JavaScript the page says until when to wait', () =>
    inBrowser(
      async (page) => {
        await flood('c-point')
        await page.goto(`${demo.portal('c-point')}/sign-in`)
        await type(page, 'Gebruikersnaam', 'bram')
        await type(page, 'Wachtwoord', demo.password)
        await press(page, 'Login')
        expect(await page.textContent('main')).toMatch(/Probeer het .* opnieuw\./)
      },
      { javaScriptEnabled: false },
    ))
})
