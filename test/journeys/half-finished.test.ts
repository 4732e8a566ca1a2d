import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DemoInTime, openDemoInTime } from '../support/demo-in-time.ts'
import { available } from '../support/faketime.ts'
import { PersonAt } from '../support/person-at.ts'

/* T041: somebody has the password and never gives a code. The running service notices by itself. */

const canMove = await available()
let demo: DemoInTime
beforeAll(async () => {
  if (canMove.ok) demo = await openDemoInTime()
})
afterAll(() => demo?.close())

describe.skipIf(!canMove.ok)(canMove.ok ? 'ten minutes later' : `ten minutes later (${canMove.reason})`, () => {
  test('T041: the owner hears at every known address that somebody may know the password', { timeout: 150_000 }, async () => {
    const thief = new PersonAt(demo.portal('uitpas'))
    expect(await thief.password('gijs@balie.test', demo.password)).toBe('/sign-in/code/app')
    demo.later('+11m')
    const half = async () =>
      (await demo.messages()).filter((it) => /kent misschien je wachtwoord|gaf je wachtwoord/.test(it.subject + it.text))
    for (let tries = 0; tries < 90 && (await half()).length === 0; tries++) await pause(1_000)
    const told = await half()
    expect(told.map((it) => it.kind)).toContain('mail')
    const link = /^http\S+\/not-me\?t=\w+$/m.exec(told.find((it) => it.kind === 'mail')?.text ?? '')?.[0] ?? ''
    const owner = new PersonAt(demo.portal('uitpas'))
    await owner.get(link.replace(demo.portal('uitpas'), ''))
    const page = await owner.get('/not-me')
    expect(page.body).toContain('juist wachtwoord, maar geen code')
    expect(page.body).not.toContain('gijs')
  })
})
