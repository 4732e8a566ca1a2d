/*
 * A portal with three applications that speak no protocol, each behind its own host with its own rule:
 *
 *   desk    one second step in a sign-in        yard    a second step each time it asks        quay    a remembered browser is enough
 */
import { expect } from 'vitest'
import { type OwnPortal, openPortal } from './portal.ts'
import type { Traveller } from './traveller.ts'

export const secret = 'zeven natte otters zingen'

/** A portal of our own with these methods. `applications`: lines of YAML. */
export const werfFile = (methods: string, applications: string): string => `
name: Werf
country: BE
register: je
pages: one-page
secondStep: { methods: [${methods}], choice: last-used, gate: email, rememberedBrowser: { days: 30, ticked: false } }
enforcement: { mode: at-once }
limits: { firstCodesPerHour: 60 }
support: { name: { nl: de balie }, lines: [{ email: balie@werf.example }] }
theme: { colour: "#1f4e79" }
mail: { from: noreply@werf.example }
applications:
${applications}`

/** `origins`: where the three stand. `more`: lines of YAML. */
export const portalFile = (origins: Readonly<Record<'desk' | 'yard' | 'quay', string>>, more = ''): string =>
  werfFile(
    'email',
    `  desk: { title: Balie, secondStep: session, protects: "${origins.desk}" }
  yard: { title: Werf, secondStep: every-time, protects: "${origins.yard}" }
  quay: { title: Kaai, secondStep: remembered, protects: "${origins.quay}" }
${more}`,
  )

export async function openWerf(yaml: string, settings: object = {}): Promise<OwnPortal> {
  const own = await openPortal('werf', yaml, settings)
  for (const name of ['bea', 'cas']) await own.add(`${name}@werf.test`, secret)
  return own
}

/** From the sign-in page that stands open: the password, then the code that was mailed. */
export async function signIn(own: OwnPortal, who: Traveller, name: string, remember = false): Promise<void> {
  expect(who.page.body).toContain('autocomplete="username"')
  await who.submit({ username: name, password: secret })
  await giveMailedCode(own, who, name, remember)
}

export async function giveMailedCode(own: OwnPortal, who: Traveller, name: string, remember = false): Promise<void> {
  expect(who.at.pathname, who.page.body.slice(0, 2_000)).toMatch(/\/sign-in\/code\/email$/)
  await who.submit({ code: await own.code(`${name}@werf.test`), ...(remember ? { remember: '1' } : {}) })
}
