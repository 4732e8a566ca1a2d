import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { pages, stalePages } from '../scripts/docs.mjs'
import { jsonSchemaOf, type Schema } from '../scripts/docs-schema.mjs'
import { configSchema, readConfig } from '../src/config.ts'
import { loadPortals, portalSchema, sentenceOf } from '../src/portals/index.ts'

interface Traefik {
  readonly routers: Record<string, { rule: string; service: string; priority?: number; middlewares?: string[] }>
  readonly middlewares: Record<string, { headers?: { customRequestHeaders: object }; forwardAuth?: object }>
  readonly services: Record<string, object>
}

const folder = mkdtempSync(join(tmpdir(), 'sluis-docs-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('the pages that are made from the code say what the code says (npm run docs)', () => expect(stalePages()).toEqual([]))

test('the complete portal file of the manual loads clean', () => {
  const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(pages().get('docs/portal-file.md') ?? '') ?? []
  writeFileSync(join(folder, 'desk.yaml'), text)
  writeFileSync(join(folder, 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  const { portals, problems } = loadPortals([folder], { address: 'https://login.example.org' })
  expect(problems.map(sentenceOf)).toEqual([])
  expect(portals.get('desk')?.applications.desk?.client?.id).toBe('desk')
})

test("the sluis.yaml of the operator's guide is read without a problem", () => {
  const [, text = ''] = /```yaml\n(# \/etc[\s\S]*?)```/.exec(pages().get('docs/operator.md') ?? '') ?? []
  writeFileSync(join(folder, 'sluis.yaml'), text)
  expect(readConfig(join(folder, 'sluis.yaml'), {})).toMatchObject({ address: 'https://login.example.org', listen: { port: 8080 } })
})

test('the applications of the manuals can be put into a portal file as they are', () => {
  const [, complete = ''] = /```yaml\n([\s\S]*?)```/.exec(pages().get('docs/portal-file.md') ?? '') ?? []
  const examples = ['applications.md', 'forward-auth.md'].flatMap((name) => {
    const manual = readFileSync(join(import.meta.dirname, '../docs', name), 'utf8')
    return [...manual.matchAll(/```yaml\n((?:applications:| {2}broker:)[\s\S]*?)```/g)].map(
      (it) => parse(it[1] ?? '') as Record<string, object>,
    )
  })
  expect(examples).toHaveLength(4)
  const place = mkdtempSync(join(folder, 'examples-'))
  writeFileSync(join(place, 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  for (const { applications, ...alone } of examples) {
    const whole = { ...(parse(complete) as { secondStep: object }), applications: applications ?? alone }
    writeFileSync(join(place, 'desk.yaml'), stringify(whole))
    expect(loadPortals([place], { address: 'https://login.example.org' }).problems.map(sentenceOf)).toEqual([])
  }
})

describe('the Traefik example, which no test can try with the real one', () => {
  const manual = readFileSync(join(import.meta.dirname, '../docs/forward-auth.md'), 'utf8')
  const [, text = ''] = /```yaml\n(# \/etc\/traefik[\s\S]*?)```/.exec(manual) ?? []
  const { routers, middlewares, services } = (parse(text) as { http: Traefik }).http
  const identity = [...manual.matchAll(/^\| `(Remote-\w+)` \|/gm)].map((it) => it[1] ?? '')

  test('names nothing that it does not have, and leaves no middleware or service over', () => {
    const used = Object.values(routers)
    expect(used.flatMap((it) => it.middlewares ?? []).toSorted()).toEqual(Object.keys(middlewares).toSorted())
    expect([...new Set(used.map((it) => it.service))].toSorted()).toEqual(Object.keys(services).toSorted())
  })

  test('lets nobody by: the application stands behind both middlewares, forged headers go first, in both spellings', () => {
    const guarded = Object.values(routers).filter((it) => it.service === 'planning')
    expect(guarded).toEqual([
      expect.objectContaining({ rule: 'Host(`planning.example.org`)', middlewares: ['without-forged', 'sluis-planning'] }),
    ])
    expect(identity).toHaveLength(4)
    const bothSpellings = identity.flatMap((it) => [it, it.replace('-', '_')]).map((it) => [it, ''])
    expect(middlewares['without-forged']?.headers?.customRequestHeaders).toEqual(Object.fromEntries(bothSpellings))
    expect(middlewares['sluis-planning']?.forwardAuth).toEqual({
      address: 'http://127.0.0.1:8080/_sluis/guard/planning.example.org',
      trustForwardHeader: false,
      authResponseHeaders: identity,
    })
  })

  test('hands /_sluis/ of the host to Sluis before anything else, unguarded', () => {
    const { rule, priority = 0, service, middlewares: none } = routers['planning-sluis'] ?? {}
    expect([rule, service, none]).toEqual(['Host(`planning.example.org`) && PathPrefix(`/_sluis/`)', 'sluis', undefined])
    expect(priority).toBeGreaterThan(Math.max(...Object.values(routers).map((it) => it.rule.length)))
  })
})

test.each([
  ['a portal file', portalSchema],
  ['sluis.yaml', configSchema],
])('every key of %s tells an operator what it does', (_, schema) => {
  expect(keysWithoutWords(jsonSchemaOf(schema), '')).toEqual([])
})

test('every audit event tells what happened', () => {
  const rows = (pages().get('docs/events.md') ?? '').split('\n').filter((it) => it.startsWith('| `'))
  expect(rows.length).toBeGreaterThan(15)
  expect(rows.filter((it) => /^\| `[^`]+` \| +\|/.test(it))).toEqual([])
})

function keysWithoutWords({ properties = {}, oneOf = [], anyOf = [], items, additionalProperties }: Schema, path: string): string[] {
  const inside = [
    ...oneOf,
    ...anyOf,
    ...(items ? [items] : []),
    ...(typeof additionalProperties === 'object' ? [additionalProperties] : []),
  ]
  return [
    ...Object.entries(properties).flatMap(([key, it]) => [
      ...(it.description ? [] : [`${path}${key}`]),
      ...keysWithoutWords(it, `${path}${key}.`),
    ]),
    ...inside.flatMap((it) => keysWithoutWords(it, path)),
  ]
}
