import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Portal } from '../../src/portals/index.ts'
import { applications, clientSecret, openTown, type Town } from '../support/issuer-house.ts'
import { relyingParty } from '../support/relying-party.ts'

/** What a person does for the first time must lead back to the application like any other sign-in. */
let town: Town
beforeAll(async () => {
  town = await openTown({ change })
})
afterAll(() => town.close())

/** ProfiPortaal tells of a date in ten days; UiTPAS asks a second step of everybody. */
function change(portal: Portal): Portal {
  const inTenDays = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10)
  if (portal.id === 'profiportaal') return { ...portal, enforcement: { mode: 'from', from: inTenDays, groups: {}, announceDays: 45 } }
  return portal.id === 'uitpas' ? { ...portal, enforcement: { mode: 'at-once' } } : portal
}

async function begin(portal: string, name: string) {
  const { address, applications: all } = town.portal(portal)
  const [application = ''] = Object.keys(all)
  const party = await relyingParty(address, application, clientSecret(application), `${applications}/${portal}/${application}/callback`)
  const [browser, person, question] = [town.browser(), await town.addPerson(portal, name, 'nothing'), await party.ask()]
  await browser.go(question.location)
  const post = async (path: string, form: Record<string, string> = {}) => browser.go(`${address}/sign-in/${path}`, form)
  const next = async (path: string, form: Record<string, string> = {}): Promise<string> => JSON.parse((await post(path, form)).text).step
  expect(await town.connect.handle(town.portal(portal), '/', {} as never, {} as never)).toBe(false)
  return { browser, person, question, party, post, next }
}

test("'Later' ten days before the date leads back, and is not asked again by the next application of that session", async () => {
  const { browser, person, question, party, post, next } = await begin('profiportaal', 'ida')
  expect(await next('password', { username: person.name })).toBe('offer')
  const answer = await post('later')
  expect((await party.redeem(answer.address, question)).claims()).toMatchObject({ acr: 'urn:sluis:acr:1', amr: ['pwd'], sub: person.id })
  expect((await browser.go((await party.ask({ prompt: 'none' })).location)).params.get('code')).toBeTruthy()
})

test('a phone that was registered in this very sign-in is its second step, also for the application', async () => {
  const { browser, person, question, party, post, next } = await begin('uitpas', 'lotte@cultuur.test')
  expect(await next('password', { username: person.name })).toBe('prove')
  expect(await next('code', { code: await town.sentCode(browser, 'uitpas') })).toBe('choose-enrolment')
  expect(await next('choose', { method: 'sms' })).toBe('register-phone')
  expect(await next('phone', { phone: '0470 12 34 56' })).toBe('prove')
  const answer = await post('code', { code: await town.sentCode(browser, 'uitpas') })
  expect((await party.redeem(answer.address, question)).claims()).toMatchObject({ acr: 'urn:sluis:acr:2', amr: ['pwd', 'sms', 'mfa'] })
})
