import type { VNode } from 'preact'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { Go, Primary, Support } from './parts.tsx'

/** What went wrong, or what only looks like it. `again`: where the button leads, when not to the first page of a sign-in. */
export type Trouble =
  /** P71 */
  | { readonly kind: 'not-found' }
  /** P72. `number`: stands in the log as well. */
  | { readonly kind: 'error'; readonly number: string; readonly again?: string }
  /** P73 */
  | { readonly kind: 'busy' | 'down'; readonly again?: string }
  /** A form above 64 kB. */
  | { readonly kind: 'too-large'; readonly again?: string }
  /** P74. `application`: its registered name, never what the request said. */
  | { readonly kind: 'request'; readonly application?: string; readonly forMakers: RequestFacts }
  /** P75 */
  | { readonly kind: 'cookies'; readonly host: string; readonly again?: string }
  /** P76: a form or a sign-in that is too old. */
  | { readonly kind: 'expired'; readonly again?: string }
  /** P77. `again`: the true next step. */
  | { readonly kind: 'other-tab'; readonly again?: string }
  /** P77, after the end. `again`: where the person goes on. */
  | { readonly kind: 'done'; readonly again?: string }

/** For who made the application. */
export interface RequestFacts {
  /** As OAuth names it: invalid_request. */
  readonly error: string
  readonly parameter?: string
  /** In UTC. */
  readonly time: string
  readonly number: string
}

interface Telling {
  readonly heading: string
  readonly body: readonly string[]
  readonly button?: { readonly text: string; readonly to: string }
  /** Whether the title says that something went wrong. */
  readonly isError: boolean
}

/** P71 to P77: what it is, what to do now, one button. */
export function TroublePage({ frame, trouble }: { readonly frame: Frame; readonly trouble: Trouble }): VNode {
  const { heading, body, button, isError } = tellingOf(frame, trouble)
  return (
    <Page frame={frame} title={heading} isError={isError}>
      {body.map((it) => (
        <p>{it}</p>
      ))}
      {trouble.kind === 'request' && <ForMakers {...trouble.forMakers} />}
      {button && (
        <Go to={button.to}>
          <Primary>{button.text}</Primary>
        </Go>
      )}
      <Support frame={frame} />
    </Page>
  )
}

function tellingOf({ words, at }: Frame, trouble: Trouble): Telling {
  const button = (key: 'P71.start' | 'P31.again' | 'P76.again' | 'P77.continue', to: string) => ({ button: { text: words.t(key), to } })
  switch (trouble.kind) {
    case 'not-found':
      return { heading: words.t('P71.heading'), body: [words.t('P71.body')], ...button('P71.start', at.home), isError: false }
    case 'error': {
      const body = [words.t('server.error'), words.t('P72.number', { number: trouble.number })]
      return { heading: words.t('P72.heading'), body, ...button('P31.again', trouble.again ?? at.signIn), isError: true }
    }
    case 'busy':
      return {
        heading: words.t('P73.busy'),
        body: [words.t('server.busy')],
        ...button('P31.again', trouble.again ?? at.signIn),
        isError: true,
      }
    case 'down':
      return {
        heading: words.t('P73.down'),
        body: [words.t('server.down')],
        ...button('P31.again', trouble.again ?? at.signIn),
        isError: true,
      }
    case 'too-large':
      return {
        heading: words.t('P72.tooLarge'),
        body: [words.t('server.tooLarge')],
        ...button('P31.again', trouble.again ?? at.signIn),
        isError: true,
      }
    case 'request': {
      const application = trouble.application ?? words.t('P74.unknown')
      return { heading: words.t('P74.heading', { application }), body: [words.t('app.request', { application })], isError: true }
    }
    case 'cookies': {
      const { host, again = at.signIn } = trouble
      const body = [words.t('flow.cookies', { host }), words.t('P75.body')]
      return { heading: words.t('P75.heading', { host }), body, ...button('P31.again', again), isError: true }
    }
    case 'expired':
      return {
        heading: words.t('P76.heading'),
        body: [words.t('flow.expired')],
        ...button('P76.again', trouble.again ?? at.signIn),
        isError: true,
      }
    case 'other-tab':
      return {
        heading: words.t('P77.heading'),
        body: [words.t('flow.otherTab')],
        ...button('P77.continue', trouble.again ?? at.signIn),
        isError: false,
      }
    case 'done':
      return { heading: words.t('P77.done'), body: [], ...button('P77.continue', trouble.again ?? at.home), isError: false }
  }
}

/** In English on every page: these are the words of the standard. */
const ForMakers = ({ error, parameter, time, number }: RequestFacts): VNode => (
  <dl class="facts" lang="en">
    <dt>error</dt>
    <dd>{error}</dd>
    {parameter !== undefined && <dt>parameter</dt>}
    {parameter !== undefined && <dd>{parameter}</dd>}
    <dt>time (UTC)</dt>
    <dd>{time}</dd>
    <dt>number</dt>
    <dd>{number}</dd>
  </dl>
)
