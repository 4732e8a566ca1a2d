import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, noChromium } from '../support/chromium.ts'
import { appCode } from '../support/demo.ts'
import { choose, giveCode, heading, inBrowser, press, scanned, type } from '../support/journey.ts'
import { type OwnPortal, openPortal } from '../support/portal.ts'

/* A portal like c-point, of its own: some people have a start date that is still to come, and the server may be killed. */

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
const file = `
name: Havenloket
country: BE
register: je
languages: [nl, en]
pages: one-page
secondStep: { methods: [totp, email], choice: every-time, gate: email }
enforcement:
  mode: from
  from: 2024-03-18
  groups: { golf-2: ${inDays(40)}, golf-3: ${inDays(10)}, golf-4: ${inDays(90)} }
labels: { afterQr: { nl: Volgende } }
support:
  name: { nl: de helpdesk }
  lines: [{ email: help@loket.example }]
theme: { colour: "#1f4e79" }
mail: { from: noreply@loket.example }
`
const secret = 'zeven natte otters'
let own: OwnPortal

beforeAll(async () => {
  own = await openPortal('havenloket', file)
  for (const [name, group] of [['wim'], ['tom'], ['els', 'golf-2'], ['jan', 'golf-3'], ['pia', 'golf-4']] as const) {
    await own.add(`${name}@loket.test`, secret, group ? ['--group', group] : [])
  }
})
afterAll(async () => {
  await own?.close()
  await closeBrowser()
})

async function password(page: Page, name: string): Promise<void> {
  await page.goto(`${own.address}/sign-in`)
  await type(page, 'Gebruikersnaam', name)
  await type(page, 'Wachtwoord', secret)
  await press(page, 'Aanmelden')
}

async function toPicture(page: Page, name: string): Promise<string> {
  await password(page, name)
  await choose(page, 'Authenticator-app')
  await press(page, 'Doorgaan')
  await press(page, 'Doorgaan')
  await giveCode(page, await own.code(`${name}@loket.test`))
  await press(page, 'Bevestigen')
  return scanned(page)
}

async function signOut(page: Page): Promise<void> {
  await page.context().clearCookies()
}

describe.skipIf(noChromium)('while an app is being linked', () => {
  test('rows 11-12: the server is killed; QR code and key are still there after reload, back and in a second tab, and the first code works', () =>
    inBrowser(async (page, context) => {
      const key = await toPicture(page, 'wim')
      await own.restart('SIGKILL')
      await page.reload()
      expect(await scanned(page)).toBe(key)
      await page.getByText('Scannen lukt niet', { exact: true }).click()
      expect((await page.locator('#key').textContent())?.replaceAll(' ', '')).toBe(key)
      await page.getByRole('link', { name: 'Ik heb nog geen app' }).click()
      await own.restart('SIGTERM')
      await page.goBack()
      expect(await scanned(page)).toBe(key)
      const second = await context.newPage()
      await second.goto(page.url())
      expect(await scanned(second)).toBe(key)
      await press(second, 'Volgende')
      await giveCode(second, appCode(key))
      await press(second, 'Bevestigen')
      expect(await heading(second)).toBe('Je authenticator-app is gekoppeld')
    }))

  test('rows 107, 116: who left and signs in again from the same browser finds the same QR code, behind a new mailed code', () =>
    inBrowser(async (page, context) => {
      const key = await toPicture(page, 'tom')
      const kept = (await context.cookies()).filter((it) => it.name.endsWith('-enrolment'))
      expect(kept).toHaveLength(1)
      await context.clearCookies()
      await context.addCookies(kept)
      await own.restart('SIGKILL')
      expect(await toPicture(page, 'tom')).toBe(key)
      expect(await page.textContent('main')).toContain('De QR-code is dezelfde gebleven.')
      await giveCode(page, appCode(key))
      await press(page, 'Bevestigen')
      expect(await heading(page)).toBe('Je authenticator-app is gekoppeld')
    }))
})

describe.skipIf(noChromium)('a start date in waves', () => {
  const isIn = async (page: Page): Promise<void> => expect(await heading(page)).toBe('Je bent aangemeld')

  test('rows 32-33: whose date is 40 days away reads of it with the reason, may say Later, and is left in peace for a week', () =>
    inBrowser(
      async (page) => {
        await password(page, 'els')
        expect(await heading(page)).toMatch(/^Vanaf \d{1,2} [a-z]+ \d{4} is een tweede stap nodig$/)
        await press(page, 'Later, verder naar Havenloket')
        await isIn(page)
        await signOut(page)
        await password(page, 'els')
        await isIn(page)
      },
      { javaScriptEnabled: false },
    ))

  test('row 32: in the last two weeks the days that are left are counted at every sign-in; who sets it up now is asked from then on', () =>
    inBrowser(async (page) => {
      for (const _ of [1, 2]) {
        await password(page, 'jan')
        expect(await page.textContent('main')).toMatch(/Nog (9|10) dagen\./)
        await press(page, 'Later, verder naar Havenloket')
        await isIn(page)
        await signOut(page)
      }
      await password(page, 'jan')
      await press(page, 'Nu instellen')
      await choose(page, 'Authenticator-app')
      await press(page, 'Doorgaan')
      await press(page, 'Doorgaan')
      await giveCode(page, await own.code('jan@loket.test'))
      await press(page, 'Bevestigen')
      await giveCode(page, appCode(await scanned(page)))
      await press(page, 'Bevestigen')
      await signOut(page)
      await password(page, 'jan')
      expect(await page.getByRole('radio', { name: 'Authenticator-app' }).count()).toBe(1)
    }))

  test('row 32: whose date is 90 days away notices nothing', () =>
    inBrowser(async (page) => {
      await password(page, 'pia')
      await isIn(page)
    }))
})
