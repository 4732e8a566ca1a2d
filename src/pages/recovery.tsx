import type { VNode } from 'preact'
import type { Told } from '../words/index.ts'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { NewPassword } from './new-password.tsx'
import { Field, Form, Go, Primary, Sentence, Support } from './parts.tsx'

export interface ForgottenProps {
  readonly frame: Frame
  readonly identifier: 'username' | 'email'
  readonly name?: string
  /** Letters to type over, and the value from which they follow; only where the portal asks them. */
  readonly letters?: { readonly text: string; readonly shown: string } | undefined
}

/** P35: the same for every name. */
export function ForgottenPage({ frame, identifier, name, letters }: ForgottenProps): VNode {
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t('P35.heading')}>
      <p>{words.t(identifier === 'email' ? 'P35.bodyEmail' : 'P35.body')}</p>
      <Form frame={frame} action={at.forgot}>
        {letters && <input type="hidden" name="shown" value={letters.shown} />}
        <NameField frame={frame} identifier={identifier} name={name} />
        {letters && (
          <>
            <p>
              <Sentence words={words} of="P35.letters" values={{ letters: letters.text }} />
            </p>
            <Field frame={frame} name="typed" label={words.t('P35.typed')} autocomplete="off" plain />
          </>
        )}
        <Primary>{words.label('sendReset')}</Primary>
      </Form>
      <p class="after">
        <a href={at.signIn}>{words.t('P35.back')}</a>
      </p>
      <Support frame={frame} />
    </Page>
  )
}

function NameField({
  frame,
  identifier,
  name,
  hint,
}: Omit<ForgottenProps, 'letters' | 'name'> & { name?: string | undefined; hint?: string }) {
  const isMail = identifier === 'email'
  return (
    <Field
      frame={frame}
      name="username"
      label={frame.words.t(isMail ? 'P02.email' : 'P02.username')}
      hint={hint}
      autocomplete="username"
      value={name}
      plain
      {...(isMail ? { inputmode: 'email' as const } : {})}
    />
  )
}

/** P36: the same bytes for every name; it knows none. */
export function ResetSentPage({ frame, fromAddress }: { readonly frame: Frame; readonly fromAddress: string }): VNode {
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t('P36.heading')}>
      <p>{words.t('P36.body')}</p>
      <section aria-labelledby="none">
        <h2 id="none">{words.t('P36.none')}</h2>
        <ul>
          <li>{words.t('P36.spam')}</li>
          <li>
            <Sentence words={words} of="P36.it" values={{ fromAddress }} />
          </li>
          <li>{words.t('P36.again')}</li>
        </ul>
      </section>
      <p class="after">
        <a href={at.forgot}>{words.t('P35.back')}</a>
      </p>
      <Support frame={frame} />
    </Page>
  )
}

export interface NewPasswordProps {
  readonly frame: Frame
  readonly minimum: number
  /** The user name is asked too, and what the person typed there. */
  readonly asksName?: { readonly identifier: 'username' | 'email'; readonly name?: string } | undefined
}

/** P37: the rules before the field, one field, no second one. */
export function NewPasswordPage({ frame, minimum, asksName }: NewPasswordProps): VNode {
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t('P37.heading')}>
      <Form frame={frame} action={at.newPassword}>
        {asksName && <NameField frame={frame} identifier={asksName.identifier} name={asksName.name} hint={words.t('P37.nameHint')} />}
        <NewPassword frame={frame} minimum={minimum} />
      </Form>
      <Support frame={frame} />
    </Page>
  )
}

export interface PasswordChangedProps {
  readonly frame: Frame
  /** The portal remembers browsers; those of the account are forgotten now. */
  readonly remembers: boolean
  /** Nothing but the mailbox is left, and it rests until then. */
  readonly mailAgain?: Told | undefined
}

/** P38: the password holds; nobody is signed in by it. */
export function PasswordChangedPage({ frame, remembers, mailAgain }: PasswordChangedProps): VNode {
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t('P38.heading')}>
      <p>{words.t(remembers ? 'P38.body' : 'P38.bodyAlone')}</p>
      {mailAgain && (
        <p>
          <Sentence words={words} of="P38.mailAgain" values={{ moment: mailAgain }} />
        </p>
      )}
      <Go to={at.signIn} with={{ changed: '1' }}>
        <Primary>{words.t('P38.signIn')}</Primary>
      </Go>
      <Support frame={frame} />
    </Page>
  )
}

export interface LinkClosedProps {
  readonly frame: Frame
  readonly why: { readonly is: 'used' } | { readonly is: 'unknown' } | { readonly is: 'over'; readonly time: Told }
}

/** P39: a link that was used, is over, or is none of ours; the same way on from each. */
export function LinkClosedPage({ frame, why }: LinkClosedProps): VNode {
  const { words, at } = frame
  const heading = { used: 'P39.used', over: 'P39.over', unknown: 'P39.unknown' } as const
  const values = why.is === 'over' ? { time: why.time } : {}
  return (
    <Page frame={frame} title={words.t(heading[why.is], values)} ownHeading>
      <h1>
        <Sentence words={words} of={heading[why.is]} values={values} />
      </h1>
      <p>{words.t(why.is === 'used' ? 'P39.bodyUsed' : 'P39.body')}</p>
      <Go to={at.forgot}>
        <Primary>{words.t('P39.again')}</Primary>
      </Go>
      <p class="after">
        <a href={at.signIn}>{words.t('P38.signIn')}</a>
      </p>
      <Support frame={frame} />
    </Page>
  )
}
