import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { pages, stalePages } from '../scripts/docs.mjs'
import { jsonSchemaOf, type Schema } from '../scripts/docs-schema.mjs'
import { configSchema, readConfig } from '../src/config.ts'
import { loadPortals, portalSchema, sentenceOf } from '../src/portals/index.ts'

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
