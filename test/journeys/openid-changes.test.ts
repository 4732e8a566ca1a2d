import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callbackUri, openSuite, person, type Suite } from '../support/conformance.ts'
import { freePort } from '../support/portal.ts'
import { formType, send } from '../support/raw.ts'

/* What changes while somebody is on the way (T052, T122), and what comes back with the answer (T122, T123). */

let suite: Suite
let file: string
beforeAll(async () => {
  suite = await openSuite()
  file = join(suite.portal.folder, 'portals', 'proef.yaml')
})
afterAll(() => suite.close())

interface PortalFile {
  enforcement: { mode: string }
  secondStep: { methods: string[] }
  applications: Record<string, { secondStep?: string; client: Record<string, unknown> } | undefined>
}
/** The operator changes the file and starts the server again; afterwards it is as it was. */
async function whileChanged(change: (file: PortalFile) => void, work: () => Promise<void>): Promise<void> {
  const before = readFileSync(file, 'utf8')
  const changed = JSON.parse(before) as PortalFile
  change(changed)
  writeFileSync(file, JSON.stringify(changed))
  await suite.portal.restart('SIGTERM')
  try {
    await work()
  } finally {
    writeFileSync(file, before)
    await suite.portal.restart('SIGTERM')
  }
}
const errorOf = async (answer: Response): Promise<unknown[]> => [answer.status, ((await answer.json()) as { error?: string }).error]

describe('the portal file changes while somebody is on the way', () => {
  test('T052 a rule that was raised holds for the sign-in that had begun, and for the session that was there', async () => {
    const [begun, inside] = [suite.browser(), suite.browser()]
    const page = await begun.go(suite.ask())
    expect((await suite.go(inside)).params.has('code')).toBe(true)
    await whileChanged(
      (it) => {
        it.enforcement = { mode: 'at-once' }
      },
      async () => {
        const due = await suite.signInAt(begun, page)
        expect([due.status, due.address.pathname]).toEqual([200, '/proef/sign-in/proof/email'])
        expect((await inside.go(suite.ask({ prompt: 'none' }))).params.get('error')).toBe('login_required')
        expect((await inside.go(suite.ask())).address.pathname).toBe('/proef/sign-in/proof/email')
      },
    )
  })

  test('T122 T052 a code or a refresh token of a password alone is worth nothing once a second step is a rule', async () => {
    const [browser, other] = [suite.browser(), suite.browser()]
    const offline = { scope: 'openid offline_access', prompt: 'consent' }
    const { refreshToken = '', claims } = await suite.tokens(await suite.go(browser, offline))
    expect(claims.acr).toBe('urn:sluis:acr:1')
    const code = (await suite.go(other)).params.get('code') ?? ''
    await whileChanged(
      (it) => {
        it.enforcement = { mode: 'at-once' }
      },
      async () => {
        expect(await errorOf(await suite.redeem(code))).toEqual([400, 'invalid_grant'])
        expect(await errorOf(await suite.refresh(refreshToken))).toEqual([400, 'invalid_grant'])
      },
    )
  })

  test('T122 an application that is not there any more redeems nothing; a secret that changed is the only one', async () => {
    const code = async () => (await suite.go(suite.browser(), { client_id: 'client2' })).params.get('code') ?? ''
    const [one, two] = [await code(), await code()]
    await whileChanged(
      (it) => {
        delete it.applications.client2
      },
      async () => {
        expect(await errorOf(await suite.redeem(one, 'client2'))).toEqual([401, 'invalid_client'])
        expect((await suite.browser().go(suite.ask({ client_id: 'client2' }))).status).toBe(400)
      },
    )
    await whileChanged(
      (it) => {
        Object.assign(it.applications.client2?.client ?? {}, { secret: 'another-secret-of-many-characters-for-today' })
      },
      async () => expect(await errorOf(await suite.redeem(two, 'client2'))).toEqual([401, 'invalid_client']),
    )
  })

  test('T122 an address that was taken out of the file is no address at the next request, nor for a code that was under way', async () => {
    const code = (await suite.go(suite.browser())).params.get('code') ?? ''
    const begun = suite.browser()
    const page = await begun.go(suite.ask())
    await whileChanged(
      (it) => {
        Object.assign(it.applications.client?.client ?? {}, { redirectUris: [`${callbackUri}-new`] })
      },
      async () => {
        expect((await suite.browser().go(suite.ask())).status).toBe(400)
        expect(await errorOf(await suite.redeem(code))).toEqual([400, 'invalid_grant'])
        const arrived = await suite.signInAt(begun, page)
        expect([arrived.status, arrived.address.href]).toEqual([200, `${suite.issuer}/home`])
      },
    )
  })

  test('T113 a server that dies and starts again changes nothing: the newest refresh token works, the one before stays dead', async () => {
    const browser = suite.browser()
    const first = await suite.tokens(await suite.go(browser, { scope: 'openid offline_access', prompt: 'consent' }))
    const renewed = (await (await suite.refresh(first.refreshToken ?? '')).json()) as { refresh_token: string; access_token: string }
    await suite.portal.restart('SIGKILL')
    expect((await suite.userInfo(renewed.access_token)).sub).toBe(first.claims.sub)
    expect((await suite.refresh(first.refreshToken ?? '')).status).toBe(400)
    const next = await suite.refresh(renewed.refresh_token)
    expect(next.status).toBe(200)
    expect((await suite.refresh(renewed.refresh_token)).status).toBe(400)
  })
})

