import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appCode, type Demo, keyOf, openDemo } from '../support/demo.ts'
import { Traveller } from '../support/traveller.ts'
import { codeOfPicture } from '../support/what-stands.ts'

/*
 * T052: whoever is on the way to the application that asks a code each time, in a browser that the other application remembers, and turns
 * aside, still gives a code before that application lets them in.
 */

let demo: Demo
let strict: string
let lenient: string
let portal: string
beforeAll(async () => {
  demo = await openDemo()
  strict = demo.app('c-point/ligplaatsen')
  lenient = demo.app('c-point/planning')
  portal = demo.portal('c-point')
})
afterAll(() => demo.close())

const password = 'dertien zwanen landen zacht'
const traveller = (): Traveller => new Traveller(({ port }) => ({ port: Number(port) }))
const isIn = (who: Traveller): boolean => who.page.body.includes('Je bent aangelogd.') && !who.at.pathname.endsWith('/home')
const due = (who: Traveller): string => who.at.pathname.replace('/c-point', '')

async function ask(who: Traveller, application: string): Promise<void> {
  await who.open(application)
  await who.submit({}, `${new URL(application).pathname}/sign-in`)
}
const givePassword = (who: Traveller, name: string, typed = demo.password) =>
  who.submit({ username: name, password: typed }, '/c-point/sign-in')
async function giveMailedCode(who: Traveller, mailbox: string, remember = false): Promise<void> {
  await who.submit({ method: 'email' }, '/c-point/sign-in/choose')
  expect(due(who), who.page.body.slice(0, 1_500)).toBe('/sign-in/code/email')
  await who.submit({ code: await demo.code(mailbox), ...(remember ? { remember: '1' } : {}) })
}

/** A browser in which the lenient application asks the password alone, as somebody comes to it the next day. */
async function remembered(name: string, mailbox: string): Promise<Traveller> {
  const who = traveller()
  await ask(who, lenient)
  await givePassword(who, name)
  await giveMailedCode(who, mailbox, true)
  expect(isIn(who)).toBe(true)
  for (const cookie of who.jar('localhost').keys()) if (cookie !== 'sluis-c-point-browser') who.jar('localhost').delete(cookie)
  return who
}

const detours: Readonly<Record<string, (who: Traveller) => Promise<unknown>>> = {
  'Back to the first page': (who) => who.open(`${portal}/sign-in`),
  'another language': async (who) => {
    await who.open(`${portal}/sign-in/choose?lang=en`)
    await who.open(`${portal}/sign-in/choose?lang=nl`)
  },
  'the start of the portal, and its profile': async (who) => {
    await who.open(portal)
    await who.open(`${portal}/profile`)
  },
  'somebody else, and then oneself again': async (who) => {
    await who.submit({}, '/c-point/sign-in/other')
    await givePassword(who, 'anna')
  },
  'a sign-out in another tab': async (who) => {
    await who.open(`${portal}/sign-out`)
    await who.submit({}, '/c-point/sign-out')
  },
  'the lenient application, which lets in with the password': async (who) => {
    await ask(who, lenient)
    if (!isIn(who)) await givePassword(who, 'anna')
    expect(isIn(who)).toBe(true)
    expect(new URL(lenient).pathname).toBe(who.at.pathname)
  },
}

describe('after the password', () => {
  test.each(Object.entries(detours))('T052 T050 by %s: a code is asked before the strict application lets in', async (_, detour) => {
    const anna = await remembered('anna', 'anna@haven.test')
    await ask(anna, strict)
    await givePassword(anna, 'anna')
    expect(due(anna)).toBe('/sign-in/choose')
    await detour(anna)
    // Whatever stands open now, the strict application does not know who is there.
    expect((await anna.ask(strict)).body).not.toContain('Je bent aangelogd.')
    await ask(anna, strict)
    if (due(anna) === '/sign-in') await givePassword(anna, 'anna')
    expect([isIn(anna), due(anna)]).toEqual([false, '/sign-in/choose'])
    await giveMailedCode(anna, 'anna@haven.test')
    expect([isIn(anna), anna.at.href]).toEqual([true, strict])
  })

  test('T052 T123 Back to the pages of a sign-in that is done: nothing is asked twice, and no second answer is given', async () => {
    const anna = traveller()
    await ask(anna, strict)
    await givePassword(anna, 'anna')
    await giveMailedCode(anna, 'anna@haven.test')
    const back = anna.hops.find((it) => /\/authorize\/[\w-]{20,}$/.test(it)) ?? ''
    const [callback] = anna.hops.filter((it) => it.includes('/callback?'))
    expect([back, callback]).toEqual([expect.stringContaining('/authorize/'), expect.stringContaining('code=')])
    await anna.open(back)
    expect([anna.page.status, anna.at.href]).toEqual([400, back])
    for (const page of ['/sign-in', '/sign-in/choose', '/sign-in/code/email']) {
      await anna.open(portal + page)
      expect(due(anna)).toBe('/home')
    }
  })
})

test('T052 by a forgotten password: the new password alone opens nothing, the app is asked, and the strict application is where it ends', async () => {
  const daan = traveller()
  await ask(daan, strict)
  await daan.open(`${portal}/password`)
  const shown = /name="shown" value="([^"]+)"/.exec(daan.page.body)?.[1]
  const typed = /Code: <bdi[^>]*>(\w{4})</.exec(daan.page.body)?.[1] ?? ''
  await daan.submit({ username: 'daan', ...(shown ? { shown, typed } : {}) })
  const mail = await demo.find((it) => it.to === 'balie@haven.test' && it.text.includes('/password/new'))
  await daan.open(/http\S+\/password\/new\?t=[\w-]+/.exec(mail.text)?.[0] ?? '')
  await daan.submit({ new_password: password, ...(daan.page.body.includes('name="username"') ? { username: 'daan' } : {}) })
  expect(due(daan), daan.page.body.slice(0, 2_000)).toBe('/password/done')
  await daan.open(`${portal}/sign-in`)
  await givePassword(daan, 'daan', password)
  expect([isIn(daan), due(daan)]).toEqual([false, '/sign-in/choose'])
  await daan.submit({ method: 'totp' }, '/c-point/sign-in/choose')
  await daan.submit({ code: appCode(keyOf('daan')) })
  expect([isIn(daan), daan.at.href]).toEqual([true, strict])
})

test('T052 by linking an app: whoever had none is let in at the strict application after the first code, and not before', async () => {
  const bram = traveller()
  await ask(bram, strict)
  await givePassword(bram, 'bram')
  await bram.submit({ method: 'totp' }, '/c-point/sign-in/choose')
  const way = [due(bram)]
  for (let steps = 0; steps < 4 && due(bram) !== '/enrol/app'; steps++) {
    expect((await bram.ask(strict)).body).not.toContain('Je bent aangelogd.')
    if (due(bram) === '/sign-in/proof/email') await bram.submit({ code: await demo.code('bram@haven.test') })
    else await bram.submit({})
    way.push(due(bram))
  }
  expect(due(bram), way.join(' ')).toBe('/enrol/app')
  const cookie = [...bram.jar('localhost')].map((it) => it.join('=')).join('; ')
  const png = Buffer.from(await (await fetch(`${portal}/enrol/picture`, { headers: { cookie } })).arrayBuffer())
  await bram.submit({ code: codeOfPicture(png) })
  if (due(bram) === '/enrol/done') await bram.submit({}, '/c-point/enrol/continue')
  expect([isIn(bram), bram.at.href], bram.page.body.slice(0, 2_000)).toEqual([true, strict])
})
