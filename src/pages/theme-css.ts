import type { Theme } from '../portals/index.ts'

/** Text on a filled button: white by day, ink by night. The shades were chosen for it. */
const inks = { light: '#ffffff', dark: '#0b0c0c' }

/** The few lines of style that are the portal's own. */
export function themeCss({ brand, light, dark }: Theme): string {
  const button = ({ button, hover, pressed }: Theme['light'], ink: string): string =>
    `--button: ${button}; --button-hover: ${hover}; --button-press: ${pressed}; --button-ink: ${ink};`
  return `@layer tokens {
  :root { --brand: ${brand}; ${button(light, inks.light)} }
  @media (prefers-color-scheme: dark) { :root { ${button(dark, inks.dark)} } }
}
`
}
