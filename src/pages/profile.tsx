import type { VNode } from 'preact'
import type { SecondStep } from '../decision/index.ts'
import type { CatalogueKey, Told, Words } from '../words/index.ts'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { Lead, Notice } from './notice.tsx'
import { Form, Sentence, Support } from './parts.tsx'
import { ProfileLinks } from './profile-links.tsx'

export interface ProfileMethod {
  readonly method: SecondStep
  /** What the person calls it; left out: the kind is its name. */
  readonly title?: string
  /** Dates, as `words.told.date` tells them. Left out where nobody added it, as with a mailbox. */
  readonly added?: Told
  /** Left out: not used yet. */
  readonly used?: Told
  /** Another app took its place; it works until then. */
  readonly endsAt?: Told
  /** The same, and it no longer works. */
  readonly endedAt?: Told
  readonly actions: readonly Action[]
}

/** A button that begins a change; where it goes is kept while the person confirms who they are. */
export interface Action {
  readonly does: 'replace' | 'remove' | 'rename' | 'keep-both' | 'stolen' | 'put-back' | 'add' | 'email' | 'phone' | 'password'
  readonly next: string
}

export interface ProfileProps {
  readonly frame: Frame
  /** Where all of these buttons post to. */
  readonly begin: string
  readonly methods: readonly ProfileMethod[]
  readonly add?: Action | undefined
  /** Masked, or in full shortly after a confirmation. */
  readonly email?: string | undefined
  readonly phone?: { readonly number: string; readonly isFull: boolean } | undefined
  readonly emailRecovers?: Told | undefined
  readonly phoneRecovers?: Told | undefined
  readonly details: readonly Action[]
  /** How many browsers are remembered; left out where the portal remembers none. */
  readonly remembered?: number | undefined
  readonly news?: ProfileNews | undefined
}

export interface ProfileNews {
  readonly of: CatalogueKey
  /** Which kind of method it was about. */
  readonly names?: CatalogueKey
  /** A sentence of the portal's own, or of ours, that follows. */
  readonly also?: string | undefined
}

const names: Readonly<Record<SecondStep, CatalogueKey>> = { totp: 'P40.app', email: 'P06.email', sms: 'P40.sms' }

/** What a method is called. */
export const methodName = (words: Words, { method, title }: Pick<ProfileMethod, 'method' | 'title'>): string =>
  title ?? words.t(names[method])

/** P40: what the account has, and where each change begins. */
export function ProfilePage(props: ProfileProps): VNode {
  const { frame, begin, methods, add, news } = props
  const { words } = frame
  return (
    <Page frame={frame} title={words.label('profile')}>
      {news && (
        <Notice kind="ok" status focus={!frame.said}>
          <p>
            <Lead words={words} of={news.of} values={news.names ? { method: words.t(news.names) } : {}} />
          </p>
          {news.also && <p>{news.also}</p>}
        </Notice>
      )}
      <section aria-labelledby="methods">
        <h2 id="methods">{words.t('P40.twoStep')}</h2>
        {methods.length === 0 && <p>{words.t('P40.none')}</p>}
        {methods.length > 0 && (
          <ul role="list" class="rows">
            {methods.map((it, nr) => (
              <Method frame={frame} begin={begin} method={it} nr={nr} />
            ))}
          </ul>
        )}
        {add && <Begin frame={frame} begin={begin} action={add} />}
      </section>
      <Details {...props} />
      <ProfileLinks frame={frame} remembered={props.remembered} />
      <Support frame={frame} />
    </Page>
  )
}

