import type { ComponentChildren, VNode } from 'preact'
import type { Words } from '../words/index.ts'
import type { Said } from './frame.ts'
import { piece, type SentenceProps } from './parts.tsx'

/** First in the page, with the focus; leads to the field. */
export function Errors({ words, said }: { readonly words: Words; readonly said: Said }): VNode {
  return (
    <div class="errors" role="alert" tabindex={-1} aria-labelledby="errors-h" id="errors" autofocus>
      <h2 id="errors-h">{words.t('frame.problem')}</h2>
      <ul role="list">
        <li>{said.field ? <a href={`#${said.field}`}>{said.text}</a> : said.text}</li>
      </ul>
    </div>
  )
}

export interface NoticeProps {
  readonly kind?: 'info' | 'ok' | 'warn'
  /** The result of what the person just did. */
  readonly status?: boolean
  /** The page begins here: where a button led back to the same page. */
  readonly focus?: boolean
  readonly children: ComponentChildren
}

/** A calm box: information, something that went well, something to mind. */
export function Notice({ kind = 'info', status, focus, children }: NoticeProps): VNode {
  return (
    <div
      class={kind === 'info' ? 'notice' : `notice ${kind}`}
      {...(status ? { role: 'status' as const } : {})}
      {...(focus ? { tabindex: -1, autofocus: true } : {})}
    >
      <svg
        width="24"
        height="24"
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linejoin="round"
        stroke-linecap="round"
        aria-hidden="true"
      >
        <circle cx="12" cy="12" r="9" />
        <path d={kind === 'ok' ? 'm8 12.5 3 3 5.5-6' : kind === 'warn' ? 'M12 7v6M12 16.5v.5' : 'M12 11v6M12 7v.5'} />
      </svg>
      <div>{children}</div>
    </div>
  )
}

/** What a notice says, its first sentence bold. */
export function Lead({ words, of, values }: SentenceProps): VNode {
  const parts = words.parts(of, values)
  const end = parts.findIndex((it) => typeof it === 'string' && /\.(\s|$)/.test(it))
  if (end < 0) return <b>{parts.map(piece)}</b>
  const [first, rest] = inTwo(parts[end] as string)
  return (
    <>
      <b>
        {parts.slice(0, end).map(piece)}
        {first}
      </b>
      {rest}
      {parts.slice(end + 1).map(piece)}
    </>
  )
}

/** The same for a text that was made elsewhere. */
export function LeadText({ text }: { readonly text: string }): VNode {
  const [first, rest] = inTwo(text)
  return (
    <>
      <b>{first}</b>
      {rest}
    </>
  )
}

/** After the first full stop that ends a sentence: 14.35 has none. */
function inTwo(text: string): readonly [string, string] {
  const end = /\.(?=\s|$)/.exec(text)?.index ?? text.length - 1
  return [text.slice(0, end + 1), text.slice(end + 1)]
}

/** Advice for an address that several people read; never a stop. */
export const SharedAddress = ({ words }: { readonly words: Words }): VNode => (
  <Notice kind="warn">
    <p>
      <Lead words={words} of="C11.one" />
    </p>
    <p>{words.t('C11.two')}</p>
  </Notice>
)
