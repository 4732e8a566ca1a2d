import type { VNode } from 'preact'
import type { CatalogueKey, Told, Values, Words } from '../words/index.ts'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { Lead, Notice } from './notice.tsx'
import { Go, Primary, SendAgain, Sentence, Support } from './parts.tsx'

type Channel = 'mail' | 'sms'

/** Where the newest message is now, with the facts that its sentence tells. Moments are clock times. */
export type WhereState =
  /** In our outbox. */
  | { readonly state: 'queued'; readonly channel: Channel }
  /** The mail server of the receiver took it. */
  | { readonly state: 'accepted'; readonly domain: string; readonly at: Told }
  /** The other server asks to come back. `domain`: of the mail server; left out for a text message. */
  | { readonly state: 'delayed'; readonly domain?: string; readonly nextAt: Told }
  /** `reason`: what the mail server answered, at most 200 characters, without addresses and links. */
  | { readonly state: 'refused'; readonly domain: string; readonly at: Told; readonly reason: string }
  /** It did not leave within the life of its code, or we set it aside. */
  | { readonly state: 'too-late'; readonly channel: Channel }
  /** The phone company took it, and may still tell how it went. */
  | { readonly state: 'handed-over'; readonly at: Told }
  | { readonly state: 'delivered'; readonly at: Told; readonly sender: string }
  | { readonly state: 'failed'; readonly reason: 'off' | 'unknown' | 'refused' | 'noReason' }
  /** Handed over a while ago, and no receipt came. */
  | { readonly state: 'no-receipt' }
  /** No connection from our side. */
  | { readonly state: 'trouble'; readonly channel: Channel; readonly at: Told; readonly nextAt: Told }

/** A line of the timeline. */
export interface WhereEvent {
  readonly at: Told
  readonly event: 'queued' | 'accepted' | 'delayed' | 'refused' | 'too-late' | 'delivered' | 'failed' | 'set-aside' | 'no-connection'
}

export interface WhereProps {
  readonly frame: Frame
  /** The newest code of this sign-in; left out: none was asked for yet. */
  readonly code?: { readonly reference: string; readonly askedAt: Told; readonly now: WhereState } | undefined
  /** Newest first. */
  readonly events: readonly WhereEvent[]
  /** For the IT department of the receiver: the same in Dutch and English, always formal. Only for mail that met another server. */
  readonly itText?: { readonly nl: string; readonly en: string } | undefined
  readonly canChooseOther: boolean
}

/** P30: where the code is, as far as we know; never more than we know. */
export function WherePage({ frame, code, events, itText, canChooseOther }: WhereProps): VNode {
  const { words, at } = frame
  const isLost = code !== undefined && ['refused', 'failed', 'trouble'].includes(code.now.state)
  return (
    <Page frame={frame} title={words.t('P30.heading')}>
      {code === undefined && <p>{words.t('P30.none')}</p>}
      {code && (
        <p>
          <Sentence words={words} of="P30.line" values={{ ref: code.reference, askedAt: code.askedAt }} />
        </p>
      )}
      {code && (
        <Notice kind={kindOf(code.now)}>
          <p>
            <State words={words} now={code.now} />
          </p>
        </Notice>
      )}
      {events.length > 0 && <Times words={words} events={events} />}
      <div class="actions">
        <Ways frame={frame} isLost={isLost && canChooseOther} />
        <Go to={at.where}>
          <button type="submit">{words.t('P30.refresh')}</button>
        </Go>
      </div>
      {itText && <ForIt words={words} text={`${itText.nl}\n\n${itText.en}`} />}
      <SendAgain frame={frame} />
      {isLost && !canChooseOther && !frame.isSignedIn && <NoOtherWay frame={frame} state={code.now.state} />}
      {canChooseOther && !isLost && (
        <ul role="list" class="ways">
          <li>
            <a href={at.choose}>{words.t('C07.other')}</a>
          </li>
        </ul>
      )}
      <Support frame={frame} />
    </Page>
  )
}

/** A code that will not come to the only place there is: what there is without that place. Trouble of ours passes by itself. */
function NoOtherWay({ frame: { words, at }, state }: { readonly frame: Frame; readonly state: WhereState['state'] }): VNode | null {
  const lost = state === 'failed' ? 'C07.lostNumber' : state === 'refused' ? 'C07.lostMailbox' : undefined
  if (!lost) return null
  return (
    <ul role="list" class="ways">
      <li>
        <a href={at.recover}>{words.t(lost)}</a>
      </li>
    </ul>
  )
}

/** The way back is the first thing to do, unless this code will not come. */
function Ways({ frame: { words, at, next }, isLost }: { readonly frame: Frame; readonly isLost: boolean }): VNode {
  return (
    <>
      {isLost && (
        <Go to={at.choose}>
          <Primary>{words.t('C07.other')}</Primary>
        </Go>
      )}
      <Go to={at.code} with={next === undefined ? {} : { next }}>
        {isLost ? <button type="submit">{words.t('P30.back')}</button> : <Primary>{words.t('P30.back')}</Primary>}
      </Go>
    </>
  )
}

function Times({ words, events }: { readonly words: Words; readonly events: readonly WhereEvent[] }): VNode {
  return (
    <ol role="list" class="times">
      {events.map(({ at, event }) => (
        <li>
          <time dateTime={new Date(at.at).toISOString()}>{at.text}</time> <span>{words.t(`event.${event}`)}</span>
        </li>
      ))}
    </ol>
  )
}

/** Selectable without script; the script adds a button that copies it. */
function ForIt({ words, text }: { readonly words: Words; readonly text: string }): VNode {
  return (
    <section aria-labelledby="it" data-copy={words.t('P30.copy')} data-copied={words.t('P30.copied')} data-of="it-text">
      <h2 id="it">{words.t('P30.it')}</h2>
      <textarea readonly rows={13} id="it-text" aria-labelledby="it" value={text} />
    </section>
  )
}

const kindOf = ({ state }: WhereState): 'info' | 'ok' | 'warn' =>
  state === 'accepted' || state === 'delivered'
    ? 'ok'
    : ['queued', 'delayed', 'handed-over', 'no-receipt'].includes(state)
      ? 'info'
      : 'warn'

function State({ words, now }: { readonly words: Words; readonly now: WhereState }): VNode {
  const say = (of: CatalogueKey, values: Values = {}): VNode => <Lead words={words} of={of} values={values} />
  switch (now.state) {
    case 'queued':
      return say(now.channel === 'sms' ? 'D1.sms' : 'D1')
    case 'accepted':
      return say('D2', { domain: now.domain, at: now.at })
    case 'delayed':
      return now.domain === undefined ? say('D3.sms', { nextAt: now.nextAt }) : say('D3', { domain: now.domain, nextAt: now.nextAt })
    case 'refused':
      return say('D4', { domain: now.domain, at: now.at, reason: now.reason })
    case 'too-late':
      return say(now.channel === 'sms' ? 'D5.sms' : 'D5')
    case 'handed-over':
      return say('D6', { at: now.at })
    case 'delivered':
      return say('D7', { at: now.at, sender: now.sender })
    case 'failed':
      return say('D8', { reason: words.t(`D8.${now.reason}`) })
    case 'no-receipt':
      return say('D9')
    case 'trouble':
      return say(now.channel === 'sms' ? 'D10.sms' : 'D10', { at: now.at, nextAt: now.nextAt })
  }
}
