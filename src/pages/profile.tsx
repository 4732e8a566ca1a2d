import type { VNode } from 'preact'
import type { SecondStep } from '../decision/index.ts'
import type { CatalogueKey, Told, Words } from '../words/index.ts'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { Sentence, Support } from './parts.tsx'
import { ProfileLinks } from './profile-links.tsx'

export interface ProfileMethod {
  readonly method: SecondStep
  /** Dates, as `words.told.date` tells them. Left out where nobody added it, as with a mailbox. */
  readonly added?: Told
  /** Left out: not used yet. */
  readonly used?: Told
}

export interface ProfileProps {
  readonly frame: Frame
  readonly methods: readonly ProfileMethod[]
  /** Masked: d…@voorbeeld.be. */
  readonly email?: string | undefined
  /** The last two digits. */
  readonly phone?: string | undefined
  /** How many browsers are remembered. */
  readonly remembered?: number
}

const names: Readonly<Record<SecondStep, CatalogueKey>> = { totp: 'P40.app', email: 'P40.mail', sms: 'P40.sms' }

/** P40: what the account has. It only tells; nothing is changed here yet. */
export function ProfilePage({ frame, methods, email, phone, remembered = 0 }: ProfileProps): VNode {
  const { words } = frame
  return (
    <Page frame={frame} title={words.label('profile')}>
      <section aria-labelledby="methods">
        <h2 id="methods">{words.t('P40.twoStep')}</h2>
        {methods.length === 0 && <p>{words.t('P40.none')}</p>}
        {methods.length > 0 && (
          <ul role="list" class="rows">
            {methods.map((it) => (
              <Method words={words} {...it} />
            ))}
          </ul>
        )}
      </section>
      {(email ?? phone) !== undefined && (
        <section aria-labelledby="details">
          <h2 id="details">{words.t('P40.details')}</h2>
          <dl class="facts">
            {email !== undefined && <dt>{words.t('P40.email')}</dt>}
            {email !== undefined && (
              <dd>
                <bdi class="whole">{email}</bdi>
              </dd>
            )}
            {phone !== undefined && <dt>{words.t('P40.phone')}</dt>}
            {phone !== undefined && (
              <dd>
                <Sentence words={words} of="P40.endsIn" values={{ last2: phone }} />
              </dd>
            )}
          </dl>
        </section>
      )}
      <ProfileLinks frame={frame} remembered={remembered} />
      <Support frame={frame} />
    </Page>
  )
}

function Method({ words, method, added, used }: ProfileMethod & { readonly words: Words }): VNode {
  return (
    <li>
      <h3 class="name">{words.t(names[method])}</h3>
      <p class="hint">
        {added && <Sentence words={words} of="P40.added" values={{ date: added }} />}
        {added && <br />}
        {used ? <Sentence words={words} of="P40.used" values={{ date: used }} /> : words.t('P40.unused')}
      </p>
    </li>
  )
}
