import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, noChromium } from '../support/chromium.ts'
import { appCode, type Demo, openDemo } from '../support/demo.ts'
import { addPeople } from '../support/demo-steps.ts'
import { choose, giveCode, heading, inBrowser, press, scanned, type } from '../support/journey.ts'

/* The first sign-ins of the four portals once in English, and once as wide as a phone; and the next ones. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
  const rows = (names: readonly string[], phones: readonly string[]): string[][] =>
    names.map((it, place) => [it, `${it}@haven.test`, phones[place] ?? '', demo.password])
  await addPeople(demo, 'c-point', 'username,email,phone,password', rows(['emma', 'fien'], []))
  await addPeople(demo, 'profiportaal', 'username,email,phone,password', rows(['pim', 'pleun'], []))
  await addPeople(demo, 'uitpas', 'username,email,phone,password', [
    ['uma@haven.test', 'uma@haven.test', '', demo.password],
    ['ugo@haven.test', 'ugo@haven.test', '', demo.password],
  ])
  await addPeople(demo, 'koop-cam', 'username,email,phone,password', rows(['kim', 'kees'], ['+31612300001', '+31612300002']))
})
afterAll(async () => {
  await demo?.close()
  await closeBrowser()
})

interface Way {
  readonly name: string
  readonly options: BrowserContextOptions
  readonly cPoint: { readonly who: string; readonly words: typeof dutch }
  readonly koopCam: { readonly who: string; readonly phone: string; readonly words: typeof formal }
  readonly profiPortaal: { readonly who: string; readonly words: typeof profi }
  readonly uitpas: { readonly who: string; readonly words: typeof balie }
}

const dutch = {
  userName: 'Gebruikersnaam',
  password: 'Wachtwoord',
  signIn: 'Login',
  chooseHeading: 'Kies je authenticatiemethode',
  app: 'Authenticator App',
  choose: 'Login',
  goOn: 'Doorgaan',
  gate: 'Vul je eenmalig wachtwoord in',
  proof: 'Login',
  link: 'Koppel je authenticator-app',
  afterQr: 'Volgende',
  enrol: 'Verzenden',
  done: 'Je bent aangelogd.',
  appCode: 'Verzenden',
}
const english: typeof dutch = {
  userName: 'User name',
  password: 'Password',
  signIn: 'Sign in',
  chooseHeading: 'Choose your authentication method',
  app: 'Authenticator app',
  choose: 'Continue',
  goOn: 'Continue',
  gate: 'Enter your one-time password',
  proof: 'Confirm',
  link: 'Link your authenticator app',
  afterQr: 'Next',
  enrol: 'Confirm',
  done: 'You are signed in.',
  appCode: 'Sign in',
}
const formal = {
  userName: 'Gebruikersnaam',
  next: 'Volgende',
  password: 'Wachtwoord',
  confirm: 'Bevestigen',
  gate: 'Vul uw SMS-code in',
  done: 'Instellen MFA is voltooid',
  code: 'Vul uw beveiligingscode in',
}
const formalEnglish: typeof formal = {
  userName: 'User name',
  next: 'Next',
  password: 'Password',
  confirm: 'Confirm',
  gate: 'Enter your SMS code',
  done: 'MFA set-up is complete',
  code: 'Enter your security code',
}
const profi = {
  userName: 'Gebruikersnaam',
  password: 'Wachtwoord',
  signIn: 'Inloggen',
  gate: 'Vul je eenmalige code in',
  proof: 'Bevestigen',
  word: 'Machtigingscode',
  verify: 'code verifiëren',
  done: 'Jouw Authenticator-app is nu gekoppeld aan jouw ProfiPortaal.',
  person: 'Profiel instellingen',
  bin: 'Verwijder',
}
const profiEnglish: typeof profi = {
  userName: 'User name',
  password: 'Password',
  signIn: 'Sign in',
  gate: 'Enter your one-time code',
  proof: 'Confirm',
  word: 'Authorisation code',
  verify: 'verify code',
  done: 'Your authenticator app is now linked to your ProfiPortaal.',
  person: 'Profile settings',
  bin: 'Remove',
}
const balie = {
  optIn: 'Beveilig nu al je account met 2-stapsverificatie',
  address: 'E-mailadres',
  password: 'Wachtwoord',
  signIn: 'Aanmelden',
  gate: 'Vul je verificatiecode in',
  proof: 'Bevestigen',
  choose: 'Hoe wil je de code krijgen?',
  app: 'Verder met de authenticator app',
  link: 'Koppel je authenticator-app',
  done: 'Klaar! De tweede stap is ingesteld.',
}
const balieEnglish: typeof balie = {
  optIn: 'Secure your account with two-step verification now',
  address: 'E-mail address',
  password: 'Password',
  signIn: 'Sign in',
  gate: 'Enter your verification code',
  proof: 'Confirm',
  choose: 'How do you want to get the code?',
  app: 'Continue with the authenticator app',
  link: 'Link your authenticator app',
  done: 'Done. The second step is set up.',
}

const ways: readonly Way[] = [
  {
    name: 'in English',
    options: { locale: 'en-GB' },
    cPoint: { who: 'emma', words: english },
    koopCam: { who: 'kim', phone: '31612300001', words: formalEnglish },
    profiPortaal: { who: 'pim', words: profiEnglish },
    uitpas: { who: 'uma@haven.test', words: balieEnglish },
  },
  {
    name: 'as wide as a phone',
    options: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
    cPoint: { who: 'fien', words: dutch },
    koopCam: { who: 'kees', phone: '31612300002', words: formal },
    profiPortaal: { who: 'pleun', words: profi },
    uitpas: { who: 'ugo@haven.test', words: balie },
  },
]

const inEnglish = new Set([english, formalEnglish, profiEnglish, balieEnglish].flatMap((it) => Object.values(it)))

/** The page that is open: its heading, its language, and nothing beyond the edge of the screen. */
async function isAt(page: Page, said: string): Promise<void> {
  expect(await heading(page)).toBe(said)
  const { sideways, language } = await page.evaluate(() => ({
    sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    language: document.documentElement.lang,
  }))
  expect(sideways).toBe(0)
  expect(language).toBe(inEnglish.has(said) ? 'en' : 'nl')
}

