import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, noChromium } from '../support/chromium.ts'
import { appCode, keyOf } from '../support/demo.ts'
import { type DemoInTime, openDemoInTime, stepsIn } from '../support/demo-in-time.ts'
import { available, type Offset } from '../support/faketime.ts'
import { choose, giveCode, heading, inBrowser, press, type } from '../support/journey.ts'

/* Weeks and minutes go by: for the service, its applications and its messages; the browser keeps its cookies. */

const canMove = noChromium ? { ok: false as const, reason: noChromium } : await available()
let demo: DemoInTime
beforeAll(async () => {
  if (canMove.ok) demo = await openDemoInTime()
})
afterAll(async () => {
  await demo?.close()
  await closeBrowser()
})

async function password(page: Page, application: string, name: string): Promise<void> {
  await page.goto(demo.app(application))
  await press(page, application.startsWith('koop') ? 'Inloggen' : 'Aanmelden')
  await page.locator('input[name=username]').fill(name)
  if (application.startsWith('koop')) await press(page, 'Volgende')
  await type(page, 'Wachtwoord', demo.password)
  await page.locator('form:has(input[type=password]) button[type=submit].primary').click()
}

/** What ends by itself in a day is gone; the browser stays known. */
async function daysLater(context: BrowserContext, offset: Offset): Promise<void> {
  demo.later(offset)
  const kept = (await context.cookies()).filter((it) => it.name.endsWith('-browser'))
  await context.clearCookies()
  await context.addCookies(kept)
}

const nextCode = (digits: string): string => String((Number(digits) + 1) % 1_000_000).padStart(6, '0')

describe.skipIf(!canMove.ok)(canMove.ok ? 'later' : `later (${canMove.reason})`, () => {
  test('row 74: a code of koop-cam works for 15 minutes; after that a new one is under way at once', () =>
    inBrowser(async (page) => {
      await password(page, 'koop-cam/publicatie', 'eef')
      const first = await demo.code('31612345678')
      demo.later('+14m')
      await page.reload()
      await giveCode(page, nextCode(first))
      await press(page, 'Bevestigen')
      expect(await page.locator('[role=alert]').textContent()).toContain('Deze code klopt niet.')
      demo.later('+16m')
      await giveCode(page, first)
      await press(page, 'Bevestigen')
      expect(await page.locator('[role=alert]').textContent()).toMatch(/Deze code werkte tot .*Een nieuwe is onderweg/s)
      await giveCode(page, await demo.code('31612345678'))
      await press(page, 'Bevestigen')
      expect(await page.locator('svg.qr').count()).toBe(1)
    }))

  test('row 22: a mailed code of c-point works for 10 minutes, and after that says so', () =>
    inBrowser(async (page) => {
      demo.later('+1h')
      await password(page, 'c-point/ligplaatsen', 'bram')
      await choose(page, 'Verificatiecode via e-mail')
      await press(page, 'Login')
      const first = await demo.code('bram@haven.test')
      demo.later('+71m')
      await giveCode(page, first)
      await press(page, 'Login')
      expect(await page.locator('[role=alert]').textContent()).toMatch(/Deze code werkte tot .*Een nieuwe is onderweg/s)
      const second = await demo.code('bram@haven.test')
      demo.later('+80m')
      await giveCode(page, second)
      await press(page, 'Login')
      expect(await heading(page)).toBe('Je bent aangelogd.')
    }))

  test('rows 113-114: at uitpas a browser is remembered for 7 days; a new one is asked at once', () =>
    inBrowser(async (page, context) => {
      demo.later('+1d')
      await password(page, 'uitpas/balie', 'gijs@balie.test')
      expect(await page.getByRole('checkbox', { name: 'Onthoud deze browser 7 dagen' }).isChecked()).toBe(true)
      await giveCode(page, appCode(keyOf('gijs@balie.test'), stepsIn('+1d')))
      await page.locator('button.primary').click()
      await page.getByText('(urn:sluis:acr:2)').waitFor()
      await daysLater(context, '+7d')
      await password(page, 'uitpas/balie', 'gijs@balie.test')
      await page.getByText('(urn:sluis:acr:2-remembered)').waitFor()
      await inBrowser(async (other) => {
        await password(other, 'uitpas/balie', 'gijs@balie.test')
        expect(await other.textContent('main')).toContain('Deze browser is nieuw voor je account.')
      })
      await daysLater(context, '+9d')
      await password(page, 'uitpas/balie', 'gijs@balie.test')
      expect(await page.textContent('main')).toContain('De 7 dagen voor deze browser zijn voorbij.')
      await giveCode(page, appCode(keyOf('gijs@balie.test'), stepsIn('+9d')))
      await page.locator('button.primary').click()
      await page.getByText('(urn:sluis:acr:2)').waitFor()
    }))

  test('row 36: at c-point a browser is remembered for a month from the last real code: after 29 days, not after 31', () =>
    inBrowser(async (page, context) => {
      demo.later('+10d')
      await password(page, 'c-point/planning', 'anna')
      await choose(page, 'Authenticator App')
      await press(page, 'Login')
      await giveCode(page, appCode(keyOf('anna'), stepsIn('+10d')))
      await press(page, 'Verzenden')
      await page.getByText('(urn:sluis:acr:2)').waitFor()
      await daysLater(context, '+39d')
      await password(page, 'c-point/planning', 'anna')
      await page.getByText('(urn:sluis:acr:2-remembered)').waitFor()
      await daysLater(context, '+41d')
      await password(page, 'c-point/planning', 'anna')
      expect(await heading(page)).toBe('Kies je authenticatiemethode')
      expect(await page.textContent('main')).toContain('De 30 dagen voor deze browser zijn voorbij.')
    }))
})
