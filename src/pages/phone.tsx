import type { VNode } from 'preact'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { Field, Form, Primary, Sentence, Support } from './parts.tsx'

export interface PhoneProps {
  readonly frame: Frame
  /** A number as people of this country write it. */
  readonly example: string
  /** The last two digits of a number that is known and not yet proven. */
  readonly known?: string | undefined
  readonly typed?: string | undefined
  readonly canChooseOther: boolean
}

/** P12: a number to register; never reached before the gate. */
export function PhonePage({ frame, example, known, typed, canChooseOther }: PhoneProps): VNode {
  const { words, at } = frame
  const also = words.t('P12.also')
  return (
    <Page frame={frame} title={words.t('P12.heading')}>
      {also && <p>{also}</p>}
      <p>{words.t('P12.body')}</p>
      {known && (
        <Form frame={frame} action={at.phoneKnown}>
          <p>
            <Sentence words={words} of="P12.known" values={{ last2: known }} />
          </p>
          <button type="submit">{words.t('P12.useKnown')}</button>
        </Form>
      )}
      <Form frame={frame} action={at.phone}>
        <Field
          frame={frame}
          name="phone"
          label={words.t('P12.phone')}
          hint={words.t('P12.hint', { example })}
          type="tel"
          autocomplete="tel"
          inputmode="tel"
          value={typed}
        />
        <Primary>{words.label('phone')}</Primary>
      </Form>
      {canChooseOther && (
        <p class="after">
          <a href={at.choose}>{words.t('C07.other')}</a>
        </p>
      )}
      <Support frame={frame} />
    </Page>
  )
}
