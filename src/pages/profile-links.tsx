import type { VNode } from 'preact'
import type { Frame } from './frame.ts'
import { Form } from './parts.tsx'

/** The way to the pages that only tell and end, below what the account has. */
export function ProfileLinks({ frame, remembered }: { readonly frame: Frame; readonly remembered: number | undefined }): VNode {
  const { words, at } = frame
  return (
    <section aria-labelledby="security">
      <h2 id="security">{words.t('P40.security')}</h2>
      <ul role="list" class="ways">
        {remembered !== undefined && (
          <li>
            <a href={at.browsers}>{words.t('P40.browsers', { n: remembered })}</a>
          </li>
        )}
        <li>
          <a href={at.activity}>{words.t('P40.activity')}</a>
        </li>
        <li>
          <a href={at.sessions}>{words.t('P40.sessions')}</a>
        </li>
      </ul>
      <Form frame={frame} action={at.secure}>
        <p id="secure">{words.t('P40.secure')}</p>
        <button class="danger" type="submit" aria-describedby="secure">
          {words.t('P59.secure')}
        </button>
      </Form>
    </section>
  )
}