describe('what comes back with the answer', () => {
  test.each([
    ['of many signs', 'a b+c%20&=#?'],
    ['with markup', '<script>alert(1)</script>'],
    ['of other letters', 'é€\u{1f511}'],
    ['of two thousand characters', 'x'.repeat(2_000)],
  ])('T122 a state %s, byte for byte', async (_, state) => {
    const arrived = await suite.go(suite.browser(), { state })
    expect(arrived.params.get('state')).toBe(state)
    const refused = await suite.browser().go(suite.ask({ state, prompt: 'none' }))
    expect([refused.params.get('error'), refused.params.get('state')]).toEqual(['login_required', state])
  })

  test('T122 a request cannot give its application another name: our pages say the registered title, and nothing that it brought', async () => {
    const brought: Record<string, string> = {}
    for (const name of [
      'client_name',
      'client_name#nl',
      'title',
      'application',
      'application_name',
      'logo_uri',
      'client_uri',
      'policy_uri',
      'id',
    ])
      brought[name] = 'https://evil.example/Belastingdienst'
    const page = await suite.browser().go(suite.ask(brought))
    expect(page.status).toBe(200)
    const wrong = await suite.browser().go(suite.ask({ ...brought, redirect_uri: `${callbackUri}x` }))
    expect([wrong.status, wrong.text.includes('The client')]).toEqual([400, true])
    const leaving = await suite.browser().go(`${suite.issuer}/end-session?${new URLSearchParams({ ...brought, client_id: 'client' })}`)
    for (const { text } of [page, wrong, leaving]) expect(text).not.toMatch(/evil|Belastingdienst/)
  })

  test('T123 every redirect is a 303 that tells no referrer, and errors go to an address only when client and address are right', async () => {
    const browser = suite.browser()
    const page = await browser.go(suite.ask())
    const answer = await fetch(suite.ask({ prompt: 'none' }), { redirect: 'manual' })
    expect([answer.status, answer.headers.get('referrer-policy')]).toEqual([303, 'no-referrer'])
    // With an empty fragment of its own, so that a browser takes none of ours along.
    expect(answer.headers.get('location')).toMatch(new RegExp(`^${RegExp.escape(`${callbackUri}?error=`)}[^#]+#$`))
    expect(page.status).toBe(200)
    for (const wrong of [{ client_id: 'nobody' }, { redirect_uri: `${callbackUri}x` }] as Record<string, string>[]) {
      const refused = await fetch(
        suite.ask({ ...wrong, prompt: 'none', error_description: '<b>ours</b>', error_uri: 'https://evil.test' }),
        {
          redirect: 'manual',
        },
      )
      expect([refused.status, refused.headers.get('location')]).toEqual([400, null])
      expect(await refused.text()).not.toMatch(/evil|<b>ours/)
    }
  })

  test('T123 the form with the password is answered by a 303, and so is every hop from there to the application; none tells an address', async () => {
    const browser = suite.browser()
    const { text } = await browser.go(suite.ask())
    const [, csrf = ''] = /name="csrf" value="([^"]+)"/.exec(text) ?? []
    const own = { origin: new URL(suite.issuer).origin, 'content-type': formType }
    const body = new URLSearchParams({ csrf, username: person.username, password: person.password }).toString()
    const cookie = browser.cookiesFor(`${suite.issuer}/sign-in`)
    const posted = await send(`${suite.issuer}/sign-in`, { method: 'POST', headers: { ...own, cookie }, body })
    expect([posted.status, posted.body, posted.headers['referrer-policy']]).toEqual([303, '', 'no-referrer'])
    const back = new URL(posted.headers.location ?? '', suite.issuer)
    const fresh = (posted.headers['set-cookie'] ?? []).map((it) => it.split(';')[0])
    const answer = await send(back.href, { headers: { cookie: [browser.cookiesFor(back), ...fresh].join('; ') } })
    expect([answer.status, answer.headers['referrer-policy']]).toEqual([303, 'no-referrer'])
    expect(answer.headers.location).toMatch(new RegExp(`^${RegExp.escape(`${callbackUri}?code=`)}`))
  })

  test('T123 Back to the page of a sign-in that is done says so, and signs nobody in again', async () => {
    const browser = suite.browser()
    const page = await browser.go(suite.ask())
    const [, uid = ''] = /interaction=([^;]+)/.exec(browser.cookiesFor(`${suite.issuer}/`)) ?? []
    const arrived = await suite.signInAt(browser, page)
    expect(arrived.params.has('code')).toBe(true)
    const again = await browser.go(`${suite.issuer}/authorize/${uid}`)
    expect([again.status, again.params.has('code')]).toEqual([400, false])
  })

  test('T110 every answer says who it is from, errors too', async () => {
    const asked: Record<string, string>[] = [
      {},
      { prompt: 'none' },
      { response_type: 'token' },
      { response_type: 'code id_token' },
      { scope: 'openid x' },
      { max_age: '-1' },
    ]
    for (const more of asked) {
      const { address } = await suite.go(suite.browser(), more)
      // The answer to a kind that is not served comes in the fragment, as that kind would.
      const said = new URLSearchParams(address.hash.slice(1) || address.search)
      expect([said.get('iss'), said.has('access_token'), said.has('id_token')], JSON.stringify(more)).toEqual([suite.issuer, false, false])
    }
  })
})

