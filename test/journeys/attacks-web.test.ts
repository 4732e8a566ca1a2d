import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runSluis } from '../../demo/sluis.ts'
import { getRoutes } from '../../src/http/gets.tsx'
import { postRoutes } from '../../src/http/posts.ts'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'
import { beforeCode, codePage, refusals, waitingForMail } from '../support/demo-steps.ts'
import { PersonAt } from '../support/person-at.ts'
import type { Reply } from '../support/raw.ts'

/* Who knows a password, or borrowed a cookie, and tries the rest with a hand-made request: the second step holds at every door. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo.close())

const at = (portal: string): PersonAt => new PersonAt(demo.portal(portal))

test('T016: nothing, a word for nothing, a wildcard or a field that no form has: never a yes, and no try is charged', async () => {
  const guus = await beforeCode(demo, 'koop-cam', 'guus')
  for (const code of ['', 'null', 'undefined', 'false', 'NaN', ' ', '0', '7', '*', '%', '******', '[object Object]'])
    expect((await guus.post(codePage, { code })).status, code).toBe(422)
  expect((await guus.post(codePage)).status).toBe(422)
  expect((await guus.post(codePage, '')).status).toBe(403)
  expect((await guus.post(codePage, { code: '1'.repeat(100_000) })).status).toBe(413)
  for (const field of ['backup', 'skip', 'bypass_otp', 'mfaRequired', 'acr', 'verified'])
    expect((await guus.post(codePage, { code: '', [field]: '1' })).status, field).toBe(400)
  for (const { path } of postRoutes.filter((it) => it.path !== '/sign-in/other' && it.path !== '/sign-out')) {
    await guus.post(path)
    expect(guus.jar.has('sluis-koop-cam-session'), path).toBe(false)
  }
  const again = await beforeCode(demo, 'koop-cam', 'guus')
  expect(await again.due(await again.post(codePage, { code: appCode(keyOf('guus')) }))).toBe('/home')
})

test('T017 T019: with a password alone no page, post, method or spelling gives more than the step that is due', async () => {
  const gijs = await beforeCode(demo, 'uitpas', 'gijs@balie.test')
  const leaks = ({ body, headers }: Reply): boolean => /g…@balie|56<\/|Uitloggen/.test(body) || headers['content-type'] === 'image/png'
  // The guide to an app holds nothing of anybody.
  const open = ['/', '/enrol/help', '/sign-in/choose', '/sign-in/where', codePage, '/sign-out', '/signed-out', '/not-me', '/n', '/message']
  const tricks = { 'x-original-url': '/uitpas/profile', 'x-rewrite-url': '/uitpas/profile', 'x-http-method-override': 'PUT' }
  for (const { path } of getRoutes.filter((it) => !open.includes(it.path) && !/^\/(password|recover)/.test(it.path)))
    for (const asking of [{}, { method: 'HEAD' }, { headers: tricks }]) {
      const reply = await gijs.get(path, asking)
      const expected = path === '/enrol/picture' ? [404, undefined] : [303, `/uitpas${codePage}`]
      expect([reply.status, reply.headers.location], path).toEqual(expected)
      expect(leaks(reply), path).toBe(false)
    }
  for (const method of ['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE'])
    expect((await gijs.get('/profile', { method })).status, method).toBe(405)
  for (const [path, status] of [
    ['/userinfo', 401],
    ['/profile?method=POST', 303],
    ['/authorize/abc', 404],
  ] as const)
    expect((await gijs.get(path)).status, path).toBe(status)
  await gijs.get(codePage)
  for (const path of [
    '/enrol/app',
    '/sign-in/notice',
    '/sign-in/notice/later',
    '/sign-in/not-registered',
    '/enrol/continue',
    '/sign-in/phone',
  ]) {
    const reply = await gijs.post(path)
    expect(reply.status, path).toBe(303)
    await gijs.due(reply)
  }
  expect(gijs.jar.has('sluis-uitpas-session')).toBe(false)
  expect(refusals(demo, 'step-not-due')).toBeGreaterThanOrEqual(5)
})

test('T019: at every portal no other spelling of a page is a page, also for who gave the password', async () => {
  for (const [portal, who] of [
    ['c-point', 'anna'],
    ['koop-cam', 'guus'],
    ['profiportaal', 'hana'],
    ['uitpas', 'gijs@balie.test'],
  ] as const) {
    const person = await beforeCode(demo, portal, who)
    for (const { path } of getRoutes.filter((it) => it.path !== '/' && !it.path.includes(':id'))) {
      const spellings = [`/${path}`, `/.${path}`, path.replace(/\/(\w)/, (_, it) => `/%${it.charCodeAt(0).toString(16)}`)]
      for (const it of [...spellings, path.toUpperCase(), `/nl${path}`, `${path}.`, `${path}/`, `${path};x`])
        expect((await person.get(it)).status, it).toBe(404)
      expect((await person.get(path, { method: 'OPTIONS' })).status, path).toBe(405)
    }
    expect(await person.due(await person.get('/profile?method=GET'))).toBe(codePage)
  }
})

test('T019: an application hears nothing of who gave the password alone: not silently, not by the way back, not for its name', async () => {
  const guus = at('koop-cam')
  const redirect = demo.app('koop-cam/publicatie/callback')
  const ask = (more: Record<string, string>) =>
    guus.get(
      `/authorize?${new URLSearchParams({
        client_id: 'publicatie',
        response_type: 'code',
        scope: 'openid',
        redirect_uri: redirect,
        code_challenge: 'x'.repeat(43),
        code_challenge_method: 'S256',
        ...more,
      })}`,
    )
  await ask({})
  expect(await guus.password('guus', demo.password)).toBe(codePage)
  const [, uid = ''] = /interaction=([^;]+)/.exec(guus.cookie) ?? []
  expect(uid).not.toBe('')
  for (const reply of [await ask({ prompt: 'none' }), await ask({ prompt: 'none', login_hint: 'guus' })]) {
    const back = new URL(reply.headers.location ?? '')
    expect([back.origin + back.pathname, back.searchParams.get('error'), back.searchParams.get('code')]).toEqual([
      redirect,
      'login_required',
      null,
    ])
  }
  const resumed = new URL((await guus.get(`/authorize/${uid}`)).headers.location ?? '')
  expect([resumed.searchParams.get('error'), resumed.searchParams.get('code')]).toEqual(['unmet_authentication_requirements', null])
})

test('T017: the form and the flow of a sign-in that is over give nothing again', async () => {
  const { bram, code } = await waitingForMail(demo)
  const flow = bram.jar.get('sluis-c-point-flow') ?? ''
  await bram.due(await bram.post('/sign-in/code/email', { code }))
  const stranger = at('c-point')
  await stranger.get('/sign-in')
  stranger.jar.set('sluis-c-point-flow', flow)
  expect((await stranger.post('/sign-in/code/email', { code })).headers.location).toBe('/c-point/sign-in')
  for (const path of ['/home', '/profile', '/enrol/done', '/sign-in/where'])
    expect((await stranger.get(path)).headers.location, path).toBe('/c-point/sign-in')
})

test('T043: every way to a new app ends at the gate, and its picture is 404 before', async () => {
  const ida = at('profiportaal')
  const gate = await ida.password('ida', demo.password)
  expect(gate).toBe('/sign-in/proof/email')
  const another = await waitingForMail(demo)
  for (const path of ['/enrol', '/enrol/app', '/enrol/done', '/profile', '/sign-in/opt-in'])
    expect((await ida.get(path)).headers.location, path).toBe(`/profiportaal${gate}`)
  for (const path of ['/enrol', '/enrol/app', '/sign-in/not-registered', '/sign-in/choose', '/enrol/continue'])
    expect(
      (await ida.get('/enrol/picture')).status,
      `${path} ${(await ida.post(path, path.endsWith('app') ? { code: '123456' } : {})).status}`,
    ).toBe(404)
  await ida.get(gate)
  expect((await ida.post(gate, { code: another.code })).status).toBe(422)
  expect((await ida.get(`${gate}?lang=en`)).status).toBe(303)
  const code = await demo.code('ida@winkel.test')
  const restarted = at('profiportaal')
  expect(await restarted.password('ida', demo.password)).toBe(gate)
  expect((await restarted.post(gate, { code })).status).toBe(422)
  expect(await ida.due(await ida.post(gate, { code }))).toBe('/enrol/app')
  expect((await ida.get('/enrol/picture')).headers['content-type']).toBe('image/png')
  expect((await restarted.get('/enrol/picture')).status).toBe(404)
})

test('T049: a method that is not offered, chosen by hand: 422, two at once 400, and nothing is sent', async () => {
  const before = (await demo.messages()).length
  for (const [portal, who, methods] of [
    ['c-point', 'daan', ['sms', 'none', 'password', 'TOTP', 'remembered-browser']],
    ['uitpas', 'gijs@balie.test', ['email', '__proto__', '']],
  ] as const) {
    const person = await beforeCode(demo, portal, who)
    for (const method of methods) expect((await person.post('/sign-in/choose', { method })).status, method).toBe(422)
    expect((await person.post('/sign-in/choose', `csrf=${person.csrf}&method=totp&method=email`)).status).toBe(400)
  }
  expect((await demo.messages()).length).toBe(before)
})

test('T061: planted identifiers are worth nothing, and every one is new after the step up', async () => {
  const { bram, code } = await waitingForMail(demo)
  const before = new Map(bram.jar)
  const planted = 'A'.repeat(43)
  bram.jar.set('sluis-c-point-session', planted).set('sluis-c-point-browser', planted)
  const old = bram.csrf
  expect(await bram.due(await bram.post('/sign-in/code/email', { code }))).toBe('/home')
  for (const kind of ['session', 'browser', 'form'])
    expect([planted, before.get(`sluis-c-point-${kind}`)]).not.toContain(bram.jar.get(`sluis-c-point-${kind}`))
  expect((await bram.post('/sign-out', `csrf=${old}`)).status).toBe(403)
  const session = bram.jar.get('sluis-c-point-session') ?? ''
  await bram.password('bram', demo.password)
  expect(bram.jar.get('sluis-c-point-flow')).not.toBe(before.get('sluis-c-point-flow'))
  await bram.get('/sign-out')
  expect((await bram.post('/sign-out')).status).toBe(303)
  bram.jar.set('sluis-c-point-session', session)
  expect((await bram.get('/home')).headers.location).toBe('/c-point/sign-in')
})

test('T061: a form cookie that somebody planted, with the value that fits it, is worth nothing once its victim is signed in', async () => {
  const mallory = at('c-point')
  await mallory.get('/sign-in')
  const [planted, fits] = [mallory.jar.get('sluis-c-point-form') ?? '', mallory.csrf]
  const { bram, code } = await waitingForMail(demo)
  bram.jar.set('sluis-c-point-form', planted)
  await bram.get('/sign-in/code/email')
  expect(await bram.due(await bram.post('/sign-in/code/email', { code }))).toBe('/home')
  expect(bram.jar.get('sluis-c-point-form')).not.toBe(planted)
  for (const path of ['/sign-out', '/profile/sessions/end-all', '/profile/browsers/forget-all'])
    expect((await bram.post(path, `csrf=${fits}`)).status, path).toBe(403)
  expect((await bram.get('/home')).status).toBe(200)
})

test('T066: the tick to remember, sent with any other form or with a code that was wrong, makes no cookie; before, on the way and after', async () => {
  const bram = at('c-point')
  const remembers = () => [...bram.jar.keys()].filter((it) => it.endsWith('-browser'))
  await bram.get('/sign-in')
  expect((await bram.post('/sign-in', { username: 'bram', password: demo.password, remember: '1' })).status).toBe(400)
  await bram.password('bram', demo.password)
  expect((await bram.post('/sign-in/choose', { method: 'email', remember: '1' })).status).toBe(400)
  await bram.choose('email')
  expect((await bram.post('/sign-in/code/email', { code: '000000', remember: '1' })).status).toBe(422)
  const takesIt = (fields: readonly string[]): boolean => fields.includes('remember')
  for (const { path } of postRoutes.filter((it) => !takesIt(it.fields)))
    expect((await bram.post(path, { remember: '1' })).status, path).toBe(400)
  for (const { path } of postRoutes.filter((it) => takesIt(it.fields) && !it.path.startsWith('/sign-in/code')))
    await bram.post(path, { remember: '1' })
  expect(remembers()).toEqual([])
  const code = await demo.code('bram@haven.test')
  await bram.get('/sign-in/code/email')
  expect(await bram.due(await bram.post('/sign-in/code/email', { code }))).toBe('/home')
  using file = new DatabaseSync(join(demo.data, 'sluis.db'), { readOnly: true })
  const owner = "account_id in (select id from account where portal = 'c-point' and name = 'bram')"
  expect(file.prepare(`select count(*) as n from remembered where ${owner}`).get()?.n).toBe(0)
})

test('T042: the app is taken away at the desk while the server runs: its owner hears it, the password alone stops at the gate', async () => {
  const half = await beforeCode(demo, 'koop-cam', 'guus')
  const args = [
    'account',
    'remove-method',
    '--method',
    'totp',
    '--yes',
    '--portal',
    'koop-cam',
    '--username',
    'guus',
    '--config',
    join(demo.data, 'sluis.yaml'),
  ]
  const ran = await runSluis(resolve(import.meta.dirname, '../..'), args, process.env, new AbortController().signal)
  expect(ran.exitCode, ran.stderr).toBe(0)
  // Who stood at its code has nothing to type it in any more.
  expect((await half.post(codePage, { code: appCode(keyOf('guus')) })).headers.location).toBe('/koop-cam/sign-in')
  const thief = at('koop-cam')
  const gate = await thief.password('guus', demo.password)
  expect(gate).toBe('/sign-in/proof/sms')
  expect((await thief.post(gate, { code: appCode(keyOf('guus')) })).status).toBe(422)
  for (const path of ['/enrol/app', '/home', '/profile']) expect((await thief.get(path)).headers.location, path).toBe(`/koop-cam${gate}`)
  expect((await thief.get('/enrol/picture')).status).toBe(404)
  await demo.find((it) => it.to === 'guus@gemeente.test' && it.subject === 'Tweede stap verwijderd bij KOOP CAM')
})
