import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { cast } from './cast.ts'
import { portsFrom, sentenceFor } from './ports.ts'
import { type Setting, startDemo } from './start.ts'
import { tableOf } from './table.ts'

/*
 * The demo around a stand-in for bin/sluis: a program with the same command line that notes what it was asked.
 * Whether the real one does what it is asked is told by the journeys.
 */

const standIn = `#!/usr/bin/env node
const { appendFileSync, existsSync, readFileSync } = require('node:fs')
const [verb, what, ...rest] = process.argv.slice(2)
const after = (name) => rest[rest.indexOf(name) + 1]
const people = __dirname + '/../people'
if (verb === 'serve') {
  const yaml = readFileSync(rest[0], 'utf8')
  const server = require('node:http').createServer((_, answer) => answer.end('ok'))
  server.listen(Number(/port: (\\d+)/.exec(yaml)[1]))
  process.on('SIGTERM', () => { appendFileSync(__dirname + '/../log', 'stopped\\n'); process.exit(0) })
} else if (what === 'show') {
  process.exit(existsSync(people) && readFileSync(people, 'utf8').split('\\n').includes(after('--portal') + ' ' + after('--username')) ? 0 : 1)
} else if (what === 'import') {
  const [head, ...lines] = readFileSync(rest[0], 'utf8').trim().split('\\n')
  appendFileSync(__dirname + '/../log', 'import ' + after('--portal') + ' ' + head + ' ' + lines.length + '\\n')
  for (const line of lines) appendFileSync(people, after('--portal') + ' ' + line.split(',')[0] + '\\n')
} else {
  appendFileSync(__dirname + '/../log', [verb, what, after('--username')].join(' ') + '\\n')
}
`

let root: string
let setting: Setting
let ended: string[]
const logged = () => readFileSync(join(root, 'log'), 'utf8').trim().split('\n')

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluis-demo-'))
  mkdirSync(join(root, 'bin'))
  mkdirSync(join(root, 'portals'))
  writeFileSync(join(root, 'bin/sluis'), standIn)
  chmodSync(join(root, 'bin/sluis'), 0o755)
  writeFileSync(join(root, 'portals/c-point.yaml'), 'applications: { planning: { client: { id: cp-planning } } }\n')
  writeFileSync(join(root, 'log'), '')
  ended = []
  setting = newSetting()
})
afterEach(async () => {
  for (const thing of setting.started.toReversed()) await thing.stop()
  rmSync(root, { recursive: true })
})

const newSetting = (): Setting => ({
  root,
  data: join(root, 'data'),
  ports: { web: 0, inbox: 0, smtp: 0, smpp: 0, app: 0, metrics: 0 },
  environment: process.env,
  clock: () => 0,
  started: [],
  signal: new AbortController().signal,
  onEnd: (reason) => ended.push(reason),
})

describe('starting the demo', () => {
  test('it writes its settings for its owner alone, makes the cast, and shows all of it on the hub', async () => {
    const { ports, facts, problems } = await startDemo(setting)
    expect(problems).toEqual([])
    expect(logged()).toEqual([
      'import c-point username,email,phone,password,totp_secret,given_name,family_name 5',
      'account disable joop',
      'import profiportaal username,email,phone,password,totp_secret,given_name,family_name 2',
      'import koop-cam username,email,phone,password,totp_secret,given_name,family_name 3',
      'import uitpas username,email,phone,password,totp_secret,given_name,family_name 2',
    ])
    expect(statSync(setting.data).mode & 0o777).toBe(0o700)
    expect(statSync(join(setting.data, 'sluis.yaml')).mode & 0o777).toBe(0o600)
    const settings = parse(readFileSync(join(setting.data, 'sluis.yaml'), 'utf8'))
    expect(settings).toMatchObject({ address: `http://localhost:${ports.web}`, smtp: { port: ports.smtp }, smpp: { port: ports.smpp } })

    const hub = await (await fetch(`http://localhost:${ports.inbox}/`)).text()
    for (const person of cast) expect(hub).toContain(`<bdi>${person.userName}</bdi>`)
    expect(hub).toContain(facts.password)
    const application = await (await fetch(`http://localhost:${ports.app}/c-point/planning`)).text()
    expect(application).toContain('Aanmelden')
    expect(tableOf(ports, facts, setting.data)).toMatch(/C-point +anna +[A-Z2-7]{32} +heeft een authenticator-app\n/)
  })

  test('a second start changes nothing that exists', async () => {
    await startDemo(setting)
    const before = logged().length
    for (const thing of setting.started.toReversed()) await thing.stop()
    setting = newSetting()
    await startDemo(setting)
    expect(logged().slice(before)).toEqual(['stopped'])
  })

  test('when Sluis ends by itself, the reason and its last lines are told', async () => {
    writeFileSync(join(root, 'bin/sluis'), '#!/bin/sh\necho "portals/x.yaml:3 wrong" >&2\nexit 1\n')
    await startDemo(setting)
    expect(ended).toEqual([expect.stringMatching(/^Sluis is gestopt \(1\)\.\nportals\/x\.yaml:3 wrong/)])
  })

  test('a port that is taken gives one sentence that says what to set, and nothing was written', async () => {
    const first = await startDemo(setting)
    const second = { ...newSetting(), data: join(root, 'other'), ports: { ...setting.ports, app: first.ports.app } }
    const error = await startDemo(second).catch((reason: unknown) => reason)
    expect(sentenceFor(error, second.ports)).toMatch(
      /^Poort \d+ \(de toepassingen\) is al in gebruik\. Misschien draait de demo al: .*SLUIS_APP_PORT=0/,
    )
    expect(() => statSync(second.data)).toThrow('ENOENT')
    for (const thing of second.started) await thing.stop()
  })

  test('a folder that nothing can be written to gives one sentence, too', async () => {
    mkdirSync(join(root, 'shut', 'sluis.yaml.new'), { recursive: true })
    const error = await startDemo({ ...setting, data: join(root, 'shut') }).catch((reason: unknown) => reason)
    expect(sentenceFor(Object.assign(error as Error, { code: 'EACCES' }), setting.ports)).toMatch(
      /^De demo mag hier niets bewaren: .*\/shut\/sluis\.yaml\.new\. .*SLUIS_DATA=/,
    )
  })
})

describe('the ports', () => {
  test('they follow the environment; what is no port is refused by name', () => {
    expect(portsFrom({ SLUIS_PORT: '0', SLUIS_APP_PORT: '9000' })).toEqual({
      web: 0,
      inbox: 8025,
      smtp: 2525,
      smpp: 2775,
      app: 9000,
      metrics: 9090,
    })
    expect(portsFrom({ SLUIS_SMTP_PORT: '99999' })).toEqual({ refused: expect.stringMatching(/^SLUIS_SMTP_PORT/) })
  })
})

describe('the cast', () => {
  test('at most twelve people, each name once in a portal, each key 20 bytes of base32 and unlike the others', () => {
    expect(cast.length).toBeLessThanOrEqual(12)
    expect(new Set(cast.map(({ portal, userName }) => `${portal} ${userName}`)).size).toBe(cast.length)
    const keys = cast.flatMap(({ totpKey }) => totpKey ?? [])
    expect(keys.every((key) => /^[A-Z2-7]{32}$/.test(key))).toBe(true)
    expect(new Set(keys).size).toBe(keys.length)
  })

  test('at the portal that knows people by their mail address, the user name is that address', () => {
    for (const person of cast.filter(({ portal }) => portal === 'uitpas')) expect(person.userName).toBe(person.email)
  })
})