describe('who asks what is there', () => {
  test('T121 a portal that is not there, and another host: no list, no name, no document', async () => {
    const { origin, port } = new URL(suite.issuer)
    for (const path of ['/nobody/.well-known/openid-configuration', '/.well-known/openid-configuration', '/nobody/jwks', '/PROEF/jwks']) {
      const answer = await send(origin + path)
      expect([answer.status, /proef|Proefhaven/i.test(answer.body)], path).toEqual([404, false])
    }
    for (const host of ['evil.test', `evil.test:${port}`, 'localhost', `localhost:${port}.evil.test`]) {
      const answer = await send(`${suite.issuer}/.well-known/openid-configuration`, { headers: { host } })
      expect([answer.status, /proef|evil/i.test(answer.body)], host).toEqual([421, false])
    }
  })

  test('T107 who needs no PKCE is told by sluis check, with the reason, and the server says it at each start', async () => {
    const told = await suite.portal.sluis(['check'])
    for (const client of ['client', 'client2', 'client3'])
      expect(told).toContain(
        `applications.${client}.client.pkce is not-required, the house says PKCE S256 for every client. Reason given: Nearly all modules`,
      )
    expect(told).not.toContain('applications.strict')
    const config = join(suite.portal.folder, 'again.yaml')
    const free = {
      listen: { port: await freePort() },
      metricsPort: await freePort(),
      database: 'again.db',
      masterKey: { file: 'again.key' },
    }
    writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(join(suite.portal.folder, 'sluis.yaml'), 'utf8')), ...free }))
    const server = spawn(join(import.meta.dirname, '../../bin/sluis'), ['serve', '--config', config], { stdio: ['ignore', 'pipe', 'pipe'] })
    let log = ''
    for (const it of [server.stdout, server.stderr]) it.on('data', (piece) => (log += String(piece)))
    await expect.poll(() => log.match(/"key":"applications\.client\d?\.client\.pkce"/g)?.length, { timeout: 10_000 }).toBe(3)
    server.kill('SIGTERM')
  })

  test('T123 no page on the way may stand in a frame, nor be kept; what leads on tells no address', async () => {
    const answer = await send(suite.ask().href)
    expect([answer.status, answer.headers['referrer-policy']]).toEqual([303, 'no-referrer'])
    const browser = suite.browser()
    const page = await browser.go(suite.ask())
    const pages = [page.address.href, `${suite.issuer}/authorize?client_id=nobody`, `${suite.issuer}/authorize/${'x'.repeat(43)}`]
    for (const at of pages) {
      const { headers } = await send(at, { headers: { cookie: browser.cookiesFor(at) } })
      expect(headers['content-security-policy'], at).toContain("frame-ancestors 'none'")
      expect(headers['cache-control'], at).toMatch(/no-store/)
    }
  })
})

describe('many at once', () => {
  test('T073 forty people at once: each token names its own, and no answer mixes', async () => {
    const flow = async (nr: number) => {
      const [browser, state, nonce] = [suite.browser(), `state-of-${nr}`, `nonce-of-${nr}`]
      const arrived = await suite.go(browser, { state, nonce })
      return { browser, tokens: await suite.tokens(arrived, { state, nonce }) }
    }
    const flows: Awaited<ReturnType<typeof flow>>[] = []
    // They share a name, and ten passwords for one name that nobody has finished yet are a pause.
    for (let first = 0; first < 40; first += 8) flows.push(...(await Promise.all(Array.from({ length: 8 }, (_, nr) => flow(first + nr)))))
    expect(new Set(flows.map((it) => it.tokens.accessToken)).size).toBe(40)
    expect(new Set(flows.map((it) => it.tokens.claims.sid)).size).toBe(40)
    for (const { tokens } of flows) expect((await suite.userInfo(tokens.accessToken)).sub).toBe(tokens.claims.sub)
  })
})
