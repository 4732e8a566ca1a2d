import type { VNode } from 'preact'
import type { Method } from '../decision/index.ts'
import type { Told, Words } from '../words/index.ts'
import { type Device, deviceInWords } from './browsers.tsx'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { Form, Support, ToProfile } from './parts.tsx'

export type Happening =
  | { readonly what: 'signedIn' | 'added' | 'removed' | 'disabled'; readonly method: Method }
  | { readonly what: 'wrong'; readonly times: number }
  | { readonly what: 'password' | 'email' | 'phone' | 'copied' | 'forgotten' | 'ticket' | 'secured' }

export type ActivityRow = Happening & {
  readonly at: Told
  /** Left out where it is not known, or not a person at a browser. */
  readonly device?: Device | undefined
  /** It came from another kind of browser than this one. */
  readonly isElsewhere?: boolean
}

export interface ActivityProps {
  readonly frame: Frame
  readonly rows: readonly ActivityRow[]
  /** Addresses of the pages beside this one. */
  readonly newer?: string | undefined
  readonly older?: string | undefined
}

/** P48: what happened to this account in 90 days, the newest first. */
export function ActivityPage({ frame, rows, newer, older }: ActivityProps): VNode {
  const { words } = frame
  return (
    <Page frame={frame} title={words.t('P48.heading')}>
      {rows.length === 0 && <p>{words.t('P48.none')}</p>}
      {rows.length > 0 && (
        <ol role="list" class="rows pairs">
          {rows.map((it) => (
            <Row frame={frame} row={it} />
          ))}
        </ol>
      )}
      {(newer ?? older) !== undefined && (
        <nav aria-label={words.t('P48.heading')} class="links">
          {newer !== undefined && <a href={newer}>{words.t('P48.newer')}</a>}{' '}
          {older !== undefined && <a href={older}>{words.t('P48.older')}</a>}
        </nav>
      )}
      <ToProfile frame={frame} />
      <Support frame={frame} />
    </Page>
  )
}

function Row({ frame, row }: { readonly frame: Frame; readonly row: ActivityRow }): VNode {
  const { words, at } = frame
  const isKnown = row.device && (row.device.browser ?? row.device.system) !== undefined
  return (
    <li>
      <div>
        <h2 class="name">{inWords(words, row)}</h2>
        <p class="hint">
          <time dateTime={new Date(row.at.at).toISOString()}>{row.at.text}</time>
          {isKnown && <br />}
          {isKnown && row.device && <bdi>{deviceInWords(words, row.device)}</bdi>}
        </p>
      </div>
      {row.isElsewhere && (
        <Form frame={frame} action={at.askNotMe}>
          <button type="submit">
            {words.t('P48.notMe')}
            <span class="vh">
              : {inWords(words, row)}, {row.at.text}
            </span>
          </button>
        </Form>
      )}
    </li>
  )
}

function inWords(words: Words, row: Happening): string {
  if (row.what === 'wrong') return words.t('P48.wrong', { n: row.times })
  if (!('method' in row)) return words.t(`P48.${row.what}`)
  const method = words.t(`by.${row.method}`)
  return words.t(`P48.${row.what}`, { method: row.what === 'signedIn' ? method : capitalised(method) })
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
