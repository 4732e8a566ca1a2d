import type { VNode } from 'preact'
import type { Told } from '../words/index.ts'
import { type Device, DeviceRow } from './browsers.tsx'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { Notice } from './notice.tsx'
import { Form, Sentence, Support, ToProfile } from './parts.tsx'

export interface SessionRow {
  readonly id: string
  readonly device: Device
  /** The titles of what was opened with it. */
  readonly applications: readonly string[]
  readonly since: Told
  readonly active: Told
  readonly isThis: boolean
}

export interface SessionsProps {
  readonly frame: Frame
  readonly rows: readonly SessionRow[]
  /** Another one was just ended. */
  readonly ended?: boolean
}

/** P50: where this account is signed in, this browser first. */
export function SessionsPage({ frame, rows, ended }: SessionsProps): VNode {
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t('P50.heading')}>
      {ended && (
        <Notice kind="ok" status focus>
          <p>
            <b>{words.t('P50.ended')}</b>
          </p>
        </Notice>
      )}
      <ul role="list" class="rows pairs">
        {rows.map((it) => (
          <Session frame={frame} row={it} />
        ))}
      </ul>
      <Form frame={frame} action={at.endEverywhere}>
        <button class="danger" type="submit">
          {words.t('P50.everywhere')}
        </button>
      </Form>
      <ToProfile frame={frame} />
      <Support frame={frame} />
    </Page>
  )
}

function Session({ frame, row }: { readonly frame: Frame; readonly row: SessionRow }): VNode {
  const { words, at } = frame
  const { id, device, applications, since, active, isThis } = row
  const button = { action: at.endSession, field: 'session', value: id, text: words.t('frame.signOut') }
  return (
    <DeviceRow frame={frame} device={device} isThis={isThis} button={button}>
      {applications.length > 0 && <bdi>{applications.join(', ')}</bdi>}
      {applications.length > 0 && <br />}
      <Sentence words={words} of="P50.since" values={{ time: since }} />
      <br />
      <Sentence words={words} of="P50.active" values={{ time: active }} />
    </DeviceRow>
  )
}
