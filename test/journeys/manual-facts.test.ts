import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Demo, openDemo } from '../support/demo.ts'
import { addPeople } from '../support/demo-steps.ts'
import { PersonAt } from '../support/person-at.ts'
import { send } from '../support/raw.ts'

/* What the manuals say beside their steps: who helps, why, since when, by which names; read off the pages as they are sent. */

let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
  await addPeople(demo, 'c-point', 'username,email,password', [['inge', 'info@haven.test', demo.password]])
  await addPeople(demo, 'uitpas', 'username,email,password', [['mark@balie.test', 'mark@balie.test', demo.password]])
})
afterAll(() => demo?.close())

const at = (portal: string): PersonAt => new PersonAt(demo.portal(portal))
const textOf = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
/** Links by their text. */
const linksOf = (html: string): Map<string, string> =>
  new Map([...html.matchAll(/<a [^>]*href="([^"]*)"[^>]*>(.*?)<\/a>/gs)].map(([, to = '', text = '']) => [textOf(text).trim(), to]))

/** The pages of a sign-in until the code, as somebody new sees them. */
async function pagesOf(portal: string, who: string, method?: string): Promise<string[]> {
  const person = at(portal)
  const pages = [(await person.get('')).body, (await person.get('/sign-in')).body]
  const due = await person.password(who, demo.password)
  pages.push((await person.get(due)).body)
  if (method) pages.push((await person.get(await person.choose(method))).body)
  return pages
}

describe('c-point', () => {
  test('rows 30, 43-44: who helps and the guide are one click away on every page', async () => {
    const pages = await pagesOf('c-point', 'anna', 'totp')
    expect(pages).toHaveLength(4)
    for (const page of pages) {
      const links = linksOf(page)
      expect(links.get('support@c-point.be')).toBe('mailto:support@c-point.be')
      expect([...links.values()]).toContain('https://www.c-point.be/nl/contact')
      expect(links.get('Handleiding')).toBe('/c-point/enrol/help')
    }
    // 'Consult the guide about configuring authenticator apps': what the link leads to is one.
    const guide = await at('c-point').get('/enrol/help')
    expect(textOf(guide.body)).toContain('Zet een authenticator-app op je telefoon')
  })

  test('row 37: on a shared address a personal one is advised, and nobody is kept out', async () => {
    const inge = at('c-point')
    await inge.password('inge', demo.password)
    await inge.choose('totp')
    const gate = await inge.due(await inge.post('/sign-in/not-registered'))
    const page = textOf((await inge.get(gate)).body)
    expect(page).toContain('Je gebruikt een gedeeld adres. De tweede stap hoort bij één persoon.')
    expect(page).toContain("Lezen collega's mee? Spreek af wie de code gebruikt")
    expect(await inge.due(await inge.post(gate, { code: await demo.code('info@haven.test') }))).toBe('/enrol/app')
  })
})

describe('profiportaal', () => {
  test('rows 45-47: mandatory from now on, and the app is the only method', async () => {
    const person = at('profiportaal')
    expect(await person.password('ida', demo.password)).toBe('/sign-in/proof/email')
    const page = textOf((await person.get('/sign-in/proof/email')).body)
    expect(page).toContain('Een tweede stap is vanaf heden verplicht.')
    expect(page).not.toContain('Kies een andere methode')
    expect((await person.get('/sign-in/choose')).status).toBe(303)
  })

  test('rows 48-49: the guides for the two most used apps, also before anybody signs in', async () => {
    const links = linksOf((await send(`${demo.portal('profiportaal')}/sign-in`)).body)
    const guide = new URL(links.get('Handleiding') ?? '', demo.portal('profiportaal')).href
    const { status, body } = await send(guide)
    expect(status).toBe(200)
    for (const name of ['Google Authenticator', 'Microsoft Authenticator']) {
      const anchor = linksOf(body).get(name)?.slice(1)
      expect(body).toContain(`<h2 id="${anchor}">${name}</h2>`)
    }
    expect(body).not.toContain('Terug naar de QR-code')
  })

  test('row 50: jouw ProfiAdviseur helps, on every page', async () => {
    for (const page of await pagesOf('profiportaal', 'ida')) expect(textOf(page)).toContain('Neem contact op met jouw ProfiAdviseur.')
  })
})

test('row 64: at koop-cam who helps stands on every page', async () => {
  for (const page of await pagesOf('koop-cam', 'fons')) {
    expect(linksOf(page).get('servicedesk.publicatie@logius.nl')).toBe('mailto:servicedesk.publicatie@logius.nl')
    expect(linksOf(page).get('070-7000526')).toBe('tel:0707000526')
  }
})

describe('uitpas', () => {
  test('at the mailed proof no other method is offered: each waits behind the same code; who has no mail is helped', async () => {
    const person = at('uitpas')
    await person.get('/sign-in/opt-in')
    await person.post('/sign-in', { username: 'mark@balie.test', password: demo.password, 'opt-in': '1' })
    for (const page of ['/sign-in/proof/email', '/sign-in/where', '/recover'])
      expect(textOf((await person.get(page)).body), page).not.toContain('Kies een andere methode')
    expect((await person.get('/sign-in/choose')).status).toBe(303)
    expect(textOf((await person.get('/recover')).body)).toContain('Vraag de UiTiD-helpdesk om een ticket.')
  })

  test('rows 90-93: its name, its reason, the link in the application by its other name, and step-by-step help', async () => {
    const application = await send(demo.app('uitpas/balie'))
    const link = linksOf(application.body).get('beveilig je account met 2-staps verificatie') ?? ''
    const { status, body } = await send(link)
    // The very page that the manual prints, not the front door of the helpdesk.
    const steps = 'https://helpdesk.uitid.be/hc/nl-be/articles/30099434694162-Hoe-stel-ik-2-stapsverificatie-in-voor-mijn-UiTiD'
    expect([status, linksOf(body).get('Handleiding'), linksOf(body).get('helpdesk.uitid.be')]).toEqual([
      200,
      steps,
      'https://helpdesk.uitid.be',
    ])
    const page = textOf(body)
    expect(page).toContain('Beveilig je account met 2-staps verificatie')
    expect(page).toContain('Je verwerkt persoonsgegevens die zorgvuldig behandeld moeten worden.')
  })

  test('rows 109-112, 115, 117: six digits by mail first; then app, SMS or both, each with its reason, and why not by mail', async () => {
    const person = at('uitpas')
    await person.get('/sign-in/opt-in')
    const due = await person.due(await person.post('/sign-in', { username: 'info@cultuur.test', password: demo.password, 'opt-in': '1' }))
    expect(due).toBe('/sign-in/proof/email')
    const code = await demo.code('info@cultuur.test')
    expect(code).toMatch(/^\d{6}$/)
    expect(await person.due(await person.post(due, { code }))).toBe('/enrol')
    const page = textOf((await person.get('/enrol')).body)
    for (const said of [
      'We raden twee methoden aan. Komt een sms te laat, dan werkt de app nog.',
      'Verder met de authenticator app',
      'Wachten op een sms is niet nodig.',
      'Verder met sms',
      'Kan ook met een telefoon zonder apps.',
      'Een code via e-mail kan niet.',
    ])
      expect(page).toContain(said)
    // SMS alone is enough: a number, six digits to it, and it is set up.
    expect(await person.due(await person.post('/enrol', { method: 'sms' }))).toBe('/sign-in/phone')
    const sent = await person.due(await person.post('/sign-in/phone', { phone: '0470 98 76 54' }))
    expect(await person.due(await person.post(sent, { code: await demo.code('32470987654') }))).toBe('/enrol/done')
  })
})
