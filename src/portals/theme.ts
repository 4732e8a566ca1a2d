/*
 * One brand colour into button colours that everybody can read. In OKLCH (Ottosson, 2020) with the hue kept: lightness moves until
 * the contrast holds (WCAG 2.2, 1.4.3 asks 4.5; the house asks more), chroma gives way where sRGB ends.
 */
export interface Theme {
  readonly brand: string
  readonly light: Shades
  readonly dark: Shades
}

export interface Shades {
  readonly button: string
  readonly hover: string
  readonly pressed: string
}

interface Oklch {
  readonly l: number
  readonly c: number
  readonly h: number
}

const white = '#ffffff'
const ink = '#0b0c0c'
const darkPage = '#14181d'
const step = 0.01

/** The shades for one brand colour such as #009fe3. */
export function themeOf(brand: string): Theme {
  const given = toOklch(brand)
  return {
    brand: brand.toLowerCase(),
    light: lightShades({ ...given, c: Math.min(given.c, 0.2) }),
    dark: darkShades({ ...given, c: Math.min(given.c, 0.16) }),
  }
}

function lightShades(colour: Oklch): Shades {
  let l = colour.l
  while (l > 0 && contrast(toHex({ ...colour, l }), white) < 5.8) l -= step
  const [hover, pressed] = l < 0.2 ? [0.1, 0.16] : [-0.06, -0.12]
  return shades({ ...colour, l }, hover, pressed)
}

function darkShades(colour: Oklch): Shades {
  let l = colour.l
  while (l < 1 && (contrast(toHex({ ...colour, l }), ink) < 7 || contrast(toHex({ ...colour, l }), darkPage) < 5.8)) l += step
  return shades({ ...colour, l }, 0.06, 0.12)
}

function shades(colour: Oklch, hover: number, pressed: number): Shades {
  const moved = (by: number): string => toHex({ ...colour, l: Math.min(1, Math.max(0, colour.l + by)) })
  return { button: moved(0), hover: moved(hover), pressed: moved(pressed) }
}

/** Contrast of two colours (WCAG 2.2, 'contrast ratio'). */
export function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].toSorted((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

function luminance(hex: string): number {
  const [r, g, b] = channels(hex).map(linear) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

const channels = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
const linear = (it: number): number => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4)
const gamma = (it: number): number => (it <= 0.0031308 ? it * 12.92 : 1.055 * it ** (1 / 2.4) - 0.055)

function toOklch(hex: string): Oklch {
  const [r, g, b] = channels(hex).map(linear) as [number, number, number]
  const [l, m, s] = [
    0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b,
    0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b,
    0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b,
  ].map(Math.cbrt) as [number, number, number]
  const [light, a, bb] = [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
  return { l: light, c: Math.hypot(a, bb), h: Math.atan2(bb, a) }
}

function toRgb({ l, c, h }: Oklch): number[] {
  const [a, b] = [c * Math.cos(h), c * Math.sin(h)]
  const [x, y, z] = [
    l + 0.3963377774 * a + 0.2158037573 * b,
    l - 0.1055613458 * a - 0.0638541728 * b,
    l - 0.0894841775 * a - 1.291485548 * b,
  ].map((it) => it ** 3) as [number, number, number]
  return [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ]
}

/** Into sRGB: what is outside gives up chroma, never hue or lightness. */
function toHex(colour: Oklch): string {
  let [low, high] = [0, colour.c]
  if (!isInside(toRgb(colour))) {
    for (let round = 0; round < 24; round++) {
      const middle = (low + high) / 2
      if (isInside(toRgb({ ...colour, c: middle }))) low = middle
      else high = middle
    }
  } else low = colour.c
  const bytes = toRgb({ ...colour, c: low }).map((it) => Math.round(Math.min(1, Math.max(0, gamma(Math.max(0, it)))) * 255))
  return `#${bytes.map((it) => it.toString(16).padStart(2, '0')).join('')}`
}

const isInside = (rgb: readonly number[]): boolean => rgb.every((it) => it >= -0.0001 && it <= 1.0001)
