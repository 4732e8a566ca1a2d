import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeBrowser, noChromium } from '../support/chromium.ts'
import { desk } from '../support/desk.ts'
import { inBrowser, press, type } from '../support/journey.ts'
import { type OwnPortal, openPortal } from '../support/portal.ts'

/*
 * An application that leads people on to another host at once, as a broker does: Chromium holds our forms to the whole way, also to what
 * comes after the application.
 */

let own: OwnPortal
const servers: Server[] = []
const password = 'zeven natte otters zingen'

async function serve(answer: (path: string) => { location?: string; text?: string }): Promise<string> {
  const server = createServer((request, response) => {
    const { location, text = '' } = answer(new URL(request.url ?? '', 'http://x').pathname)
    if (location) response.writeHead(303, { location }).end()
    else response.writeHead(200, { 'content-type': 'text/html' }).end(`<h1>${text}</h1>`)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://localhost:${(server.address() as AddressInfo).port}`
}

let broker: string
let shop: string
beforeAll(async () => {
  shop = await serve((path) => ({ text: path === '/' ? 'De winkel' : 'Tot ziens' }))
  broker = await serve((path) => ({ location: path === '/callback' ? `${shop}/` : `${shop}/left` }))
  const client = (id: string): object => ({ id, redirectUris: [`${broker}/callback`], postLogoutRedirectUris: [`${broker}/left`] })
  own = await openPortal(
    'werf',
    JSON.stringify({
      ...desk,
      register: 'je',
      enforcement: { mode: 'opt-in' },
      applications: {
        broker: { title: 'Broker', leadsOnTo: [shop], client: client('broker') },
        silent: { title: 'Silent', client: client('silent') },
      },
    }),
  )
  await own.add('bea@werf.test', password)
})
afterAll(async () => {
  await closeBrowser()
  for (const it of servers) it.close()
  await own.close()
})

const request = (client_id: string): string => {
  const pkce = { code_challenge: 'a'.repeat(43), code_challenge_method: 'S256' }
  const asked = { client_id, redirect_uri: `${broker}/callback`, response_type: 'code', scope: 'openid', ...pkce }
  return `${own.address}/authorize?${new URLSearchParams(asked)}`
}

describe.skipIf(noChromium)('in Chromium', () => {
  test('people arrive where the application leads them on to, after the sign-in and after the sign-out', () =>
    inBrowser(async (page) => {
      await page.goto(request('broker'))
      await type(page, 'Gebruikersnaam', 'bea')
      await page.locator('input[type=password]').fill(password)
      await press(page, 'Aanmelden')
      await page.waitForURL(`${shop}/`)
      const asked = new URLSearchParams({ client_id: 'broker', post_logout_redirect_uri: `${broker}/left` })
      await page.goto(`${own.address}/end-session?${asked}`)
      await press(page, 'Afmelden')
      await page.waitForURL(`${shop}/left`)
    }))

  test('no page lets its form end anywhere else', () =>
    inBrowser(async (page) => {
      const policyOf = async (id: string): Promise<string> => (await page.goto(request(id)))?.headers()['content-security-policy'] ?? ''
      expect(await policyOf('broker')).toContain(`form-action 'self' ${broker} ${shop};`)
      expect(await policyOf('silent')).toContain(`form-action 'self' ${broker};`)
    }))
})
