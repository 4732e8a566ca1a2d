import type { ComponentChildren, VNode } from 'preact'
import type { SecondStep } from '../decision/index.ts'
import type { Told } from '../words/index.ts'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { Form, Primary, Sentence, Support } from './parts.tsx'

export interface MethodChoice {
  readonly method: SecondStep
  /** Masked: d…@voorbeeld.be, or the last two digits. */
  readonly address?: string
  readonly isChosen: boolean
}

export interface ChooseProps {
  readonly frame: Frame
  /** Why a code is asked now: exactly one true line, or none. */
  readonly why?: ComponentChildren
  readonly choices: readonly MethodChoice[]
  readonly saysWhyNoMail: boolean
  /** When a code by mail counts again: it gave the password a moment ago. */
  readonly mailAgain?: Told
}

/** P06: a method for this sign-in. */
export function ChoosePage({ frame, why, choices, saysWhyNoMail, mailAgain }: ChooseProps): VNode {
  const { words, at, said } = frame
  const title = words.t('P06.heading')
  const wrong = said?.field === 'method'
  const described = [...(why ? ['why'] : []), ...(wrong ? ['method-error'] : [])].join(' ')
  return (
    <Page frame={frame} title={title} ownHeading>
      <Form frame={frame} action={at.choose}>
        <fieldset id="method" {...(described ? { 'aria-describedby': described } : {})} class={wrong ? 'wrong' : undefined}>
          <legend>
            <h1>{title}</h1>
          </legend>
          {why && (
            <p class="why" id="why">
              {why}
            </p>
          )}
          {wrong && (
            <p class="error" id="method-error">
              <span class="vh">{words.t('frame.error')}</span> {said.text}
            </p>
          )}
          <div class="choices">
            {choices.map((it) => (
              <Choice frame={frame} choice={it} />
            ))}
          </div>
        </fieldset>
        <Primary>{words.label('choose')}</Primary>
      </Form>
      {mailAgain && (
        <p class="hint">
          <Sentence words={words} of="method.mailAfterReset" values={{ moment: mailAgain }} />
        </p>
      )}
      {saysWhyNoMail && <p class="hint">{words.t('reason.noMail')}</p>}
      <Support frame={frame} />
    </Page>
  )
}

function Choice({
  frame: { words },
  choice: { method, address, isChosen },
}: {
  readonly frame: Frame
  readonly choice: MethodChoice
}): VNode {
  const id = `method-${method}`
  return (
    <div class="choice">
      <input type="radio" id={id} name="method" value={method} aria-describedby={`${id}-hint`} checked={isChosen} />
      <label for={id}>{words.t(`P06.${method}`)}</label>
      <p class="hint" id={`${id}-hint`}>
        {method === 'totp' && words.t('P06.totpHint')}
        {method === 'email' && <Sentence words={words} of="P06.emailHint" values={{ address: address ?? '' }} />}
        {method === 'sms' &&
          (address ? <Sentence words={words} of="P06.smsHint" values={{ last2: address }} /> : words.t('P06.smsHintUnknown'))}
      </p>
    </div>
  )
}

/** P07: the app was chosen and none is registered. Calm: nothing went wrong. */
export function NotRegisteredPage({ frame, address }: { readonly frame: Frame; readonly address: string | undefined }): VNode {
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t('P07.heading')}>
      <p>{words.t('P07.body')}</p>
      <ol role="list" class="plan">
        {address && (
          <li>
            <span>
              <Sentence words={words} of="P07.mail" values={{ address }} />
            </span>
          </li>
        )}
        <li>{words.t('P07.app')}</li>
        <li>{words.t('P07.scan')}</li>
      </ol>
      <Form frame={frame} action={at.notRegistered}>
        <Primary>{words.label('notRegistered')}</Primary>
      </Form>
      <ul role="list" class="links">
        <li>
          <a href={at.choose}>{words.t('C07.other')}</a>
        </li>
        <li>
          <a href={at.enrol}>{words.t('P17.noPhone')}</a>
        </li>
      </ul>
      <Support frame={frame} />
    </Page>
  )
}

export interface OfferProps {
  readonly frame: Frame
  readonly date?: Told
  readonly daysLeft?: number
  readonly application: string
}

/** P05: a second step is coming. Calm as well. */
export function OfferPage({ frame, date, daysLeft, application }: OfferProps): VNode {
  const { words, at } = frame
  const reason = words.t('P05.reason')
  return (
    <Page frame={frame} title={date ? words.t('P05.heading', { date }) : words.t('P05.headingNoDate')}>
      {reason && <p>{reason}</p>}
      <p>{words.t('P05.body')}</p>
      {daysLeft !== undefined && daysLeft <= 14 && <p>{words.t('P05.left', { n: daysLeft })}</p>}
      <Form frame={frame} action={at.offer}>
        <Primary>{words.t('P05.now')}</Primary>
      </Form>
      <Form frame={frame} action={at.postpone}>
        <button type="submit">{words.t('P05.later', { application })}</button>
      </Form>
      <Support frame={frame} />
    </Page>
  )
}
