import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { contrast } from '../portals/theme.ts'

const sheet = readFileSync(join(import.meta.dirname, 'styles.css'), 'utf8')
const tokens = sheet.slice(sheet.indexOf('@layer tokens {'), sheet.indexOf('@layer base {'))
const [light = '', dark = ''] = tokens.split('@media (prefers-color-scheme: dark)')
const colours = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/(--[\w-]+): (#[0-9a-f]{6});/g)].map((it) => [it[1], it[2]]))
const themes = { light: colours(light), dark: { ...colours(light), ...colours(dark) } }

/** Colour, what it stands on, and what its contrast is at least. */
const pairs: readonly (readonly [colour: string, ground: string, least: number])[] = [
  ...['--text', '--muted', '--link', '--link-visited', '--error', '--ok'].flatMap((it) => [
    [it, '--page', 5.8] as const,
    [it, '--surface', 5.8] as const,
  ]),
  ['--border', '--page', 3],
  ['--border', '--surface', 3],
  ...['--error-bg', '--ok-bg', '--warn-bg', '--info-bg'].map((it) => ['--text', it, 5.8] as const),
  ['--error', '--error-bg', 5.8],
  ['--ok', '--ok-bg', 5.8],
  ['--link', '--warn-bg', 5.8],
  ['--link', '--info-bg', 5.8],
  ['--warn', '--warn-bg', 3],
]

for (const [name, theme] of Object.entries(themes)) {
  for (const [colour, ground, least] of pairs)
    test(`${name}: ${colour} on ${ground} has a contrast of ${least} at least`, () => {
      expect(contrast(theme[colour] ?? '', theme[ground] ?? '')).toBeGreaterThanOrEqual(least)
    })

  test(`${name}: one of the two colours of the focus ring is seen on every ground`, () => {
    for (const ground of ['--page', '--surface', '--info-bg', '--error-bg', '--warn-bg', '--ok-bg'])
      expect(Math.max(...['--focus', '--focus-ink'].map((it) => contrast(theme[it] ?? '', theme[ground] ?? '')))).toBeGreaterThanOrEqual(3)
  })
}

test('the style sheet is small, has its layers in order and fetches nothing', () => {
  expect(Buffer.byteLength(sheet)).toBeLessThanOrEqual(15_000)
  expect(sheet).toContain('@layer reset, tokens, base, parts, pages, print;')
  expect(sheet).not.toMatch(/url\(|@import|!important|\b(left|right):|margin-(left|right)/)
})
