/*
 * A real Chromium, from npm, headless: no download at run time, no system package.
 *
 *   @sparticuz/chromium/bin/*.br ──unpacked once──> .cache/chromium-…/ ──> playwright-core
 *
 * SLUIS_TEST_CHROMIUM names one of your own (needed where npm has none: it is for x64 alone).
 */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, type BrowserContext, chromium, type LaunchOptions } from 'playwright-core'
import { madeOnce } from './cache.ts'

const packaged = join(import.meta.dirname, '..', '..', 'node_modules', '@sparticuz', 'chromium')

/** Why there is no browser here, or undefined. For `ctx.skip(reason)`. */
export const noChromium: string | undefined = reasonWithout()

let running: Promise<Browser> | undefined

/** The browser of this worker: started by the first call, ended with the worker. Give every test a context of its own. */
export function launchBrowser(): Promise<Browser> {
  running ??= launch()
  return running
}

/** Ends this worker's browser; for an `afterAll`. The next `launchBrowser` starts another. */
export async function closeBrowser(): Promise<void> {
  const browser = await running
  running = undefined
  await browser?.close()
}

/** A browser that keeps its files in a folder of its own, as a person's does: for what is left on a disk. Close it yourself. */
export async function launchProfile(folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, { ...(await settings()), locale: 'nl-BE' })
}

async function launch(): Promise<Browser> {
  return chromium.launch(await settings())
}

async function settings(): Promise<LaunchOptions> {
  if (noChromium) throw new Error(noChromium)
  const own = process.env.SLUIS_TEST_CHROMIUM
  const folder = own ? undefined : await unpacked()
  return {
    executablePath: own ?? join(folder as string, 'chromium'),
    args: flags(),
    // Signals are for the tests' own servers: the browser is ended by us, or with the worker.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    env: { ...withoutFakeTime(process.env), ...(folder ? surroundings(folder) : {}) },
  }
}

/**
 * Playwright's own flags already stop updates, sync and the first-run pages; these stop what is left and keep pictures alike.
 * No sandbox: root may not have one, and many containers lack the user namespaces it needs. Only our own pages are opened.
 */
function flags(): string[] {
  return ['--no-sandbox', '--no-zygote', '--disable-gpu', '--disable-domain-reliability', '--no-pings', '--font-render-hinting=none']
}

function surroundings(folder: string): NodeJS.ProcessEnv {
  return {
    FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    // NSS and expat, which a bare machine may lack.
    LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
  }
}

/** A moved clock is for the servers under test: Chromium keeps the true time. */
function withoutFakeTime(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { LD_PRELOAD: _, ...rest } = env
  return rest
}

async function unpacked(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(packaged, 'package.json'), 'utf8'))
  return madeOnce(`chromium-${version}`, async (folder) => {
    const unpack = `
      import { inflate } from '@sparticuz/chromium'
      for (const it of ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br']) await inflate(process.argv[1] + '/' + it)
    `
    // The package unpacks to the temporary folder, so it gets one that is ours.
    const args = ['--input-type=module', '-e', unpack, join(packaged, 'bin')]
    await promisify(execFile)(process.execPath, args, { cwd: packaged, env: { ...process.env, TMPDIR: folder } })
    rmSync(join(folder, 'fonts', 'fonts.conf'), { force: true })
    writeFileSync(join(folder, 'fonts.conf'), fontsConf)
  })
}

/** The same faces on every machine, whatever fonts it has: pictures and line breaks do not depend on where they are made. */
const fontsConf = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="relative">font-cache</cachedir>
  <alias><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
  <alias><family>serif</family><prefer><family>Open Sans</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>
`

function reasonWithout(): string | undefined {
  const own = process.env.SLUIS_TEST_CHROMIUM
  if (own) return existsSync(own) ? undefined : `SLUIS_TEST_CHROMIUM names ${own}, which does not exist`
  if (process.platform === 'linux' && process.arch === 'x64' && existsSync(packaged)) return undefined
  return `no Chromium from npm for ${process.platform}-${process.arch}: name one with SLUIS_TEST_CHROMIUM`
}
