import type { ComponentChildren, VNode } from 'preact'
import type { CatalogueKey, LabelKey, Told, Words } from '../words/index.ts'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { LeadText, Notice, SharedAddress } from './notice.tsx'
import { AppTrouble, CodeField, Form, Primary, SendAgain, Sentence, Support } from './parts.tsx'

/** What was sent last, in what we know of it. */
export interface SentLine {
  readonly channel: 'mail' | 'sms'
  /** Masked, but for a number that was just typed. */
  readonly address: string
  readonly isFull: boolean
  /** Undefined while it waits in the outbox: never 'sent' before the other server took it. */
  readonly sentAt?: Told
  readonly until: Told
  readonly isOver: boolean
  /** The mail server refused it, or the phone company says that it did not arrive. */
  readonly isRefused?: boolean
  /** Our own side has no connection: it leaves later. */
  readonly isHeldUp?: boolean
  readonly reference: string
  readonly several: boolean
  readonly sender?: string
}

export type CodeKind = 'app' | 'mail' | 'sms' | 'gate-mail' | 'gate-sms' | 'new-phone' | 'new-email'

export interface CodePageProps {
  readonly frame: Frame
  readonly kind: CodeKind
  /** The code confirms a change: P41. */
  readonly confirms?: boolean
  /** Why a code is asked now: exactly one true line, or none. */
  readonly why?: ComponentChildren
  readonly sent?: SentLine | undefined
  /** What just happened, said kindly. */
  readonly news?: { readonly kind: 'ok' | 'info'; readonly text: string } | undefined
  readonly issuer: string
  readonly username: string
  readonly remember?: { readonly days: number; readonly isTicked: boolean } | undefined
  readonly canChooseOther: boolean
  readonly saysWhyNoMail: boolean
  readonly sharedAddress: boolean
}

interface Kind {
  readonly heading: CatalogueKey
  readonly field: CatalogueKey
  readonly button: LabelKey
  readonly also?: CatalogueKey
}

const kinds: Readonly<Record<CodeKind, Kind>> = {
  app: { heading: 'P25.heading', field: 'field.app', button: 'appCode' },
  mail: { heading: 'P26.heading', field: 'field.mail', button: 'mailCode' },
  sms: { heading: 'P27.heading', field: 'field.sms', button: 'smsCode' },
  'gate-mail': { heading: 'P10.heading', field: 'field.proof', button: 'proof', also: 'P10.also' },
  'gate-sms': { heading: 'P11.heading', field: 'field.sms', button: 'proof', also: 'P11.also' },
  'new-phone': { heading: 'P13.heading', field: 'field.newPhone', button: 'proof' },
  'new-email': { heading: 'P45.heading', field: 'P45.code', button: 'newEmail' },
}

/** P10, P11, P13, P25, P26, P27: one page, one field, one button. */
export function CodePage(props: CodePageProps): VNode {
  const { frame, kind, why, sent, news, issuer, username, remember } = props
  const { words, at } = frame
  const { heading, field, button, also } = kinds[kind]
  const more = also && words.t(also)
  return (
    <Page frame={frame} title={words.t(props.confirms ? 'P41.heading' : heading)}>
      {news && (
        <Notice kind={news.kind} status focus={!frame.said}>
          <p>
            <LeadText text={news.text} />
          </p>
        </Notice>
      )}
      {why && <p class="why">{why}</p>}
      {kind.startsWith('gate') && (
        <p>
          {words.t('P10.intro')}
          {more ? ` ${more}` : ''}
        </p>
      )}
      {kind === 'app' && (
        <p>
          <Sentence words={words} of="P25.body" values={{ issuer, username }} />
        </p>
      )}
      {/* Also where nothing was sent yet: who waits for the time that the page names has something to press then. */}
      {sent ? <SentCard frame={frame} sent={sent} canChooseOther={props.canChooseOther} /> : kind !== 'app' && <SendAgain frame={frame} />}
      <Form frame={frame} action={at.code}>
        <CodeField frame={frame} label={words.t(field)} hint={words.t(kind === 'app' ? 'field.hintApp' : 'field.hint')} />
        {remember && <Remember frame={frame} {...remember} />}
        <Primary>{words.label(button)}</Primary>
      </Form>
      {kind === 'new-phone' && (
        <Form frame={frame} action={at.phoneChange}>
          <button type="submit">{words.t('P13.change')}</button>
        </Form>
      )}
      <Trouble {...props} />
      {props.sharedAddress && <SharedAddress words={words} />}
      <Support frame={frame} />
    </Page>
  )
}

