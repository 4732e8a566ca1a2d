import { type ComponentChild, h } from 'preact'
import { renderToString } from 'preact-render-to-string'

const page = 'margin:0;padding:24px;font-family:system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;font-size:18px;line-height:1.5'
const column = 'max-width:560px'
const paragraph = 'margin:0 0 16px'
const code = 'margin:0 0 16px;font-size:32px;font-weight:bold;letter-spacing:4px;line-height:1.25'

export interface Letter {
  readonly language: 'nl' | 'en'
  readonly subject: string
  /** The six digits, alone in their paragraph, so that a double click takes them; left out in a notice. */
  readonly digits?: string | undefined
  readonly paragraphs: readonly string[]
  /** The one address to follow, shown whole where the words have it on a line of its own. */
  readonly link?: string | undefined
}

/** The same words as the plain text, in one column. No picture, no script, no address but what the words show whole; escaped by preact. */
export function htmlOf({ language, subject, digits, paragraphs, link }: Letter): string {
  const head = h('head', null, [
    h('meta', { charset: 'utf-8' }),
    h('meta', { name: 'viewport', content: 'width=device-width' }),
    h('meta', { name: 'color-scheme', content: 'light dark' }),
    h('title', null, subject),
  ])
  const body = h('body', { style: page }, [
    h('div', { style: column }, [
      ...(digits === undefined ? [] : [h('p', { style: code }, digits)]),
      ...paragraphs.map((it) => h('p', { style: paragraph }, linesOf(it, link))),
    ]),
  ])
  return `<!doctype html>${renderToString(h('html', { lang: language, dir: 'ltr' }, [head, body]))}`
}

const linesOf = (text: string, link: string | undefined): ComponentChild[] =>
  text.split('\n').flatMap((line, at) => [...(at === 0 ? [] : [h('br', null)]), line === link ? h('a', { href: line }, line) : line])
