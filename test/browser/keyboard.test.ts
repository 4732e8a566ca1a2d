import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, noChromium } from '../support/chromium.ts'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'
import { heading, inBrowser, scanned } from '../support/journey.ts'

/* Whole sign-ins with Tab, Enter, Space and letters alone. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(async () => {
  await demo?.close()
  await closeBrowser()
})

/** What has the focus: its label, and whether a ring is drawn inside the window. */
const focused = (page: Page): Promise<{ label: string; isSeen: boolean }> =>
  page.evaluate(() => {
    const it = document.activeElement as HTMLInputElement
    const { top, bottom } = it.getBoundingClientRect()
    const { outlineStyle } = getComputedStyle(it)
    const label = it.labels?.[0]?.textContent ?? it.textContent ?? ''
    return { label: label.trim(), isSeen: outlineStyle === 'solid' && top >= 0 && bottom <= window.innerHeight }
  })

/** Tab after Tab, each stop seen, down to the one with this label. */
async function tabTo(page: Page, label: string): Promise<void> {
  const passed: string[] = []
  for (let nr = 0; nr < 20; nr++) {
    await page.keyboard.press('Tab')
    const { label: found, isSeen } = await focused(page)
    expect([found, isSeen]).toEqual([found, true])
    if (found === label) return
    passed.push(found)
  }
  throw new Error(`no '${label}' among ${passed.join(', ')}`)
}

async function enter(page: Page, url: RegExp): Promise<void> {
  await page.keyboard.press('Enter')
  await page.waitForURL(url)
}

/** The page came back with a mistake: announced first, and one press from its field. */
async function mend(page: Page, sentence: string, label: string): Promise<void> {
  await page.locator('[role=alert]', { hasText: sentence }).waitFor()
  expect(await page.title()).toMatch(/^Fout: /)
  expect((await focused(page)).label).toContain(sentence)
  await tabTo(page, sentence)
  await page.keyboard.press('Enter')
  expect(await focused(page)).toEqual({ label, isSeen: true })
  const told = await page.evaluate(() => {
    const ids = document.activeElement?.getAttribute('aria-describedby')?.split(' ') ?? []
    return ids.map((it) => document.getElementById(it)?.textContent).join(' ')
  })
  expect(told).toContain(`Fout: ${sentence}`)
}

describe.skipIf(noChromium)('by the keyboard alone', () => {
  for (const javaScriptEnabled of [true, false])
    test(`c-point: mistakes are announced and one press from their field, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, () =>
      inBrowser(
        async (page) => {
          const who = javaScriptEnabled ? 'anna' : 'cato'
          await page.goto(demo.portal('c-point'))
          await tabTo(page, 'Login')
          await enter(page, /sign-in/)
          await tabTo(page, 'Gebruikersnaam')
          await page.keyboard.press('Enter')
          await mend(page, 'De gebruikersnaam is nog leeg. Vul je gebruikersnaam in.', 'Gebruikersnaam')
          await page.keyboard.type(who)
          await tabTo(page, 'Wachtwoord')
          await page.keyboard.type(demo.password)
          await enter(page, /choose/)
          await tabTo(page, 'Authenticator App')
          await page.keyboard.press('Space')
          await enter(page, /code\/app/)
          await tabTo(page, 'Verificatiecode')
          await page.keyboard.type('12')
          await page.keyboard.press('Enter')
          await mend(page, 'Dit zijn geen 6 cijfers. Typ alleen de 6 cijfers van de code.', 'Verificatiecode')
          await page.keyboard.type(appCode(keyOf(who)))
          await enter(page, /home/)
          expect(await heading(page)).toBe('Je bent aangelogd.')
          await tabTo(page, who)
          await page.keyboard.press('Enter')
          await tabTo(page, 'Mijn Profiel')
          await enter(page, /profile/)
        },
        { javaScriptEnabled, viewport: { width: 1280, height: 720 } },
      ))

  test('profiportaal: the first sign-in, with the app linked by its key', () =>
    inBrowser(
      async (page) => {
        await page.goto(demo.portal('profiportaal'))
        await tabTo(page, 'Inloggen')
        await enter(page, /sign-in/)
        await tabTo(page, 'Gebruikersnaam')
        await page.keyboard.type('ida')
        await tabTo(page, 'Wachtwoord')
        await page.keyboard.type(demo.password)
        await enter(page, /proof/)
        await tabTo(page, 'Eenmalige code')
        await page.keyboard.type(await demo.code('ida@winkel.test'))
        await enter(page, /enrol\/app/)
        await tabTo(page, 'Scannen lukt niet')
        await page.keyboard.press('Enter')
        const key = (await page.locator('#key').textContent())?.replaceAll(' ', '') ?? ''
        expect(key).toBe(await scanned(page))
        await tabTo(page, 'Machtigingscode')
        await page.keyboard.type(appCode(key))
        await enter(page, /done/)
        await tabTo(page, 'Verder naar ProfiPortaal')
        await enter(page, /home/)
      },
      // As narrow and as low as a large window at 400 %.
      { viewport: { width: 320, height: 256 } },
    ))
})
