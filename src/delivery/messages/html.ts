import { type ComponentChild, h } from 'preact'
import { renderToString } from 'preact-render-to-string'

const page = 'margin:0;padding:24px;font-family:system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;font-size:18px;line-height:1.5'
const column = 'max-width:560px'
const paragraph = 'margin:0 0 16px'
const code =
  'margin:0 0 16px;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:32px;font-weight:bold;letter-spacing:4px;line-height:1.25'
const sender = (colour: string): string =>
  `margin:0 0 24px;padding:0 0 12px;font-size:18px;line-height:1.5;border-bottom:6px solid ${colour}`
// A grey that can be seen on white and on black: whether it is dark is the reader's own choice.
const foot = 'margin:24px 0 0;padding:16px 0 0;font-size:16px;border-top:1px solid #808890'

export interface Letter {
  readonly language: 'nl' | 'en'
  readonly subject: string
  /** The name and the colour of the portal, on top. */
  readonly portal: { readonly name: string; readonly colour: string }
  /** The six digits, alone in their paragraph, so that a double click takes them; left out in a notice. */
  readonly digits?: string | undefined
  readonly paragraphs: readonly string[]
  /** From which paragraph on it tells how to check this message and whom to ask. */
  readonly footAt: number
  /** The one address to follow, shown whole where the words have it on a line of its own. */
  readonly link?: string | undefined
}

/** The same words as the plain text, in one column. No picture, no script, no address but what the words show whole; escaped by preact. */
export function htmlOf({ language, subject, portal, digits, paragraphs, footAt, link }: Letter): string {
  const drawn = (those: readonly string[]): ComponentChild[] => those.map((it) => h('p', { style: paragraph }, linesOf(it, link)))
  const head = h('head', null, [
    h('meta', { charset: 'utf-8' }),
    h('meta', { name: 'viewport', content: 'width=device-width' }),
    h('meta', { name: 'color-scheme', content: 'light dark' }),
    h('title', null, subject),
  ])
  const body = h('body', { style: page }, [
    h('div', { style: column }, [
      h('h1', { style: sender(portal.colour) }, portal.name),
      ...(digits === undefined ? [] : [h('p', { style: code }, digits)]),
      ...drawn(paragraphs.slice(0, footAt)),
      h('div', { style: foot }, drawn(paragraphs.slice(footAt))),
    ]),
  ])
  return `<!doctype html>${renderToString(h('html', { lang: language, dir: 'ltr' }, [head, body]))}`
}

const linesOf = (text: string, link: string | undefined): ComponentChild[] =>
  text.split('\n').flatMap((line, at) => [...(at === 0 ? [] : [h('br', null)]), line === link ? h('a', { href: line }, line) : line])
