import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, noChromium } from '../support/chromium.ts'
import { type Unpacked, unpacked } from '../support/debian.ts'
import { giveCode, inBrowser, press, type } from '../support/journey.ts'
import type { OwnPortal } from '../support/portal.ts'
import { openWerf, portalFile, secret } from '../support/protected.ts'
import { proxies, type Running, startApplication, startProxy } from '../support/proxies.ts'
import { openTunnel, type Tunnel } from '../support/tunnel.ts'

/* A person in Chromium before an application that knows nothing of Sluis, behind the real proxies, over TLS. */

const origins = { desk: 'https://planning.example.org', yard: 'https://yard.example.org', quay: 'https://quay.example.org' }
let found: Unpacked
let own: OwnPortal
let application: Awaited<ReturnType<typeof startApplication>>
let proxy: Running | undefined
let tunnel: Tunnel

beforeAll(async () => {
  found = await proxies()
  application = await startApplication()
  own = await openWerf(`address: https://login.example.org\n${portalFile(origins)}`, { trustedProxies: ['127.0.0.1'] })
  tunnel = await openTunnel(() => proxy?.port ?? 0)
}, 240_000)
afterEach(() => proxy?.close())
afterAll(async () => {
  await closeBrowser()
  await tunnel.close()
  await application.close()
  await own.close()
})

describe.skipIf(noChromium)('in Chromium', () => {
  test.for(['nginx', 'caddy'] as const)(
    'behind %s: from the address of a page to that page, a stricter host, and out',
    async (name, context) => {
      const folder = unpacked(found, context)
      const more = [origins.yard, origins.quay].map((it) => new URL(it).host)
      proxy = undefined
      proxy = await startProxy(name, folder, { sluis: own.port, application: application.port, more })
      await inBrowser(
        async (page) => {
          await page.goto(`${origins.desk}/week/7?day=ma&to=%2Fx`)
          expect(page.url()).toBe('https://login.example.org/sign-in')
          await type(page, 'Gebruikersnaam', 'bea')
          await page.locator('input[type=password]').fill(secret)
          await press(page, 'Aanmelden')
          await giveCode(page, await own.code('bea@werf.test'))
          await press(page, 'Aanmelden')
          await page.waitForURL(`${origins.desk}/week/7?day=ma&to=%2Fx`)
          expect(await seen(page)).toMatchObject({ url: '/week/7?day=ma&to=%2Fx', headers: { 'remote-user': 'bea' } })

          await page.goto(`${origins.yard}/kade`)
          await giveCode(page, await own.code('bea@werf.test'))
          await press(page, 'Aanmelden')
          await page.waitForURL(`${origins.yard}/kade`)

          await page.goto(`${origins.desk}/_sluis/sign-out`)
          await press(page, 'Afmelden')
          await page.waitForURL('https://login.example.org/signed-out')
          await page.goto(`${origins.desk}/week/8`)
          expect(page.url()).toBe('https://login.example.org/sign-in')
          expect((await page.goto(`${origins.yard}/kade`))?.url()).toBe('https://login.example.org/sign-in')
        },
        { ignoreHTTPSErrors: true, proxy: { server: tunnel.server } },
      )
    },
  )
})

const seen = async (page: Page): Promise<unknown> => JSON.parse((await page.textContent('body')) ?? '')
