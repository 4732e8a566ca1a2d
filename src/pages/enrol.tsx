import type { ComponentChildren, VNode } from 'preact'
import type { CatalogueKey } from '../words/index.ts'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { Lead, Notice } from './notice.tsx'
import { AppTrouble, CodeField, Form, Go, Primary, Support, safeHref } from './parts.tsx'
import { Qr, type QrModules } from './qr.tsx'

/** What just happened, when the person did not come straight from the page before. */
export type EnrolNews = 'came-back' | 'phone-checked' | 'new-secret'

export interface EnrolAppProps {
  readonly frame: Frame
  /** Rows of modules, true is black, quiet zone included. */
  readonly modules: QrModules
  /** The same secret as an otpauth: address, for the app on this very device. */
  readonly keyUri: string
  /** The same secret in base32, without spaces. */
  readonly secret: string
  readonly issuer: string
  readonly username: string
  readonly news?: EnrolNews | undefined
  /** Another app works on until this one was used. */
  readonly replaces?: boolean
  /** The person pressed the button under the picture: only the code is left to do. */
  readonly focusCode: boolean
  /** Another second step could be set up instead. */
  readonly canChooseOther: boolean
}

const newsWords: Readonly<Record<EnrolNews, CatalogueKey>> = {
  'came-back': 'P17.again',
  'phone-checked': 'P17.phoneChecked',
  'new-secret': 'P17.removeEarlier',
}

/** P17: the app, the picture and the first code on one page; the only page that ever holds the secret. */
export function EnrolAppPage(props: EnrolAppProps): VNode {
  const { frame, issuer, username, news, canChooseOther } = props
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t(props.replaces ? 'P17.headingNew' : 'P17.heading')}>
      {props.replaces && (
        <Notice>
          <p>
            <Lead words={words} of="P17.oldStays" />
          </p>
        </Notice>
      )}
      {news && (
        <Notice kind={news === 'phone-checked' ? 'ok' : 'info'} status>
          <p>
            <Lead words={words} of={newsWords[news]} />
          </p>
        </Notice>
      )}
      <Step nr={1} title={words.t('P17.open')}>
        <p>{words.t('P17.openLine')}</p>
        <p class="after">
          <a href={at.enrolHelp}>{words.t('P17.noApp')}</a>
        </p>
      </Step>
      <Step nr={2} title={words.t('P17.scan')}>
        <Scan {...props} />
      </Step>
      <Step nr={3} title={words.t('P17.code')}>
        <FirstCode {...props} />
      </Step>
      <section aria-labelledby="trouble">
        <h2 id="trouble">{words.t('C07.heading')}</h2>
        <ul role="list" class="ways">
          <li>
            <AppTrouble words={words} issuer={issuer} username={username} />
          </li>
          {canChooseOther && (
            <li>
              <a href={at.enrol}>{words.t('C07.other')}</a>
            </li>
          )}
        </ul>
      </section>
      <Support frame={frame} />
    </Page>
  )
}

function Step({ nr, title, children }: { readonly nr: number; readonly title: string; readonly children: ComponentChildren }): VNode {
  return (
    <section class="step" aria-labelledby={`step-${nr}`}>
      <h2 id={`step-${nr}`}>
        <span class="nr">{nr}.</span> <span>{title}</span>
      </h2>
      {children}
    </section>
  )
}

function Scan(props: EnrolAppProps): VNode {
  const { frame, modules, keyUri } = props
  const { words, at } = frame
  const afterQr = words.label('afterQr')
  return (
    <>
      <Qr modules={modules} label={words.t('P17.qrAlt')} />
      <Go to={at.enrolPicture}>
        <button type="submit">{words.t('P17.download')}</button>
      </Go>
      <p class="after">
        <a href={safeHref(keyUri)}>{words.t('P17.openHere')}</a>
      </p>
      <p class="after">
        <a href={at.enrol}>{words.t('P17.noPhone')}</a>
      </p>
      <ByHand {...props} />
      {afterQr && (
        <Go to={at.enrolApp} with={{ at: 'code' }}>
          <button type="submit">{afterQr}</button>
        </Go>
      )}
    </>
  )
}

/** For who has no camera, or cannot see the picture. The script adds a button that copies the key. */
function ByHand({ frame: { words }, secret, issuer, username }: EnrolAppProps): VNode {
  return (
    <details class="secret">
      <summary>{words.t('P17.cannotScan')}</summary>
      <dl class="facts" data-copy={words.t('P17.copy')} data-copied={words.t('P17.copied')} data-of="key">
        <dt>{words.t('P17.account')}</dt>
        <dd>
          <bdi>{issuer}</bdi> (<bdi>{username}</bdi>)
        </dd>
        <dt>{words.t('P17.key')}</dt>
        <dd>
          <bdi class="key" id="key">
            {(secret.match(/.{1,4}/g) ?? []).join(' ')}
          </bdi>
        </dd>
        <dt>{words.t('P17.type')}</dt>
        <dd>{words.t('P17.typeIs')}</dd>
      </dl>
    </details>
  )
}

function FirstCode({ frame, focusCode }: EnrolAppProps): VNode {
  const { words, at, said } = frame
  const hint = [words.t('field.hintApp'), words.t('P17.changes')]
  return (
    <Form frame={frame} action={at.enrolApp}>
      <CodeField frame={frame} label={words.t('field.app')} hint={hint} autofocus={focusCode && !said} />
      <Primary>{words.label('enrol')}</Primary>
    </Form>
  )
}
