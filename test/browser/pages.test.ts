/*
 * Every page in its states, in a real browser: rules of accessibility, the narrowest phone, targets for fingers, the keyboard.
 *
 *   samples ── render ──> a server of one loop ──> Chromium ──> axe, measures, keys
 *
 * In Dutch at 320 px in the light, and one page more per language and look; all of it by SLUIS_TEST_LONG=1.
 */
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { samples } from '../../src/pages/all.samples.tsx'
import { render, themeCss } from '../../src/pages/index.ts'
import { type Sample, stageOf, type Tongue, tongues } from '../../src/pages/stage.samples.tsx'
import { loadPortals, type Portal, themeOf } from '../../src/portals/index.ts'
import { closeBrowser, launchBrowser, noChromium } from '../support/chromium.ts'

const root = join(import.meta.dirname, '../..')
const { portals } = loadPortals([join(root, 'portals')], { address: 'http://localhost:8080', applications: 'http://localhost:8090' })
const portalOf = (id: string) => portals.get(id) as Portal
const isLong = Boolean(process.env.SLUIS_TEST_LONG)
/** For text, attribute and title at once (T081). */
const payload = '</title>"><script>alert(1)</script><img src=x onerror=alert(2)>'

/** As the product answers: what a page may load is its own. */
const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

let server: Server
let address = ''

beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const [type, body] = answerTo(decodeURIComponent(pathname))
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': policy }).end(body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(async () => {
  await closeBrowser()
  server?.closeAllConnections()
  server?.close()
})

function answerTo(path: string): readonly [type: string, body: string | Buffer] {
  const [, folder, name = '', tongue = 'nl'] = path.split('/')
  if (folder === 'page') return ['text/html', pageOf(name, tongue as Tongue)]
  if (folder === 'loaded') return ['text/html', pageOf(name, tongue as Tongue, payload)]
  if (name === 'styles.css') return ['text/css', readFileSync(join(root, 'src/pages/styles.css'))]
  if (name === 'script.js') return ['text/javascript', readFileSync(join(root, 'src/pages/script.js'))]
  if (name.endsWith('.svg')) return ['image/svg+xml', readFileSync(join(root, 'portals', name))]
  if (name.endsWith('.css')) return ['text/css', themeCss(themeOf(portalOf(name.slice(0, -4)).theme.colour))]
  return ['text/plain', '']
}

function pageOf(name: string, tongue: Tongue, application?: string): string {
  const sample = samples.find((it) => it.name === name) as Sample
  return render(
    sample.draw(stageOf(portalOf(sample.portal), tongue, application ? { person: { username: application, application } } : {})),
  )
}

async function open<T>(
  name: string,
  tongue: Tongue,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<T>,
  folder = 'page',
): Promise<T> {
  const browser = await launchBrowser()
  const context = await browser.newContext({ viewport: { width: 320, height: 640 }, reducedMotion: 'reduce', ...options })
  try {
    const page = await context.newPage()
    const trouble: string[] = []
    page.on('pageerror', (it) => trouble.push(String(it)))
    page.on('console', (it) => it.type() === 'error' && trouble.push(it.text()))
    await page.goto(`${address}/${folder}/${encodeURIComponent(name)}/${tongue}`)
    const seen = await look(page)
    expect(trouble).toEqual([])
    return seen
  } finally {
    await context.close()
  }
}

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

async function brokenRules(page: Page): Promise<string[]> {
  // No page holds a frame, so axe needs no second page to put its findings together.
  const axe = new AxeBuilder({ page })
    .setLegacyMode()
    .withTags(rules)
    .options({ rules: { 'target-size': { enabled: true } } })
  const { violations } = await axe.analyze()
  return violations.flatMap((it) => it.nodes.map((node) => `${it.id}: ${node.html.slice(0, 120)}`))
}