function Method({
  frame,
  begin,
  method,
  nr,
}: Pick<ProfileProps, 'frame' | 'begin'> & { readonly method: ProfileMethod; readonly nr: number }): VNode {
  const { words } = frame
  const { added, used, endsAt, endedAt, actions } = method
  const isBin = ({ does }: Action): boolean => does === 'remove' && words.own('P40.bin') !== undefined
  return (
    <li>
      <h3 class="name" id={`method-${nr}`}>
        <bdi>{methodName(words, method)}</bdi>
      </h3>
      {(added ?? used) && (
        <p class="hint">
          {endsAt && <Sentence words={words} of="P40.oldUntil" values={{ date: endsAt }} />}
          {endedAt && <Sentence words={words} of="P40.retired" values={{ date: endedAt }} />}
          {(endsAt ?? endedAt) && <br />}
          {added && <Sentence words={words} of="P40.added" values={{ date: added }} />}
          {added && <br />}
          {used ? <Sentence words={words} of="P40.used" values={{ date: used }} /> : words.t('P40.unused')}
        </p>
      )}
      {actions.length > 0 && (
        <div class="actions">
          {actions
            .toSorted((one, other) => Number(isBin(one)) - Number(isBin(other)))
            .map((action) => (
              <Begin frame={frame} begin={begin} action={action} of={method} describedBy={`method-${nr}`} />
            ))}
        </div>
      )}
    </li>
  )
}

const buttons: Readonly<Record<Exclude<Action['does'], 'remove'>, CatalogueKey>> = {
  replace: 'P40.replace',
  rename: 'P40.rename',
  'keep-both': 'P40.keepBoth',
  stolen: 'P40.stolen',
  'put-back': 'P40.putBack',
  add: 'P40.add',
  email: 'P40.changeEmail',
  phone: 'P40.changePhone',
  password: 'P40.changePassword',
}

interface BeginProps extends Pick<ProfileProps, 'frame' | 'begin'> {
  readonly action: Action
  readonly of?: ProfileMethod
  /** Which method is meant: the exact label stays as the manual prints it. */
  readonly describedBy?: string
}

function Begin({ frame, begin, action, of, describedBy }: BeginProps): VNode {
  const { words } = frame
  const isBin = action.does === 'remove'
  const title = isBin ? words.own('P40.bin') : undefined
  return (
    <Form frame={{ ...frame, next: action.next }} action={begin} className={isBin && title ? 'end' : undefined}>
      <button type="submit" {...(describedBy ? { 'aria-describedby': describedBy } : {})} {...(title ? { title } : {})}>
        {isBin && <Bin />}
        {action.does === 'remove' ? removeLabel(words, of) : words.t(buttons[action.does])}
      </button>
    </Form>
  )
}

/** An app goes under the portal's own label. */
export const removeLabel = (words: Words, of: Pick<ProfileMethod, 'method'> | undefined): string =>
  of?.method === 'totp' ? words.label('removeApp') : words.t('P40.remove')

const Bin = (): VNode => (
  <svg
    width="24"
    height="24"
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <path d="M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5" />
  </svg>
)

function Details({ frame, begin, email, phone, emailRecovers, phoneRecovers, details }: ProfileProps): VNode | null {
  const { words } = frame
  if (email === undefined && phone === undefined && details.length === 0) return null
  return (
    <section aria-labelledby="details">
      <h2 id="details">{words.t('P40.details')}</h2>
      <dl class="facts">
        {email !== undefined && <dt>{words.t('P40.email')}</dt>}
        {email !== undefined && (
          <dd>
            <bdi class="whole">{email}</bdi>
            {emailRecovers && <br />}
            {emailRecovers && <Sentence words={words} of="P40.emailRecovers" values={{ date: emailRecovers }} />}
          </dd>
        )}
        {phone !== undefined && <dt>{words.t('P40.phone')}</dt>}
        {phone !== undefined && (
          <dd>
            {phone.isFull ? (
              <bdi class="whole">{phone.number}</bdi>
            ) : (
              <Sentence words={words} of="P40.endsIn" values={{ last2: phone.number }} />
            )}
            {phoneRecovers && <br />}
            {phoneRecovers && <Sentence words={words} of="P40.phoneRecovers" values={{ date: phoneRecovers }} />}
          </dd>
        )}
      </dl>
      {details.length > 0 && (
        <div class="actions">
          {details.map((action) => (
            <Begin frame={frame} begin={begin} action={action} />
          ))}
        </div>
      )}
    </section>
  )
}
