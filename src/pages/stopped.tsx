import type { VNode } from 'preact'
import type { Told } from '../words/index.ts'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { Go, Primary, Sentence, Support } from './parts.tsx'

export interface PausedProps {
  readonly frame: Frame
  /** As `words.told.waitTime` tells it: rounded up. */
  readonly until: Told
  /** Where 'try again' leads; not given: the first page of a sign-in, which knows the way. */
  readonly again?: string
  /** The portal remembers browsers: one that is known already still gets in. */
  readonly canUseKnownBrowser: boolean
}

/** P31: too many codes were tried. Right at every reload; nothing counts down. */
export function PausedPage({ frame, until, again, canUseKnownBrowser }: PausedProps): VNode {
  const { words, at } = frame
  const values = { time: until }
  return (
    <Page frame={frame} title={words.t('P31.heading', values)} ownHeading>
      <h1>
        <Sentence words={words} of="P31.heading" values={values} />
      </h1>
      <p>
        <Sentence words={words} of="P31.body" values={values} />
      </p>
      <Go to={again ?? at.signIn}>
        <Primary>{words.t('P31.again')}</Primary>
      </Go>
      {canUseKnownBrowser && (
        <section aria-labelledby="can">
          <h2 id="can">{words.t('P31.can')}</h2>
          <p>{words.t('P31.browser')}</p>
        </section>
      )}
      <section aria-labelledby="not-you">
        <h2 id="not-you">{words.t('P31.notYou')}</h2>
        <p>
          <a href={at.forgot}>{words.t('P31.changeIt')}</a>
        </p>
      </section>
      <Support frame={frame} />
    </Page>
  )
}

/** P62: no address and no number are known. Only after the right password. */
export function NoChannelPage({ frame }: { readonly frame: Frame }): VNode {
  const { words } = frame
  return (
    <Page frame={frame} title={words.t('P62.heading')}>
      <p>{words.t('account.noChannel')}</p>
      <TicketLink frame={frame} />
      <Support frame={frame} />
    </Page>
  )
}

/** P79: the only method was turned off after many wrong codes; where there is another, that one is asked. */
export function DisabledPage({ frame }: { readonly frame: Frame }): VNode {
  const { words } = frame
  return (
    <Page frame={frame} title={words.t('P79.heading')}>
      <p>{words.t('P79.alone')}</p>
      <TicketLink frame={frame} />
      <Support frame={frame} />
    </Page>
  )
}

/** The way on from a dead end, for who has been given one. */
const TicketLink = ({ frame: { words, at } }: { readonly frame: Frame }): VNode => (
  <p class="after">
    <a href={at.ticket}>{words.t('P55.ticket')}</a>
  </p>
)