/** What a finger or an eye stumbles over. */
function stumbles(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    const sideways = scrollWidth > clientWidth ? [`the page is ${scrollWidth} wide in a window of ${clientWidth}`] : []
    const small = [...document.querySelectorAll<HTMLElement>('a, button, input, summary, textarea')].flatMap((it) => {
      const { width, height } = it.getBoundingClientRect()
      if (width === 0 || it.matches('.skip, [type=hidden], [hidden]')) return []
      // A radio or a checkbox is pressed by its whole row.
      const least = it.matches('button, input:not([type=radio], [type=checkbox])') ? 48 : 24
      return height < least - 0.5 ? [`${it.outerHTML.slice(0, 80)} is ${Math.round(height)} high`] : []
    })
    return [...sideways, ...small]
  })
}

describe.skipIf(noChromium)('every page', () => {
  const looks: readonly (readonly [Tongue, BrowserContextOptions])[] = isLong
    ? tongues.flatMap((tongue) =>
        [320, 768, 1280].flatMap((width) =>
          (['light', 'dark'] as const).map((colorScheme) => [tongue, { viewport: { width, height: 800 }, colorScheme }] as const),
        ),
      )
    : [['nl', {}]]

  for (const { name } of samples)
    test(`${name} keeps the rules of accessibility and fits on the narrowest phone`, { timeout: 60_000 }, async () => {
      for (const [tongue, options] of looks)
        await open(name, tongue, options, async (page) => {
          expect([...(await brokenRules(page)), ...(await stumbles(page))]).toEqual([])
        })
    })
})

describe.skipIf(noChromium)('other looks', () => {
  const one = [
    ['P26 mail', 'en', { colorScheme: 'light' }],
    ['P17 app', 'nl-formal', { colorScheme: 'dark' }],
    ['P06 choose', 'nl', { colorScheme: 'dark' }],
    ['P30 D4 refused', 'en', { colorScheme: 'dark' }],
    ['P10 empty', 'nl', { colorScheme: 'dark' }],
    ['P26 mail', 'nl', { forcedColors: 'active' }],
    ['P40 profile', 'nl', { viewport: { width: 1280, height: 800 } }],
    ['P25 remember', 'nl', { javaScriptEnabled: true, contrast: 'more' }],
  ] as const
  for (const [name, tongue, options] of one)
    test(`${name}, ${tongue}, ${JSON.stringify(options)}`, () =>
      open(name, tongue, options, async (page) => {
        expect([...(await brokenRules(page)), ...(await stumbles(page))]).toEqual([])
      }))

  test('in a dark theme of strong contrast a dark logo keeps its white plate', () =>
    open('P17 app', 'nl', { forcedColors: 'active', colorScheme: 'dark' }, async (page) => {
      expect(await page.locator('header img').evaluate((it) => getComputedStyle(it).backgroundColor)).toBe('rgb(255, 255, 255)')
    }))

  test('letters twice as large stay on the screen of the narrowest phone, long words broken', async () => {
    for (const name of ['P02 wrong', 'P15 choose', 'P16 install', 'P19 password manager, uitpas', 'P30 D10 sms', 'P44 wrong'])
      await open(name, 'nl', { bypassCSP: true }, async (page) => {
        await page.addStyleTag({ content: 'html { font-size: 200% !important; }' })
        expect([name, ...(await stumbles(page))]).toEqual([name])
      })
  })

  test('letters and lines set wider cut nothing off and make no page wider', async () => {
    for (const name of ['P17 app', 'P26 mail', 'P06 choose', 'P30 D4 refused'])
      await open(name, 'nl', { bypassCSP: true }, async (page) => {
        await page.addStyleTag({
          content:
            '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }',
        })
        expect(await stumbles(page)).toEqual([])
      })
  })
})

describe.skipIf(noChromium)('a name that is markup', () => {
  for (const name of ['P01 signed in', 'P05 no date', 'P17 app', 'P21 sms', 'P25 app', 'P04 password', 'P02 wrong'])
    test(`${name} shows it as the characters it is (T081)`, () =>
      open(
        name,
        'nl',
        {},
        async (page) => {
          expect(await page.locator('img:not(header img), script:not([src])').count()).toBe(0)
          const text = await page.locator('body').textContent()
          const fields = await page.locator('#username').all()
          const values = await Promise.all(fields.map((it) => it.inputValue()))
          expect([text, ...values].join()).toContain(payload)
        },
        'loaded',
      ))
})

