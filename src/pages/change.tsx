import type { VNode } from 'preact'
import type { CatalogueKey } from '../words/index.ts'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { NewPassword } from './new-password.tsx'
import { Notice, SharedAddress } from './notice.tsx'
import { Field, Form, Primary, Sentence, Support } from './parts.tsx'
import { methodName, type ProfileMethod, removeLabel } from './profile.tsx'

/** P41 where the account has no second step yet: the password once more; a code over the channel of the gate follows. */
export function ConfirmPasswordPage({ frame, action }: { readonly frame: Frame; readonly action: string }): VNode {
  const { words } = frame
  return (
    <Page frame={frame} title={words.t('P41.heading')}>
      <p class="why">{words.t('P41.passwordWhy')}</p>
      <Form frame={frame} action={action}>
        <div data-show={words.t('P02.show')}>
          <Field frame={frame} name="password" label={words.t('P02.password')} type="password" autocomplete="current-password" />
        </div>
        <Primary>{words.t('P41.confirm')}</Primary>
      </Form>
      <Support frame={frame} />
    </Page>
  )
}

/** P41 with a method that is sent a code, opened before one was sent. */
export function ConfirmSendPage({ frame, action }: { readonly frame: Frame; readonly action: string }): VNode {
  const { words } = frame
  return (
    <Page frame={frame} title={words.t('P41.heading')}>
      <p class="why">{words.t('why.change')}</p>
      <Form frame={frame} action={action}>
        <Primary>{words.t('P41.send')}</Primary>
      </Form>
      <Support frame={frame} />
    </Page>
  )
}

export interface RemoveProps {
  readonly frame: Frame
  readonly method: Pick<ProfileMethod, 'method' | 'title'>
  readonly isLast: boolean
  readonly gate?: 'email' | 'sms' | undefined
  /** The portal's own label stands on the button that removes, as its manual presses it. */
  readonly ownLabel: boolean
  readonly addresses: { readonly remove: string; readonly begin: string; readonly replace?: string | undefined; readonly profile: string }
}

/** P43: one button removes; replacing stands beside it. */
export function RemovePage({ frame, method, isLast, gate, ownLabel, addresses }: RemoveProps): VNode {
  const { words } = frame
  const label = ownLabel ? removeLabel(words, method) : words.t('P43.yes')
  const remove = (
    <Form frame={frame} action={addresses.remove}>
      <button class={ownLabel ? 'primary' : 'danger'} type="submit">
        {label}
      </button>
    </Form>
  )
  const replace = addresses.replace !== undefined && (
    <Form frame={{ ...frame, next: addresses.replace }} action={addresses.begin}>
      <button class={ownLabel ? undefined : 'primary'} type="submit">
        {words.t('P40.replace')}
      </button>
    </Form>
  )
  return (
    <Page frame={frame} title={words.t('P43.heading', { method: methodName(words, method) })} ownHeading>
      <h1>
        <Sentence words={words} of="P43.heading" values={{ method: methodName(words, method) }} />
      </h1>
      <p>{words.t(method.method === 'sms' ? 'P43.bodySms' : 'P43.body')}</p>
      {isLast && gate && (
        <Notice kind="warn">
          <p>{words.t('P43.last', { channel: words.t(`channel.${gate}`) })}</p>
        </Notice>
      )}
      <div class="actions">{ownLabel ? [remove, replace] : [replace, remove]}</div>
      <Cancel frame={frame} profile={addresses.profile} />
      <Support frame={frame} />
    </Page>
  )
}

export interface RenameProps {
  readonly frame: Frame
  readonly action: string
  readonly name: string
  readonly profile: string
}

/** The name of a method, for the person's own eyes. */
export function RenamePage({ frame, action, name, profile }: RenameProps): VNode {
  const { words } = frame
  return (
    <Page frame={frame} title={words.t('rename.heading')}>
      <Form frame={frame} action={action}>
        <Field frame={frame} name="name" label={words.t('rename.name')} hint={words.t('rename.hint')} autocomplete="off" value={name} />
        <Primary>{words.t('rename.save')}</Primary>
      </Form>
      <Cancel frame={frame} profile={profile} />
      <Support frame={frame} />
    </Page>
  )
}

