import type { VNode } from 'preact'
import type { Told } from '../words/index.ts'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { Notice } from './notice.tsx'
import { Field, Form, Primary, Sentence, Support } from './parts.tsx'

export interface MessageProps {
  readonly frame: Frame
  /** What was found: when the message with this number was made, or only that such a kenmerk was sent. */
  readonly found?: { readonly date: Told } | 'reference' | undefined
  readonly typed?: string | undefined
  readonly from: string
  /** Left out where the portal sends no text messages. */
  readonly sender?: string | undefined
}

/** P60: whether a message is ours, and nothing of whom it was for. */
export function MessagePage({ frame, found, typed, from, sender }: MessageProps): VNode {
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t('P60.heading')}>
      {found && (
        <Notice kind={found === 'reference' ? 'info' : 'ok'} status focus>
          <p>
            {found === 'reference' ? (
              words.t('P60.reference')
            ) : (
              <b>
                <Sentence words={words} of="P60.number" values={{ date: found.date }} />
              </b>
            )}
          </p>
        </Notice>
      )}
      <Form frame={frame} action={at.message}>
        <Field
          frame={frame}
          name="message"
          label={words.t('P60.field')}
          hint={words.t('P60.hint')}
          autocomplete="off"
          value={typed}
          plain
        />
        <Primary>{words.t('P60.check')}</Primary>
      </Form>
      <section aria-labelledby="know">
        <h2 id="know">{words.t('P60.know')}</h2>
        <ul>
          <li>{words.t('P60.never')}</li>
          <li>{words.t('P60.noLink')}</li>
          <li>
            <Sentence words={words} of={sender ? 'P60.from' : 'P60.fromMail'} values={{ from, sender: sender ?? '' }} />
          </li>
        </ul>
      </section>
      <Support frame={frame} />
    </Page>
  )
}
