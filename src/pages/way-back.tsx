import type { VNode } from 'preact'
import type { Told } from '../words/index.ts'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { Field, Form, Go, Primary, Sentence, Support } from './parts.tsx'

/** P32, calm: the mailbox gave the password a moment ago, so it gives no second step yet. */
export function MailboxRestsPage({ frame, until, hours }: { readonly frame: Frame; readonly until: Told; readonly hours: number }): VNode {
  const { words, at } = frame
  const values = { moment: until }
  return (
    <Page frame={frame} title={words.t('P32.heading', values)} ownHeading>
      <h1>
        <Sentence words={words} of="P32.heading" values={values} />
      </h1>
      <p>{words.t('P32.body', { hours })}</p>
      <section aria-labelledby="can">
        <h2 id="can">{words.t('P31.can')}</h2>
        <p>{words.t('P55.ticketLine')}</p>
        <Go to={at.ticket}>
          <Primary>{words.t('P55.ticket')}</Primary>
        </Go>
      </section>
      <p>{words.t('P32.notYou')}</p>
      <Support frame={frame} />
    </Page>
  )
}

/** P55: what this account and portal still have. */
export function RecoverPage({ frame, canChooseOther }: { readonly frame: Frame; readonly canChooseOther: boolean }): VNode {
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t('P55.heading')}>
      {canChooseOther && (
        <section class="stack">
          <p>{words.t('P55.otherLine')}</p>
          <Go to={at.choose}>
            <Primary>{words.t('C07.other')}</Primary>
          </Go>
        </section>
      )}
      <section class="stack">
        <p>{words.t('P55.ticketLine')}</p>
        <Go to={at.ticket}>
          {canChooseOther ? <button type="submit">{words.t('P55.ticket')}</button> : <Primary>{words.t('P55.ticket')}</Primary>}
        </Go>
      </section>
      <section aria-labelledby="stolen">
        <h2 id="stolen">{words.t('P55.stolen')}</h2>
        <p>
          <a href={at.forgot}>{words.t('P55.stolenLine')}</a>
        </p>
      </section>
      <Support frame={frame} />
    </Page>
  )
}

/** P61: a code that somebody of the help gave, after a check. Never a field that an app fills. */
export function TicketPage({ frame }: { readonly frame: Frame }): VNode {
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t('P61.heading')}>
      <p>{words.t('P61.body')}</p>
      <Form frame={frame} action={at.ticket}>
        <Field frame={frame} name="ticket" label={words.t('P61.field')} hint={words.t('P61.hint')} autocomplete="off" plain />
        <Primary>{words.label('confirm')}</Primary>
      </Form>
      <Support frame={frame} />
    </Page>
  )
}