describe.skipIf(noChromium)('without a script', () => {
  const still = { javaScriptEnabled: false } as const

  test('a mistake takes the focus, and its link leads to the field', () =>
    open('P10 empty', 'nl', still, async (page) => {
      expect(await page.locator('#errors:focus').count()).toBe(1)
      await page.getByRole('link', { name: /^Het vak voor de code/ }).press('Enter')
      await page.keyboard.type('123456')
      expect(await page.locator('#code').inputValue()).toBe('123456')
    }))

  test('the button after the picture leads to the code', () =>
    open('P17 at the code', 'nl', still, async (page) => {
      expect(await page.locator('#code:focus').count()).toBe(1)
    }))

  test('no page offers a button that only a script could press', async () => {
    for (const name of ['P17 app', 'P30 D4 refused', 'P04 password'])
      await open(name, 'nl', still, async (page) => {
        expect(await page.locator('button:not([type=submit])').count()).toBe(0)
      })
  })

  test('Enter in the code field sends the code and asks for no other', () =>
    open('P26 mail', 'nl', still, async (page) => {
      await page.locator('#code').fill('123456')
      const [request] = await Promise.all([page.waitForRequest((it) => it.method() === 'POST'), page.locator('#code').press('Enter')])
      expect([new URL(request.url()).pathname, request.postData()]).toEqual(['/c-point/code', 'csrf=sample&code=123456&remember=1'])
    }))
})

describe.skipIf(noChromium)('with the script', () => {
  test('the password is shown and hidden, the caret stays, and it is sent from a password field', () =>
    open('P04 password', 'nl-formal', {}, async (page) => {
      const field = page.locator('#password')
      await field.fill('twaalf eenden')
      await field.evaluate((it: HTMLInputElement) => it.setSelectionRange(3, 3))
      const show = page.getByRole('button', { name: 'Toon wachtwoord' })
      expect(await show.getAttribute('aria-pressed')).toBe('false')
      await show.click()
      expect([await field.getAttribute('type'), await show.getAttribute('aria-pressed')]).toEqual(['text', 'true'])
      expect(await field.evaluate((it: HTMLInputElement) => it.selectionStart)).toBe(3)
      await page.evaluate(() => document.addEventListener('submit', (it) => it.preventDefault()))
      await page.getByRole('button', { name: 'Bevestigen' }).click()
      expect(await field.getAttribute('type')).toBe('password')
    }))

  test('the key is copied without its spaces, and that is said', () =>
    open('P17 app', 'nl', { permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
      await page.getByText('Scannen lukt niet').click()
      await page.getByRole('button', { name: 'Kopieer de sleutel' }).click()
      await page.getByText('De sleutel is gekopieerd.').waitFor()
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
    }))

  test('the text for an IT department is copied whole', () =>
    open('P30 D4 refused', 'nl', { permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
      await page.getByRole('button', { name: 'Kopieer deze tekst' }).click()
      await page.getByText('De tekst is gekopieerd.').waitFor()
      expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^Afzender [\s\S]*\n\nSender [\s\S]*through\.$/)
    }))

  test('Tab goes down the page and every stop is seen', () =>
    open('P26 mail', 'nl', { viewport: { width: 800, height: 900 } }, async (page) => {
      const stops: string[] = []
      for (let nr = 0; nr < 13; nr++) {
        await page.keyboard.press('Tab')
        const [name, ring] = await page.evaluate(() => {
          const it = document.activeElement as HTMLElement
          return [
            it.textContent?.trim() || it.getAttribute('name') || it.querySelector('img')?.alt || it.tagName,
            getComputedStyle(it).outlineStyle,
          ] as const
        })
        expect([name, ring]).toEqual([name, 'solid'])
        stops.push(name)
      }
      expect(stops).toEqual([
        ...['Naar de inhoud', 'C-point', 'Nederlands', 'English', 'Ander account', 'Stuur een nieuwe code', 'code', 'remember', 'Login'],
        ...['Waar blijft mijn code?', 'Kies een andere methode', 'Ik kan niet bij deze mailbox', 'support@c-point.be'],
      ])
    }))
})
