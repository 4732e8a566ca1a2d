import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callbackUri, openSuite, type Suite } from '../support/conformance.ts'
import { verifiedJwt } from '../support/jwt.ts'
import { freePort } from '../support/portal.ts'
import { formType, send } from '../support/raw.ts'
import { relyingParty } from '../support/relying-party.ts'
import { Traveller } from '../support/traveller.ts'
import { basic, callback, openTwoNodes, secretOf, type TwoNodes } from '../support/what-stands.ts'

/* kill -9 while applications exchange tokens (T144), and while keys and secrets change (T148). Statement by statement: openid-cut-off.test.ts. */

const long = Boolean(process.env.SLUIS_TEST_LONG)

describe('one server', () => {
  let suite: Suite
  beforeAll(async () => {
    suite = await openSuite()
  })
  afterAll(() => suite.close())

  test('T144 a refresh token: what an application heard works, the one before never again, and who heard nothing goes on without a page', {
    timeout: 300_000,
  }, async () => {
    const offline = { scope: 'openid offline_access', prompt: 'consent' }
    for (let round = 0; round < (long ? 40 : 5); round++) {
      const browser = suite.browser()
      const { refreshToken = '', claims } = await suite.tokens(await suite.go(browser, offline))
      const answer = suite.refresh(refreshToken).then(
        async (it) => (await it.json()) as { refresh_token: string; access_token: string },
        () => undefined,
      )
      await pause(round * 2)
      await suite.portal.restart('SIGKILL')
      const heard = await answer
      const again = await suite.refresh(refreshToken)
      if (heard) {
        expect(again.status).toBe(400)
        expect((await suite.userInfo(heard.access_token)).sub).toBe(claims.sub)
        expect((await suite.refresh(heard.refresh_token)).status).toBe(200)
      } else {
        expect([200, 400]).toContain(again.status)
        const fresh = await suite.tokens(await suite.go(browser, { ...offline, prompt: 'none' }))
        expect([fresh.claims.sub, fresh.claims.sid]).toEqual([claims.sub, claims.sid])
      }
    }
  })

  test('T148 T122 the secret of an application is changed, the server killed at each step: a code that was under way is redeemed, by either', async () => {
    const file = join(suite.portal.folder, 'portals', 'proef.yaml')
    const before = readFileSync(file, 'utf8')
    const changed = JSON.parse(before) as { applications: { client2: { client: { secret?: string; secretFile?: string } } } }
    const { client } = changed.applications.client2
    const [old = '', fresh] = [client.secret, 'the-new-secret-of-many-characters-for-today']
    const secrets = (...lines: string[]) => writeFileSync(join(suite.portal.folder, 'portals', 'client2.secret'), `${lines.join('\n')}\n`)
    const code = async () => (await suite.go(suite.browser(), { client_id: 'client2' })).params.get('code') ?? ''
    const redeem = async (given: string, secret: string): Promise<number> => {
      const authorization = `Basic ${Buffer.from(`client2:${secret}`).toString('base64')}`
      const body = new URLSearchParams({ grant_type: 'authorization_code', code: given, redirect_uri: callbackUri })
      return (await fetch(`${suite.issuer}/token`, { method: 'POST', headers: { authorization }, body })).status
    }
    const [one, two, three] = [await code(), await code(), await code()]
    delete client.secret
    client.secretFile = 'client2.secret'
    writeFileSync(file, JSON.stringify(changed))
    secrets(fresh, old)
    await suite.portal.restart('SIGKILL')
    expect([await redeem(one, fresh), await redeem(two, old)]).toEqual([200, 200])
    secrets(fresh)
    await suite.portal.restart('SIGKILL')
    expect([await redeem(three, old), await redeem(three, fresh)]).toEqual([401, 200])
    writeFileSync(file, before)
    await suite.portal.restart('SIGKILL')
  })

  test('T148 a server with another master key, or half of one, says so in a sentence and never opens; the one beside it goes on', async () => {
    const { folder } = suite.portal
    const said = JSON.parse(readFileSync(join(folder, 'sluis.yaml'), 'utf8')) as object
    const own = readFileSync(join(folder, 'master.key'), 'utf8')
    for (const [name, key, sentence] of [
      ['other', Buffer.alloc(32, 7).toString('base64url'), /is not the one this database was made with/],
      ['half', own.slice(0, 20), /holds 15 bytes, 32 are needed/],
      ['empty', '', /holds 0 bytes, 32 are needed/],
    ] as const) {
      writeFileSync(join(folder, `${name}.key`), key, { mode: 0o600 })
      const metricsPort = await freePort()
      const config = join(folder, `${name}.yaml`)
      writeFileSync(
        config,
        JSON.stringify({ ...said, listen: { port: await freePort() }, metricsPort, masterKey: { file: `${name}.key` } }),
      )
      const server = spawn(join(import.meta.dirname, '../../bin/sluis'), ['serve', '--config', config], {
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let told = ''
      let wasReady = false
      for (const it of [server.stdout, server.stderr]) it.on('data', (piece) => (told += String(piece)))
      const asking = setInterval(async () => {
        wasReady ||= (await fetch(`http://localhost:${metricsPort}/readyz`).catch(() => undefined))?.ok ?? false
      }, 20)
      const [exitCode] = await once(server, 'close')
      clearInterval(asking)
      expect([exitCode === 0, wasReady, told.trim().split('\n').length], told).toEqual([false, false, 1])
      expect(told).toMatch(sentence)
      if (key) expect(told).not.toContain(key)
    }
    expect((await suite.go(suite.browser())).params.has('code')).toBe(true)
  })
})

describe('two servers, of which one is killed again and again', () => {
  let house: TwoNodes
  beforeAll(async () => {
    house = await openTwoNodes('sqlite')
  })
  afterAll(() => house.close())

  test('T148 while the next signing keys are made: no sign-in at the other fails, each token has its key at both, and none is made twice', {
    timeout: 300_000,
  }, async () => {
    const { own, nodes } = house
    const [, other = 0] = nodes
    const party = await relyingParty(own.address, 'kantoor', secretOf('kantoor'), callback)
    const bea = await house.signIn('bea')
    const elsewhere = new Traveller(() => ({ port: other }))
    for (const [name, value] of bea.jar('localhost')) elsewhere.jar('localhost').set(name, value)
    const tokens: string[] = []
    let isOver = false
    /** Whole questions and answers at the server that stays: what is not a token is thrown, and fails the test. */
    const traffic = (async () => {
      while (!isOver) {
        const question = await party.ask()
        let at = question.location.href
        while (!at.startsWith(callback)) at = new URL((await elsewhere.ask(at)).headers.location ?? '', at).href
        const form = { grant_type: 'authorization_code', code: new URL(at).searchParams.get('code') ?? '', redirect_uri: callback }
        const answer = await send(`http://localhost:${other}/werf/token`, {
          method: 'POST',
          headers: { host: new URL(own.address).host, authorization: basic('kantoor'), 'content-type': formType },
          body: new URLSearchParams({ ...form, code_verifier: question.verifier }).toString(),
        })
        tokens.push((JSON.parse(answer.body) as { id_token: string }).id_token)
        expect(answer.status).toBe(200)
        await pause(20)
      }
    })()
    const change = (statement: string): void => {
      using database = new DatabaseSync(join(own.folder, 'sluis.db'), { timeout: 5_000 })
      database.exec(statement)
    }
    const made = (): number => {
      using database = new DatabaseSync(join(own.folder, 'sluis.db'), { readOnly: true })
      return Number(database.prepare("select count(*) as n from signing_key where portal = 'werf'").get()?.n)
    }
    change('update signing_key set created_at = created_at - 7700000000')
    for (let round = 0; round < (long ? 20 : 3); round++) {
      await own.restart('SIGKILL')
      await pause(round * 10)
    }
    await own.restart('SIGKILL')
    await expect.poll(made, { timeout: 15_000 }).toBe(6)
    await own.restart('SIGKILL')
    await pause(500)
    isOver = true
    await traffic
    expect(made()).toBe(6)
    expect(tokens.length).toBeGreaterThan(10)
    for (const it of tokens) await verifiedJwt(own.address, it)
  })
})
