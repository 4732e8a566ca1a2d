import type { Device } from '../delivery/index.ts'

/** In this order: each of these also says that it is one of those below it. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\/|\bEdgiOS\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bChrome\/|\bHeadlessChrome\/|\bCriOS\//, 'Chrome'],
  [/\bVersion\/[\d.]+ .*\bSafari\//, 'Safari'],
]
const systems: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b|\biPod\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]
const longestAgent = 400

/** A word from our own lists for what the browser says it is; nothing of what it says is kept, nothing is decided by it. */
export function deviceOf(agent: string | undefined): Device {
  const said = (agent ?? '').slice(0, longestAgent)
  const word = (list: typeof browsers): string | undefined => list.find(([pattern]) => pattern.test(said))?.[1]
  const [browser, system] = [word(browsers), word(systems)]
  return { ...(browser ? { browser } : {}), ...(system ? { system } : {}) }
}

/** What we wrote down of it, from these lists. */
export const deviceKept = (json: string | null): Device => (json === null ? {} : (JSON.parse(json) as Device))
