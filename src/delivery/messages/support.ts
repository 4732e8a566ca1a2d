import type { Portal } from '../../portals/index.ts'

/** Each on a line of its own: an address is shown whole. */
export function supportLines({ support }: Portal, language: 'nl' | 'en'): string {
  const lines = support.lines.map((it) => {
    if ('email' in it) return it.email
    if ('phone' in it) return it.phone
    if ('url' in it) return it.url
    return it[language] ?? it.en ?? it.nl ?? ''
  })
  return lines.filter(Boolean).join('\n')
}
