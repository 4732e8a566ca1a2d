import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, noChromium } from '../support/chromium.ts'
import { appCode, keyOf } from '../support/demo.ts'
import { type DemoInTime, openDemoInTime, stepsIn } from '../support/demo-in-time.ts'
import { available, type Offset } from '../support/faketime.ts'
import { choose, giveCode, heading, inBrowser, press, scanned, type } from '../support/journey.ts'

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

  for (const [who, to, channel] of [
    ['eef', '31612345678', 'sms'],
    ['fons', 'fons@gemeente.test', 'mail'],
  ] as const)
    test(`rows 75-76: what looks like a link above the field sends a new code at once, and that one leads on, ${channel}`, () =>
      inBrowser(async (page) => {
        demo.later(channel === 'sms' ? '+20m' : '+25m')
        await password(page, 'koop-cam/publicatie', who)
        await demo.code(to)
        demo.later(channel === 'sms' ? '+21m' : '+26m')
        const again = page.getByRole('button', { name: 'vraag een nieuwe code aan', exact: true })
        const [above, field] = [await again.boundingBox(), await page.locator('input[name=code]').boundingBox()]
        expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThan(field?.y ?? 0)
        const look = await again.evaluate((it) => {
          const { textDecorationLine, borderTopStyle } = getComputedStyle(it)
          return [textDecorationLine, borderTopStyle]
        })
        expect(look).toEqual(['underline', 'none'])
        await again.click()
        expect(await page.getByRole('status').textContent()).toContain('Een nieuwe code is onderweg')
        await giveCode(page, await demo.code(to))
        await press(page, 'Bevestigen')
        expect(await page.title()).toMatch(channel === 'sms' ? /^Koppel uw authenticator-app/ : /^Vul het telefoonnummer in/)
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

  test('rows 29, 62: the mailbox that gave a new password counts again after 24 hours, and the first app is linked then', () =>
    inBrowser(async (page) => {
      const phrase = 'zeven zwanen op het water'
      const signIn = async (): Promise<void> => {
        await page.goto(`${demo.portal('profiportaal')}/sign-in`)
        await type(page, 'Gebruikersnaam', 'ida')
        await type(page, 'Wachtwoord', phrase)
        await press(page, 'Inloggen')
      }
      demo.later('+1200h')
      await page.goto(`${demo.portal('profiportaal')}/password`)
      await type(page, 'Gebruikersnaam', 'ida')
      await press(page, 'Stuur een herstellink')
      const mail = await demo.find((it) => it.to === 'ida@winkel.test' && it.text.includes('/password/new'))
      await page.goto(/^http\S+\/password\/new\?t=[\w-]{20}$/m.exec(mail.text)?.[0] ?? '')
      await type(page, 'Nieuw wachtwoord', phrase)
      await press(page, 'Bewaar het wachtwoord')
      for (const offset of ['+1201h', '+1223h'] as const) {
        demo.later(offset)
        await signIn()
        expect(await heading(page)).toMatch(/^Een code via e-mail kan .* weer$/)
      }
      demo.later('+1225h')
      await signIn()
      await giveCode(page, await demo.code('ida@winkel.test'))
      await press(page, 'Bevestigen')
      await giveCode(page, appCode(await scanned(page), stepsIn('+1225h')))
      await press(page, 'code verifiëren')
      expect(await heading(page)).toBe('Jouw Authenticator-app is nu gekoppeld aan jouw ProfiPortaal.')
    }))

  test('row 107: a QR code that was left waits for 24 hours in its browser; after that another takes its place', () =>
    inBrowser(async (page) => {
      const toPicture = async (offset: Offset): Promise<string> => {
        demo.later(offset)
        await password(page, 'c-point/ligplaatsen', 'bram')
        await choose(page, 'Authenticator App')
        await press(page, 'Login')
        await press(page, 'Doorgaan')
        await giveCode(page, await demo.code('bram@haven.test'))
        await press(page, 'Login')
        return scanned(page)
      }
      const key = await toPicture('+1300h')
      expect(await toPicture('+1322h')).toBe(key)
      expect(await toPicture('+1325h')).not.toBe(key)
    }))

  test('who does nothing for an hour is signed out; who is at work is not', () =>
    inBrowser(async (page) => {
      demo.later('+84000m')
      await page.goto(`${demo.portal('profiportaal')}/sign-in`)
      await type(page, 'Gebruikersnaam', 'hana')
      await type(page, 'Wachtwoord', demo.password)
      await press(page, 'Inloggen')
      await giveCode(page, appCode(keyOf('hana'), stepsIn('+84000m')))
      await press(page, 'code verifiëren')
      for (const [offset, path] of [
        ['+84050m', '/profile'],
        ['+84105m', '/profile'],
        ['+84170m', '/sign-in'],
      ] as const) {
        demo.later(offset)
        await page.goto(`${demo.portal('profiportaal')}/profile`)
        expect(new URL(page.url()).pathname, offset).toBe(`/profiportaal${path}`)
      }
    }))
})
