import type { VNode } from 'preact'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { Notice } from './notice.tsx'
import { Field, Form, Primary, Sentence, Support } from './parts.tsx'
import { methodName, type ProfileMethod, removeLabel } from './profile.tsx'

/** P41 where the account has no second step yet: the password once more; a code over the channel of the gate follows. */
export function ConfirmPasswordPage({ frame, action }: { readonly frame: Frame; readonly action: string }): VNode {
  const { words } = frame
  return (
    <Page frame={frame} title={words.t('P41.heading')}>
      <p class="why">{words.t('P41.passwordWhy')}</p>
      <Form frame={frame} action={action}>
        <Field frame={frame} name="password" label={words.t('P02.password')} type="password" autocomplete="current-password" />
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
      <p class="after">
        <a href={addresses.profile}>{words.t('P43.cancel')}</a>
      </p>
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
      <p class="after">
        <a href={profile}>{words.t('P43.cancel')}</a>
      </p>
      <Support frame={frame} />
    </Page>
  )
}
