import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { apache, startApache } from '../support/apache.ts'
import { type Unpacked, unpacked } from '../support/debian.ts'
import { appCode } from '../support/demo.ts'
import { freePort, type OwnPortal, openPortal } from '../support/portal.ts'
import { type Running, type Seen, startApplication } from '../support/proxies.ts'
import { Traveller } from '../support/traveller.ts'

/* Apache as Debian ships it, with mod_auth_openidc and the very example of the manual, as a relying party. */

const [secret, password, key] = ['x'.repeat(40), 'zeven natte otters zingen', 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP']
let found: Unpacked
let own: OwnPortal
let application: Awaited<ReturnType<typeof startApplication>>
let server: Running | undefined
let registry: string

beforeAll(async () => {
  found = await apache()
  application = await startApplication()
  const port = await freePort()
  registry = `http://localhost:${port}`
  own = await openPortal('werf', portalFile(registry))
  const folder = mkdtempSync(join(tmpdir(), 'sluis-people-'))
  writeFileSync(join(folder, 'people.csv'), `username,email,password,totp_secret\nbea,bea@werf.test,${password},${key}\n`)
  await own.sluis(['account', 'import', join(folder, 'people.csv'), '--portal', 'werf'])
  rmSync(folder, { recursive: true })
  if ('folder' in found) server = await startApache(found.folder, { port, portal: own.address, secret, application: application.port })
}, 240_000)
afterAll(async () => {
  await server?.close()
  await application.close()
  await own?.close()
})

const portalFile = (at: string): string => `
name: Werf
country: BE
register: je
secondStep: { methods: [totp], rememberedBrowser: { days: 30, ticked: false } }
enforcement: { mode: at-once }
support: { name: { nl: de balie }, lines: [{ email: balie@werf.example }] }
theme: { colour: "#1f4e79" }
mail: { from: noreply@werf.example }
applications:
  registry:
    title: Register
    secondStep: remembered
    client:
      id: registry
      secret: ${secret}
      redirectUris: ["${at}/oidc/callback"]
      postLogoutRedirectUris: ["${at}/"]
      backchannelLogoutUri: "${at}/oidc/callback?logout=backchannel"
`

/** Every code of the app is good once: this one shows the next each time. */
let step = -1
const nextCode = (): string => appCode(key, step++)
const traveller = (): Traveller => new Traveller((url) => ({ port: Number(url.port) }))
const seenBy = (who: Traveller): Seen => JSON.parse(who.page.body) as Seen
const outside = async (who: Traveller): Promise<boolean> => (await who.ask(`${registry}/x`)).status !== 200

test('signs in, steps up where a remembered browser is not enough, and signs out', async (context) => {
  unpacked(found, context)
  const bea = traveller()
  await bea.open(`${registry}/week/7?day=ma`)
  expect(bea.at.href).toBe(`${own.address}/sign-in`)
  await bea.submit({ username: 'bea', password })
  await bea.submit({ code: nextCode(), remember: '1' })
  expect(bea.at.href).toBe(`${registry}/week/7?day=ma`)
  expect(seenBy(bea).headers).toMatchObject({ 'remote-user': 'bea', 'remote-email': 'bea@werf.test' })

  // The next day, in the same browser: the password is enough, but not everywhere.
  for (const name of ['mod_auth_openidc_session', 'sluis-werf-session', 'sluis-werf-flow']) bea.jar('localhost').delete(name)
  await bea.open(`${registry}/week/8`)
  await bea.submit({ username: 'bea', password })
  expect(bea.at.href).toBe(`${registry}/week/8`)
  await bea.open(`${registry}/strict/a?b=c`)
  // Apache leads on from here by a page that refreshes itself.
  const [, onwards = ''] = /http-equiv="refresh" content="0; url=([^"]+)"/.exec(bea.page.body) ?? []
  await bea.open(onwards.replaceAll('&amp;', '&'))
  expect(bea.at.pathname).toBe('/werf/sign-in/code/app')
  await bea.submit({ code: nextCode() })
  expect(bea.at.href).toBe(`${registry}/strict/a?b=c`)
  expect(seenBy(bea).headers['remote-user']).toBe('bea')

  await bea.open(`${registry}/oidc/callback?logout=${encodeURIComponent(`${registry}/`)}`)
  // Signed out here and there: the first page asks for a sign-in again.
  expect(bea.hops).toContain(`${registry}/`)
  expect(bea.at.href).toBe(`${own.address}/sign-in`)
  expect(await outside(bea)).toBe(true)
})

test('forged headers of a client are gone, and a sign-out at the portal closes Apache within seconds', async (context) => {
  unpacked(found, context)
  const bea = traveller()
  await bea.open(`${registry}/`)
  await bea.submit({ username: 'bea', password })
  await bea.submit({ code: nextCode() })
  const forged = {
    ...{ 'remote-user': 'admin', 'Remote-Email': 'boss@werf.test', 'REMOTE-NAME': 'The Boss', 'Remote-Groups': ['staff', 'admins'] },
    ...{ Remote_User: 'admin', REMOTE_EMAIL: 'boss@werf.test', Remote_Name: 'The Boss', remote_groups: 'staff', OIDC_CLAIM_sub: 'admin' },
  }
  await bea.open(`${registry}/forged`, { headers: forged })
  expect(seenBy(bea).rawHeaders.join(' ')).not.toMatch(/admin|boss|staff/i)
  // Nor does the application get a token, or a claim that nobody meant for it.
  expect(seenBy(bea).rawHeaders.filter((it) => /^(oidc|remote)_/i.test(it))).toEqual([])
  expect(seenBy(bea).headers).toMatchObject({ 'remote-user': 'bea', 'remote-email': 'bea@werf.test' })
  for (const connection of [
    'keep-alive, Remote-User',
    'close, remote-user, remote-email',
    'Upgrade, REMOTE-USER',
    ['close', 'Remote-User'],
  ]) {
    const reply = await bea.ask(`${registry}/forged`, { headers: { connection } })
    expect(reply.status === 400 || (JSON.parse(reply.body) as Seen).headers['remote-user'] === 'bea', `${connection}: ${reply.body}`).toBe(
      true,
    )
  }
  await bea.open(`${own.address}/sign-out`)
  await bea.submit({})
  expect(bea.at.pathname).toBe('/werf/signed-out')
  for (let tries = 0; tries < 50 && !(await outside(bea)); tries++) await pause(100)
  expect(await outside(bea)).toBe(true)
})
