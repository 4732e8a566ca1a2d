import type { VNode } from 'preact'
import type { Told } from '../words/index.ts'
import type { Frame } from './frame.ts'
import { Page } from './layout.tsx'
import { Lead, Notice } from './notice.tsx'
import { Form, Go, Primary, Sentence, Support, safeHref } from './parts.tsx'

export interface StartProps {
  readonly frame: Frame
  /** The date on which the second step becomes mandatory, when it is still to come. */
  readonly announced?: Told | undefined
  /** Who is signed in here, and the application that the person came from or can go on to. */
  readonly signedIn?: { readonly username: string; readonly application?: string } | undefined
}

/** P01: the portal's own front door. */
export function StartPage({ frame, announced, signedIn }: StartProps): VNode {
  const { words, at } = frame
  const intro = words.own('P01.intro')
  return (
    <Page frame={frame} title={words.t('P01.heading')}>
      {intro && <p>{intro}</p>}
      {announced && (
        <Notice>
          <p>
            <Lead words={words} of="P05.heading" values={{ date: announced }} />
          </p>
        </Notice>
      )}
      {signedIn ? (
        <SignedIn frame={frame} {...signedIn} />
      ) : (
        <Go to={at.signIn}>
          <Primary>{words.label('start')}</Primary>
        </Go>
      )}
      <Support frame={frame} />
    </Page>
  )
}

function SignedIn({
  frame,
  username,
  application,
}: {
  readonly frame: Frame
  readonly username: string
  readonly application?: string
}): VNode {
  const { words, at } = frame
  return (
    <>
      <p>
        <Sentence words={words} of="P01.signedIn" values={{ username }} />
      </p>
      <div class="actions">
        {application !== undefined && (
          <Form frame={frame} action={at.goOn}>
            <Primary>{words.t('P21.continue', { application })}</Primary>
          </Form>
        )}
        <Account frame={frame} />
      </div>
    </>
  )
}

/** To the profile, and out. */
const Account = ({ frame }: { readonly frame: Frame }): VNode => (
  <>
    <Go to={frame.at.profile}>
      <button type="submit">{frame.words.label('profile')}</button>
    </Go>
    <Form frame={frame} action={frame.at.signOut}>
      <button type="submit">{frame.words.t('frame.signOut')}</button>
    </Form>
  </>
)

export interface HomeProps {
  readonly frame: Frame
  readonly applications: readonly { readonly title: string; readonly href: string }[]
}

/** P64: signed in, and no application asked for it. */
export function HomePage({ frame, applications }: HomeProps): VNode {
  const { words } = frame
  return (
    <Page frame={frame} title={words.t('P64.heading')}>
      {applications.length > 0 && (
        <section aria-labelledby="applications">
          <h2 id="applications">{words.t('P64.applications')}</h2>
          <ul role="list" class="ways">
            {applications.map(({ title, href }) => (
              <li>
                <a href={safeHref(href)}>{title}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
      <div class="actions">
        <Account frame={frame} />
      </div>
      <Support frame={frame} />
    </Page>
  )
}

export interface SignOutProps {
  readonly frame: Frame
  /** What an application asked with it, to be read again with the answer. */
  readonly asked?: readonly { readonly name: string; readonly value: string }[]
  /** This browser is remembered. */
  readonly canForget?: boolean
}

/** P66: asked before it is done. */
export function SignOutPage({ frame, asked = [], canForget }: SignOutProps): VNode {
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t('P66.heading')}>
      <Form frame={frame} action={at.signOut}>
        {asked.map(({ name, value }) => (
          <input type="hidden" name={name} value={value} />
        ))}
        {canForget && (
          <div class="check">
            <input type="checkbox" id="forget" name="forget" value="1" />
            <label for="forget">{words.t('P66.forget')}</label>
          </div>
        )}
        <Primary>{words.t('frame.signOut')}</Primary>
      </Form>
      <p class="after">
        <a href={at.home}>{words.t('P66.cancel')}</a>
      </p>
      <Support frame={frame} />
    </Page>
  )
}

export interface SignedOutProps {
  readonly frame: Frame
  /** Applications that did not answer: they may still think that the person is there. */
  readonly silent?: readonly string[]
}

/** P67 */
export function SignedOutPage({ frame, silent = [] }: SignedOutProps): VNode {
  const { words, at } = frame
  return (
    <Page frame={frame} title={words.t('P67.heading')}>
      <p>{words.t('P67.body')}</p>
      {silent.map((application) => (
        <Notice>
          <p>
            <Sentence words={words} of="P67.silent" values={{ application }} />
          </p>
        </Notice>
      ))}
      <Go to={at.signIn}>
        <Primary>{words.t('P67.again')}</Primary>
      </Go>
      <Support frame={frame} />
    </Page>
  )
}
