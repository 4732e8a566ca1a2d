import type { ComponentChildren, VNode } from 'preact'
import type { Told, Words } from '../words/index.ts'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { LeadText, Notice } from './notice.tsx'
import { Form, Sentence, Support, ToProfile } from './parts.tsx'

/** Which kind of browser on which kind of system; unknown parts are left out. */
export interface Device {
  readonly browser?: string | undefined
  readonly system?: string | undefined
}

export function deviceInWords(words: Words, { browser, system }: Device): string {
  if (browser && system) return words.t('device.both', { browser, system })
  return browser ?? system ?? words.t('device.unknown')
}

export interface RememberedRow {
  /** What the button hands in. */
  readonly id: string
  readonly device: Device
  /** Dates, as `words.told.date` tells them. */
  readonly until: Told
  readonly seen: Told
  readonly isThis: boolean
}

export interface BrowsersProps {
  readonly frame: Frame
  readonly rows: readonly RememberedRow[]
  /** A browser was just forgotten. */
  readonly forgot?: boolean
}

/** P47: where no code is asked for some days. */
export function BrowsersPage({ frame, rows, forgot }: BrowsersProps): VNode {
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t('P47.heading')}>
      {forgot && (
        <Notice kind="ok" status focus>
          <p>
            <LeadText text={words.t('notice.browserForgotten')} />
          </p>
        </Notice>
      )}
      {rows.length === 0 && <p>{words.t('P47.none')}</p>}
      {rows.length > 0 && (
        <ul role="list" class="rows pairs">
          {rows.map((it) => (
            <Remembered frame={frame} row={it} />
          ))}
        </ul>
      )}
      {rows.length > 0 && (
        <Form frame={frame} action={at.forgetAll}>
          <button type="submit">{words.t('P47.forgetAll')}</button>
        </Form>
      )}
      <ToProfile frame={frame} />
      <Support frame={frame} />
    </Page>
  )
}

function Remembered({ frame, row: { id, device, until, seen, isThis } }: { readonly frame: Frame; readonly row: RememberedRow }): VNode {
  const { words, at } = frame
  const button = { action: at.forget, field: 'browser', value: id, text: words.t('P47.forget') }
  return (
    <DeviceRow frame={frame} device={device} isThis={isThis} button={button}>
      <Sentence words={words} of="P47.until" values={{ date: until }} />
      <br />
      <Sentence words={words} of="P47.seen" values={{ date: seen }} />
    </DeviceRow>
  )
}

interface DeviceRowProps {
  readonly frame: Frame
  readonly device: Device
  readonly isThis: boolean
  readonly button: { readonly action: string; readonly field: string; readonly value: string; readonly text: string }
  readonly children: ComponentChildren
}

/** A row of a list of browsers or sessions: what it is, what is known of it, and the button that ends it. */
export function DeviceRow({ frame, device, isThis, button, children }: DeviceRowProps): VNode {
  const { words } = frame
  const name = deviceInWords(words, device)
  return (
    <li>
      <div>
        <h2 class="name">
          <bdi>{name}</bdi>
        </h2>
        <p class="hint">
          {isThis && words.t('P47.this')}
          {isThis && <br />}
          {children}
        </p>
      </div>
      <Form frame={frame} action={button.action}>
        <input type="hidden" name={button.field} value={button.value} />
        <button type="submit">
          {button.text}
          <span class="vh">: {name}</span>
        </button>
      </Form>
    </li>
  )
}
