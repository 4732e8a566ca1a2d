import type { VNode } from 'preact'
import type { Told } from '../words/index.ts'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { Form, Go, Primary, Sentence, Support } from './parts.tsx'

/** What happened, or was done, and when; the words are those of the catalogue. */
export interface DatedEvent {
  readonly date: Told
  readonly time: Told
  readonly event: string
}

export interface NotMeProps {
  readonly frame: Frame
  readonly events: readonly DatedEvent[]
}

/** P58: the question behind the link in a notice. It names nobody; only the button does anything. */
export function NotMePage({ frame, events }: NotMeProps): VNode {
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t('P58.heading')}>
      {events.map((it) => (
        <p>
          <Line frame={frame} it={it} />
        </p>
      ))}
      <p>{words.t('P58.body')}</p>
      <Form frame={frame} action={at.notMe}>
        <Primary>{words.t('P58.yes')}</Primary>
      </Form>
      <Go to={at.home}>
        <button type="submit">{words.t('P58.no')}</button>
      </Go>
      <Support frame={frame} />
    </Page>
  )
}

/** P59: what was done, and what is left to do. */
export function SecuredPage({ frame, events }: NotMeProps): VNode {
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t('P59.heading')}>
      <ul>
        {events.map((it) => (
          <li>
            <Line frame={frame} it={it} />
          </li>
        ))}
      </ul>
      <section aria-labelledby="now">
        <h2 id="now">{words.t('P59.what')}</h2>
        <p>
          <a href={at.forgot}>{words.t('P59.choose')}</a>
        </p>
        <p>{words.t('P59.check')}</p>
      </section>
      <Support frame={frame} />
    </Page>
  )
}

/** A link of a notice that is too old, or never was one. */
export function OldLinkPage({ frame }: { readonly frame: Frame }): VNode {
  const { words } = frame
  return (
    <Page frame={frame} title={words.t('P58.old')}>
      <p>{words.t('recover.linkOld')}</p>
      <Support frame={frame} />
    </Page>
  )
}

const Line = ({ frame, it: { date, time, event } }: { readonly frame: Frame; readonly it: DatedEvent }): VNode => (
  <Sentence words={frame.words} of="P58.line" values={{ date, time, event }} />
)

/** P84 and P82: the password of before opens nothing any more. Only after it was right. */
export function PasswordDuePage({ frame, securedAt }: { readonly frame: Frame; readonly securedAt: Told | undefined }): VNode {
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t(securedAt ? 'P84.heading' : 'P82.heading')}>
      <p>{securedAt ? <Sentence words={words} of="account.frozen" values={{ date: securedAt }} /> : words.t('account.forceReset')}</p>
      <Go to={at.forgot}>
        <Primary>{words.t('P84.choose')}</Primary>
      </Go>
      <Support frame={frame} />
    </Page>
  )
}