describe.skipIf(noChromium)('first and next sign-ins', () => {
  test.each(ways)('rows 1-20: c-point, $name', ({ options, cPoint: { who, words } }) =>
    inBrowser(async (page) => {
      const password = async (): Promise<void> => {
        await page.goto(demo.app('c-point/ligplaatsen'))
        await press(page, 'Aanmelden')
        await type(page, words.userName, who)
        await type(page, words.password, demo.password)
        await press(page, words.signIn)
        await isAt(page, words.chooseHeading)
        await choose(page, words.app)
        await press(page, words.choose)
      }
      await password()
      await press(page, words.goOn)
      await isAt(page, words.gate)
      await giveCode(page, await demo.code(`${who}@haven.test`))
      await press(page, words.proof)
      await isAt(page, words.link)
      const key = await scanned(page)
      await press(page, words.afterQr)
      await giveCode(page, appCode(key))
      await press(page, words.enrol)
      await isAt(page, words.done)
      await page.context().clearCookies()
      await password()
      await giveCode(page, appCode(key, 1))
      await press(page, words.appCode)
      expect(await page.textContent('main')).toContain('(urn:sluis:acr:2)')
    }, options),
  )

  test.each(ways)('rows 51-61: profiportaal, $name', ({ options, profiPortaal: { who, words } }) =>
    inBrowser(async (page) => {
      const password = async (): Promise<void> => {
        await page.goto(`${demo.portal('profiportaal')}/sign-in`)
        await type(page, words.userName, who)
        await type(page, words.password, demo.password)
        await press(page, words.signIn)
      }
      const link = async (): Promise<string> => {
        await isAt(page, words.gate)
        await giveCode(page, await demo.code(`${who}@haven.test`))
        await press(page, words.proof)
        const key = await scanned(page)
        await type(page, words.word, appCode(key))
        await press(page, words.verify)
        await isAt(page, words.done)
        return key
      }
      await password()
      const key = await link()
      await page.context().clearCookies()
      await password()
      await type(page, words.word, appCode(key, 1))
      await press(page, words.verify)
      await page.waitForURL(/home$/)
      await page.locator('details.menu > summary').click()
      await page.locator('details.menu').getByRole('link', { name: words.person, exact: true }).click()
      await isAt(page, words.person)
      await press(page, words.bin)
      await page.waitForURL(/remove/)
      await press(page, words.bin)
      await page.getByRole('status').waitFor()
      await page.context().clearCookies()
      await password()
      await link()
    }, options),
  )

  test.each(ways)('rows 94-100: uitpas, $name', ({ options, uitpas: { who, words } }) =>
    inBrowser(async (page) => {
      await page.goto(demo.app('uitpas/balie'))
      await press(page, 'Aanmelden')
      await page.getByRole('link', { name: words.optIn, exact: true }).click()
      await type(page, words.address, who)
      await type(page, words.password, demo.password)
      await press(page, words.signIn)
      await isAt(page, words.gate)
      await giveCode(page, await demo.code(who))
      await press(page, words.proof)
      await isAt(page, words.choose)
      await press(page, words.app)
      await isAt(page, words.link)
      const key = await scanned(page)
      await giveCode(page, appCode(key))
      await press(page, words.proof)
      await isAt(page, words.done)
      await page.context().clearCookies()
      await page.goto(demo.app('uitpas/balie'))
      await press(page, 'Aanmelden')
      await type(page, words.address, who)
      await type(page, words.password, demo.password)
      await press(page, words.signIn)
      await isAt(page, words.gate)
      await giveCode(page, appCode(key, 1))
      await press(page, words.signIn)
      expect(await page.textContent('main')).toContain('(urn:sluis:acr:2)')
    }, options),
  )

  test.each(ways)('rows 65-88: koop-cam, $name', ({ options, koopCam: { who, phone, words } }) =>
    inBrowser(async (page) => {
      const password = async (): Promise<void> => {
        await page.goto(demo.app('koop-cam/publicatie'))
        await press(page, 'Inloggen')
        await type(page, words.userName, who)
        await press(page, words.next)
        await type(page, words.password, demo.password)
        await press(page, words.confirm)
      }
      await password()
      await isAt(page, words.gate)
      await giveCode(page, await demo.code(phone))
      await press(page, words.confirm)
      const key = await scanned(page)
      await giveCode(page, appCode(key))
      await press(page, words.confirm)
      await isAt(page, words.done)
      await page.context().clearCookies()
      await password()
      await isAt(page, words.code)
      await giveCode(page, appCode(key, 1))
      await press(page, words.confirm)
      expect(await page.textContent('main')).toContain('(urn:sluis:acr:2)')
    }, options),
  )
})
