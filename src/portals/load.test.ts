import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { desk } from '../../test/support/desk.ts'
import { deviationsOf, type Loaded, loadPortals, sentenceOf } from './index.ts'

const shipped = join(import.meta.dirname, '../../portals')
const settings = { address: 'https://login.example.org', applications: 'https://apps.example.org' }
const folders: string[] = []
afterAll(() => {
  for (const it of folders) rmSync(it, { recursive: true })
})

function load(files: Readonly<Record<string, string | object>>): Loaded {
  const folder = mkdtempSync(join(tmpdir(), 'sluis-portals-'))
  folders.push(folder)
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : stringify(content))
  return loadPortals([folder], settings)
}

const sentences = (loaded: Loaded): string[] => loaded.problems.map(sentenceOf)
const withDesk = (more: object): string[] => sentences(load({ 'desk.yaml': { ...desk, ...more } }))

describe('the shipped portal files', () => {
  const { portals, problems } = loadPortals([shipped], settings)

  test('load clean, all four', () => {
    expect(problems).toEqual([])
    expect([...portals.keys()]).toEqual(['c-point', 'koop-cam', 'profiportaal', 'uitpas'])
  })

  test('live at the address of the house and their name, and their applications where sluis.yaml says', () => {
    expect(portals.get('uitpas')?.address).toBe('https://login.example.org/uitpas')
    expect(portals.get('uitpas')?.applications.balie?.client?.redirectUris).toEqual(['https://apps.example.org/uitpas/balie/callback'])
  })

  test('hold codes for ten minutes, and fifteen only where the manual promises it and the reason is written (rows 74, 99)', () => {
    const lives = [...portals.values()].map((it) => [it.id, it.secondStep.codeLifeSeconds])
    expect(Object.fromEntries(lives)).toEqual({ 'c-point': 600, 'koop-cam': 900, profiportaal: 600, uitpas: 600 })
    expect([...portals.values()].flatMap((it) => deviationsOf(it)).map((it) => it.key)).toEqual(['secondStep.codeLifeSeconds'])
  })

  test('begin with the line that gives an editor the schema', () => {
    const files = readdirSync(shipped).filter((it) => it.endsWith('.yaml') && !it.startsWith('_'))
    for (const it of files)
      expect(readFileSync(join(shipped, it), 'utf8')).toMatch(/^# yaml-language-server: \$schema=portal\.schema\.json\n/)
  })
})

describe('a portal file with mistakes', () => {
  test('tells all of them at once, each with its line, key, what was given and what is allowed', () => {
    const text = [
      'name: Desk',
      'country: XX',
      'register: u',
      'secondStep:',
      '  methods: [totp, pigeon]',
      '  gate: none',
      '  codeLifeSeconds: 700',
      '  rememberedBrowser: { days: 45 }',
      '  secondstep: true',
      'enforcement: { mode: at-once }',
      'support: { name: { nl: de balie }, lines: [{ email: help@desk.example }] }',
      'theme: { colour: "#1f4e79" }',
      'mail: { from: noreply@desk.example }',
    ].join('\n')
    expect(sentences(load({ 'desk.yaml': text }))).toEqual([
      'desk.yaml:2: country: given "XX"; allowed: BE, NL, FR, DE, LU',
      'desk.yaml:5: secondStep.methods.1: given "pigeon"; allowed: totp, email, sms',
      'desk.yaml:8: secondStep.rememberedBrowser.days: given 45; allowed: at most 30',
      'desk.yaml:9: secondStep.secondstep: given true; this key is not known',
      'desk.yaml:7: secondStep.codeLifeSeconds: given 700; allowed: at most 600, or a written reason in secondStep.deviations.codeLife',
      'desk.yaml:6: secondStep.gate: given "none"; allowed: email or sms-or-email, or a written reason in secondStep.deviations.gate',
    ])
  })

  test('tells what the house rule says in the same breath as what the schema says', () => {
    const said = withDesk({
      secondStep: { methods: ['totp'], gate: 'none', codeLifeSeconds: 900, colour: 'red' },
      timeZone: 'Mars/Olympus',
    })
    expect(said).toEqual([
      expect.stringContaining('secondStep.colour: given "red"; this key is not known'),
      expect.stringContaining('secondStep.codeLifeSeconds: given 900; allowed: at most 600, or a written reason'),
      expect.stringContaining('secondStep.gate: given "none"; allowed: email or sms-or-email, or a written reason'),
      expect.stringContaining('timeZone: given "Mars/Olympus"; allowed: a time zone like Europe/Brussels'),
    ])
  })

  test('of several files are told together', () => {
    const said = sentences(
      load({ 'desk.yaml': { ...desk, register: 'wij' }, 'gate.yaml': { ...desk, pages: 'two' }, 'Bad Name.yaml': desk }),
    )
    expect(said).toEqual([
      expect.stringMatching(/^Bad Name\.yaml: given "Bad Name"/),
      expect.stringMatching(/^desk\.yaml:3: register: given "wij"; allowed: je, u/),
      expect.stringMatching(/^gate\.yaml:\d+: pages: given "two"/),
    ])
  })

  test('that misses what is needed says so', () => {
    const { country: _, ...without } = desk
    expect(sentences(load({ 'desk.yaml': without }))).toEqual(['desk.yaml:1: country: missing; allowed: BE, NL, FR, DE, LU'])
  })

  test('that is no YAML tells the line', () => {
    expect(sentences(load({ 'desk.yaml': 'name: Desk\ncountry: [NL\n' }))[0]).toMatch(/^desk\.yaml:[23]: given .*; valid YAML$/)
  })

  test('that gives a key twice is refused, the second does not win', () => {
    expect(sentences(load({ 'desk.yaml': `${stringify(desk)}register: je\n` }))[0]).toMatch(/keys must be unique.*valid YAML/i)
  })

  test('a mode that does not exist names those that do', () => {
    expect(withDesk({ enforcement: { mode: 'sometimes' } })).toEqual([
      'desk.yaml:8: enforcement.mode: given "sometimes"; allowed: at-once, from, opt-in',
    ])
  })

  test('a wrong secret is never repeated', () => {
    const client = { id: 'desk', secret: 'too-short-to-be-safe', redirectUris: ['https://desk.example/cb'] }
    const said = withDesk({ applications: { desk: { title: 'Desk', client } } }).join()
    expect(said).toContain('applications.desk.client.secret: given a value that is not shown; allowed: at least 32')
    expect(said).not.toContain('too-short')
  })
})

describe('a file that attacks (T147, T084)', () => {
  test.each(['__proto__', 'constructor', 'prototype'])('%s is no key, at any depth', (key) => {
    const said = sentences(load({ 'desk.yaml': `${stringify(desk)}labels:\n  ${key}: { nl: x }\n` }))
    expect(said).toEqual([expect.stringContaining(`${key}: given "${key}"; this key is not known`)])
    expect(({} as Record<string, unknown>).nl).toBeUndefined()
  })

  test('aliases that would unfold to millions are refused in no time', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
    for (const [one, before] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf', 'hg'].map((it) => [...it] as [string, string]))
      bomb.push(`${one}: &${one} [${Array(10).fill(`*${before}`).join(', ')}]`)
    const began = performance.now()
    expect(sentences(load({ 'desk.yaml': bomb.join('\n') }))[0]).toMatch(/alias.*valid YAML/i)
    expect(performance.now() - began).toBeLessThan(500)
  })

  test('a file of megabytes is not read', () => {
    expect(sentences(load({ 'desk.yaml': `# ${'x'.repeat(300_000)}\n` }))[0]).toMatch(/given 300003 characters; at most 200000/)
  })

  test('the second step cannot be switched off by a slip of the pen', () => {
    expect(withDesk({ secondStep: { methods: [] } })).toEqual([
      expect.stringContaining('secondStep.methods: given []; allowed: at least 1'),
    ])
    expect(withDesk({ secondStep: { method: ['totp'] } }).join()).toMatch(/secondStep\.method: .*not known/)
  })

  test.each([
    'http://login.example.org',
    'https://*.example.org',
    'https://user@login.example.org',
    'https://login.example.org?x=1',
    'javascript:alert(1)',
  ])('%s is no address for a portal', (address) => {
    expect(withDesk({ address })).toEqual([expect.stringContaining('address: given')])
  })

  test('a link that runs a script is no link', () => {
    expect(withDesk({ links: { guide: 'javascript:alert(1)' } })).toEqual([expect.stringContaining('links.guide: given')])
  })
})

describe('settings that contradict each other', () => {
  const sms = { name: 'Desk', sender: { production: 'DESK' } }

  test('a sender of text messages has at most eleven characters', () => {
    expect(withDesk({ sms: { ...sms, sender: { production: 'TWELVELETTER' } } })).toEqual([
      expect.stringContaining('sms.sender.production: given "TWELVELETTER"; allowed: at most 11'),
    ])
  })

  test('a portal that texts codes says in whose name', () => {
    expect(withDesk({ secondStep: { methods: ['sms'] } })).toEqual([expect.stringContaining('sms: missing; allowed: name and sender')])
    expect(withDesk({ secondStep: { methods: ['sms'] }, sms })).toEqual([])
  })

  test('a client id stands once', () => {
    const one = { title: 'One', client: { id: 'same', redirectUris: ['https://one.example/cb'] } }
    expect(withDesk({ applications: { one, two: { ...one, title: 'Two' } } })).toEqual([
      expect.stringContaining('applications.two.client.id: given "same"; allowed: each client id once'),
    ])
  })

  test.each(['One', 'ONE ', 'O\u200bne', 'o n e', '\uff2fne'])(
    'T122 a title that reads like that of another application is none: %j',
    (title) => {
      const one = { title: 'One', client: { id: 'one', redirectUris: ['https://one.example/cb'] } }
      expect(withDesk({ applications: { one, two: { title } } })).toEqual([
        expect.stringContaining(`applications.two.title: given ${JSON.stringify(title)}; allowed: one that does not read like`),
      ])
      expect(withDesk({ applications: { one, two: { title: 'One more' } } })).toEqual([])
    },
  )

  test('an application that takes a remembered browser needs days for it', () => {
    expect(withDesk({ applications: { one: { title: 'One', secondStep: 'remembered' } } })).toEqual([
      expect.stringContaining('applications.one.secondStep: given "remembered"; allowed: session or every-time, or days'),
    ])
  })

  test('the address that hears of the end of a session may have a query, as modules of web servers want it, and no fragment', () => {
    const told = (backchannelLogoutUri: string): number => {
      const client = { id: 'desk', redirectUris: ['https://desk.example.org/callback'], backchannelLogoutUri }
      return withDesk({ applications: { desk: { title: 'Desk', client } } }).length
    }
    expect(told('https://desk.example.org/callback?logout=backchannel')).toBe(0)
    for (const wrong of ['https://desk.example.org/callback?logout=1#x', 'https://desk.example.org/#x', 'http://desk.example.org/?x'])
      expect(told(wrong), wrong).toBe(1)
  })

  test('where people are led back to is https or this machine, because a code goes with them (RFC 9700, section 2.6), and has no fragment', () => {
    const led = (...addresses: string[]): string[] =>
      (['redirectUris', 'postLogoutRedirectUris'] as const).flatMap((key) => {
        const client = { id: 'desk', redirectUris: ['https://desk.example.org/callback'], [key]: addresses }
        return withDesk({ applications: { desk: { title: 'Desk', client } } })
      })
    expect(led('https://desk.example.org/callback?x=1', 'http://localhost:8090/callback', 'http://desk.localhost/')).toEqual([])
    for (const wrong of [
      'http://desk.example.org/callback',
      'https://desk.example.org/#x',
      'https://*.example.org/',
      'https://a:b@desk.test/',
    ])
      expect(led('https://desk.example.org/', wrong), wrong).toEqual(
        ['redirectUris', 'postLogoutRedirectUris'].map((key) =>
          expect.stringMatching(`applications.desk.client.${key}: given .*; allowed: addresses like .*; http only on localhost`),
        ),
      )
  })

  test('a host that an application leads on to is a host alone, on https or on this machine', () => {
    const to = (...leadsOnTo: string[]): string[] => withDesk({ applications: { desk: { title: 'Desk', leadsOnTo } } })
    expect(to('https://www.example.org', 'http://localhost:8090')).toEqual([])
    for (const wrong of ['https://www.example.org/', 'http://www.example.org', 'https://*.example.org', 'https://a.test/x'])
      expect(to('https://www.example.org', wrong), wrong).toEqual([
        expect.stringMatching(/applications\.desk\.leadsOnTo: given .*; allowed: addresses like https:\/\/www/),
      ])
  })

  test('a protected host is a host alone, on https or on this machine, and belongs to one application', () => {
    const protecting = (...them: string[]): object => ({
      applications: Object.fromEntries(them.map((protects, at) => [`a${at}`, { title: `A${at}`, protects }])),
    })
    expect(withDesk(protecting('https://plan.example.org', 'http://plan.localhost:8001'))).toEqual([])
    const bare = 'allowed: an address like https://planning.example.org, without a path; http only on localhost'
    for (const wrong of ['http://plan.example.org', 'https://plan.example.org/x', 'https://plan.example.org/', 'https://PLAN.example.org'])
      expect(
        withDesk(protecting(wrong)).map((it) => it.slice(-bare.length)),
        wrong,
      ).toEqual([bare])
    for (const taken of ['https://plan.example.org', 'https://login.example.org'])
      expect(withDesk(protecting('https://plan.example.org', taken))).toEqual([
        `desk.yaml: applications.a1.protects: given ${taken}; a host that no portal and no other application has`,
      ])
  })

  test('two portals never share an address', () => {
    const address = 'https://login.desk.example'
    expect(sentences(load({ 'desk.yaml': { ...desk, address }, 'gate.yaml': { ...desk, address: `${address}/` } }))).toEqual([
      'gate.yaml: address: given https://login.desk.example; an address that no other portal has',
    ])
  })

  test('a portal is given once', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluis-portals-'))
    folders.push(folder)
    const file = join(folder, 'desk.yaml')
    writeFileSync(file, stringify(desk))
    expect(sentences(loadPortals([folder, file], settings))).toEqual(['desk.yaml: given the portal desk, twice; each portal once'])
  })

  test('no portal at all is a problem', () => {
    expect(sentences(load({}))[0]).toContain('no portal file')
  })
})

