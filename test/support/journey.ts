/* A person in a real browser who follows a manual: opens pages, presses what is printed there, scans the picture on the screen. */
import jsqr from 'jsqr'
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { PNG } from 'pngjs'
import { launchBrowser } from './chromium.ts'

const patienceMilliseconds = 12_000

/** Work in a browser of one's own: no cookie of anybody else. */
export async function inBrowser(
  work: (page: Page, context: BrowserContext) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const context = await (await launchBrowser()).newContext({ locale: 'nl-BE', ...options })
  context.setDefaultTimeout(patienceMilliseconds)
  const page = await context.newPage()
  try {
    await work(page, context)
  } catch (error) {
    // Where the person stood tells more than what was waited for.
    const seen = await page.textContent('body').catch(() => '')
    throw new Error(`${(error as Error).message}\nat ${page.url()}: ${(seen ?? '').slice(0, 600)}`, { cause: error })
  } finally {
    await context.close()
  }
}

/** By its exact label, as the manual prints it. */
export const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click()
export const choose = (page: Page, name: string): Promise<void> => page.getByRole('radio', { name, exact: true }).check()
export const type = (page: Page, label: string, text: string): Promise<void> => page.getByLabel(label, { exact: true }).fill(text)
export const heading = async (page: Page): Promise<string> => (await page.locator('h1').textContent()) ?? ''
export const giveCode = (page: Page, code: string): Promise<void> => page.locator('input[name=code]').fill(code)

/** The key in the QR code, read off the screen by an independent decoder. */
export async function scanned(page: Page): Promise<string> {
  const picture = PNG.sync.read(await page.locator('svg.qr').screenshot())
  const found = jsqr.default(Uint8ClampedArray.from(picture.data), picture.width, picture.height)
  return new URL(found?.data ?? '').searchParams.get('secret') ?? ''
}
