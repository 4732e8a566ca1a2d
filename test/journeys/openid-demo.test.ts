import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Arrived, Browser } from '../support/browser-jar.ts'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'

/* The applications of the demo, as whoever tries them meets them: more certainty, sign-out in both directions, the token in words. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo.close())

/** A browser that goes wherever it is sent, from the application to Sluis and back. */
const newBrowser = () => new Browser('http://nowhere.test')
const post = (browser: Browser, address: string, form: Record<string, string> = {}) =>
  browser.go(address, form, { origin: new URL(address).origin })
const press = (browser: Browser, page: Arrived, path: string, form: Record<string, string>) => {
  const [, csrf = ''] = /name="csrf" value="([^"]+)"/.exec(page.text) ?? []
  return post(browser, new URL(path, page.address).href, { csrf, ...form })
}
const heading = ({ text }: Arrived): string => /<h1[^>]*>(.*?)<\/h1>/s.exec(text)?.[1] ?? ''

async function withPassword(browser: Browser, app: string, username: string): Promise<Arrived> {
  const page = await post(browser, `${demo.app(app)}/sign-in`)
  return press(browser, page, page.address.href, { username, password: demo.password })
}
async function withMail(browser: Browser, app: string, username: string, address: string): Promise<Arrived> {
  const choose = await withPassword(browser, app, username)
  const code = await press(browser, choose, choose.address.href, { method: 'email' })
  return press(browser, code, code.address.pathname, { code: await demo.code(address) })
}

describe('the vault of an application', () => {
  test('after a code by mail it asks the code of the app alone, and then it is open', async () => {
    const browser = newBrowser()
    const home = await withMail(browser, 'c-point/planning', 'anna', 'anna@haven.test')
    expect(heading(home)).toBe('Je bent aangelogd.')
    expect(heading(await browser.go(`${demo.app('c-point/planning')}/vault`))).toBe('De kluis vraagt meer zekerheid')
    const code = await post(browser, `${demo.app('c-point/planning')}/vault`)
    expect(code.address.pathname).toBe('/c-point/sign-in/code/app')
    expect(code.text).toContain('Voor dit deel van')
    const vault = await press(browser, code, code.address.pathname, { code: appCode(keyOf('anna')) })
    expect([vault.address.href, heading(vault)]).toEqual([`${demo.app('c-point/planning')}/vault?tried`, 'De kluis is open'])
    const story = await browser.go(`${demo.app('c-point/planning')}/story`)
    expect(story.text).toContain('Toen is gegeven: het wachtwoord en een code uit de app.')
  })

  test('who signed in with a password alone is led to setting up a second step, in the same session', async () => {
    const browser = newBrowser()
    const home = await withPassword(browser, 'uitpas/balie', 'info@cultuur.test')
    expect(heading(home)).toBe('Je bent aangemeld.')
    const gate = await post(browser, `${demo.app('uitpas/balie')}/vault`)
    expect([gate.status, gate.address.pathname]).toEqual([200, '/uitpas/sign-in/proof/email'])
  })

  test('the resource server answers a stranger with what it wants, and nothing else', async () => {
    const answer = await fetch(`${demo.app('c-point/planning')}/api/vault`)
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    const wrong = await fetch(`${demo.app('c-point/planning')}/api/vault`, { headers: { authorization: 'Bearer x' } })
    expect([wrong.status, wrong.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"'])
  })
})

describe('sign-out', () => {
  test('at Sluis: the application knows it within seconds', async () => {
    const browser = newBrowser()
    await withMail(browser, 'c-point/planning', 'cato', 'balie@haven.test')
    const question = await browser.go(`${demo.portal('c-point')}/sign-out`)
    const left = await press(browser, question, question.address.pathname, {})
    expect([left.address.pathname, heading(left)]).toEqual(['/c-point/signed-out', 'Je bent afgemeld'])
    expect(left.text).not.toContain('antwoordde niet')
    for (let waited = 0; waited < 5_000; waited += 100) {
      if (heading(await browser.go(demo.app('c-point/planning'))) === 'Planning') break
      await pause(100)
    }
    const page = await browser.go(demo.app('c-point/planning'))
    expect(heading(page)).toBe('Planning')
    expect(page.text).toContain('Je bent afgemeld.')
  })

  test('at the application: the session at Sluis has ended too, nobody is asked, and the person is back where they were', async () => {
    const browser = newBrowser()
    await withMail(browser, 'c-point/planning', 'daan', 'balie@haven.test')
    const page = await post(browser, `${demo.app('c-point/planning')}/sign-out`)
    expect(page.address.href.split('?')[0]).toBe(demo.app('c-point/planning'))
    expect(page.text).toContain('Je bent afgemeld.')
    expect((await browser.go(`${demo.portal('c-point')}/home`)).address.pathname).toBe('/c-point/sign-in')
  })
})