function SentCard({ frame, sent, canChooseOther }: SentProps): VNode {
  const { words } = frame
  const { reference: ref } = sent
  return (
    <div class="sent">
      <p>
        {sent.isOver ? words.t('C03.over') : <SentSentence frame={frame} sent={sent} canChooseOther={canChooseOther} />}
        {sent.sender && ' '}
        {sent.sender && <Sentence words={words} of="C03.sender" values={{ sender: sent.sender }} />}
      </p>
      {!sent.isOver && (!sent.isRefused || sent.several) && (
        <p>
          <Sentence
            words={words}
            of={sent.several ? 'C03.several' : sent.channel === 'mail' ? 'C03.referenceMail' : 'C03.referenceSms'}
            values={{ ref }}
          />
        </p>
      )}
      <SendAgain frame={frame} />
    </div>
  )
}

interface SentProps extends Pick<CodePageProps, 'frame' | 'canChooseOther'> {
  readonly sent: SentLine
}

function SentSentence({ frame: { words }, sent, canChooseOther }: SentProps): VNode {
  const { channel, address, isFull, sentAt, until } = sent
  if (sent.isRefused && channel === 'sms')
    return <>{words.t(canChooseOther ? 'C03.smsFailed' : isFull ? 'C03.smsFailedNew' : 'C03.smsFailedAlone')}</>
  if (sent.isRefused)
    return <Sentence words={words} of="C03.mailRefused" values={{ domain: address.slice(address.lastIndexOf('@') + 1) }} />
  if (sent.isHeldUp) return <>{words.t(channel === 'sms' ? 'C03.smsDown' : canChooseOther ? 'C03.mailDown' : 'C03.mailDownAlone')}</>
  const of: CatalogueKey =
    channel === 'mail'
      ? sentAt
        ? 'C03.mail'
        : 'C03.mailQueued'
      : isFull
        ? sentAt
          ? 'C03.smsNew'
          : 'C03.smsNewQueued'
        : sentAt
          ? 'C03.sms'
          : 'C03.smsQueued'
  const where = channel === 'mail' ? { address } : isFull ? { number: address } : { last2: address }
  return <Sentence words={words} of={of} values={{ ...where, until, ...(sentAt ? { sentAt } : {}) }} />
}

function Remember({
  frame: { words },
  days,
  isTicked,
}: {
  readonly frame: Frame
  readonly days: number
  readonly isTicked: boolean
}): VNode {
  const also = words.t('C06.also')
  return (
    <div class="check">
      <input type="checkbox" id="remember" name="remember" value="1" aria-describedby="remember-hint" checked={isTicked} />
      <label for="remember">{words.t('C06.label', { days })}</label>
      <div class="hint" id="remember-hint">
        <p>{words.t('C06.hint', { days })}</p>
        {also && <p>{also}</p>}
      </div>
    </div>
  )
}

/** What a person may have lost, by what is asked. */
const lost = {
  app: 'C07.lostPhone',
  mail: 'C07.lostMailbox',
  'gate-mail': 'C07.lostMailbox',
  sms: 'C07.lostNumber',
  'gate-sms': 'C07.lostNumber',
  'new-phone': 'C07.lostNumber',
  'new-email': undefined,
} as const satisfies Record<CodeKind, CatalogueKey | undefined>

/** Inside a session a ticket opens nothing: where it does is said. */
const Elsewhere = ({ words, line }: { readonly words: Words; readonly line: string }): VNode => (
  <details>
    <summary>{line}</summary>
    <p>{words.t('P41.lost', { line })}</p>
  </details>
)

/** The same place on every code page. */
function Trouble({ frame, kind, confirms, issuer, username, canChooseOther, saysWhyNoMail }: CodePageProps): VNode {
  const { words, at } = frame
  const what = lost[kind]
  const line = what && words.t(what)
  return (
    <section aria-labelledby="trouble">
      <h2 id="trouble">{words.t('C07.heading')}</h2>
      <ul role="list" class="ways">
        <li>
          {kind === 'app' ? (
            <AppTrouble words={words} issuer={issuer} username={username} {...(line ? { wayBack: line } : {})} />
          ) : (
            <a href={at.where}>{words.t('C07.where')}</a>
          )}
        </li>
        {canChooseOther && (
          <li>
            <a href={at.choose}>{words.t('C07.other')}</a>
          </li>
        )}
        {line && <li>{confirms ? <Elsewhere words={words} line={line} /> : <a href={at.recover}>{line}</a>}</li>}
      </ul>
      {saysWhyNoMail && <p>{words.t('reason.noMail')}</p>}
    </section>
  )
}