describe('deviations and the floor', () => {
  test('a weaker setting with its reason is allowed, and is told as a deviation', () => {
    const secondStep = { methods: ['totp'], gate: 'none', codeLifeSeconds: 900, deviations: { gate: 'A pilot.', codeLife: 'Slow texts.' } }
    const { portals, problems } = load({ 'desk.yaml': { ...desk, secondStep } })
    expect(problems).toEqual([])
    expect([...portals.values()].flatMap((it) => deviationsOf(it)).map((it) => [it.key, it.set, it.reason])).toEqual([
      ['secondStep.gate', 'none', 'A pilot.'],
      ['secondStep.codeLifeSeconds', '900', 'Slow texts.'],
    ])
  })

  test('the house file holds where the portal is silent', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluis-portals-'))
    folders.push(folder)
    copyFileSync(join(shipped, '_house.yaml'), join(folder, '_house.yaml'))
    writeFileSync(join(folder, 'desk.yaml'), stringify({ ...desk, limits: { codeTries: 3 } }))
    const portal = loadPortals([folder], settings).portals.get('desk')
    expect(portal?.languages).toEqual(['nl', 'en'])
    expect(portal?.limits).toMatchObject({ codeTries: 3, resendSeconds: [30, 60, 120] })
  })
})

describe('clients', () => {
  const client = { id: 'desk', secretFile: 'desk.secret', redirectUris: ['https://desk.example.org/callback'] }
  const withClient = (more: object): string[] => withDesk({ applications: { desk: { title: 'Desk', client: { ...client, ...more } } } })
  const of = (loaded: Loaded) => [...loaded.portals.values()].flatMap((it) => deviationsOf(it))

  test('an old one without PKCE needs a written reason, and keeps being told', () => {
    expect(withClient({ pkce: 'not-required' })).toEqual([
      expect.stringContaining('allowed: required, or a written reason in deviations.pkce'),
    ])
    const old = { ...client, pkce: 'not-required', deviations: { pkce: 'Replaced in May.' } }
    const loaded = load({ 'desk.yaml': { ...desk, applications: { desk: { title: 'Desk', client: old } } } })
    expect(of(loaded).map((it) => [it.key, it.reason])).toEqual([['applications.desk.client.pkce', 'Replaced in May.']])
  })

  test('one that signs has keys and no secret; offline_access comes with refresh tokens', () => {
    const signing = { id: 'desk', redirectUris: client.redirectUris, authentication: 'private-key' }
    const alone = (more: object): string[] => withDesk({ applications: { desk: { title: 'Desk', client: { ...signing, ...more } } } })
    expect(alone({ keysFile: 'desk.jwks.json' })).toEqual([])
    for (const more of [{}, { keysFile: 'desk.jwks.json', secretFile: 'desk.secret' }])
      expect(alone(more)).toEqual([expect.stringContaining('allowed: private-key with keysFile and without a secret')])
    expect(withClient({ scopes: ['openid', 'offline_access'] })).toEqual([
      expect.stringContaining('offline_access only with refreshTokens'),
    ])
    expect(withClient({ idTokenAlgorithm: 'none' })).toHaveLength(1)
  })
})