interface ChangePageProps {
  readonly frame: Frame
  readonly action: string
  /** The way back, with nothing changed. */
  readonly profile: string
}

const Cancel = ({ frame, profile }: Pick<ChangePageProps, 'frame' | 'profile'>): VNode => (
  <p class="after">
    <a href={profile}>{frame.words.t('P43.cancel')}</a>
  </p>
)

export interface ChangeEmailProps extends ChangePageProps {
  readonly typed?: string | undefined
  /** The present address is one that several people read. */
  readonly sharedAddress: boolean
}

/** P44: a new mail address; the old one stays until a code came back from the new one. */
export function ChangeEmailPage({ frame, action, profile, typed, sharedAddress }: ChangeEmailProps): VNode {
  const { words } = frame
  return (
    <Page frame={frame} title={words.t('P44.heading')}>
      <p>{words.t('P44.body')}</p>
      <Form frame={frame} action={action}>
        <Field
          frame={frame}
          name="email"
          label={words.t('P44.email')}
          type="email"
          autocomplete="email"
          inputmode="email"
          plain
          value={typed}
        />
        <Primary>{words.t('P41.send')}</Primary>
      </Form>
      {sharedAddress && <SharedAddress words={words} />}
      <Cancel frame={frame} profile={profile} />
      <Support frame={frame} />
    </Page>
  )
}

export interface ChangePhoneProps extends ChangePageProps {
  readonly example: string
  readonly typed?: string | undefined
  /** There was none before. */
  readonly isFirst?: boolean
}

/** P46: a new number, the same way. */
export function ChangePhonePage({ frame, action, profile, example, typed, isFirst }: ChangePhoneProps): VNode {
  const { words } = frame
  return (
    <Page frame={frame} title={words.t(isFirst ? 'P12.heading' : 'P46.heading')}>
      <p>{words.t(isFirst ? 'P12.body' : 'P46.body')}</p>
      <Form frame={frame} action={action}>
        <Field
          frame={frame}
          name="phone"
          label={words.t('P46.phone')}
          hint={words.t('P12.hint', { example })}
          type="tel"
          autocomplete="tel"
          inputmode="tel"
          value={typed}
        />
        <Primary>{words.t('P46.send')}</Primary>
      </Form>
      <Cancel frame={frame} profile={profile} />
      <Support frame={frame} />
    </Page>
  )
}

export interface ChangePasswordProps extends ChangePageProps {
  readonly minimum: number
}

/** P52: the present password, then the new one. */
export function ChangePasswordPage({ frame, action, profile, minimum }: ChangePasswordProps): VNode {
  const { words } = frame
  return (
    <Page frame={frame} title={words.t('P52.heading')}>
      <Form frame={frame} action={action}>
        <div data-show={words.t('P02.show')}>
          <Field frame={frame} name="password" label={words.t('P52.current')} type="password" autocomplete="current-password" />
        </div>
        <NewPassword frame={frame} minimum={minimum} />
      </Form>
      <Cancel frame={frame} profile={profile} />
      <Support frame={frame} />
    </Page>
  )
}

export interface AskProps extends ChangePageProps {
  readonly heading: CatalogueKey
  readonly body: CatalogueKey
  readonly button: CatalogueKey
  readonly isDanger?: boolean
}

/** P42 and what becomes of an old app: one question, one button. */
export function AskPage({ frame, action, profile, heading, body, button, isDanger }: AskProps): VNode {
  const { words } = frame
  return (
    <Page frame={frame} title={words.t(heading)}>
      <p>{words.t(body)}</p>
      <Form frame={frame} action={action}>
        <button class={isDanger ? 'danger' : 'primary'} type="submit">
          {words.t(button)}
        </button>
      </Form>
      <Cancel frame={frame} profile={profile} />
      <Support frame={frame} />
    </Page>
  )
}
