import type { VNode } from 'preact'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { Lead, Notice } from './notice.tsx'
import { Field, Form, type FormWork, Primary, Sentence, Support } from './parts.tsx'

export interface SignInProps {
  readonly frame: Frame
  readonly identifier: 'username' | 'email'
  readonly name?: string
  /** The person came by the link that turns the second step on early. */
  readonly wanted?: boolean
  /** Where that link leads; not given: the portal has none. */
  readonly optIn?: string
  /** The password was chosen anew a moment ago. */
  readonly isChanged?: boolean
  readonly work?: FormWork | undefined
}

/** P02: name and password on one page. */
export function SignInPage({ frame, identifier, name, wanted, optIn, isChanged, work }: SignInProps): VNode {
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t(wanted ? 'P02.optInHeading' : 'P02.heading')}>
      {isChanged && <Changed frame={frame} />}
      {wanted && <p>{[words.t('P05.reason'), words.t('P02.optInLine')].filter(Boolean).join(' ')}</p>}
      <Form frame={frame} action={at.signIn} work={work}>
        {wanted && <input type="hidden" name="opt-in" value="1" />}
        <NameField frame={frame} identifier={identifier} name={name} />
        <PasswordField frame={frame} />
        <Primary>{words.label('signIn')}</Primary>
      </Form>
      <Forgot frame={frame} />
      {optIn && !wanted && (
        <p class="after">
          <a href={optIn}>{words.label('optIn')}</a>
        </p>
      )}
      <Support frame={frame} />
    </Page>
  )
}

/** P03: the name first. The same page for every name. */
export function IdentifyPage({ frame, identifier, name, isChanged }: SignInProps): VNode {
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t('P02.heading')}>
      {isChanged && <Changed frame={frame} />}
      <Form frame={frame} action={at.signIn}>
        <NameField frame={frame} identifier={identifier} name={name} />
        <Primary>{words.label('identify')}</Primary>
      </Form>
      <Support frame={frame} />
    </Page>
  )
}

/** P04: the password second. */
export function PasswordPage({
  frame,
  typed,
  work,
}: {
  readonly frame: Frame
  readonly typed: string
  readonly work?: FormWork | undefined
}): VNode {
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t('P04.heading')}>
      <Form frame={frame} action={at.otherAccount} className="again">
        <p>
          <Sentence words={words} of="P04.name" values={{ typed }} />
        </p>
        <button class="quiet" type="submit">
          {words.t('P04.change')}
        </button>
      </Form>
      <Form frame={frame} action={at.password} work={work}>
        <input type="text" name="username" value={typed} autocomplete="username" hidden />
        <PasswordField frame={frame} />
        <Primary>{words.label('password')}</Primary>
      </Form>
      <Forgot frame={frame} />
      <Support frame={frame} />
    </Page>
  )
}

/** After a new password was chosen: kind, and no proof of anything. */
const Changed = ({ frame }: { readonly frame: Frame }): VNode => (
  <Notice kind="ok" status focus={!frame.said}>
    <p>
      <Lead words={frame.words} of="notice.passwordChanged" />
    </p>
  </Notice>
)

const Forgot = ({ frame: { words, at } }: { readonly frame: Frame }): VNode => (
  <p class="after">
    <a href={at.forgot}>{words.label('forgot')}</a>
  </p>
)

function NameField({
  frame,
  identifier,
  name,
}: {
  readonly frame: Frame
  readonly identifier: 'username' | 'email'
  readonly name: string | undefined
}): VNode {
  const { words } = frame
  const label = words.t(identifier === 'email' ? 'P02.email' : 'P02.username')
  const hint = words.t('P02.usernameHint') || undefined
  return (
    <Field
      frame={frame}
      name="username"
      label={label}
      hint={hint}
      autocomplete="username"
      value={name}
      plain
      {...(identifier === 'email' ? { inputmode: 'email' as const } : {})}
    />
  )
}

/** The script adds a button that shows what was typed. */
const PasswordField = ({ frame }: { readonly frame: Frame }): VNode => (
  <div data-show={frame.words.t('P02.show')}>
    <Field frame={frame} name="password" label={frame.words.t('P02.password')} type="password" autocomplete="current-password" />
  </div>
)
