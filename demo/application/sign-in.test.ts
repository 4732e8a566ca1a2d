import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Applications, demoPortals, startApplications } from './index.ts'

/** A whole sign-in against a bare OpenID provider of somebody else: the application knows issuer, id and secret, no more. */

// The package carries no types; by a name that is only text the type check does not look for them.
interface Handler {
  callback(): (request: IncomingMessage, response: ServerResponse) => void
  interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>
}
const { Provider } = (await import('oidc-provider' as string)) as { Provider: new (issuer: string, options: object) => Handler }

const clientSecret = 'a'.repeat(43)
let applications: Applications
let issuer: string
let closeIssuer: () => void
const jar = new Map<string, string>()

beforeEach(async () => {
  for (const level of ['info', 'warn'] as const) vi.spyOn(console, level).mockImplementation(() => {})
  jar.clear()
  applications = await startApplications(0, () => 1_000_000)
  const home = `http://localhost:${applications.port}/c-point/planning`
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  closeIssuer = () => {
    server.closeAllConnections()
    server.close()
  }
  issuer = `http://localhost:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients: [
      { client_id: 'planning', client_secret: clientSecret, redirect_uris: [`${home}/callback`], post_logout_redirect_uris: [home] },
    ],
    findAccount: (_context: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub }) }),
    features: { devInteractions: { enabled: false } },
    interactions: { url: () => '/interaction' },
    acrValues: ['urn:sluis:acr:2'],
    claims: { openid: ['sub', 'acr', 'amr', 'auth_time'] },
    cookies: { keys: ['k'] },
    loadExistingGrant: async (context: {
      oidc: {
        provider: { Grant: new (of: object) => { addOIDCScope(scope: string): void; save(): Promise<void> } }
        session?: { accountId: string }
      }
    }) => {
      const grant = new context.oidc.provider.Grant({ clientId: 'planning', accountId: context.oidc.session?.accountId })
      grant.addOIDCScope('openid')
      await grant.save()
      return grant
    },
  })
  server.on('request', (request, response) => {
    if (request.url !== '/interaction') return provider.callback()(request, response)
    return provider.interactionFinished(request, response, {
      login: { accountId: 'u-anna', acr: 'urn:sluis:acr:2', amr: ['pwd', 'otp', 'mfa'] },
    })
  })
  const portal = demoPortals['c-point']
  if (!portal) throw new Error('c-point has words')
  const registration = {
    path: 'c-point/planning',
    title: 'Planning',
    portalName: 'C-point',
    issuer,
    clientId: 'planning',
    clientSecret,
    words: portal.words,
  }
  applications.register([registration])
})
afterEach(async () => {
  vi.restoreAllMocks()
  closeIssuer()
  await applications.close()
})

test('from the button to Je bent aangelogd., and out again', async () => {
  const page = await browse('/c-point/planning/sign-in', 'POST')
  expect(page.address).toBe(`http://localhost:${applications.port}/c-point/planning`)
  expect(page.text).toContain('<h1>Je bent aangelogd.</h1>')
  expect(page.text).toContain('u-anna')
  expect(page.text).toContain('wachtwoord (pwd), code uit een app (otp), meer dan één soort bewijs (mfa)')
  expect(page.text).toContain(`href="${issuer}/profile"`)

  const out = await fetch(`http://localhost:${applications.port}/c-point/planning/sign-out`, {
    method: 'POST',
    redirect: 'manual',
    headers: cookies(),
  })
  expect(out.headers.get('location')).toMatch(new RegExp(`^${issuer}/session/end\\?id_token_hint=`))
  expect((await browse('/c-point/planning')).text).not.toContain('aangelogd')
})

test('the answer to a sign-in signs nobody in from another browser', async () => {
  const page = await browse('/c-point/planning/sign-in', 'POST')
  const callback = page.visited.find((address) => address.includes('/callback?')) ?? ''
  jar.clear()
  expect((await browse(callback.slice(callback.indexOf('/c-point')))).status).toBe(400)
})

const cookies = () => ({ cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') })

/** Follows redirects as a browser does, with one jar of cookies for localhost (cookies ignore ports). */
async function browse(path: string, method = 'GET') {
  let address = `http://localhost:${applications.port}${path}`
  const visited = [address]
  for (let method_ = method; ; method_ = 'GET') {
    const answer = await fetch(address, { method: method_, redirect: 'manual', headers: cookies() })
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (name) jar.set(name, value ?? '')
    }
    const location = answer.headers.get('location')
    if (location === null) return { address, status: answer.status, text: await answer.text(), visited }
    address = new URL(location, address).href
    visited.push(address)
    if (visited.length > 12) throw new Error(`too many redirects: ${visited.join(' ')}`)
  }
}
