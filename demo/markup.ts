/*
 * Markup that escapes by default. `html` puts every value in as the characters it is, in text and in quoted attributes;
 * only what came out of `html` itself goes in unchanged. There is no way to mark a string as safe.
 */

class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
  toString() {
    return this.text
  }
}

export type { Markup }

type Value = string | number | Markup | null | undefined | false | readonly Value[]

export function html(pieces: TemplateStringsArray, ...values: Value[]): Markup {
  let text = pieces[0] ?? ''
  values.forEach((value, i) => {
    text += draw(value) + (pieces[i + 1] ?? '')
  })
  return new Markup(text)
}

/** Text with its web addresses as links. Only http and https become links; the rest stays text. */
export function withLinks(text: string): Markup[] {
  return text
    .split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]])/g)
    .map((piece, i) => (i % 2 === 1 ? html`<a href="${piece}" rel="noreferrer noopener">${piece}</a>` : html`${piece}`))
}

function draw(value: Value): string {
  if (value === null || value === undefined || value === false) return ''
  if (value instanceof Markup) return value.text
  if (Array.isArray(value)) return value.map(draw).join('')
  return escapeText(String(value))
}

const characters: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeText = (text: string) => text.replace(/[&<>"']/g, (character) => characters[character] ?? '')
