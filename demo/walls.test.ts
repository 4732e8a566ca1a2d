import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const folder = import.meta.dirname
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
)
const importsOf = (name: string) =>
  [...readFileSync(join(folder, name), 'utf8').matchAll(/(?:from|import\(|resolve\(|import) '([^']+)'/g)].map(([, from]) => from ?? '')

test('the demo imports nothing of the product, and stays inside its own folder', () => {
  expect(sources.length).toBeGreaterThan(20)
  for (const name of sources) {
    const outside = importsOf(name).filter((from) => from.startsWith('.') && !join('/demo', name, '..', from).startsWith('/demo/'))
    expect(outside, name).toEqual([])
  }
})

test('the relying application knows the catcher no more than the product', () => {
  const files = sources.filter((name) => name.startsWith('application/'))
  for (const name of files)
    expect(
      importsOf(name).filter((from) => /catcher|hub|cast|settings|sluis/.test(from)),
      name,
    ).toEqual([])
})

test('a request, a cookie or a token is never written to a log', () => {
  for (const name of sources.filter((one) => one.startsWith('application/') || one.startsWith('http'))) {
    const written = readFileSync(join(folder, name), 'utf8').match(
      /(?:console\.|std(?:out|err)\.write\().*(?:cookie|token|headers|claims)/gi,
    )
    expect(written, name).toBeNull()
  }
})
