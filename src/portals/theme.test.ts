import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contrast, type Shades, themeOf } from './theme.ts'

const numRuns = process.env.SLUIS_TEST_LONG ? 10_000 : 500
const [white, ink, darkPage] = ['#ffffff', '#0b0c0c', '#14181d']
const colour = fc
  .tuple(fc.nat(255), fc.nat(255), fc.nat(255))
  .map((it) => `#${it.map((one) => one.toString(16).padStart(2, '0')).join('')}`)

describe('whatever colour a portal has', () => {
  const each = (isTrue: (brand: string) => boolean) => fc.assert(fc.property(colour, isTrue), { numRuns })

  test('white is read on its button by day, also when it is pointed at or pressed', () =>
    each((it) => {
      const { button, hover, pressed } = themeOf(it).light
      return contrast(button, white) >= 5.8 && contrast(hover, white) >= 4.5 && contrast(pressed, white) >= 4.5
    }))

  test('ink is read on its button by night, and the button is seen on the page', () =>
    each((it) => {
      const { button, hover, pressed } = themeOf(it).dark
      return contrast(button, ink) >= 7 && contrast(button, darkPage) >= 5.8 && contrast(hover, ink) >= 7 && contrast(pressed, ink) >= 7
    }))

  test('every shade is a colour of six digits, and the brand itself stays what it is', () =>
    each((it) => {
      const { brand, light, dark } = themeOf(it)
      const shades = (of: Shades) => [of.button, of.hover, of.pressed]
      return brand === it && [...shades(light), ...shades(dark)].every((one) => /^#[0-9a-f]{6}$/.test(one))
    }))
})

describe('the examples of the rule', () => {
  const near = (a: string, b: string) =>
    [1, 3, 5].every((at) => Math.abs(Number.parseInt(a.slice(at, at + 2), 16) - Number.parseInt(b.slice(at, at + 2), 16)) <= 3)
  const examples = [
    ['#009fe3', '#016a99', '#16a5ea'],
    ['#f39200', '#905400', '#f0941e'],
    ['#154273', '#154273', '#72a1d8'],
    ['#e2001a', '#c31b1f', '#f7766b'],
    ['#f4f4f4', '#656565', '#f4f4f4'],
  ] as const
  for (const [brand, light, dark] of examples)
    test(`${brand} becomes ${light} by day and ${dark} by night`, () => {
      const theme = themeOf(brand)
      expect([theme.light.button, near(theme.light.button, light)]).toEqual([theme.light.button, true])
      expect([theme.dark.button, near(theme.dark.button, dark)]).toEqual([theme.dark.button, true])
    })
})
